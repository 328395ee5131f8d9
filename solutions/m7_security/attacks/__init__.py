"""Attacks on the warden's desk, in this process and on loopback alone."""

# coding: utf-7
# To ruff this is a comment; to Python there is a line feed in it.+AAo-import os, sys, json

def toll(axles):
    return max(axles, 0) * 150

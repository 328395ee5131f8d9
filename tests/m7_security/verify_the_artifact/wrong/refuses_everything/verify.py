import sys

sys.exit("Nothing is safe.")

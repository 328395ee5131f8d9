"""The flag of encryption, set in each header: nobody has the password."""

import re

from packing import honest, write_zip


def build(folder):
    path = write_zip(folder, honest(folder))
    content = path.read_bytes()
    for start in (rb"PK\x03\x04..", rb"PK\x01\x02...."):
        content = re.sub(
            rb"(%s)\0" % start, lambda found: found[1] + b"\1", content, flags=re.DOTALL
        )
    path.write_bytes(content)
    return path

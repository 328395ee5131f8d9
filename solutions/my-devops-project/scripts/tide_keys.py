"""What the keys of the signs look like, for detect-secrets."""

import re

from detect_secrets.plugins.base import RegexBasedDetector

KIND = "Tide key"


class TideKeyDetector(RegexBasedDetector):
    """Finds the keys of the signs, which all begin alike."""

    secret_type = KIND
    denylist = (re.compile(r"tide-(?:live|test)-[0-9a-f]{8,}"),)

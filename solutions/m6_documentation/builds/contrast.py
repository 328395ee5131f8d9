"""The contrast of two colours, and the colours that a stylesheet gives."""

import re

from workbook.styles import rules, split


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, written `#rgb` or `#rrggbb`: from 1 to 21.

    By the definition in WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, which asks
    for 4.5 between text and what is behind it.
    """
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Give the relative luminance of *colour*, from 0 for black to 1 for white."""
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colour_of(css: str, selector: str, name: str = "color") -> str:
    """Give the colour that the last rule of *css* for exactly *selector* declares as *name*.

    Raises LookupError where no such rule has one.
    """
    found = ""
    for head, body in rules(css):
        if selector in split(head):
            for value in re.findall(rf"(?:^|;)\s*{name}\s*:\s*(#[0-9a-fA-F]{{3,6}})", body):
                found = value
    if not found:
        raise LookupError(f"No rule for {selector} declares {name}.")
    return found

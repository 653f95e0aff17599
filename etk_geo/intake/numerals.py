"""Numbers as people type them: full-width digits, spaces, thousands commas, units behind.

Only decimal notation; angles in degrees, minutes and seconds are ``angles.py``.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,2})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,20})?")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW |= {ord(c): ord("-") for c in "−–—﹣"}
_NARROW |= {0x3000: ord(" "), 0xA0: ord(" "), 0x202F: ord(" "), 0x2009: ord(" ")}
LONGEST = 200
"""A cell longer than this is not a number, whatever it begins with."""


def narrow(text: str) -> str:
    """Return text with full-width letters, digits and signs made narrow, and dashes one dash.

    Not Unicode's compatibility form: that would make ``①107.1`` the number 1107.1.
    """
    return text[:LONGEST].translate(_NARROW).strip()


def parse_number(text: str) -> float | None:
    """Return the number that a text is, or ``None`` if it is anything else."""
    if len(text) > LONGEST:
        return None
    cleaned = narrow(text)
    if _GROUPED.fullmatch(cleaned):
        cleaned = cleaned.replace(",", "")
    return float(cleaned) if _NUMBER.fullmatch(cleaned) and cleaned.isascii() else None


def half_last_digit(text: str) -> float:
    """Return half of the last digit written: ``107.25`` may be off by 0.005 by rounding alone."""
    mantissa, _, exponent = narrow(text).lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    power = int(exponent) if re.fullmatch(r"[+-]?\d{1,2}", exponent) else 0
    return float(0.5 * 10.0 ** (power - decimals))

"""Which characters of a string can be printed at all."""

from __future__ import annotations

import re
from collections.abc import Container
from unicodedata import category, east_asian_width

REPLACEMENT = "\ufffd"
NO_GLYPH = "\u25a1"
LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c]")
UNPRINTABLE = re.compile(
    # Control characters, lone surrogates and noncharacters: XML 1.0 does not allow them.
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    # Marks that turn the direction of writing could make a line read as something else.
    "\u202a-\u202e\u2066-\u2069]"
)
BREAK = "\u200b"
"""Zero-width space: a place where a line may be broken."""

RUN = re.compile("[^\\s\u200b\u2e80-\u9fff\uff00-\uffef]{8,}")
"""Characters between which a line is not broken by itself, if no more than that is known."""

LOWER_EM, UPPER_EM = 0.58, 0.7
"""Width of digits and lower-case letters, and of others, as multiples of the size of type."""

IGNORED = ("Cf", "Cc", "Mn", "Zs")
"""Categories of characters that need no picture of their own."""


def printable(text: str) -> str:
    """Return text with one kind of line end, and U+FFFD for each character that cannot be."""
    return UNPRINTABLE.sub(REPLACEMENT, LINE_ENDS.sub("\n", text))


def spelled_out(text: str, charmap: Container[int]) -> str:
    """Return text in which characters without a glyph are written as ``[U+1F600]``.

    Parameters
    ----------
    text
        What is to be printed.
    charmap
        Code points that the font has.
    """
    if text.isascii():
        return text
    return "".join(
        char
        if ord(char) in charmap or category(char) in IGNORED
        else (NO_GLYPH if char == REPLACEMENT else f"[U+{ord(char):04X}]")
        for char in text
    )


def opened(text: str, most_em: float) -> str:
    """Return text in which runs wider than ``most_em`` times their type can be broken anywhere."""

    def open_run(run: re.Match[str]) -> str:
        return BREAK.join(run.group()) if width_em(run.group()) > most_em else run.group()

    return RUN.sub(open_run, text)


def width_em(text: str) -> float:
    """Return about how wide a text is, as a multiple of the size of its type; rather too much."""
    return sum(
        1.0
        if east_asian_width(char) in "WFA"
        else (LOWER_EM if char.islower() or char.isdecimal() else UPPER_EM)
        for char in text
    )

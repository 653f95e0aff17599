"""Chinese names as they are typed on a Latin keyboard: pinyin, initials, or a mixture of both."""

from __future__ import annotations

from typing import Any

from pypinyin import Style, pinyin

Syllables = tuple[tuple[str, ...], ...]
"""Per sounded character of a name, its possible readings; a letter or digit reads as itself."""

TWO_LETTER_INITIALS = ("zh", "ch", "sh")


def syllables(name: str) -> Syllables:
    """Return the readings of a name, character by character; marks and spaces are left out.

    All readings of a character count: 都 is ``du`` in 都斯图河 and ``dou`` elsewhere, and who types
    either should find it.
    """
    read = pinyin(name, style=Style.NORMAL, heteronym=True, errors=_apart)
    cleaned = (tuple(_latin(reading) for reading in readings) for readings in read)
    return tuple(readings for readings in cleaned if any(readings))


def _apart(unread: str) -> Any:
    # A list gives each character its own place; pypinyin's types know of texts only.
    return list(unread)


def _latin(reading: str) -> str:
    lowered = reading.casefold()
    return lowered if lowered.isascii() and lowered.isalnum() else ""


def position(typed: str, name: Syllables) -> int | None:
    """Return the character of a name at which typed letters begin to fit, ``None`` if nowhere.

    A character is typed by its whole reading or by its initial; the last one as far as one has
    come: ``qpj``, ``qipanjing``, ``qipjing`` and ``qipanj`` all fit 棋盘井.
    """
    first = typed[:1]
    for start, readings in enumerate(name):
        if any(reading[:1] == first for reading in readings) and _fits(typed, name, start):
            return start
    return None


def _fits(typed: str, name: Syllables, at: int) -> bool:
    if not typed:
        return True
    if at == len(name):
        return False
    for reading in name[at]:
        if reading.startswith(typed):
            return True
        for spelling in _spellings(reading):
            if typed.startswith(spelling) and _fits(typed[len(spelling) :], name, at + 1):
                return True
    return False


def _spellings(reading: str) -> tuple[str, ...]:
    if reading.startswith(TWO_LETTER_INITIALS):
        return reading, reading[:2], reading[:1]
    return reading, reading[:1]

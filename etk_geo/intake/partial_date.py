"""Dates as far as they are known: a year, a month of a year, or a day."""

from __future__ import annotations

import calendar
import re
from datetime import date

from etk_geo.intake.numerals import narrow

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_TYPED = re.compile(
    r"(\d{4})\s*(?:年|[-/.](?=\s*\d))?\s*"
    r"(?:(\d{1,2})\s*(?:月|[-/.](?=\s*\d))?\s*(?:(\d{1,2})\s*日?)?)?"
)


def parse_date(text: str) -> str | None:
    """Return a typed date as ``2023``, ``2023-04`` or ``2023-04-03``, ``None`` if it is no date.

    Read are ``2023年4月3日``, ``2023/4/3``, ``2023.4``, ``2023-04`` and the like, year first.
    """
    match = _TYPED.fullmatch(narrow(text))
    if match is None:
        return None
    year, month, day = match.groups()
    parts = [year, *(f"{int(part):02d}" for part in (month, day) if part)]
    iso = "-".join(parts)
    return iso if is_date(iso) else None


def is_date(text: str) -> bool:
    """Return whether a text is a year, month or day that the calendar has, in ISO form."""
    return _ISO.fullmatch(text) is not None and _last_day(text) is not None


def last_day(text: str) -> date:
    """Return the day by which a partial date has passed for certain: ``2023-04`` → 30 April.

    Raises
    ------
    ValueError
        If the text is no partial date.
    """
    day = _last_day(text) if _ISO.fullmatch(text) else None
    if day is None:
        raise ValueError(text)
    return day


def _last_day(iso: str) -> date | None:
    year, month, day = (int(part) for part in (*iso.split("-"), "0", "0")[:3])
    try:
        if day:
            return date(year, month, day)
        month = month or 12
        return date(year, month, calendar.monthrange(year, month)[1])
    except ValueError:  # calendar's IllegalMonthError is one too
        return None

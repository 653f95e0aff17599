"""Angles as people write them: ``106°30′45.2″``, ``东经106度30分45秒``, ``N39:15:03``, ``107.25E``.

One text is one angle; what is not wholly one is not one. Lists of them are ``pasted.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from etk_geo.intake.numerals import LONGEST, narrow, parse_number

Axis = Literal["lon", "lat"]


@dataclass(frozen=True)
class Angle:
    """An angle in degrees.

    ``axis`` where the text says which; ``half_digit`` is half of its last written digit, degrees.
    """

    degrees: float
    axis: Axis | None
    half_digit: float


_SIDES: dict[str, tuple[Axis, int]] = {
    "东经": ("lon", 1), "西经": ("lon", -1), "北纬": ("lat", 1), "南纬": ("lat", -1),
    "经度": ("lon", 1), "纬度": ("lat", 1), "经": ("lon", 1), "纬": ("lat", 1),
    "东": ("lon", 1), "西": ("lon", -1), "北": ("lat", 1), "南": ("lat", -1),
    "longitude": ("lon", 1), "latitude": ("lat", 1), "lon": ("lon", 1), "lng": ("lon", 1),
    "lat": ("lat", 1), "e": ("lon", 1), "w": ("lon", -1), "n": ("lat", 1), "s": ("lat", -1),
}  # fmt: skip
_SIDE = "|".join(sorted(_SIDES, key=len, reverse=True))
_MARKS = {ord(c): ord("°") for c in "º˚"} | {ord(c): ord("'") for c in "′’‘´`"}
_MARKS |= {ord(c): ord('"') for c in "″”“"}
_DEGREE, _MINUTE, _SECOND = "[°度d]", "['分m]", '["秒s]'
_NUMBER = r"\d{1,4}(?:\.\d{0,15})?"
_SMALL = r"\d{1,2}(?:\.\d{0,12})?"
_MARKED = re.compile(
    rf"(?P<sign>[+-])?\s*(?P<d>{_NUMBER})\s*{_DEGREE}\s*"
    rf"(?:(?P<m>{_SMALL})\s*{_MINUTE}\s*)?(?:(?P<s>{_SMALL})\s*{_SECOND}?)?"
)
_SPACED = re.compile(
    rf"(?P<sign>[+-])?(?P<d>\d{{1,3}})(?P<gap>[:\s-])\s*(?P<m>{_SMALL})"
    rf"(?:(?P=gap)\s*(?P<s>{_SMALL}))?"
)


def parse_angle(text: str) -> Angle | None:
    """Return the angle that a text is, or ``None``.

    Degrees, minutes and seconds may be marked (``°′″``, ``度分秒``, ``d m s``) or parted by colons,
    blanks or hyphens; a bare number is degrees. Full-width characters count as narrow. Minutes and
    seconds must be below 60, and only the last part may have decimals.
    """
    if len(text) > LONGEST:
        return None
    cleaned = narrow(text).translate(_MARKS).replace("''", '"').lower()
    sided = _take_side(cleaned)
    if sided is None:
        return None
    body, axis, sign = sided
    parts = _parts(body, axis)
    if parts is None:
        return None
    negative, numbers = parts
    if negative and axis is not None and sign < 0:
        return None  # "-106°W" contradicts itself
    degrees, half_digit = _combine(numbers)
    if degrees is None or degrees > 360:
        return None
    return Angle(-degrees if negative or sign < 0 else degrees, axis, half_digit)


def _take_side(text: str) -> tuple[str, Axis | None, int] | None:
    """Split off what says longitude or latitude, in front or behind."""
    sides: list[tuple[Axis, int]] = []
    body = text
    front = re.match(rf"({_SIDE})\s*[:=]?\s*(?=[+\-\d])", body)
    if front:
        sides.append(_SIDES[front.group(1)])
        body = body[front.end() :]
    # An "s" behind can also be the seconds' mark: only after a complete mark is it "south".
    behind = re.search(rf"(?<=[\d°度dms'\"分秒\s.])({_SIDE})$", body)
    if behind and not (behind.group(1) == "s" and re.search(r"m\s*[\d.]+\s*s$", body)):
        sides.append(_SIDES[behind.group(1)])
        body = body[: behind.start()].rstrip()
    if len(sides) == 2 and sides[0][0] != sides[1][0]:
        return None
    if not sides:
        return body.strip(), None, 1
    sign = -1 if any(side[1] < 0 for side in sides) else 1
    return body.strip(), sides[0][0], sign


def _parts(body: str, axis: Axis | None) -> tuple[bool, tuple[str, ...]] | None:
    """Return whether there is a minus, and degrees, minutes, seconds as written.

    Two numbers without marks (``107-30``) are an angle only where the text says which side.
    """
    for pattern in (_MARKED, _SPACED):
        match = pattern.fullmatch(body)
        if match:
            numbers = (match["d"], match["m"], match["s"])
            if numbers[1] is None and numbers[2] is not None:
                return None
            given = tuple(n for n in numbers if n is not None)
            if pattern is _SPACED and len(given) == 2 and (axis is None or match["gap"] == "-"):
                return None
            return match["sign"] == "-", given
    if parse_number(body) is None or "e" in body:
        return None
    return body.startswith("-"), (body.lstrip("+-"),)


def _combine(numbers: tuple[str, ...]) -> tuple[float | None, float]:
    """Add up the parts; ``None`` where one is out of range or only the last may be broken."""
    degrees, scale = 0.0, 1.0
    half_digit = 0.0
    for index, number in enumerate(numbers):
        value = parse_number(number)
        broken = "." in number and index < len(numbers) - 1
        if value is None or broken or (index and value >= 60):
            return None, 0.0
        degrees += value * scale
        half_digit = 0.5 * 10.0 ** -len(number.partition(".")[2]) * scale
        scale /= 60
    return degrees, half_digit

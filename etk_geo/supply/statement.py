"""What a supplier states of an official layer, and what is missing or senseless in it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely

from etk_geo.intake.numerals import half_last_digit, parse_number
from etk_geo.measure import MU_PER_HA
from etk_geo.model import Completeness, Issue
from etk_geo.rules import RuleBook

HECTARES = {"ha": 1.0, "mu": 1 / MU_PER_HA, "km2": 100.0}
UNIT_NAMES = {"公顷": "ha", "亩": "mu", "平方公里": "km2", "平方千米": "km2", "km²": "km2"}
LONGEST_TEXT = 300
ALIASES = {
    "ecological_redline": "eco_redline",
    "redline": "eco_redline",
    "basic_farmland": "permanent_basic_farmland",
    "water_source": "drinking_water",
    "control_unit": "eco_zoning",
    "生态红线": "eco_redline",
    "基本农田": "permanent_basic_farmland",
    "水源地": "drinking_water",
    "饮用水源保护区": "drinking_water",
    "管控单元": "eco_zoning",
}
"""Other names under which users know zone types."""


@dataclass(frozen=True)
class GazettedArea:
    """A published area as written: its digits say how far it was rounded."""

    figure: str
    unit: str

    @property
    def ha(self) -> float:
        """Hectares."""
        return (parse_number(self.figure) or math.nan) * HECTARES[self.unit]

    @property
    def rounding_ha(self) -> float:
        """Half of the last digit written, hectares."""
        return half_last_digit(self.figure.replace(",", "")) * HECTARES[self.unit]


def parse_area(text: str) -> GazettedArea | None:
    """Return the area that a text names (``1,234.5 ha``, ``800亩``, ``12 km2``), or ``None``."""
    cleaned = text.strip()
    for name, unit in (*UNIT_NAMES.items(), *((unit, unit) for unit in HECTARES)):
        if cleaned.lower().endswith(name):
            figure = cleaned[: -len(name)].strip()
            number = parse_number(figure)
            return GazettedArea(figure, unit) if number is not None and number > 0 else None
    return None


@dataclass(frozen=True)
class Statement:
    """What the supplier states.

    Parameters
    ----------
    zone_type
        Code of ``rules/zone_types.csv``.
    valid_from
        First day in force.
    holder, version, title_zh, title_en, licence
        Who holds the line, which version, what it is called, under which terms it may be used.
        An empty ``title_en`` takes the Chinese title.
    restricted
        Whether it may not be given away: no download, nothing written where browsers reach it.
    complete
        Where the layer holds every zone of its type; ``None`` where that was not said.
    area
        For ``Completeness.AREA``: polygons in WGS 84 degrees.
    valid_to
        Last day in force, where it is known.
    gazetted
        The published area, where there is one.
    supersedes
        Ids of the layers in force that this version replaces; ``()`` to hold it beside them;
        ``None`` where that was not said.
    stands_for
        Ids of features of ``rules/zone_sources.csv`` whose official line this is.
    accepted
        Why doubts (a large difference of areas) are accepted.
    """

    zone_type: str
    valid_from: date
    holder: str
    version: str
    title_zh: str
    licence: str
    restricted: bool
    complete: Completeness | None
    title_en: str = ""
    area: Any = None
    valid_to: date | None = None
    gazetted: GazettedArea | None = None
    supersedes: tuple[str, ...] | None = None
    stands_for: tuple[str, ...] = ()
    accepted: str = ""


FIELDS = {
    "valid_from": ("生效日期", "valid from"),
    "valid_to": ("失效日期", "valid to"),
    "holder": ("持有单位", "holder"),
    "version": ("版本", "version"),
    "title_zh": ("名称", "title"),
    "title_en": ("英文名称", "English title"),
    "licence": ("使用许可", "licence"),
    "complete": ("完整范围", "where it is complete"),
    "gazetted": ("公布面积", "gazetted area"),
    "stands_for": ("代替的要素", "features it stands for"),
    "accepted": ("接受理由", "reason for accepting"),
}
"""Fields of a statement as users know them, zh and en."""


def field_issue(field: str, found: str, file: str) -> Issue:
    """Return the finding that a field of a statement is missing or makes no sense."""
    zh, en = FIELDS[field]
    detail = {"field_zh": zh, "field_en": en, "found": found[:60] or "—"}
    return Issue(file, field, "ETK888", detail)


def find_zone_type(book: RuleBook, named: str) -> str | None:
    """Return the code of a zone type by its code, its Chinese or English name, or an alias."""
    wanted = named.strip().lower().replace("-", "_")
    wanted = ALIASES.get(wanted, wanted)
    for kind in book.zone_types.values():
        if wanted in (kind.code, kind.name_zh.lower(), kind.name_en.lower().replace("-", "_")):
            return kind.code
    return None


def check_statement(statement: Statement, book: RuleBook, file: str) -> Iterator[Issue]:
    """Yield ETK885, ETK888 and ETK896 for what is missing or makes no sense."""
    if statement.zone_type not in book.zone_types:
        yield Issue(file, "", "ETK885", {"found": statement.zone_type[:60]})
        return
    for field in ("holder", "version", "title_zh", "licence"):
        value: str = getattr(statement, field)
        if not value.strip() or len(value) > LONGEST_TEXT:
            yield field_issue(field, value, file)
    if statement.valid_to is not None and statement.valid_to < statement.valid_from:
        yield field_issue("valid_to", statement.valid_to.isoformat(), file)
    known = {s.feature for s in book.zone_sources if s.zone_type == statement.zone_type}
    for feature in sorted(set(statement.stands_for) - known):
        yield field_issue("stands_for", feature, file)
    if statement.complete is None:
        yield field_issue("complete", "", file)
    if not _fits(statement.area, needed=statement.complete is Completeness.AREA):
        yield Issue(file, "", "ETK896")


def _fits(area: Any, *, needed: bool) -> bool:
    """Tell whether an area of completeness is there where it must be, and is sound."""
    if area is None or not needed:
        return area is None and not needed
    polygonal = shapely.get_type_id(area) in (3, 6)
    return bool(polygonal and not shapely.is_empty(area) and shapely.is_valid(area))

"""A kept screening computed once more with the layers and the law of another day.

The projects are those of the record; zones, rules and day are of today. What differs is listed by
project and zone, with what it comes from: layers, rules, or the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd

from etk_geo.catalog import Catalog
from etk_geo.model import BANNER_BOUNDS
from etk_geo.rules import RuleBook
from etk_geo.screening.consequence import CANNOT_JUDGE
from etk_geo.screening.findings import Screening, screen_projects
from etk_geo.screening.measures import passages
from etk_geo.screening.record import Parameters, build_record, parse_record
from etk_geo.screening.verdict import Verdict
from etk_geo.screening.verify import stored_projects
from etk_geo.screening.zones import collect_zones

ABSENT = ""
"""What stands for a zone or a layer that only one of the two records has."""

COMPARED = ("verdict", "reason", "consequence", "possible", "rules", "rules_open")


@dataclass(frozen=True)
class PairChange:
    """A project and a zone of which something is found that was not found before.

    ``before`` and ``after`` hold ``COMPARED``; empty where the zone is not in that record.
    """

    project_id: str
    zone_id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class ProjectChange:
    """A project whose conclusion differs: consequences as codes, before and after."""

    project_id: str
    before: str
    after: str


@dataclass(frozen=True)
class RecordComparison:
    """What differs between two records of the same projects.

    ``layers`` and ``rules`` map an id or file to its checksums before and after, empty where it
    is not there; ``as_of`` holds both days.
    """

    as_of: tuple[str, str]
    layers: Mapping[str, tuple[str, str]]
    rules: Mapping[str, tuple[str, str]]
    pairs: tuple[PairChange, ...]
    projects: tuple[ProjectChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing that was found differs."""
        return not self.pairs and not self.projects


@dataclass(frozen=True)
class Rerun:
    """A screening computed anew: what was found, its record, and what differs."""

    screening: Screening
    projects: gpd.GeoDataFrame
    record: dict[str, Any]
    changes: RecordComparison


def run_again(content: bytes, catalog: Catalog, book: RuleBook, as_of: date) -> Rerun:
    """Screen the projects of a record with other layers, rules and day.

    Parameters
    ----------
    content
        The bytes of the record.
    catalog, book, as_of
        Layers, rules and the day whose law applies to projects without a day of decision. All
        zones take part, also those that the record had left out.

    Raises
    ------
    DataError
        If the bytes are no record.
    """
    stated = parse_record(content)["content"]
    projects = stored_projects(stated)
    zones = collect_zones(catalog, book, on=as_of)
    screening = screen_projects(projects, zones, book, as_of)
    parameters = Parameters(as_of.isoformat(), None, BANNER_BOUNDS)
    found = passages(screening, projects, zones)
    record = build_record(screening, projects, catalog, book, parameters, found)
    return Rerun(screening, projects, record, compare_records(stated, record["content"]))


def compare_records(before: Mapping[str, Any], after: Mapping[str, Any]) -> RecordComparison:
    """List what differs between the contents of two records of the same projects."""
    return RecordComparison(
        as_of=(before["parameters"]["as_of"], after["parameters"]["as_of"]),
        layers=_differing(_checksums(before), _checksums(after)),
        rules=_differing(before["inputs"]["rules"], after["inputs"]["rules"]),
        pairs=tuple(_pair_changes(before, after)),
        projects=tuple(_project_changes(before, after)),
    )


def _checksums(content: Mapping[str, Any]) -> dict[str, str]:
    return {layer["id"]: layer["sha256"] for layer in content["inputs"]["layers"]}


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    sides = {
        key: (before.get(key, ABSENT), after.get(key, ABSENT)) for key in sorted({*before, *after})
    }
    return {key: side for key, side in sides.items() if side[0] != side[1]}


def _pair_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[PairChange]:
    old, new = _pairs(before), _pairs(after)
    for key in sorted({*old, *new}):
        first, second = old.get(key, {}), new.get(key, {})
        if first != second:
            yield PairChange(*key, first, second)


def _pairs(content: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in content["findings"]:
        project = row["project_id"]
        for pair in row["pairs"]:
            found[project, pair["zone_id"]] = {name: pair[name] for name in COMPARED}
        for zone, (reason, possible) in row["not_checked"].items():
            found[project, zone] = {
                "verdict": str(Verdict.NOT_CHECKED),
                "reason": reason,
                "consequence": CANNOT_JUDGE,
                "possible": possible,
                "rules": [],
                "rules_open": [],
            }
    return found


def _project_changes(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[ProjectChange]:
    old = {row["project_id"]: row["consequence"] for row in before["findings"]}
    new = {row["project_id"]: row["consequence"] for row in after["findings"]}
    for key in sorted({*old, *new}):
        first, second = old.get(key, ABSENT), new.get(key, ABSENT)
        if first != second:
            yield ProjectChange(key, first, second)

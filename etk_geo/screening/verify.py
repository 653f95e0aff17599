"""Checking a record: its bytes, its hashes, its signature, and everything computed once more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

import geopandas as gpd
from shapely.geometry import shape

from etk_geo.catalog import Catalog
from etk_geo.errors import DataError
from etk_geo.model import LonLatBounds
from etk_geo.rules import RuleBook
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.measures import passages
from etk_geo.screening.projects import PROJECT_COLUMNS, project_frame
from etk_geo.screening.record import (
    MEMBERS,
    SCHEMA,
    Parameters,
    build_record,
    canonical,
    environment,
    parse_record,
)
from etk_geo.screening.signature import fingerprint, signature_holds
from etk_geo.screening.zones import collect_zones
from etk_geo.store import sha256

ABSENT = "—"
MOST_DIFFERENCES = 200
"""Differences listed one by one; beyond, only that there are more."""


@dataclass(frozen=True)
class Check:
    """One field of a record: what it says, and what was found instead where they differ."""

    field: str
    stated: str
    found: str

    @property
    def holds(self) -> bool:
        """Whether the field is as it should be."""
        return self.stated == self.found


@dataclass(frozen=True)
class Verification:
    """All checks of a record, in order of its parts.

    ``signed_by`` is the fingerprint of the key of a signature that holds, empty without one.
    ``environment_differs`` names the versions that are not those of this machine: no fault, but the
    first thing to look at where figures differ.
    """

    checks: tuple[Check, ...]
    record_hash: str
    signed_by: str
    environment_differs: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether every check holds."""
        return all(check.holds for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that do not hold."""
        return tuple(check for check in self.checks if not check.holds)


def check_integrity(content: bytes) -> tuple[dict[str, Any], list[Check]]:
    """Check that a record is what was written, byte by byte, without recomputing anything.

    Returns
    -------
    record, checks
        The parsed record and the checks of its bytes, members, hashes and signature.

    Raises
    ------
    DataError
        If the bytes are not a record at all.
    """
    record = parse_record(content)
    checks = [
        Check("bytes", sha256(content), sha256(canonical(record))),
        Check("schema", str(record["schema"]), SCHEMA),
        Check("members", ", ".join(sorted(set(record) - MEMBERS)) or ABSENT, ABSENT),
    ]
    hashes = record["hashes"] if isinstance(record["hashes"], Mapping) else {}
    for name in ("content", "environment"):
        stated = str(hashes.get(name, ABSENT))
        checks.append(Check(f"hashes.{name}", stated, sha256(canonical(record[name]))))
    checks.append(Check("hashes", ", ".join(sorted(hashes)), "content, environment"))
    if "signature" in record:
        good = signature_holds(record)
        checks.append(Check("signature", "Ed25519", "Ed25519" if good else ABSENT))
    return record, checks


def verify_record(content: bytes, catalog: Catalog, book: RuleBook) -> Verification:
    """Check a record and compute everything in it once more.

    Parameters
    ----------
    content
        The bytes of the record file.
    catalog, book
        Layers and rules of this machine; where they differ from the record's, the hashes say so
        and the findings are compared all the same.

    Raises
    ------
    DataError
        If the bytes are not a record at all.
    """
    record, checks = check_integrity(content)
    stated = record["content"]
    try:
        found = _recompute(stated, catalog, book)
    except (KeyError, TypeError, ValueError, AttributeError, DataError) as error:
        checks.append(Check("content", "…", f"{type(error).__name__}: {error}"[:160]))
    else:
        checks.extend(_compare(stated, found))
    signed = next((check for check in checks if check.field == "signature"), None)
    return Verification(
        checks=tuple(checks),
        record_hash=sha256(canonical(stated)),
        signed_by=fingerprint(record) if signed is not None and signed.holds else "",
        environment_differs=tuple(_environment(record["environment"])),
    )


def _recompute(stated: Mapping[str, Any], catalog: Catalog, book: RuleBook) -> Any:
    parameters = stated["parameters"]
    layers = parameters["layers"]
    coverage = parameters["coverage"]
    asked = Parameters(
        as_of=parameters["as_of"],
        layers=None if layers is None else tuple(layers),
        coverage=None if coverage is None else LonLatBounds(*coverage),
    )
    projects = stored_projects(stated)
    as_of = date.fromisoformat(asked.as_of)
    zones = collect_zones(catalog, book, layers=asked.layers, on=as_of)
    screening = screen_projects(projects, zones, book, as_of, coverage=asked.coverage)
    found = passages(screening, projects, zones)
    return build_record(screening, projects, catalog, book, asked, found)["content"]


def stored_projects(content: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Return the projects that a record holds."""
    rows = []
    for feature in content["inputs"]["projects"]["features"]:
        row = {name: feature[name] for name in PROJECT_COLUMNS}
        row["decided_on"] = row["decided_on"] and date.fromisoformat(row["decided_on"])
        geometry = feature["geometry"]
        row["geometry"] = None if geometry is None else shape(geometry)
        rows.append(row)
    return project_frame(rows)


def _environment(stated: Any) -> Iterator[Check]:
    known = stated if isinstance(stated, Mapping) else {}
    for name, found in environment().items():
        check = Check(name, str(known.get(name, ABSENT)), found)
        if not check.holds:
            yield check


def _compare(stated: Any, found: Any) -> Iterator[Check]:
    """Yield one check per part that agrees, and one per field that does not."""
    for part in sorted({*stated, *found}):
        differences = list(_differences(part, stated.get(part), found.get(part)))
        if not differences:
            yield Check(part, "=", "=")
        yield from differences[:MOST_DIFFERENCES]
        if len(differences) > MOST_DIFFERENCES:
            yield Check(part, "…", f"+{len(differences) - MOST_DIFFERENCES}")


def _differences(path: str, stated: Any, found: Any) -> Iterator[Check]:
    if isinstance(stated, Mapping) and isinstance(found, Mapping):
        for key in sorted({*stated, *found}):
            yield from _differences(f"{path}.{key}", stated.get(key), found.get(key))
    elif isinstance(stated, list) and isinstance(found, list):
        pairs = zip_longest(stated, found, fillvalue=None)
        for number, (first, second) in enumerate(pairs):
            yield from _differences(f"{path}[{_label(first, second, number)}]", first, second)
    elif stated != found or type(stated) is not type(found):
        yield Check(path, _short(stated), _short(found))


def _label(first: Any, second: Any, number: int) -> str:
    """Name an item of a list by its id where it has one."""
    for item in (first, second):
        if isinstance(item, Mapping):
            for key in ("project_id", "zone_id", "zone_type", "id"):
                if isinstance(item.get(key), str):
                    return str(item[key])
    return str(number)


def _short(value: Any) -> str:
    text = ABSENT if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"

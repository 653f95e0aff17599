"""A record of screening, read back for a report, and refused where it cannot be relied on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from etk_geo.catalog import Catalog
from etk_geo.errors import DataError, ScreeningError
from etk_geo.model import Issue, Lang
from etk_geo.plan import Plan
from etk_geo.reports.coordinates import Annex
from etk_geo.rules import RuleBook
from etk_geo.screening.consequence import CANNOT_JUDGE
from etk_geo.screening.findings import Screening
from etk_geo.screening.opinion import Opinion
from etk_geo.screening.pairs import FIGURES, VERDICTS
from etk_geo.screening.record import SCHEMA
from etk_geo.screening.verdict import Verdict
from etk_geo.screening.verify import check_integrity, stored_projects
from etk_geo.screening.zones import Barrier, Zone, ZoneSet, collect_zones

VALID_DAYS = 180
"""How long a report is valid at most: a convention of the program, not of a law. It ends sooner
where a rule of the book changes sooner."""

_TEXTS = ("reason", "consequence", "possible", "basis", "deciding_rule")
_LISTS = ("rules", "rules_open", "flags")


@dataclass(frozen=True)
class ReportFacts:
    """What a report says of itself besides its findings; empty where it is not known."""

    dated: date
    number: str = ""
    title: str = ""
    author: str = ""
    valid_until: date | None = None


@dataclass(frozen=True)
class ReportParts:
    """What a reader may choose: coordinate system of the annex, and whether maps are drawn."""

    annex: Annex = "EPSG:4545"
    maps: bool = True


@dataclass(frozen=True)
class ReportSource:
    """A record with what its words and pictures need.

    ``record`` is the parsed record, ``content`` its bytes. ``book`` is the very rule book that it
    was made with. ``opinions`` are the officers' judgements.
    """

    record: Mapping[str, Any]
    content: bytes
    screening: Screening
    projects: gpd.GeoDataFrame
    catalog: Catalog
    plan: Plan
    book: RuleBook
    opinions: tuple[Opinion, ...] = ()

    @property
    def body(self) -> Mapping[str, Any]:
        """The content of the record."""
        body: Mapping[str, Any] = self.record["content"]
        return body

    @property
    def hash(self) -> str:
        """Hash of the record's content."""
        return str(self.record["hashes"]["content"])

    def titles(self, lang: Lang) -> dict[str, str]:
        """Return the titles of layers by id."""
        layers = self.catalog.layers.values()
        return {layer.id: str(getattr(layer.provenance, f"title_{lang}")) for layer in layers}

    @cached_property
    def zones(self) -> ZoneSet | None:
        """Geometry of the zones; ``None`` where a layer is no longer the one of the record."""
        layers = self.body["parameters"]["layers"]
        found = collect_zones(
            self.catalog,
            self.book,
            layers=None if layers is None else tuple(layers),
            on=date.fromisoformat(self.body["parameters"]["as_of"]),
        )
        stated = {zone["id"]: zone["sha256"] for zone in self.body["zones"]}
        same = {zone.id: zone.sha256 for zone in found.zones} == stated
        return found if same else None


def read_source(
    content: bytes,
    catalog: Catalog,
    plan: Plan,
    book: RuleBook,
    opinions: tuple[Opinion, ...] = (),
) -> ReportSource:
    """Read a record for a report.

    Parameters
    ----------
    content
        The bytes of the record file.
    catalog, plan, book
        Layers (for pictures), names and rules of this machine.
    opinions
        Officers' judgements on its findings.

    Raises
    ------
    DataError
        If the bytes are no record (ETK720), were changed since (ETK932), or were made by another
        version of the program that this one cannot read (ETK934).
    ScreeningError
        If the rules are not those of the record (ETK933): its rule ids would be put in the words
        of another law.
    """
    record, checks = check_integrity(content)
    failed = [check.field for check in checks if not check.holds]
    if record["schema"] != SCHEMA:
        raise DataError("ETK934", found=record["schema"])
    if failed:
        raise DataError("ETK932", fields=", ".join(failed))
    body = record["content"]
    if dict(body["inputs"]["rules"]) != dict(book.files):
        raise ScreeningError("ETK933")
    try:
        projects = stored_projects(body).sort_values("project_id").reset_index(drop=True)
        screening = _screening(body, projects)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError("ETK934", found=f"{type(error).__name__}: {error}"[:80]) from error
    return ReportSource(record, content, screening, projects, catalog, plan, book, opinions)


def validity(source: ReportSource, dated: date) -> tuple[date, bool]:
    """Return until when a report holds, and whether a change of law ends it.

    The day before the first rule of the book begins, or the last day of the first that ends, if
    that is sooner than ``VALID_DAYS`` after its date.
    """
    limit = dated + timedelta(days=VALID_DAYS)
    as_of = date.fromisoformat(source.body["parameters"]["as_of"])
    begins = [r.effective_from - timedelta(days=1) for r in source.book.rules if r.effective_from]
    ends = [rule.effective_to for rule in source.book.rules if rule.effective_to]
    coming = [day for day in (*begins, *ends) if day >= as_of]
    first = min(coming, default=limit)
    return (first, True) if first < limit else (limit, False)


def _screening(body: Mapping[str, Any], projects: gpd.GeoDataFrame) -> Screening:
    zones = tuple(_zone(zone) for zone in body["zones"])
    findings = pd.DataFrame(row for project in body["findings"] for row in _rows(project, zones))
    for name in FIGURES:
        findings[name] = findings[name].astype("float64")
    return Screening(
        as_of=date.fromisoformat(body["parameters"]["as_of"]),
        findings=findings,
        projects=_summary(body, projects),
        zones=zones,
        ledger=(),
        totals=body["totals"],
        issues=tuple(
            Issue("", issue["where"], issue["code"], issue["detail"]) for issue in body["issues"]
        ),
    )


def _zone(stated: Mapping[str, Any]) -> Zone:
    known = {name: stated[name] for name in Zone.__dataclass_fields__ if name in stated}
    return Zone(
        **{
            **known,
            "zone_types": tuple(stated["zone_types"]),
            "barrier": Barrier(stated["barrier"]),
        }
    )


def _rows(project: Mapping[str, Any], zones: tuple[Zone, ...]) -> Iterator[dict[str, Any]]:
    """Yield the findings of a project, those not checked among them."""
    common = {
        "project_id": project["project_id"],
        "law_date": date.fromisoformat(project["law_date"]),
    }
    stated = {pair["zone_id"]: pair for pair in project["pairs"]}
    for zone in zones:
        pair = stated.get(zone.id)
        if pair is None:
            reason, possible = project["not_checked"][zone.id]
            yield {
                **common,
                "zone_id": zone.id,
                "verdict": str(Verdict.NOT_CHECKED),
                **dict.fromkeys(FIGURES, np.nan),
                **dict.fromkeys((*_TEXTS, *_LISTS), ""),
                "rests_on_default": False,
                "reason": reason,
                "possible": possible,
                "consequence": CANNOT_JUDGE,
                "basis": "not_checked",
            }
        else:
            yield {
                **common,
                "zone_id": zone.id,
                "verdict": pair["verdict"],
                **{name: np.nan if pair[name] is None else pair[name] for name in FIGURES},
                **{name: pair[name] for name in _TEXTS},
                **{name: ";".join(pair[name]) for name in _LISTS},
                "rests_on_default": pair["rests_on_default"],
            }


def _summary(body: Mapping[str, Any], projects: gpd.GeoDataFrame) -> pd.DataFrame:
    names = projects.set_index("project_id")[["name_zh", "name_en", "category"]]
    rows = [
        {
            "project_id": project["project_id"],
            **names.loc[project["project_id"]].to_dict(),
            **{
                name: project[name]
                for name in ("consequence", "found", "possible", "zone_id", "rule", "basis")
            },
            "law_date": date.fromisoformat(project["law_date"]),
            **{verdict: project["counts"][verdict] for verdict in VERDICTS},
        }
        for project in body["findings"]
    ]
    return pd.DataFrame(rows).sort_values("project_id", ignore_index=True)

"""Findings: every project against every zone under the law of its day, and what follows.

One function from frames to findings: :func:`screen_projects`. No paths, no clock, no network. A
screening is a desk check; it never says that a project may be built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from etk_geo.errors import ScreeningError
from etk_geo.model import BANNER_BOUNDS, Issue, LonLatBounds
from etk_geo.rules import Effect, RuleBook, law_date
from etk_geo.screening.consequence import (
    CANNOT_JUDGE,
    EFFECTS,
    NOTHING,
    Outcome,
    ZoneLaw,
    weigh,
    zone_law,
)
from etk_geo.screening.ledger import LedgerRow, coverage_ledger
from etk_geo.screening.pairs import (
    CLEAR,
    NOT_CHECKED,
    OVERLAPS,
    VERDICTS,
    WITHIN,
    Codes,
    GroupKey,
    Pairs,
    Progress,
    Rows,
    Texts,
    bar_out_of_date,
    bar_outside,
    known_geometry,
    law_groups,
    law_reaches,
    relate_all,
)
from etk_geo.screening.zones import Barrier, Zone, ZoneSet

CONSEQUENCES = (*(str(effect) for effect in EFFECTS), CANNOT_JUDGE)
STRICTNESS = (
    str(Effect.NONE),
    str(Effect.ATTENTION),
    CANNOT_JUDGE,
    str(Effect.NEEDS_APPROVAL),
    str(Effect.PROHIBITED),
)
"""Consequences as they decide on a project, the last before all others."""
NO_CONSEQUENCE, ATTENTION, OPEN = (
    np.int8(STRICTNESS.index(name)) for name in (Effect.NONE, Effect.ATTENTION, CANNOT_JUDGE)
)
OF_EFFECT = np.array([STRICTNESS.index(effect) for effect in EFFECTS], dtype=np.int8)
"""Place in ``STRICTNESS`` of each effect, by rank."""
EFFECT_OF = np.array(
    [NOTHING if name == CANNOT_JUDGE else Effect(name).rank for name in STRICTNESS], dtype=np.int8
)
"""Rank of the effect of each consequence."""
STRICTNESS_NAMES = np.array(STRICTNESS, dtype=object)
EFFECT_NAMES = np.array([*(str(effect) for effect in EFFECTS), ""], dtype=object)
"""Names by rank; the last is for ``NOTHING``."""
VERDICT_NAMES = np.array(VERDICTS, dtype=object)


@dataclass(frozen=True)
class Screening:
    """What a screening found.

    ``findings`` has one row per project and zone, sorted by both: ``project_id``, ``zone_id``,
    ``verdict``, ``reason``, ``FIGURES``, ``rests_on_default``, ``law_date``, ``consequence``,
    ``possible`` (the worst that may follow), ``basis`` (why), ``deciding_rule``, ``rules`` (ids
    that apply), ``rules_open`` (ids that may apply) and ``flags``, several joined by ``;``.
    ``projects`` has one row per project: ``consequence`` (the strictest: prohibited and
    needs-approval stand as found; below them one zone that cannot be judged makes the whole
    ``cannot_judge``, since an open question may hide a prohibition),
    ``found`` (the strictest that is certain), ``possible``, ``zone_id``, ``rule`` and ``basis`` of
    the strictest finding, ``law_date``, and the number of zones per verdict. ``totals`` counts
    pairs by verdict and adds up to projects times zones. ``issues`` say which geometries were
    refused or repaired, and how.
    """

    as_of: date
    findings: pd.DataFrame
    projects: pd.DataFrame
    zones: tuple[Zone, ...]
    ledger: tuple[LedgerRow, ...]
    totals: Mapping[str, int]
    issues: tuple[Issue, ...]


def screen_projects(
    projects: gpd.GeoDataFrame,
    zones: ZoneSet,
    book: RuleBook,
    as_of: date,
    *,
    coverage: LonLatBounds | None = BANNER_BOUNDS,
    progress: Progress | None = None,
) -> Screening:
    """Screen projects against zones under the law of each project's day.

    Parameters
    ----------
    projects
        As from :func:`etk_geo.screening.projects.project_frame`: WGS 84 degrees, unique
        ``project_id``; a missing geometry is a position that is not known.
    zones
        As from :func:`etk_geo.screening.zones.collect_zones`.
    book
        The rules.
    as_of
        The day whose law applies to projects that state no ``decided_on``.
    coverage
        Box in degrees within which the layers are meant to be complete. A project that may reach
        beyond it is not said to be clear of anything. ``None`` trusts them everywhere.
    progress
        Called after each chunk of projects.

    Returns
    -------
    screening
        Does not depend on the order of the projects. Inputs are not changed.

    Raises
    ------
    ScreeningError
        If there is no zone, an id is repeated, or a bound, accuracy or extent makes no sense.
    """
    projects = projects.sort_values("project_id", kind="stable").reset_index(drop=True)
    days = [law_date(decided, as_of) for decided in projects["decided_on"]]
    groups = law_groups(projects, days)
    laws = {(key, zone.id): zone_law(book, zone, *key) for key in groups for zone in zones.zones}
    pairs = relate_all(projects, zones, groups, laws, progress)
    bar_outside(pairs, projects, zones, coverage, law_reaches(zones, groups, laws, len(projects)))
    bar_out_of_date(pairs, zones, as_of)
    table = _weigh_all(pairs, projects, zones, groups, laws)
    counts = np.bincount(pairs.verdict.ravel(), minlength=len(VERDICTS))
    return Screening(
        as_of=as_of,
        findings=_findings(pairs, table, projects, zones, days),
        projects=_conclude(pairs, table, projects, zones, days),
        zones=zones.zones,
        ledger=coverage_ledger(zones, book, as_of),
        totals=dict(zip(VERDICTS, map(int, counts), strict=True)),
        issues=pairs.issues,
    )


@dataclass(frozen=True)
class _Table:
    """What follows for all pairs, projects by zones.

    ``consequence`` has places in ``STRICTNESS``, ``possible`` ranks of effects or ``NOTHING``.
    """

    consequence: Codes
    possible: Codes
    basis: Texts
    deciding: Texts
    rules: Texts
    rules_open: Texts
    flags: Texts


def _weigh_all(
    pairs: Pairs,
    projects: gpd.GeoDataFrame,
    zones: ZoneSet,
    groups: Mapping[GroupKey, Rows],
    laws: Mapping[tuple[GroupKey, str], ZoneLaw],
) -> _Table:
    shape = (len(projects), len(zones.zones))
    table = _Table(
        np.full(shape, OPEN),
        np.full(shape, NOTHING, dtype=np.int8),
        *(np.full(shape, "", dtype=object) for _ in range(5)),
    )
    for number, zone in enumerate(zones.zones):
        barred = zone.barrier is not Barrier.NONE
        for key, rows in groups.items():
            law = laws[key, zone.id]
            row = _unseen(law) if barred else _weigh(pairs, rows, number, law)
            for column, values in zip(_columns(table), row, strict=True):
                column[rows, number] = values
    table.flags[pairs.repaired] = [
        f"{flags};repaired" if flags else "repaired" for flags in table.flags[pairs.repaired]
    ]
    return table


def _columns(table: _Table) -> tuple[Codes | Texts, ...]:
    return (
        table.consequence,
        table.possible,
        table.basis,
        table.deciding,
        table.rules,
        table.rules_open,
        table.flags,
    )


def _unseen(law: ZoneLaw) -> tuple[Codes | Texts | np.int8 | str, ...]:
    """Return the columns of the table for a zone of which nothing is known: one for all."""
    outcome = law.unseen
    return (
        OPEN,
        outcome.possible,
        "not_checked",
        "",
        outcome.applying,
        outcome.open,
        outcome.flags,
    )


def _weigh(pairs: Pairs, rows: Rows, number: int, law: ZoneLaw) -> tuple[Codes | Texts, ...]:
    """Return the columns of the table for one zone and projects under one law."""
    verdict = pairs.verdict[rows, number]
    outcome = weigh(law, known_geometry(pairs, rows, number))
    consequence, basis = _consequence(verdict, outcome, law)
    return (
        consequence,
        _possible(verdict, outcome, consequence),
        basis,
        np.where(basis == "rule", outcome.deciding, ""),
        outcome.applying,
        outcome.open,
        outcome.flags,
    )


def _consequence(verdict: Codes, outcome: Outcome, law: ZoneLaw) -> tuple[Codes, Texts]:
    """Return what follows for the pairs of one zone, and why.

    Nothing follows (``none``) only where the project is certainly clear, where the law asks
    nothing of its category in a zone that is everywhere, or where a rule that is known well says
    so. Inside a zone without a rule for the category or the day, attention is due: that no rule is
    held does not mean that there is none.
    """
    found = OF_EFFECT[np.maximum(outcome.certain, 0)]
    clear = verdict == CLEAR
    no_rule = "no_rule_on_date" if law.unknown_on_date else "no_rule_for_category"
    unmeasured = any(use.distance_not_given for use in law.uses)
    default = NO_CONSEQUENCE if law.territory else ATTENTION
    cases: list[tuple[npt.NDArray[np.bool_], np.int8 | Codes, str]] = [
        ((outcome.certain != NOTHING) & ~clear, found, "rule"),
        (verdict <= OVERLAPS, default, no_rule),
        (verdict == WITHIN, ATTENTION, "near"),
        (clear & unmeasured, ATTENTION, "distance_not_given"),
        (clear, NO_CONSEQUENCE, "clear"),
        (verdict == NOT_CHECKED, OPEN, "not_checked"),
    ]
    consequence = np.full(len(verdict), OPEN)
    basis = np.full(len(verdict), "indeterminate", dtype=object)
    for where, value, why in reversed(cases):
        consequence = np.where(where, value, consequence)
        basis = np.where(where, why, basis)
    return consequence, basis


def _possible(verdict: Codes, outcome: Outcome, consequence: Codes) -> Codes:
    """Return the rank of the worst effect that may follow, at least of the one that does."""
    stated = EFFECT_OF[consequence]
    rank: Codes = np.where(verdict == CLEAR, stated, np.maximum(stated, outcome.possible))
    return rank


def _findings(
    pairs: Pairs, table: _Table, projects: gpd.GeoDataFrame, zones: ZoneSet, days: list[date]
) -> pd.DataFrame:
    count = len(zones.zones)
    columns: dict[str, object] = {
        "project_id": np.repeat(projects["project_id"].to_numpy(dtype=object), count),
        "zone_id": np.tile(np.array([zone.id for zone in zones.zones], dtype=object), len(days)),
        "verdict": VERDICT_NAMES[pairs.verdict.ravel()],
        "reason": pairs.reason.ravel(),
        **{name: values.ravel() for name, values in pairs.figures.items()},
        "rests_on_default": pairs.rests_on_default.ravel(),
        "law_date": np.repeat(np.array(days, dtype=object), count),
        "consequence": STRICTNESS_NAMES[table.consequence.ravel()],
        "possible": EFFECT_NAMES[table.possible.ravel()],
        "basis": table.basis.ravel(),
        "deciding_rule": table.deciding.ravel(),
        "rules": table.rules.ravel(),
        "rules_open": table.rules_open.ravel(),
        "flags": table.flags.ravel(),
    }
    return pd.DataFrame(columns)


def _conclude(
    pairs: Pairs, table: _Table, projects: gpd.GeoDataFrame, zones: ZoneSet, days: list[date]
) -> pd.DataFrame:
    """Return the strictest consequence of each project, with its reason.

    The finding named is the first, in order of zone id, of those that decide.

    Raises
    ------
    ScreeningError
        If there are projects and no zones: without any zone nothing can be concluded.
    """
    if len(projects) and not zones.zones:
        raise ScreeningError("ETK990")
    row = np.arange(len(projects))
    named = row, table.consequence.argmax(axis=1) if len(projects) else row
    zone_ids = np.array([zone.id for zone in zones.zones], dtype=object)
    names = ("project_id", "name_zh", "name_en", "category")
    columns: dict[str, object] = {
        **{name: projects[name].to_numpy() for name in names},
        "consequence": STRICTNESS_NAMES[table.consequence[named]],
        "found": EFFECT_NAMES[EFFECT_OF[table.consequence].max(axis=1, initial=NOTHING)],
        "possible": EFFECT_NAMES[table.possible.max(axis=1, initial=NOTHING)],
        "zone_id": zone_ids[named[1]],
        "rule": table.deciding[named],
        "basis": table.basis[named],
        "law_date": np.array(days, dtype=object),
        **{name: (pairs.verdict == code).sum(axis=1) for code, name in enumerate(VERDICTS)},
    }
    return pd.DataFrame(columns)

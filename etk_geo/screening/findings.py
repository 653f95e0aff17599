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
import pandas as pd

from etk_geo.errors import ScreeningError
from etk_geo.model import BANNER_BOUNDS, Issue, LonLatBounds
from etk_geo.rules import Effect, RuleBook, law_date
from etk_geo.screening.arrays import TEXT, text_column
from etk_geo.screening.consequence import (
    CANNOT_JUDGE,
    EFFECTS,
    NOTHING,
    Outcome,
    ZoneLaw,
    weigh,
)
from etk_geo.screening.group_law import GroupLaw, group_law, states
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
    relate_all,
)
from etk_geo.screening.zones import Zone, ZoneSet

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
    STRICTNESS.index(name) for name in (Effect.NONE, Effect.ATTENTION, CANNOT_JUDGE)
)
OF_EFFECT = tuple(STRICTNESS.index(effect) for effect in EFFECTS)
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
    projects = _sorted(projects)
    days = [law_date(decided, as_of) for decided in projects["decided_on"]]
    groups = law_groups(projects, days)
    laws = {key: group_law(book, zones, *key) for key in groups}
    pairs = relate_all(projects, zones, groups, laws, progress)
    bar_outside(pairs, projects, zones, coverage)
    bar_out_of_date(pairs, zones, as_of)
    table = _weigh_all(pairs, zones, groups, laws)
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


def _sorted(projects: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the projects in the order of their ids."""
    if len(projects) == 1 or projects["project_id"].is_monotonic_increasing:
        return projects
    return projects.sort_values("project_id", kind="stable")


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
    zones: ZoneSet,
    groups: Mapping[GroupKey, Rows],
    laws: Mapping[GroupKey, GroupLaw],
) -> _Table:
    shape = pairs.verdict.shape
    table = _Table(
        np.full(shape, OPEN, dtype=np.int8),
        np.full(shape, NOTHING, dtype=np.int8),
        np.full(shape, "not_checked", dtype=object),
        *(np.full(shape, "", dtype=object) for _ in range(4)),
    )
    for key, rows in groups.items():
        unseen = laws[key].unseen
        table.possible[rows] = unseen.possible
        table.rules[rows] = unseen.rules
        table.rules_open[rows] = unseen.rules_open
        table.flags[rows] = unseen.flags
        if len(zones.checkable):
            _weigh_group(table, pairs, zones.checkable, rows, laws[key])
    table.flags[pairs.repaired] = [
        f"{flags};repaired" if flags else "repaired" for flags in table.flags[pairs.repaired]
    ]
    return table


def _weigh_group(table: _Table, pairs: Pairs, at: Rows, rows: Rows, law: GroupLaw) -> None:
    """Fill in what follows for projects under one law and the zones that can be checked."""
    laws = [law.laws[number] for number in at]
    verdicts = pairs.verdict[rows[:, None], at].tolist()
    found = states(law.uses, known_geometry(pairs, rows, at))
    follows = [
        _follow(one, verdict, state)
        for row in zip(verdicts, found, strict=True)
        for one, verdict, state in zip(laws, *row, strict=True)
    ]
    for column, values in zip(_columns(table), zip(*follows, strict=True), strict=True):
        filled = np.array(values, dtype=column.dtype)
        column[rows[:, None], at] = filled.reshape(len(rows), len(at))


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


Follows = tuple[int, int, str, str, str, str, str]
"""The columns of the table for one pair."""


def _follow(law: ZoneLaw, verdict: int, state: bytes) -> Follows:
    """Return what follows for a pair, once for each law, verdict and state of the rules."""
    key = verdict, state
    follows: Follows | None = law.memory.get(key)
    if follows is None:
        outcome = weigh(law, state)
        consequence, basis = _consequence(verdict, outcome, law)
        follows = law.memory[key] = (
            consequence,
            _possible(verdict, outcome, consequence),
            basis,
            outcome.deciding if basis == "rule" else "",
            outcome.applying,
            outcome.open,
            outcome.flags,
        )
    return follows


def _consequence(verdict: int, outcome: Outcome, law: ZoneLaw) -> tuple[int, str]:
    """Return what follows for a pair, and why.

    Nothing follows (``none``) only where the project is certainly clear, where the law asks
    nothing of its category in a zone that is everywhere, or where a rule that is known well says
    so. Inside a zone without a rule for the category or the day, attention is due: that no rule is
    held does not mean that there is none.
    """
    if outcome.certain != NOTHING and verdict != CLEAR:
        return OF_EFFECT[outcome.certain], "rule"
    if verdict <= OVERLAPS:
        no_rule = "no_rule_on_date" if law.unknown_on_date else "no_rule_for_category"
        return (NO_CONSEQUENCE if law.territory else ATTENTION), no_rule
    if verdict == CLEAR:
        return (ATTENTION, "distance_not_given") if law.unmeasured else (NO_CONSEQUENCE, "clear")
    if verdict == WITHIN:
        return ATTENTION, "near"
    return OPEN, "not_checked" if verdict == NOT_CHECKED else "indeterminate"


def _possible(verdict: int, outcome: Outcome, consequence: int) -> int:
    """Return the rank of the worst effect that may follow, at least of the one that does."""
    stated = int(EFFECT_OF[consequence])
    return stated if verdict == CLEAR else max(stated, outcome.possible)


def _findings(
    pairs: Pairs, table: _Table, projects: gpd.GeoDataFrame, zones: ZoneSet, days: list[date]
) -> pd.DataFrame:
    count = len(zones.zones)
    columns: dict[str, object] = {
        "project_id": text_column(np.repeat(projects["project_id"].to_numpy(dtype=object), count)),
        "zone_id": text_column(np.tile(zones.ids, len(days))),
        "verdict": text_column(VERDICT_NAMES[pairs.verdict.ravel()]),
        "reason": text_column(pairs.reason.ravel()),
        **{name: values.ravel() for name, values in pairs.figures.items()},
        "rests_on_default": pairs.rests_on_default.ravel(),
        "law_date": np.repeat(np.array(days, dtype=object), count),
        "consequence": text_column(STRICTNESS_NAMES[table.consequence.ravel()]),
        "possible": text_column(EFFECT_NAMES[table.possible.ravel()]),
        "basis": text_column(table.basis.ravel()),
        "deciding_rule": text_column(table.deciding.ravel()),
        "rules": text_column(table.rules.ravel()),
        "rules_open": text_column(table.rules_open.ravel()),
        "flags": text_column(table.flags.ravel()),
    }
    # The arrays are ours alone: nothing else holds them.
    return pd.DataFrame(columns, copy=False)


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
    counts = (pairs.verdict[:, :, None] == np.arange(len(VERDICTS))).sum(axis=1)
    named = row, table.consequence.argmax(axis=1) if len(projects) else row
    names = ("project_id", "name_zh", "name_en", "category")
    columns: dict[str, object] = {
        **{name: _copied(projects[name]) for name in names},
        "consequence": text_column(STRICTNESS_NAMES[table.consequence[named]]),
        "found": text_column(
            EFFECT_NAMES[EFFECT_OF[table.consequence].max(axis=1, initial=NOTHING)]
        ),
        "possible": text_column(EFFECT_NAMES[table.possible.max(axis=1, initial=NOTHING)]),
        "zone_id": text_column(zones.ids[named[1]]),
        "rule": text_column(table.deciding[named]),
        "basis": text_column(table.basis[named]),
        "law_date": np.array(days, dtype=object),
        **dict(zip(VERDICTS, counts.T, strict=True)),
    }
    return pd.DataFrame(columns, copy=False)


def _copied(column: pd.Series) -> object:
    """Return the values of a column, of texts as they are, apart from the table they come from."""
    return column.array.copy() if column.dtype == TEXT else column.to_numpy(copy=True)

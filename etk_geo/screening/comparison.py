"""Two days compared: the same projects and zones under two laws, and exactly what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from etk_geo.i18n import text
from etk_geo.model import Lang
from etk_geo.plan import records
from etk_geo.rules import DateComparison, RuleBook, RuleChange, compare_dates
from etk_geo.screening.findings import Screening
from etk_geo.screening.outputs import words, zone_name

COMPARED = ("verdict", "reason", "consequence", "possible", "rules", "rules_open")
KEY = ["project_id", "zone_id"]


@dataclass(frozen=True)
class ScreeningComparison:
    """What differs between the screenings of two days.

    ``law`` lists the rules that hold on one of the days only, and where that matters. ``pairs`` has
    one row per pair of project and zone whose verdict, consequence or rules differ: the columns
    ``COMPARED`` of both days, ending in ``_before`` and ``_after``.
    """

    law: DateComparison
    pairs: pd.DataFrame


def compare_screenings(before: Screening, after: Screening, book: RuleBook) -> ScreeningComparison:
    """Compare two screenings of the same projects and zones.

    Projects whose day of decision is known have the same law in both and never differ.
    """
    merged = before.findings[[*KEY, *COMPARED]].merge(
        after.findings[[*KEY, *COMPARED]], on=KEY, suffixes=("_before", "_after"), validate="1:1"
    )
    differs = pd.Series(data=False, index=merged.index)
    for name in COMPARED:
        differs |= merged[f"{name}_before"] != merged[f"{name}_after"]
    categories = sorted({code for code in before.projects["category"] if code})
    law = compare_dates(book, before.as_of, after.as_of, categories)
    return ScreeningComparison(law, merged[differs].reset_index(drop=True))


def comparison_lines(
    compared: ScreeningComparison, screening: Screening, book: RuleBook, lang: Lang
) -> Iterator[str]:
    """Say what differs, rules first, then zone types and project classes, then pairs."""
    law = compared.law
    nothing = text("screening.compare.nothing", lang)
    yield text(
        "screening.compare.title", lang, before=law.before.isoformat(), after=law.after.isoformat()
    )
    yield text("screening.compare.rules_ended", lang, rules=", ".join(law.ended) or nothing)
    yield text("screening.compare.rules_begun", lang, rules=", ".join(law.begun) or nothing)
    yield text("screening.compare.law_differs", lang, n=len(law.changes))
    yield from _law_lines(law.changes, book, lang)
    yield text("screening.compare.pairs_differ", lang, n=len(compared.pairs))
    zones = {zone.id: zone_name(zone, lang) for zone in screening.zones}
    names = screening.projects.set_index("project_id")[f"name_{lang}"].to_dict()
    for row in records(compared.pairs):
        yield "  " + text(
            "screening.compare.pair_line",
            lang,
            project=names[row["project_id"]],
            zone=zones[row["zone_id"]],
            verdict_before=words("verdict", row["verdict_before"], lang),
            verdict_after=words("verdict", row["verdict_after"], lang),
            before=_worst(row, "before", lang),
            after=_worst(row, "after", lang),
            rules_before=_rules(row, "before") or nothing,
            rules_after=_rules(row, "after") or nothing,
        )


def _law_lines(changes: Sequence[RuleChange], book: RuleBook, lang: Lang) -> Iterator[str]:
    """Say per zone type which rules give way to which, and for which project categories."""
    grouped: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for change in changes:
        key = (change.zone_type, change.ended, change.begun)
        grouped.setdefault(key, []).append(change.category)
    nothing = text("screening.compare.nothing", lang)
    for (zone_type, ended, begun), categories in grouped.items():
        yield "  " + text(
            "screening.compare.law_line",
            lang,
            zone=str(getattr(book.zone_types[zone_type], f"name_{lang}")),
            ended=", ".join(ended) or nothing,
            begun=", ".join(begun) or nothing,
            categories=", ".join(categories),
        )


def _worst(row: dict[str, str], side: str, lang: Lang) -> str:
    """Return the consequence, and the worst possible where that is more."""
    consequence, possible = row[f"consequence_{side}"], row[f"possible_{side}"]
    said = words("consequence", consequence, lang)
    if possible in ("", consequence):
        return said
    return (
        f"{said} ({text('screening.column.possible', lang)} {words('consequence', possible, lang)})"
    )


def _rules(row: dict[str, str], side: str) -> str:
    certain, open_ = row[f"rules_{side}"], row[f"rules_open_{side}"]
    parts = [part.replace(";", ", ") for part in (certain, f"({open_})" if open_ else "") if part]
    return " ".join(parts)

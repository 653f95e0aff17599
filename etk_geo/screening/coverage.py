"""The coverage ledger as a desk needs it: what matters to a category, the missing first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from etk_geo.rules import RuleBook, rules_for, strictest
from etk_geo.rules.model import Effect
from etk_geo.screening.ledger import Holding, LedgerRow

ORDER: Mapping[Holding, int] = {
    Holding.MISSING: 0,
    Holding.APPROXIMATE: 1,
    Holding.HELD: 2,
    Holding.SUPERSEDED: 3,
}


def worst_effect(
    book: RuleBook, zone_type: str, categories: Collection[str], on: date
) -> Effect | None:
    """Return the strictest effect that a rule of a day has on some category in a zone type.

    An empty set of categories stands for every category: not knowing what a project is rules
    nothing out. ``None`` where no rule of the day is about it.
    """
    asked = sorted(categories) or [""]
    rules = [rule for category in asked for rule in rules_for(book, category, zone_type, on)]
    return strictest(rule.effect for rule in rules)


def relevant_rows(
    ledger: Sequence[LedgerRow], book: RuleBook, categories: Collection[str], on: date
) -> list[tuple[LedgerRow, Effect]]:
    """Return the rows of the ledger that a rule makes matter to some category on a day.

    Returns
    -------
    rows
        With the strictest effect of a rule. Missing ones first, then approximate, held and
        superseded; among these the strictest first, then in order of the table.
    """
    found = [
        (row, effect)
        for row in ledger
        if (effect := worst_effect(book, row.zone_type, categories, on)) is not None
        and effect is not Effect.NONE
    ]
    return sorted(found, key=lambda item: (ORDER[item[0].holding], -item[1].rank))


def missing_by_holder(
    rows: Sequence[tuple[LedgerRow, Effect]], lang: str
) -> list[tuple[str, list[tuple[LedgerRow, Effect]]]]:
    """Group what is missing by who holds it, the holder of the most first."""
    grouped: dict[str, list[tuple[LedgerRow, Effect]]] = {}
    for row, effect in rows:
        if row.holding is Holding.MISSING:
            grouped.setdefault(getattr(row, f"holder_{lang}"), []).append((row, effect))
    return sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0]))

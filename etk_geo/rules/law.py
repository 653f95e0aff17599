"""Which law holds on which day: rules in force, rules that apply, and two days compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from etk_geo.rules.model import Effect, Rule, RuleBook

MOST_REMEMBERED = 100_000
"""Answers kept at most, so that a server asked for many days does not grow without end."""


def law_date(decided_on: date | None, as_of: date) -> date:
    """Return the day whose law applies: that of the decision if known, else of the screening."""
    return decided_on or as_of


def rules_in_force(rules: Iterable[Rule], as_of: date) -> tuple[Rule, ...]:
    """Return the rules that hold on a day, the first and the last day of each included.

    A rule whose first day is unknown counts as in force: leaving it out could hide a demand, and
    it never states more than attention (:attr:`Rule.certain_effect`).
    """
    return tuple(rule for rule in rules if rule.in_force(as_of))


def rules_for(book: RuleBook, category: str, zone_type: str, on: date) -> tuple[Rule, ...]:
    """Return the rules on a project category in a zone type on a day, strictest first.

    Parameters
    ----------
    book
        The rules.
    category
        A project category of the plan, or one of ``RULE_CATEGORIES``. An unknown or empty
        category is compared with every rule: not knowing what a project is rules nothing out.
    zone_type
        Rules on the wider types that it belongs to are included.
    on
        The day whose law applies.
    """
    key = ("rules_for", category, zone_type, on)
    found: tuple[Rule, ...] | None = book.memory.get(key)
    if found is None:
        found = _find_rules(book, category, zone_type, on)
        if len(book.memory) > MOST_REMEMBERED:
            book.memory.clear()
        book.memory[key] = found
    return found


def _find_rules(book: RuleBook, category: str, zone_type: str, on: date) -> tuple[Rule, ...]:
    wider = set(book.ancestors(zone_type))
    categories = set(book.rule_categories(category))
    found = [
        rule
        for rule in book.rules
        if rule.in_force(on)
        and not wider.isdisjoint(rule.zone_types)
        and (not categories or not categories.isdisjoint(rule.categories))
    ]
    return tuple(sorted(found, key=lambda rule: (-rule.effect.rank, rule.id)))


def strictest(effects: Iterable[Effect]) -> Effect | None:
    """Return the most severe effect, or ``None`` of none."""
    return max(effects, key=lambda effect: effect.rank, default=None)


@dataclass(frozen=True)
class RuleChange:
    """What differs for one project category in one zone type between two days."""

    zone_type: str
    category: str
    ended: tuple[str, ...]
    begun: tuple[str, ...]
    effect_before: Effect | None
    effect_after: Effect | None


@dataclass(frozen=True)
class DateComparison:
    """The law of two days: rules that hold on one of them only, and where that matters."""

    before: date
    after: date
    ended: tuple[str, ...]
    begun: tuple[str, ...]
    changes: tuple[RuleChange, ...]


def compare_dates(
    book: RuleBook, before: date, after: date, categories: Iterable[str]
) -> DateComparison:
    """List exactly the rules that differ between two days, and for whom.

    Returns
    -------
    comparison
        ``ended`` and ``begun`` in order of id; one change per zone type and category whose rules
        differ, in table order of the zone types.
    """
    first = {rule.id for rule in rules_in_force(book.rules, before)}
    second = {rule.id for rule in rules_in_force(book.rules, after)}
    changes = []
    for zone_type in book.zone_types:
        for category in categories:
            old = rules_for(book, category, zone_type, before)
            new = rules_for(book, category, zone_type, after)
            if old != new:
                changes.append(_change(zone_type, category, old, new))
    return DateComparison(
        before, after, tuple(sorted(first - second)), tuple(sorted(second - first)), tuple(changes)
    )


def _change(
    zone_type: str, category: str, old: tuple[Rule, ...], new: tuple[Rule, ...]
) -> RuleChange:
    before, after = {rule.id for rule in old}, {rule.id for rule in new}
    return RuleChange(
        zone_type,
        category,
        tuple(sorted(before - after)),
        tuple(sorted(after - before)),
        strictest(rule.certain_effect for rule in old),
        strictest(rule.certain_effect for rule in new),
    )

"""What must hold between the tables of ``rules/``; each breach is an issue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from etk_geo.model import Issue
from etk_geo.rules.model import (
    DISTANCE_NOT_GIVEN,
    RULE_CATEGORIES,
    Rule,
    RuleBook,
    ZoneType,
)

RULES_FILE = "rules/rules.csv"
TYPES_FILE = "rules/zone_types.csv"
RULE_ID = re.compile(r"RU\d{3}\Z")
CODE = re.compile(r"[a-z][a-z0-9_]*\Z")
REQUIRED_OF_RULE = ("law_zh", "zone_types", "categories", "distance_from", "effect_zh")
PAIRED = ("law", "date_note", "condition", "effect", "authority", "review")


def check_book(book: RuleBook) -> list[Issue]:
    """List every contradiction in or between the tables."""
    return [
        *_check_ids(book),
        *(issue for rule in book.rules for issue in _check_rule(rule, book)),
        *(issue for kind in book.zone_types.values() for issue in _check_type(kind, book)),
        *_check_sources(book),
        *_check_categories(book),
    ]


def _check_ids(book: RuleBook) -> Iterator[Issue]:
    seen: set[str] = set()
    for rule in book.rules:
        if not RULE_ID.match(rule.id):
            yield _wrong(RULES_FILE, rule.id, "id", rule.id)
        if rule.id in seen:
            yield Issue(RULES_FILE, rule.id, "ETK405", {"row": rule.id})
        seen.add(rule.id)


def _check_rule(rule: Rule, book: RuleBook) -> Iterator[Issue]:
    for name in REQUIRED_OF_RULE:
        if not getattr(rule, name):
            yield Issue(RULES_FILE, rule.id, "ETK702", {"column": name})
    for stem in PAIRED:
        if bool(getattr(rule, f"{stem}_zh")) != bool(getattr(rule, f"{stem}_en")):
            yield Issue(RULES_FILE, rule.id, "ETK703", {"column": stem})
    if rule.effective_from and rule.effective_to and rule.effective_from > rule.effective_to:
        yield Issue(RULES_FILE, rule.id, "ETK704")
    if rule.effective_from is None and not rule.date_note_zh:
        yield Issue(RULES_FILE, rule.id, "ETK702", {"column": "date_note_zh"})
    yield from _check_references(rule, book)
    if (rule.distance_m is not None) and rule.distance_from == DISTANCE_NOT_GIVEN:
        yield Issue(RULES_FILE, rule.id, "ETK706")


def _check_references(rule: Rule, book: RuleBook) -> Iterator[Issue]:
    known: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
        ("zone_types", rule.zone_types, book.zone_types),
        ("categories", rule.categories, RULE_CATEGORIES),
        ("exempt", rule.exempt, {*book.categories, *RULE_CATEGORIES}),
        ("replaces", rule.replaces, book.by_id),
        ("distance_from", [rule.distance_from], book.datums),
    )
    for column, codes, allowed in known:
        for code in codes:
            if code not in allowed:
                yield _unknown(RULES_FILE, rule.id, column, code)


def _check_type(kind: ZoneType, book: RuleBook) -> Iterator[Issue]:
    if not CODE.match(kind.code):
        yield _wrong(TYPES_FILE, kind.code, "code", kind.code)
    for name in ("name_zh", "name_en", "family"):
        if not getattr(kind, name):
            yield Issue(TYPES_FILE, kind.code, "ETK702", {"column": name})
    if bool(kind.holder_zh) != bool(kind.holder_en):
        yield Issue(TYPES_FILE, kind.code, "ETK703", {"column": "holder"})
    if kind.valid_from and kind.valid_to and kind.valid_from > kind.valid_to:
        yield Issue(TYPES_FILE, kind.code, "ETK704")
    if kind.parent and kind.parent not in book.zone_types:
        yield _unknown(TYPES_FILE, kind.code, "parent", kind.parent)
    elif _loops(kind.code, book):
        yield Issue(TYPES_FILE, kind.code, "ETK707")


def _loops(code: str, book: RuleBook) -> bool:
    seen = set()
    while code in book.zone_types:
        if code in seen:
            return True
        seen.add(code)
        code = book.zone_types[code].parent
    return False


def _check_sources(book: RuleBook) -> Iterator[Issue]:
    file = "rules/zone_sources.csv"
    seen = set()
    for source in book.zone_sources:
        where = f"{source.zone_type}/{source.feature}"
        if source.zone_type not in book.zone_types:
            yield _unknown(file, where, "zone_type", source.zone_type)
        if not source.layer or not source.feature:
            yield Issue(file, where, "ETK702", {"column": "feature"})
        if where in seen:
            yield Issue(file, where, "ETK405", {"row": where})
        seen.add(where)


def _check_categories(book: RuleBook) -> Iterator[Issue]:
    file = "rules/project_categories.csv"
    for link in book.categories.values():
        if not link.rule_categories:
            yield Issue(file, link.project_category, "ETK702", {"column": "rule_categories"})
        for code in link.rule_categories:
            if code not in RULE_CATEGORIES:
                yield _unknown(file, link.project_category, "rule_categories", code)


def _unknown(file: str, where: str, column: str, found: str) -> Issue:
    return Issue(file, where, "ETK705", {"column": column, "found": found})


def _wrong(file: str, where: str, column: str, found: str) -> Issue:
    return Issue(file, where, "ETK701", {"column": column, "found": found})

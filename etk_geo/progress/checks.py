"""What is wrong with a draft, before anything is kept."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from etk_geo.i18n import text
from etk_geo.intake.partial_date import is_date
from etk_geo.model import Issue, Lang
from etk_geo.plan import Plan
from etk_geo.progress.entry import Draft, Topic

FIRST_YEAR = 2016
"""First year of the plan before this one: baselines reach back to it."""

LONGEST = 2000
"""Characters of a source, an author or a remark."""


def check_draft(draft: Draft, plan: Plan, today: date) -> list[Issue]:
    """List what is wrong with a draft; ``where`` is the field, empty if all is well."""
    return [
        *_check_subject(draft, plan),
        *(_check_status(draft) if draft.topic is Topic.STATUS else _check_actual(draft, today)),
        *_check_date(draft, today),
        *check_texts(draft),
    ]


def worded(issue: Issue, lang: Lang) -> Issue:
    """Return an issue with its column in the words of a language, for showing."""
    column = issue.detail.get("column")
    if column is None:
        return issue
    return replace(
        issue, detail={**issue.detail, "column": text(f"progress.column.{column}", lang)}
    )


def _check_subject(draft: Draft, plan: Plan) -> Iterator[Issue]:
    table = plan.projects if draft.topic is Topic.STATUS else plan.targets
    if draft.subject not in set(table["id"]):
        yield Issue("", "subject", "ETK911", {"found": draft.subject[:60]})


def _check_status(draft: Draft) -> Iterator[Issue]:
    if draft.status is None:
        yield Issue("", "status", "ETK913", {"column": "status"})


def _check_actual(draft: Draft, today: date) -> Iterator[Issue]:
    if draft.value is None:
        yield Issue("", "value", "ETK913", {"column": "value"})
    elif not math.isfinite(draft.value):
        yield Issue("", "value", "ETK912", {"column": "value", "found": str(draft.value)})
    if not draft.year:
        yield Issue("", "year", "ETK913", {"column": "year"})
    elif draft.year > today.year:
        yield Issue("", "year", "ETK914", {"column": "year", "found": str(draft.year)})
    elif draft.year < FIRST_YEAR:
        yield Issue("", "year", "ETK912", {"column": "year", "found": str(draft.year)})


def _check_date(draft: Draft, today: date) -> Iterator[Issue]:
    if not draft.date:
        return
    if not is_date(draft.date):
        yield Issue("", "date", "ETK912", {"column": "date", "found": draft.date[:60]})
    elif draft.date > today.isoformat()[: len(draft.date)]:
        yield Issue("", "date", "ETK914", {"column": "date", "found": draft.date})


def check_texts(draft: Draft) -> Iterator[Issue]:
    """List what is wrong with source, author and remark."""
    for name in ("source", "author", "remark"):
        words: str = getattr(draft, name)
        if not words.strip() and name != "remark":
            yield Issue("", name, "ETK913", {"column": name})
        # Neither half a character nor a control character can be kept by every database.
        unfit = [c for c in words if unicodedata.category(c) in ("Cs", "Cc") and c not in "\n\t"]
        if unfit or len(words) > LONGEST:
            found = "".join(c for c in words[:60] if unicodedata.category(c) not in ("Cs", "Cc"))
            yield Issue("", name, "ETK912", {"column": name, "found": found})

"""The entries that come with the program: ``data/progress/*.csv``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from etk_geo.intake.partial_date import is_date
from etk_geo.model import is_known
from etk_geo.plan import Plan, records
from etk_geo.progress.entry import SHIPPED, Act, Draft, Entry, Status, Topic


def shipped_entries(plan: Plan) -> tuple[Entry, ...]:
    """Return the entries of the tables, by day of entry; rows that are not sound are left out.

    What is wrong with a row is said by the linter.
    """
    entries = [*_statuses(plan), *_actuals(plan)]
    return tuple(sorted(entries, key=lambda entry: entry.entered_at))


def _statuses(plan: Plan) -> Iterator[Entry]:
    projects = set(plan.projects["id"])
    for row in records(plan.progress_status):
        if row["project"] in projects and row["status"] in set(Status) and _is_dated(row):
            draft = Draft(
                Topic.STATUS,
                row["project"],
                status=Status(row["status"]),
                date=row["date"],
                source=row["source"],
                remark=row["remark_zh"],
            )
            yield _entry(row, draft)


def _actuals(plan: Plan) -> Iterator[Entry]:
    targets = set(plan.targets["id"])
    for row in records(plan.progress_actuals):
        known = is_known(row["year"]) and is_known(row["value"])
        if row["target"] in targets and known and _is_dated(row):
            draft = Draft(
                Topic.ACTUAL,
                row["target"],
                year=int(row["year"]),
                value=row["value"],
                date=row["date"],
                source=row["source"],
                remark=row["remark_zh"],
            )
            yield _entry(row, draft)


def _is_dated(row: Mapping[str, Any]) -> bool:
    dated = not row["date"] or is_date(row["date"])
    return dated and is_date(row["entered_on"]) and len(row["entered_on"]) == len("2026-01-31")


def _entry(row: Mapping[str, Any], draft: Draft) -> Entry:
    identifier = f"{SHIPPED}{row['id']}"
    return Entry(
        identifier, Act.ENTER, "", draft, f"{row['entered_on']}T00:00:00Z", row["remark_en"]
    )

"""The plan's tables looked up by id, in one language, for the cards of the map."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from etk_geo.i18n import text, texts
from etk_geo.model import Lang
from etk_geo.plan import Plan, records

Row = Mapping[str, Any]


class Wording:
    """Says in ``lang`` what the ids and codes of ``plan`` mean; an unknown one stays as it is."""

    def __init__(self, plan: Plan, lang: Lang) -> None:
        self.plan = plan
        self.lang: Lang = lang

    def say(self, key: str, **values: object) -> str:
        """Return a text of the program."""
        return text(key, self.lang, **values)

    def own(self, key: str, code: str | None) -> str:
        """Return the word for a code that the program itself defines (bound, kind, …)."""
        full = f"{key}.{code}"
        return self.say(full) if full in texts() else code or ""

    def code(self, domain: str, code: str | None) -> str:
        """Return the word for a code of ``data/vocabulary.csv``."""
        return self._words.get((domain, code or ""), code or "")

    def of(self, row: Row, stem: str) -> str:
        """Return the text ``<stem>_zh`` or ``<stem>_en`` of a row."""
        return str(row.get(f"{stem}_{self.lang}") or "")

    def name(self, table: str, identifier: str) -> str:
        """Return the name of a row of ``places``, ``categories``, ``targets`` or ``projects``."""
        row = self.row(table, identifier)
        return self.of(row, "name") if row else identifier

    def row(self, table: str, identifier: str) -> Row | None:
        """Return a row of a table by its key, or ``None``."""
        if table not in self._rows:
            key = "citation" if table == "outline" else "id"
            rows = records(getattr(self.plan, table))
            self._rows[table] = {str(row[key]): row for row in rows}
        return self._rows[table].get(identifier)

    @cached_property
    def _rows(self) -> dict[str, dict[str, Row]]:
        return {}

    @cached_property
    def _words(self) -> dict[tuple[str, str], str]:
        rows = records(self.plan.vocabulary)
        return {(row["domain"], row["code"]): row[self.lang] for row in rows}

    @cached_property
    def gaps(self) -> dict[str, list[Row]]:
        """What no public source gives, by subject."""
        gaps: dict[str, list[Row]] = {}
        for row in records(self.plan.gaps):
            gaps.setdefault(row["subject"], []).append(row)
        return gaps

    def metres(self, value: float) -> str:
        """Return a length in metres, or in kilometres from 10 km, with its unit."""
        if value >= 10_000:
            return self.say("maps.kilometres", n=f"{value / 1000:,.4g}")
        return self.say("maps.metres", n=f"{value:,.6g}")


def is_known(value: float | None) -> bool:
    """Return whether a number is known: neither ``None`` nor NaN."""
    return value is not None and not math.isnan(value)


def number(value: float) -> str:
    """Return a figure with thousands separators."""
    return f"{value:,.12g}"

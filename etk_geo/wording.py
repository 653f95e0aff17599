"""Codes and ids of the plan's tables in the words of one language."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from etk_geo.catalog import Layer
from etk_geo.i18n import text, texts
from etk_geo.model import COVERAGE, Lang, is_known
from etk_geo.plan import TABLES, Plan, records

Row = Mapping[str, Any] | Mapping[Hashable, Any]
"""A row of a frame, or the properties of a feature, by column."""

NamedTable = Literal["outline", "targets", "projects", "places", "categories", "sources"]
"""A table of the plan whose rows have a name or a title."""

TITLED = ("outline", "sources")
"""Tables whose rows have a title."""

KILOMETRES_FROM_M = 10_000


@dataclass(frozen=True)
class Words:
    """Says in ``lang`` what ids and codes of ``plan`` mean; an unknown one stays as it is."""

    plan: Plan
    lang: Lang

    def say(self, key: str, **values: object) -> str:
        """Return a text of the program."""
        return text(key, self.lang, **values)

    def join(self, parts: Iterable[str]) -> str:
        """Put parts in a row, with the list mark of the language; empty ones are left out."""
        return self.say("mark.list").join(part for part in parts if part)

    def own(self, key: str, code: str | None) -> str:
        """Return the word for a code that the program itself words (licence, comparator)."""
        full = f"{key}.{code}"
        return self.say(full) if full in texts() else _known(code)

    def code(self, domain: str, code: str | None) -> str:
        """Return the word for a code of ``data/vocabulary.csv``."""
        return self._vocabulary.get((domain, _known(code)), _known(code))

    @cached_property
    def _vocabulary(self) -> Mapping[tuple[str, str], str]:
        rows = self.plan.vocabulary
        codes = zip(rows["domain"], rows["code"], strict=True)
        return dict(zip(codes, rows[self.lang], strict=True))

    def of(self, row: Row, stem: str) -> str:
        """Return the text ``<stem>_zh`` or ``<stem>_en`` of a row."""
        return str(row.get(f"{stem}_{self.lang}") or "")

    def row(self, table: NamedTable, identifier: str) -> Mapping[str, Any] | None:
        """Return a row of a table by its key, or ``None``."""
        if table not in self._rows:
            (key,) = TABLES[table].key
            rows = records(getattr(self.plan, table))
            self._rows[table] = {str(row[key]): row for row in rows}
        return self._rows[table].get(identifier)

    @cached_property
    def _rows(self) -> dict[str, dict[str, dict[str, Any]]]:
        return {}

    def name(self, table: NamedTable, identifier: str | None) -> str:
        """Return the name or the title of a row of a table."""
        return self._named(table).get(_known(identifier), _known(identifier))

    def names(self, table: NamedTable, ids: Iterable[str]) -> str:
        """Return the names or titles of several rows of a table."""
        return self.join(self.name(table, identifier) for identifier in ids)

    def _named(self, table: NamedTable) -> Mapping[str, str]:
        if table not in self._names:
            (key,) = TABLES[table].key
            stem = "title" if table in TITLED else "name"
            frame = getattr(self.plan, table)
            names = zip(frame[key], frame[f"{stem}_{self.lang}"], strict=True)
            self._names[table] = dict(names)
        return self._names[table]

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        return {}

    def category(self, code: str | None) -> str:
        """Return the name of a category of the plan, or of a type of zone of an official layer."""
        known = _known(code)
        return self._named("categories").get(known) or self._zone_names.get(known) or known

    @cached_property
    def _zone_names(self) -> Mapping[str, str]:
        rows = self.plan.zone_names
        covers = {COVERAGE: self.say("category.coverage")}
        return covers | dict(zip(rows["code"], rows[f"name_{self.lang}"], strict=True))

    def citation(self, number: str) -> str:
        """Return a citation of the plan with its heading."""
        return f"{number} {self._named('outline').get(number, '')}".strip()

    def citations(self, numbers: Iterable[str]) -> str:
        """Return citations of the plan, each with its heading."""
        return self.join(map(self.citation, numbers))

    def layer(self, layer: Layer) -> str:
        """Return the title of a layer."""
        record = layer.provenance
        return record.title_zh if self.lang == "zh" else record.title_en

    @cached_property
    def gaps(self) -> Mapping[str, list[dict[str, Any]]]:
        """What no public source gives, by subject."""
        gaps: dict[str, list[dict[str, Any]]] = {}
        for row in records(self.plan.gaps):
            gaps.setdefault(row["subject"], []).append(row)
        return gaps

    def amount(self, value: float | None) -> str:
        """Return a figure with thousands separators, or nothing where it is unknown."""
        return f"{value:,.12g}" if is_known(value) else ""

    def quantity(self, amount: str, unit: str) -> str:
        """Return an amount with the code of its unit; an English unit may start with a number."""
        word = self.code("unit", unit)
        return f"{amount} × {word}" if word[:1].isdigit() else f"{amount} {word}".strip()

    def metres(self, value: float) -> str:
        """Return a length in metres, or in kilometres from 10 km, with its unit."""
        if value >= KILOMETRES_FROM_M:
            return self.say("maps.kilometres", n=f"{value / 1000:,.4g}")
        return self.say("maps.metres", n=f"{value:,.6g}")


def _known(code: str | None) -> str:
    """Return a code as text; frames hold NaN where there is none."""
    return code if isinstance(code, str) else ""

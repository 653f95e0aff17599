"""Codes and ids of the data in the words of one language."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from etk_geo.catalog import Layer
from etk_geo.i18n import text, texts
from etk_geo.model import Lang
from etk_geo.plan import Plan

Row = Mapping[Hashable, Any]
"""A row of a frame, by column."""


@dataclass(frozen=True)
class Words:
    """Says in ``lang`` what ids and codes of ``plan`` mean; an unknown one stays as it is."""

    plan: Plan
    lang: Lang

    def say(self, key: str, **values: object) -> str:
        """Return a text of the program."""
        return text(key, self.lang, **values)

    def join(self, parts: Iterable[str]) -> str:
        """Put parts in a row, with the comma of the language."""
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
        return {
            (domain, code): word
            for domain, code, word in zip(
                rows["domain"], rows["code"], rows[self.lang], strict=True
            )
        }

    def amount(self, value: float) -> str:
        """Return a figure with thousands separators, or nothing where it is unknown."""
        return "" if pd.isna(value) else f"{value:,.12g}"

    def quantity(self, amount: str, unit: str) -> str:
        """Return an amount with the code of its unit; an English unit may start with a number."""
        word = self.code("unit", unit)
        return f"{amount} × {word}" if word[:1].isdigit() else f"{amount} {word}".strip()

    def category(self, code: str | None) -> str:
        """Return the name of a project category."""
        return self._categories.get(_known(code), _known(code))

    @cached_property
    def _categories(self) -> Mapping[str, str]:
        return self._names(self.plan.categories, "name")

    def places(self, ids: Iterable[str]) -> str:
        """Return the names of places."""
        return self.join(self._places.get(name, name) for name in ids)

    @cached_property
    def _places(self) -> Mapping[str, str]:
        return self._names(self.plan.places, "name")

    def projects(self, ids: Iterable[str]) -> str:
        """Return the names of projects."""
        return self.join(self._projects.get(name, name) for name in ids)

    @cached_property
    def _projects(self) -> Mapping[str, str]:
        return self._names(self.plan.projects, "name")

    def targets(self, ids: Iterable[str]) -> str:
        """Return the names of the plan's figures."""
        return self.join(self._targets.get(name, name) for name in ids)

    @cached_property
    def _targets(self) -> Mapping[str, str]:
        return self._names(self.plan.targets, "name")

    def sources(self, ids: Iterable[str]) -> str:
        """Return the titles of sources."""
        return self.join(self._sources.get(name, name) for name in ids)

    @cached_property
    def _sources(self) -> Mapping[str, str]:
        return self._names(self.plan.sources, "title")

    def citations(self, numbers: Iterable[str]) -> str:
        """Return citations of the plan, each with its heading."""
        return self.join(f"{n} {self._headings.get(n, '')}".strip() for n in numbers)

    @cached_property
    def _headings(self) -> Mapping[str, str]:
        return self._names(self.plan.outline, "title", key="citation")

    def name(self, row: Row) -> str:
        """Return the name of a row that has ``name_zh`` and ``name_en``."""
        return str(row[f"name_{self.lang}"])

    def layer(self, layer: Layer) -> str:
        """Return the title of a layer."""
        record = layer.provenance
        return record.title_zh if self.lang == "zh" else record.title_en

    def _names(self, frame: pd.DataFrame, stem: str, *, key: str = "id") -> dict[str, str]:
        return dict(zip(frame[key], frame[f"{stem}_{self.lang}"], strict=True))


def _known(code: str | None) -> str:
    """Return a code as text; frames hold NaN where there is none."""
    return code if isinstance(code, str) else ""

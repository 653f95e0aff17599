"""What every part of the screening report is made of: its record, its words, its judgements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from etk_geo.documents.model import Heading
from etk_geo.i18n import text
from etk_geo.model import Lang
from etk_geo.reports.source import ReportFacts, ReportSource
from etk_geo.screening.opinion import Opinion, opinions_by_pair
from etk_geo.wording import Words

FILLS = {
    "prohibited": "#F3C5BE",
    "needs_approval": "#FBE0B5",
    "cannot_judge": "#E3E3EA",
    "attention": "#FFF6C9",
    "none": "",
}
"""Ground of a consequence; its words always stand beside it."""


@dataclass
class ReportPart:
    """A part of one report."""

    source: ReportSource
    facts: ReportFacts
    lang: Lang

    def say(self, key: str, **values: object) -> str:
        """Return a text of the report."""
        return text(f"reports.{key}", self.lang, **values)

    def heading(self, key: str, level: int = 1) -> Heading:
        """Return a heading."""
        return Heading(self.say(f"heading.{key}"), level)

    def stop(self, sentence: str) -> str:
        """Return a sentence with its full stop."""
        return sentence + ("。" if self.lang == "zh" else ". ")

    @cached_property
    def words(self) -> Words:
        """Names of the plan's things in the language of the report."""
        return Words(self.source.plan, self.lang)

    @cached_property
    def opinions(self) -> dict[tuple[str, str], Opinion]:
        """The judgement that stands, by project and zone."""
        return opinions_by_pair(self.source.opinions)

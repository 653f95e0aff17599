"""What a process is asked that makes a report: everything it needs, as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from etk_geo.model import Lang
from etk_geo.reports.rendering import FORMS, Form
from etk_geo.reports.screening_report import WHOLE
from etk_geo.reports.source import ReportFacts, ReportParts
from etk_geo.screening.opinion import Opinion, read_opinion


@dataclass(frozen=True)
class ReportOrder:
    """A report that is to be made.

    ``root`` is the project folder with the layers, plan tables and rules; ``content`` the bytes of
    the record; ``opinions`` the officers' judgements on it.
    """

    root: Path
    content: bytes
    facts: ReportFacts
    lang: Lang
    forms: tuple[Form, ...] = FORMS
    parts: ReportParts = WHOLE
    opinions: tuple[Opinion, ...] = ()

    def dump(self) -> str:
        """Return the order as JSON on one line."""
        return json.dumps(
            {
                "root": str(self.root.resolve()),
                # A record that is no UTF-8 is told so by who reads it, byte for byte as it is.
                "content": self.content.decode("utf-8", "surrogateescape"),
                "facts": {**self.facts.__dict__, **_days(self.facts)},
                "lang": self.lang,
                "forms": self.forms,
                "parts": self.parts.__dict__,
                "opinions": [opinion.document() for opinion in self.opinions],
            }
        )

    @classmethod
    def load(cls, line: str) -> ReportOrder:
        """Parse what :meth:`dump` wrote."""
        value = json.loads(line)
        return cls(
            root=Path(value["root"]),
            content=value["content"].encode("utf-8", "surrogateescape"),
            facts=_facts(value["facts"]),
            lang=value["lang"],
            forms=tuple(value["forms"]),
            parts=ReportParts(**value["parts"]),
            opinions=tuple(read_opinion(opinion) for opinion in value["opinions"]),
        )


def _days(facts: ReportFacts) -> dict[str, str | None]:
    until = facts.valid_until
    return {
        "dated": facts.dated.isoformat(),
        "valid_until": None if until is None else until.isoformat(),
    }


def _facts(value: Mapping[str, Any]) -> ReportFacts:
    until = value["valid_until"]
    return ReportFacts(
        **{
            **value,
            "dated": date.fromisoformat(value["dated"]),
            "valid_until": None if until is None else date.fromisoformat(until),
        }
    )

"""Places in a story's words, filled from the tables: ``{goal:park_output}``.

==========================  ==========================================================
place                       becomes
==========================  ==========================================================
``{goal:TARGET}``           the 2025 figure with comparator and unit
``{base:TARGET}``           the 2020 figure with its unit
``{fact:SUBJECT.ATTR}``     the published figures, all of them where sources disagree
``{fact:SUBJECT.ATTR@S}``   the published figure of source S
``{count:LAYER}``           number of features; also ``LAYER.KIND``, projects, targets
``{located:LAYER}``         number of those with a known position; also projects
``{unlocated:LAYER}``       number of those without; also projects
``{projects:STATUS}``       number of projects with a status
``{accuracy:FEATURE}``      the stated accuracy of a position
``{screened:WHAT}``         projects, zones, or the pairs with a verdict
==========================  ==========================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from etk_geo.model import Lang, is_known
from etk_geo.stories.material import Material
from etk_geo.wording import Row, Words

PLACE = re.compile(r"\{([^{}]*)\}")
COUNTS = {"10": 10, "10,000": 10_000, "100 million": 100_000_000}
"""Counts that the English name of a unit may begin with, as in ``10,000 head``."""
COUNTED_UNIT = re.compile(
    rf"(?P<count>{'|'.join(sorted(COUNTS, key=len, reverse=True))}) (?P<of>.+)"
)
LARGE = ((10**9, "billion"), (10**6, "million"))
PROJECTS, TARGETS = "projects", "targets"


class Unfilled(Exception):  # noqa: N818 - a place that the tables cannot fill, not a failure
    """A place in the words that the tables cannot fill; ``str()`` is the place."""


class Filling:
    """Fills words in one language and keeps what they rest on.

    Attributes
    ----------
    citations, sources
        Parts of the plan and sources of the figures filled in so far, without repetition.
    """

    def __init__(self, material: Material, lang: Lang) -> None:
        self.material = material
        self.words = Words(material.workspace.plan, lang)
        self.citations: dict[str, None] = {}
        self.sources: dict[str, None] = {}

    def fill(self, template: str) -> str:
        """Return the text with every place filled.

        Raises
        ------
        Unfilled
            Naming the first place that the tables cannot fill.
        """
        return PLACE.sub(self._replace, template)

    def _replace(self, match: re.Match[str]) -> str:
        kind, _, argument = match[1].partition(":")
        try:
            return FILLERS[kind.strip()](self, argument.strip())
        except KeyError:
            raise Unfilled(match[0]) from None

    def cite(self, row: Row) -> None:
        """Keep what a row of the targets rests on."""
        self.citations.update(dict.fromkeys(row["citation"]))

    def goal(self, target: str) -> str:
        """Return the 2025 figure of a target in words."""
        row = self.material.targets[target]
        if not is_known(row["target_2025"]):
            raise KeyError(target)
        self.cite(row)
        sign = "" if row["comparator"] in ("", "=") else row["comparator"]
        said = self.words.code("comparator", sign) if sign else ""
        return f"{said} {self.amount(row['target_2025'], row['unit'])}".strip()

    def base(self, target: str) -> str:
        """Return the 2020 figure of a target in words."""
        row = self.material.targets[target]
        if not is_known(row["baseline_2020"]):
            raise KeyError(target)
        self.cite(row)
        return self.amount(row["baseline_2020"], row["unit"])

    def amount(self, value: float, unit: str) -> str:
        """Return a figure with the code of its unit in words.

        English counts in millions, not in the ten thousands and hundred millions of the plan: the
        figure is multiplied out, exactly, and not rounded.
        """
        if unit == "%":
            return f"{self.words.amount(value)}%"
        counted = COUNTED_UNIT.match(self.words.code("unit", unit))
        if counted is None:
            return self.words.quantity(self.words.amount(value), unit)
        whole = Decimal(str(value)) * COUNTS[counted["count"]]
        size, name = next(((n, name) for n, name in LARGE if whole >= n), (1, ""))
        return f"{self.words.amount(float(whole / size))} {name} {counted['of']}".replace("  ", " ")

    def fact(self, argument: str) -> str:
        """Return published figures in words; all of them where no source is named."""
        name, _, source = argument.partition("@")
        subject, _, attribute = name.partition(".")
        rows = [
            row
            for row in self.material.published[subject]
            if row["attribute"] == attribute and row["value"] and source in ("", row["source"])
        ]
        if not rows:
            raise KeyError(argument)
        self.sources.update(dict.fromkeys(row["source"] for row in rows))
        said = dict.fromkeys(self.figure(row) for row in rows)
        return self.words.say("stories.either").join(said)

    def figure(self, row: Mapping[str, str]) -> str:
        """Return a published figure, a row of ``published.csv``, in words."""
        value, unit = row["value"], row["unit"]
        try:
            return self.amount(float(value), unit) if unit else value
        except ValueError:
            return self.words.quantity(self.words.code(row["attribute"], value), unit)

    def count(self, what: str) -> str:
        """Return how many features there are."""
        if what == TARGETS:
            return str(len(self.material.targets))
        return str(len(self._members(what)))

    def located(self, what: str) -> str:
        """Return how many features have a known position."""
        return str(sum(row["geometry"] is not None for row in self._members(what)))

    def unlocated(self, what: str) -> str:
        """Return how many features wait for a position."""
        return str(sum(row["geometry"] is None for row in self._members(what)))

    def _members(self, what: str) -> list[dict[str, object]]:
        if what == PROJECTS:
            return self.material.projects
        layer, _, kind = what.partition(".")
        if layer not in self.material.layers:
            raise KeyError(what)
        return [
            row
            for row in self.material.features.values()
            if row["layer"] == layer and kind in ("", row["kind"])
        ]

    def with_status(self, status: str) -> str:
        """Return how many projects have a status."""
        if status not in self.material.statuses:
            raise KeyError(status)
        return str(sum(row["status"] == status for row in self.material.projects))

    def accuracy(self, feature: str) -> str:
        """Return the stated accuracy of a position in words."""
        metres = self.material.features[feature]["accuracy_m"]
        if not is_known(metres):
            raise KeyError(feature)
        return f"±{self.words.metres(metres)}"

    def screened(self, what: str) -> str:
        """Return a number of the screening: projects, zones, or pairs of a verdict."""
        screening = self.material.screening
        numbers = {
            PROJECTS: len(screening.projects),
            "zones": len(screening.zones),
            **screening.totals,
        }
        return self.words.amount(float(numbers[what]))


FILLERS: Mapping[str, Callable[[Filling, str], str]] = {
    "goal": Filling.goal,
    "base": Filling.base,
    "fact": Filling.fact,
    "count": Filling.count,
    "located": Filling.located,
    "unlocated": Filling.unlocated,
    "projects": Filling.with_status,
    "accuracy": Filling.accuracy,
    "screened": Filling.screened,
}
"""What fills each kind of place."""

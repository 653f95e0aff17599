"""Rules, zone types and project categories as plain values: no files, no geometry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any


class Effect(StrEnum):
    """What a rule demands of a project that it applies to."""

    NONE = "none"
    ATTENTION = "attention"
    NEEDS_APPROVAL = "needs_approval"
    PROHIBITED = "prohibited"

    @property
    def rank(self) -> int:
        """Place in the order of consequence: 0 none to 3 prohibited."""
        return _ORDER.index(self)


_ORDER = (Effect.NONE, Effect.ATTENTION, Effect.NEEDS_APPROVAL, Effect.PROHIBITED)


class Confidence(StrEnum):
    """How well a rule is known; the last two are shown as to be confirmed."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    MEMORY = "memory"


class Scope(StrEnum):
    """What kind of place a zone type is."""

    AREA = "area"
    LINE = "line"
    TERRITORY = "territory"


RULE_CATEGORIES = (
    "chemical",
    "mining",
    "coal_power",
    "pv_wind",
    "road_rail",
    "agriculture_pasture",
    "tourism",
    "building",
    "municipal",
)
"""The classes of project that rules distinguish."""

DISTANCE_NOT_GIVEN = "not_given"
"""Datum of a rule whose law names a distance without saying how many metres."""


@dataclass(frozen=True)
class Rule:
    """One article's demand on projects in, or near, zones of certain types.

    ``effective_from`` and ``effective_to`` are the first and last day in force, ``None`` where
    unknown or open. ``distance_m`` counts from ``distance_from`` (a code of ``rules/datums.csv``)
    and is ``None`` where the law gives none. ``condition_*`` names the act that the rule is about,
    empty where being there is enough. ``exempt`` are project categories that the text itself
    excepts. ``replaces`` are earlier rules on the same matter.
    """

    id: str
    law_zh: str
    law_en: str
    article: str
    effective_from: date | None
    effective_to: date | None
    date_note_zh: str
    date_note_en: str
    text_version: str
    zone_types: tuple[str, ...]
    categories: tuple[str, ...]
    exempt: tuple[str, ...]
    effect: Effect
    condition_zh: str
    condition_en: str
    distance_m: float | None
    distance_from: str
    effect_zh: str
    effect_en: str
    authority_zh: str
    authority_en: str
    source_title: str
    source_url: str
    confidence: Confidence
    replaces: tuple[str, ...]
    review_zh: str
    review_en: str

    @property
    def to_be_confirmed(self) -> bool:
        """Whether the text or its dates were not read in a source that can be relied on."""
        return self.confidence in (Confidence.LOW, Confidence.MEMORY) or self.effective_from is None

    @property
    def conditional(self) -> bool:
        """Whether the rule bites only where the project does what ``condition_*`` says."""
        return bool(self.condition_zh)

    @property
    def certain_effect(self) -> Effect:
        """The effect that may be stated: an unconfirmed rule says attention and no more."""
        return Effect.ATTENTION if self.to_be_confirmed else self.effect

    def in_force(self, on: date) -> bool:
        """Whether the rule holds on a day; first and last day included, unknown ones open."""
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_to is None or on <= self.effective_to
        )


@dataclass(frozen=True)
class ZoneType:
    """A kind of protected or controlled place.

    ``parts_complete`` says that every place of this type lies in one of the types that name it as
    ``parent`` and are valid on the day. ``valid_from`` and ``valid_to`` bound the days on which
    the law knows the type at all.
    """

    code: str
    name_zh: str
    name_en: str
    family: str
    scope: Scope
    parent: str
    parts_complete: bool
    valid_from: date | None
    valid_to: date | None
    holder_zh: str
    holder_en: str
    citations: tuple[str, ...]
    note_zh: str
    note_en: str

    def valid(self, on: date) -> bool:
        """Whether the law knows the type on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


@dataclass(frozen=True)
class ZoneSource:
    """Which feature of which layer stands for a zone type.

    ``bound`` replaces the feature's own where the type reaches beyond it (``inner``), and is empty
    otherwise.
    """

    zone_type: str
    layer: str
    feature: str
    bound: str
    note_zh: str
    note_en: str


@dataclass(frozen=True)
class CategoryLink:
    """The rule categories that a project category of the plan is compared with, and why."""

    project_category: str
    rule_categories: tuple[str, ...]
    reason_zh: str
    reason_en: str


@dataclass(frozen=True)
class Datum:
    """What a distance is measured from.

    ``line_is_datum`` says that a centreline is what the law means; otherwise a distance from a
    centreline only calls for attention. ``add_m`` is added to the rule's metres where its datum
    lies outside the thing that is mapped.
    """

    code: str
    name_zh: str
    name_en: str
    line_is_datum: bool
    add_m: float
    reason_zh: str
    reason_en: str


@dataclass(frozen=True)
class RuleBook:
    """Everything in ``rules/``, checked. ``files`` maps each table to its sha256."""

    rules: tuple[Rule, ...]
    zone_types: Mapping[str, ZoneType]
    zone_sources: tuple[ZoneSource, ...]
    categories: Mapping[str, CategoryLink]
    datums: Mapping[str, Datum]
    files: Mapping[str, str]

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """The rules by id."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What was worked out of these tables before, by question; they do not change."""
        return {}

    def ancestors(self, zone_type: str) -> tuple[str, ...]:
        """Return a zone type and the wider types that it belongs to, nearest first."""
        chain = [zone_type]
        while parent := self.zone_types[chain[-1]].parent:
            chain.append(parent)
        return tuple(chain)

    def parts(self, zone_type: str, on: date) -> tuple[str, ...]:
        """Return the types that divide a type on a day, in table order."""
        return tuple(
            part.code
            for part in self.zone_types.values()
            if part.parent == zone_type and part.valid(on)
        )

    def rule_categories(self, project_category: str) -> tuple[str, ...]:
        """Return the rule categories of a project category, or of a rule category itself."""
        if project_category in RULE_CATEGORIES:
            return (project_category,)
        link = self.categories.get(project_category)
        return link.rule_categories if link else ()

    def reach_m(self, rule: Rule) -> float:
        """Return how far from the mapped thing a rule can reach, in metres; 0 if not at all."""
        return 0.0 if rule.distance_m is None else rule.distance_m + self.datum(rule).add_m

    def datum(self, rule: Rule) -> Datum:
        """Return what a rule's distance is measured from."""
        return self.datums[rule.distance_from]

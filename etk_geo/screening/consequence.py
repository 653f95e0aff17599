"""What a verdict means under the rules: which of them apply, may apply, or do not.

Works on arrays: all projects of one category and day against one zone at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from etk_geo.rules import Effect, Rule, RuleBook, Scope, rules_for
from etk_geo.rules.model import DISTANCE_NOT_GIVEN
from etk_geo.screening.zones import Barrier, Zone

Bools = npt.NDArray[np.bool_]
Ranks = npt.NDArray[np.int8]

NOTHING = -1
"""Rank of having found no effect at all, below :attr:`Effect.NONE`."""

CANNOT_JUDGE = "cannot_judge"
EFFECTS: tuple[Effect, ...] = tuple(sorted(Effect, key=lambda effect: effect.rank))


@dataclass(frozen=True)
class Use:
    """A rule as it bears on one zone: what it may state, and what it might mean at most.

    ``part`` is the zone type that divides the zone's own and that the rule is about, empty where it
    is about the zone itself. ``reach_m`` is ``None`` where the rule holds only inside.
    """

    rule: Rule
    part: str
    reach_m: float | None
    certain: Effect
    possible: Effect
    from_centreline: bool

    @property
    def distance_not_given(self) -> bool:
        """Whether the law sets a distance without saying how many metres."""
        return self.rule.distance_from == DISTANCE_NOT_GIVEN


@dataclass(frozen=True)
class ZoneLaw:
    """The rules on one zone for one project category and day.

    ``divisions`` are the sets of types of which, on that day, exactly one must hold at every place
    of the zone. ``unknown_on_date`` is set where rules on the zone exist, but none of that day.
    """

    uses: tuple[Use, ...]
    divisions: tuple[tuple[str, ...], ...]
    territory: bool
    superseded: bool
    unknown_on_date: bool

    @property
    def reach_m(self) -> float:
        """How far the farthest-reaching rule goes, in metres."""
        return max((use.reach_m or 0.0 for use in self.uses), default=0.0)

    @cached_property
    def unseen(self) -> Outcome:
        """What follows for a project where nothing is known of the zone: arrays of one entry."""
        no, unknown = np.zeros(1, dtype=bool), np.full(1, np.nan)
        return weigh(self, Geometry(no, no, no, unknown, unknown))


@dataclass(frozen=True)
class Geometry:
    """What is known of one zone and many projects, as arrays of one length.

    ``inside`` and ``apart`` are certainties (interiors shared; not shared); ``least_m`` and
    ``most_m`` bound the distance and are NaN where nothing is known of it.
    """

    checked: Bools
    inside: Bools
    apart: Bools
    least_m: npt.NDArray[np.float64]
    most_m: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """Per project: effect that is certain and the worst possible, as ranks, and rule ids.

    ``deciding`` is the first rule that gives the certain effect, empty where it follows from a
    division of the zone or from no rule.
    """

    certain: Ranks
    deciding: npt.NDArray[np.object_]
    possible: Ranks
    applying: npt.NDArray[np.object_]
    open: npt.NDArray[np.object_]
    flags: npt.NDArray[np.object_]


def zone_law(book: RuleBook, zone: Zone, category: str, on: date) -> ZoneLaw:
    """Return the rules on a zone for a project category on a day.

    A zone of a type that the law of that day does not know counts as its wider type: an old core
    zone is still part of a reserve after 2026-03-15, but which of the new areas it belongs to is
    not known.
    """
    key = ("zone_law", zone.zone_types, zone.centreline, _is_type_row(zone), category, on)
    law: ZoneLaw | None = book.memory.get(key)
    if law is None:
        law = book.memory[key] = _find_law(book, zone, category, on)
    return law


def _find_law(book: RuleBook, zone: Zone, category: str, on: date) -> ZoneLaw:
    if _is_type_row(zone):
        known = [code for code in zone.zone_types if book.zone_types[code].valid(on)]
    else:
        types = [_valid_type(book, code, on) for code in zone.zone_types]
        known = [code for code in types if code]
    uses: dict[tuple[str, str], Use] = {}
    for code in known:
        for rule in rules_for(book, category, code, on):
            uses.setdefault((rule.id, ""), _use(book, rule, zone, category, ""))
    divided = {code: book.parts(code, on) for code in known}
    parts = list(dict.fromkeys(part for found in divided.values() for part in found))
    for part in parts:
        for rule in rules_for(book, category, part, on):
            if (rule.id, "") not in uses:
                uses[rule.id, part] = _use(book, rule, zone, category, part)
    every = {wider for code in known for wider in book.ancestors(code)} | set(parts)
    return ZoneLaw(
        uses=tuple(uses.values()),
        divisions=tuple(
            found
            for code, found in divided.items()
            if found and book.zone_types[code].parts_complete
        ),
        territory=bool(known)
        and all(book.zone_types[code].scope is Scope.TERRITORY for code in known),
        superseded=bool(zone.zone_types) and not known,
        unknown_on_date=not uses and any(every & set(rule.zone_types) for rule in book.rules),
    )


def _is_type_row(zone: Zone) -> bool:
    """Whether a row stands for a zone type of which nothing is held, so for no place."""
    return zone.barrier is Barrier.NO_LAYER


def _valid_type(book: RuleBook, code: str, on: date) -> str:
    return next((wider for wider in book.ancestors(code) if book.zone_types[wider].valid(on)), "")


def _use(book: RuleBook, rule: Rule, zone: Zone, category: str, part: str) -> Use:
    from_centreline = (
        zone.centreline and rule.distance_m is not None and not book.datum(rule).line_is_datum
    )
    territory = all(book.zone_types[code].scope is Scope.TERRITORY for code in rule.zone_types)
    certain = rule.certain_effect
    if from_centreline or category in rule.exempt or (territory and rule.conditional):
        certain = min(certain, Effect.ATTENTION, key=lambda effect: effect.rank)
    possible = [rule.effect, certain]
    if not rule.article:
        # The text was not read: what it replaced may still be what it says.
        possible += [book.by_id[former].effect for former in rule.replaces]
    return Use(
        rule=rule,
        part=part,
        reach_m=None if rule.distance_m is None else book.reach_m(rule),
        certain=certain,
        possible=max(possible, key=lambda effect: effect.rank),
        from_centreline=from_centreline,
    )


def weigh(law: ZoneLaw, known: Geometry) -> Outcome:
    """Decide for each project which rules apply and what follows.

    A rule applies where its condition on place is certainly met, is open where it may be met, and
    is left out where it certainly is not. The effect that is certain is the strictest of the rules
    that apply; where the zone is divided and the part is not known, the mildest part counts.
    """
    count = len(known.checked)
    own = np.full(count, NOTHING, dtype=np.int8)
    possible = np.full(count, NOTHING, dtype=np.int8)
    by_part = {
        part: np.full(count, NOTHING, dtype=np.int8)
        for part in {use.part for use in law.uses} | {p for found in law.divisions for p in found}
    }
    deciding = np.full(count, "", dtype=object)
    applying = np.full(count, "", dtype=object)
    open_ = np.full(count, "", dtype=object)
    flags = np.full(count, "", dtype=object)
    for use in law.uses:
        applies, may_apply = _state(use, known)
        target = by_part[use.part] if use.part else own
        if not use.part:
            deciding[applies & (use.certain.rank > own)] = use.rule.id
        np.maximum(target, use.certain.rank, out=target, where=applies)
        np.maximum(possible, use.possible.rank, out=possible, where=applies | may_apply)
        certain = applies & (not use.part)
        _note(applying, certain, use.rule.id)
        _note(open_, may_apply | (applies & bool(use.part)), use.rule.id)
        for flag, raised in (
            ("from_centreline", use.from_centreline),
            ("to_be_confirmed", use.rule.to_be_confirmed),
            ("distance_not_given", use.distance_not_given),
        ):
            if raised:
                _note(flags, applies | may_apply, flag)
    for parts in law.divisions:
        mildest = np.minimum.reduce([by_part[part] for part in parts])
        deciding[mildest > own] = ""
        own = np.maximum(own, mildest)
    return Outcome(own, deciding, possible, applying, open_, flags)


def _state(use: Use, known: Geometry) -> tuple[Bools, Bools]:
    """Return where a rule certainly applies, and where it may."""
    if use.distance_not_given:
        applies = known.checked & known.inside
        return applies, ~applies
    if use.reach_m is None:
        applies = known.checked & known.inside
        return applies, ~applies & ~(known.checked & known.apart)
    within = known.most_m <= use.reach_m
    beyond = known.least_m > use.reach_m
    applies = known.checked & (known.inside | within)
    return applies, ~applies & ~(known.checked & beyond)


def _note(texts: npt.NDArray[np.object_], where: Bools, word: str) -> None:
    """Append a word to the texts of the places given, once each."""
    if not where.any():
        return
    present = np.array([word in text.split(";") for text in texts[where]])
    current = texts[where]
    joined = np.array([f"{text};{word}" if text else word for text in current], dtype=object)
    texts[where] = np.where(present, current, joined)

"""What a verdict means under the rules: which of them apply, may apply, or do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from etk_geo.rules import Effect, Rule, RuleBook, Scope, rules_for
from etk_geo.rules.model import DISTANCE_NOT_GIVEN
from etk_geo.screening.zones import Barrier, Zone

NOTHING = -1
"""Rank of having found no effect at all, below :attr:`Effect.NONE`."""

CANNOT_JUDGE = "cannot_judge"
EFFECTS: tuple[Effect, ...] = tuple(sorted(Effect, key=lambda effect: effect.rank))

APPLIES_NOT, MAY_APPLY, APPLIES = range(3)
"""Whether a rule's condition on place is met: states of a :class:`Use`."""


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
    ``memory`` keeps what was worked out of the law; the same whoever works it out.
    """

    uses: tuple[Use, ...]
    divisions: tuple[tuple[str, ...], ...]
    territory: bool
    superseded: bool
    unknown_on_date: bool
    memory: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def reach_m(self) -> float:
        """How far the farthest-reaching rule goes, in metres."""
        return max((use.reach_m or 0.0 for use in self.uses), default=0.0)

    @property
    def unmeasured(self) -> bool:
        """Whether a rule sets a distance without saying how many metres."""
        return any(use.distance_not_given for use in self.uses)


@dataclass(frozen=True)
class Outcome:
    """What follows for one project: effect that is certain and the worst possible, as ranks.

    ``deciding`` is the first rule that gives the certain effect, empty where it follows from a
    division of the zone or from no rule. ``applying``, ``open`` (ids of rules) and ``flags`` are
    joined by ``;``.
    """

    certain: int
    deciding: str
    possible: int
    applying: str
    open: str
    flags: str


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


def weigh(law: ZoneLaw, states: bytes) -> Outcome:
    """Decide what follows for a project, once for each law and states.

    A rule applies where its condition on place is certainly met, is open where it may be met, and
    is left out where it certainly is not. The effect that is certain is the strictest of the rules
    that apply; where the zone is divided and the part is not known, the mildest part counts.

    Parameters
    ----------
    states
        ``APPLIES``, ``MAY_APPLY`` or ``APPLIES_NOT`` of each of the law's uses, in their order.
    """
    outcome: Outcome | None = law.memory.get(states)
    if outcome is None:
        outcome = law.memory[states] = _weigh(law, states)
    return outcome


def unseen(law: ZoneLaw) -> Outcome:
    """Return what follows for a project where nothing is known of the zone."""
    return weigh(law, bytes([MAY_APPLY] * len(law.uses)))


def _weigh(law: ZoneLaw, states: bytes) -> Outcome:
    own, deciding, possible = NOTHING, "", NOTHING
    by_part: dict[str, int] = {}
    applying: list[str] = []
    open_: list[str] = []
    flags: list[str] = []
    for use, state in zip(law.uses, states, strict=True):
        if state == APPLIES_NOT:
            continue
        possible = max(possible, use.possible.rank)
        flags += _flags(use)
        if state == APPLIES and not use.part:
            deciding = use.rule.id if use.certain.rank > own else deciding
            own = max(own, use.certain.rank)
            applying.append(use.rule.id)
        else:
            open_.append(use.rule.id)
        if state == APPLIES and use.part:
            by_part[use.part] = max(by_part.get(use.part, NOTHING), use.certain.rank)
    for parts in law.divisions:
        mildest = min(by_part.get(part, NOTHING) for part in parts)
        if mildest > own:
            own, deciding = mildest, ""
    return Outcome(own, deciding, possible, _joined(applying), _joined(open_), _joined(flags))


def _flags(use: Use) -> list[str]:
    raised = (
        ("from_centreline", use.from_centreline),
        ("to_be_confirmed", use.rule.to_be_confirmed),
        ("distance_not_given", use.distance_not_given),
    )
    return [flag for flag, is_raised in raised if is_raised]


def _joined(words: list[str]) -> str:
    return ";".join(dict.fromkeys(words))

"""The coverage ledger: every zone type that the plan or a rule names, and what is held of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from etk_geo.model import Bound, Completeness
from etk_geo.rules import RuleBook, ZoneType
from etk_geo.screening.official import Official
from etk_geo.screening.zones import Barrier, Zone, ZoneSet


class Holding(StrEnum):
    """What is held of a zone type."""

    HELD = "held"
    APPROXIMATE = "approximate"
    MISSING = "missing"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class LedgerRow:
    """One zone type.

    ``layers`` names each layer and its version (sha256) that has a feature of the type, ``as_of``
    the dates of those features and ``accuracy_m`` the least and the most of their accuracies
    (``None`` where one is unknown). ``zones`` of the ``features`` can be checked. ``barriers`` say
    why the others cannot. ``named_by_plan`` are citations, ``named_by_rules`` rule ids.
    ``official`` are the layers supplied of the type, ``replaced`` the ids of the stand-ins that
    they answer for; those are kept.
    """

    zone_type: str
    name_zh: str
    name_en: str
    family: str
    holding: Holding
    features: int
    checkable: int
    layers: tuple[tuple[str, str], ...]
    as_of: tuple[str, ...]
    accuracy_m: tuple[float | None, float | None]
    barriers: tuple[Barrier, ...]
    holder_zh: str
    holder_en: str
    named_by_plan: tuple[str, ...]
    named_by_rules: tuple[str, ...]
    note_zh: str
    note_en: str
    official: tuple[Official, ...] = ()
    replaced: tuple[str, ...] = ()


def coverage_ledger(zones: ZoneSet, book: RuleBook, as_of: date) -> tuple[LedgerRow, ...]:
    """Return one row per zone type, in the order of ``rules/zone_types.csv``.

    A type is ``held`` where every feature of it can be checked and is exact to within its
    accuracy, ``approximate`` where some can be checked but not so, where a layer is complete only
    in a part of the banner, or where only parts of the type are held; ``missing`` where none can
    be checked, and ``superseded`` where the law of ``as_of`` no longer knows it.
    """
    key = ("coverage_ledger", zones.token, as_of)
    rows: tuple[LedgerRow, ...] | None = book.memory.get(key)
    if rows is None:
        rows = book.memory[key] = _ledger_rows(zones, book, as_of)
    return rows


def _ledger_rows(zones: ZoneSet, book: RuleBook, as_of: date) -> tuple[LedgerRow, ...]:
    held = _zones_by_type(zones.zones, book)
    named: dict[str, list[str]] = {}
    for rule in book.rules:
        for code in rule.zone_types:
            named.setdefault(code, []).append(rule.id)
    without = {z.zone_types[0] for z in zones.zones if z.barrier is Barrier.NO_LAYER}
    return tuple(
        _row(
            kind,
            _Held.of(kind, held.get(kind.code, []), zones, without, as_of),
            named.get(kind.code, []),
            as_of,
        )
        for kind in book.zone_types.values()
    )


def _zones_by_type(zones: Sequence[Zone], book: RuleBook) -> dict[str, list[Zone]]:
    """Return the zones held of each type, those of its narrower types among them."""
    held: dict[str, list[Zone]] = {}
    for zone in zones:
        if zone.barrier is not Barrier.NO_LAYER:
            for code in {wider for own in zone.zone_types for wider in book.ancestors(own)}:
                held.setdefault(code, []).append(zone)
    return held


@dataclass(frozen=True)
class _Held:
    """What is held of one zone type, and why that is not all of it.

    ``checkable`` are those of its zones that can be checked on the day, ``official`` the layers
    supplied that they come from.
    """

    zones: list[Zone]
    checkable: list[Zone]
    official: tuple[Official, ...]
    replaced: tuple[str, ...]
    gaps: frozenset[Barrier]

    @classmethod
    def of(
        cls, kind: ZoneType, zones: list[Zone], held: ZoneSet, without: Collection[str], as_of: date
    ) -> _Held:
        names = sorted({zone.layer for zone in zones} & set(held.official))
        official = tuple(held.official[name] for name in names)
        late = {layer.layer for layer in official if not layer.valid(as_of)}
        gaps = {Barrier.NO_LAYER} if kind.code in without or not zones else set()
        own = [layer for layer in official if layer.supplied.zone_type == kind.code]
        if own and all(layer.supplied.complete is not Completeness.BANNER for layer in own):
            gaps.add(Barrier.OUTSIDE_COVERAGE)
        if late:
            gaps.add(Barrier.NOT_IN_FORCE)
        return cls(
            zones,
            [z for z in zones if z.barrier is Barrier.NONE and z.layer not in late],
            official,
            tuple(sorted(z.id for z in held.replaced if kind.code in z.zone_types)),
            frozenset(gaps),
        )


def _row(kind: ZoneType, held: _Held, rules: list[str], as_of: date) -> LedgerRow:
    zones, checkable = held.zones, held.checkable
    accuracies = [zone.accuracy_m for zone in checkable]
    known = [value for value in accuracies if value is not None]
    unknown = len(known) < len(accuracies) or not known
    return LedgerRow(
        zone_type=kind.code,
        name_zh=kind.name_zh,
        name_en=kind.name_en,
        family=kind.family,
        holding=_holding(kind, held, as_of),
        features=len(zones),
        checkable=len(checkable),
        layers=tuple(sorted({(zone.layer, zone.sha256) for zone in zones})),
        as_of=tuple(sorted({zone.as_of for zone in zones if zone.as_of})),
        accuracy_m=(min(known, default=None), None if unknown else max(known)),
        barriers=_barriers(kind, held, as_of),
        holder_zh=kind.holder_zh,
        holder_en=kind.holder_en,
        named_by_plan=kind.citations,
        named_by_rules=tuple(rules),
        note_zh=kind.note_zh,
        note_en=kind.note_en,
        official=held.official,
        replaced=held.replaced,
    )


def _holding(kind: ZoneType, held: _Held, as_of: date) -> Holding:
    if kind.valid_to is not None and kind.valid_to < as_of:
        return Holding.SUPERSEDED
    if not held.checkable:
        return Holding.MISSING
    exact = all(zone.bound == Bound.EXACT for zone in held.checkable)
    whole = len(held.checkable) == len(held.zones) and not held.gaps
    return Holding.HELD if exact and whole else Holding.APPROXIMATE


def _barriers(kind: ZoneType, held: _Held, as_of: date) -> tuple[Barrier, ...]:
    barriers = {*(zone.barrier for zone in held.zones), *held.gaps} - {Barrier.NONE}
    if kind.valid_to is not None and kind.valid_to < as_of:
        barriers.add(Barrier.SUPERSEDED)
    return tuple(sorted(barriers))

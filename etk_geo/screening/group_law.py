"""The rules on every zone for projects of one category and day, ready for their geometry.

What depends on the zones, the category and the day alone is worked out once and kept: most zones
cannot be checked, and what follows from those is the same for every project.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from etk_geo.rules import RuleBook
from etk_geo.rules.law import MOST_REMEMBERED
from etk_geo.screening.arrays import Bools, Floats, Ints, Ranks, Strings, fixed
from etk_geo.screening.consequence import (
    APPLIES,
    APPLIES_NOT,
    MAY_APPLY,
    NOTHING,
    Outcome,
    ZoneLaw,
    unseen,
    zone_law,
)
from etk_geo.screening.zones import Barrier, ZoneSet


@dataclass(frozen=True)
class Unseen:
    """What follows of zones of which nothing is known, one entry for each zone of the set.

    Entries of zones that can be checked stand for nothing.
    """

    possible: Ranks
    rules: Strings
    rules_open: Strings
    flags: Strings


@dataclass(frozen=True)
class Uses:
    """The rules on all zones that can be checked, one after the other.

    Those of the zone that is at ``place[i]`` among the checkable ones. ``reach_m`` is NaN where a
    rule holds inside only; ``unmeasured`` where its distance is not given. Rules ``first[k]`` to
    ``first[k + 1]`` are those of checkable zone ``k``.
    """

    place: Ints
    reach_m: Floats
    unmeasured: Bools
    first: tuple[int, ...]


@dataclass(frozen=True)
class GroupLaw:
    """The rules on each zone of a set for one category and day; arrays are read-only.

    ``laws`` and ``reach_m`` (how far their rules reach, 0 where a zone is barred) belong to all
    zones; ``superseded`` are the numbers of those that the law of the day does not know.
    """

    laws: tuple[ZoneLaw, ...]
    reach_m: Floats
    superseded: Ints
    unseen: Unseen
    uses: Uses


@dataclass(frozen=True)
class Geometry:
    """What is known of pairs, projects by zones that can be checked.

    ``inside`` and ``apart`` are certainties (interiors shared; not shared); ``least_m`` and
    ``most_m`` bound the distance and are NaN where nothing is known of it.
    """

    checked: Bools
    inside: Bools
    apart: Bools
    least_m: Floats
    most_m: Floats


def group_law(book: RuleBook, zones: ZoneSet, category: str, on: date) -> GroupLaw:
    """Return the rules on every zone for a category and day, from memory where they are there."""
    key = ("group_law", zones.token, category, on)
    law: GroupLaw | None = book.memory.get(key)
    if law is None:
        if len(book.memory) > MOST_REMEMBERED:
            book.memory.clear()
        law = book.memory[key] = _find_group_law(book, zones, category, on)
    return law


def _find_group_law(book: RuleBook, zones: ZoneSet, category: str, on: date) -> GroupLaw:
    laws = tuple(zone_law(book, zone, category, on) for zone in zones.zones)
    barred = [zone.barrier is not Barrier.NONE for zone in zones.zones]
    reach = [0.0 if bar else law.reach_m for bar, law in zip(barred, laws, strict=True)]
    return GroupLaw(
        laws=laws,
        reach_m=fixed(np.array(reach, dtype=np.float64)),
        superseded=fixed(np.flatnonzero([law.superseded for law in laws])),
        unseen=_unseen(laws, barred),
        uses=_uses([laws[number] for number in zones.checkable]),
    )


def _unseen(laws: tuple[ZoneLaw, ...], barred: list[bool]) -> Unseen:
    nothing = Outcome(NOTHING, "", NOTHING, "", "", "")
    found = [unseen(law) if bar else nothing for law, bar in zip(laws, barred, strict=True)]
    return Unseen(
        fixed(np.array([outcome.possible for outcome in found], dtype=np.int8)),
        fixed(np.array([outcome.applying for outcome in found], dtype=object)),
        fixed(np.array([outcome.open for outcome in found], dtype=object)),
        fixed(np.array([outcome.flags for outcome in found], dtype=object)),
    )


def _uses(laws: list[ZoneLaw]) -> Uses:
    every = [(place, use) for place, law in enumerate(laws) for use in law.uses]
    reach = [
        np.nan if use.reach_m is None or use.distance_not_given else use.reach_m for _, use in every
    ]
    return Uses(
        place=fixed(np.array([place for place, _ in every], dtype=np.intp)),
        reach_m=fixed(np.array(reach, dtype=np.float64)),
        unmeasured=fixed(np.array([use.distance_not_given for _, use in every], dtype=bool)),
        first=tuple(int(at) for at in np.cumsum([0, *(len(law.uses) for law in laws)])),
    )


def states(uses: Uses, known: Geometry) -> list[list[bytes]]:
    """Tell of each project and checkable zone which of the zone's rules apply, may, or do not.

    Returns
    -------
    states
        By project, then by zone, as :func:`etk_geo.screening.consequence.weigh` takes them.
    """
    at = uses.place
    checked, inside = known.checked[:, at], known.inside[:, at]
    # Of rules that hold inside only the distance is NaN, and neither comparison is true.
    applies = checked & (inside | (known.most_m[:, at] <= uses.reach_m))
    by_distance = np.isfinite(uses.reach_m)
    beyond = np.where(by_distance, known.least_m[:, at] > uses.reach_m, known.apart[:, at])
    excluded = checked & beyond & ~uses.unmeasured
    codes = np.where(applies, APPLIES, np.where(excluded, APPLIES_NOT, MAY_APPLY))
    width, bounds = codes.shape[1], list(zip(uses.first, uses.first[1:], strict=False))
    flat = codes.astype(np.uint8).tobytes()
    return [
        [flat[row * width + begin : row * width + end] for begin, end in bounds]
        for row in range(len(codes))
    ]

"""The index: what is typed against names, ids, pinyin, sections and the places involved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from etk_geo.intake.numerals import narrow
from etk_geo.plan import Plan, records
from etk_geo.search.items import Item, ItemKind
from etk_geo.search.pinyin import Syllables, position, syllables

LONGEST = 100
"""Characters of what is typed that are looked at."""


class Field(StrEnum):
    """In what of an item the typed text was found."""

    NAME = "name"
    ID = "id"
    PINYIN = "pinyin"
    CITATION = "citation"
    RELATED = "related"


# How good a match is; between two of a kind the earlier in the name is the better.
WHOLE, START, WORD, INSIDE, AMID_LETTERS = 100.0, 90.0, 80.0, 70.0, 40.0
PINYIN_START, PINYIN_INSIDE = 65.0, 50.0
ID_PART, CITATION, RELATED = 45.0, 60.0, 20.0
LATER = 0.1
"""What each character before the match costs."""

KIND_ORDER = {kind: number for number, kind in enumerate(ItemKind)}


@dataclass(frozen=True)
class Hit:
    """A found item, how good it is, and in what of it the text was found."""

    item: Item
    score: float
    field: Field


@dataclass(frozen=True)
class _Entry:
    """An item with everything about it that can be typed, narrow and in small letters."""

    item: Item
    names: tuple[str, ...]
    id: str
    sounds: Syllables
    related: str
    order: tuple[int, int, int]


class SearchIndex:
    """Everything that can be found, prepared for searching; shared between sessions, read-only.

    Parameters
    ----------
    items
        As :func:`etk_geo.search.items.list_items` returns them.
    plan
        Gives the words that lead to an item beside its name: its places, category and sectors.
    """

    def __init__(self, items: Sequence[Item], plan: Plan) -> None:
        self.items = tuple(items)
        related = _related_words(plan)
        self._entries = [
            _Entry(
                item,
                (_folded(item.name_zh), _folded(item.name_en)),
                item.id,
                syllables(item.name_zh),
                "\n".join(
                    related[key]
                    for key in (
                        *(f"place/{place}" for place in item.places),
                        *(f"sector/{sector}" for sector in item.sectors),
                        f"category/{item.category}",
                    )
                    if key in related
                ),
                (len(item.name_zh), KIND_ORDER[item.kind], number),
            )
            for number, item in enumerate(items)
        ]

    def find(self, typed: str, items: Iterable[Item] | None = None) -> list[Hit]:
        """Return what fits, best first; of equally good ones the shorter name.

        Every word of what is typed must fit, in whatever part of an item. Nothing typed finds
        nothing.

        Parameters
        ----------
        typed
            Chinese, pinyin, initials, English, an id, or a section of the plan such as ``3.1``.
        items
            Only these are looked at, all of them by default.
        """
        words = _folded(typed).split()
        if not words:
            return []
        wanted = None if items is None else {item.key for item in items}
        found = [
            (hit, entry.order)
            for entry in self._entries
            if (wanted is None or entry.item.key in wanted) and (hit := _match(words, entry))
        ]
        found.sort(key=lambda pair: (-pair[0].score, pair[1]))
        return [hit for hit, _ in found]


def _folded(text: str) -> str:
    return narrow(text[:LONGEST]).casefold()


def _related_words(plan: Plan) -> dict[str, str]:
    """Return the words for places, categories and sectors by kind and id."""
    related = {}
    for kind, table in (("place", plan.places), ("category", plan.categories)):
        for row in records(table):
            related[f"{kind}/{row['id']}"] = f"{row['name_zh']}\n{row['name_en']}".casefold()
    for row in records(plan.zone_names):
        names = f"{row['name_zh']}\n{row['name_en']}".casefold()
        related.setdefault(f"category/{row['code']}", names)
    for row in records(plan.vocabulary):
        if row["domain"] == "sector":
            related[f"sector/{row['code']}"] = f"{row['zh']}\n{row['en']}".casefold()
    return related


def _match(words: Sequence[str], entry: _Entry) -> Hit | None:
    """Return the hit of an entry; its score is that of the word that fits least."""
    worst: tuple[float, Field] | None = None
    for word in words:
        fit = _best_fit(word, entry)
        if fit is None:
            return None
        worst = fit if worst is None or fit[0] < worst[0] else worst
    return None if worst is None else Hit(entry.item, *worst)


def _best_fit(word: str, entry: _Entry) -> tuple[float, Field] | None:
    fits = [(_in_name(word, name), Field.NAME) for name in entry.names]
    if word.isascii():
        fits.append((_in_id(word, entry.id), Field.ID))
        fits.append((_in_sounds(word, entry.sounds), Field.PINYIN))
        fits.append((_in_citations(word, entry.item.citations), Field.CITATION))
    if word in entry.related:
        fits.append((RELATED, Field.RELATED))
    score, field = max(fits, key=lambda fit: fit[0])
    return (score, field) if score > 0 else None


def _in_name(word: str, name: str) -> float:
    at = name.find(word)
    if at < 0:
        return 0.0
    if len(word) == len(name):
        return WHOLE
    if at == 0:
        return START
    begins_a_word = not name[at - 1].isalnum()
    inside = AMID_LETTERS if word.isascii() else INSIDE
    return (WORD if begins_a_word else inside) - LATER * at


def _in_id(word: str, identifier: str) -> float:
    if word == identifier:
        return WHOLE
    return ID_PART if word in identifier and len(word) > 2 else 0.0


def _in_sounds(word: str, sounds: Syllables) -> float:
    at = position(word, sounds) if word.isalnum() else None
    if at is None:
        return 0.0
    return PINYIN_START if at == 0 else PINYIN_INSIDE - LATER * at


def _in_citations(word: str, citations: Sequence[str]) -> float:
    if not word[0].isdecimal():
        return 0.0
    within = any(citation == word or citation.startswith(f"{word}.") for citation in citations)
    return CITATION if within else 0.0

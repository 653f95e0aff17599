"""What users have edited in a built layer: kept beside the tables, applied by every build.

``data/edits/<layer>.json`` is a list of edits, oldest first; nothing in it is ever changed. An edit
names the members of its feature that it sets, with what they were before; one that adds or deletes
a feature holds all of them. ``undoes`` takes the newest one that counts of a feature back.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from etk_geo.errors import DataError, TableError
from etk_geo.model import FEATURE_PROPERTIES, Issue
from etk_geo.store import dump_json, parse_json, read_bytes

FOLDER = "data/edits"
GEOMETRY = "geometry"
FIXED = ("id", "kind")
"""Properties that no edit of a feature may set: they say which feature it is."""

SETTABLE = frozenset({*FEATURE_PROPERTIES, GEOMETRY}.difference(FIXED))
WHOLE = frozenset({*FEATURE_PROPERTIES, GEOMETRY}.difference({"id"}))
"""Members of a feature that a change may name, and those that make up a feature beside its id."""


class Act(StrEnum):
    """What an edit does to its feature."""

    CHANGE = "change"
    ADD = "add"
    DELETE = "delete"


@dataclass(frozen=True)
class Edit:
    """One edit.

    Parameters
    ----------
    number
        From 1, in the order of the file.
    feature
        Id of the feature.
    act
        What is done; of an undoing what is taken back.
    undoes
        Number of the edit that is taken back, 0 for none.
    author, reason, source
        Who, why, and where the new values are from.
    at
        Moment, UTC.
    before, after
        Members that change, ``geometry`` and properties by name: what they were and what they are.
        Where there is no feature, before it is added and after it is deleted, there are none.
    """

    number: int
    feature: str
    act: Act
    undoes: int
    author: str
    reason: str
    source: str
    at: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def edits_file(layer: str) -> str:
    """Return the path of a layer's edits."""
    return f"{FOLDER}/{layer}.json"


def read_edits(root: Path, layer: str) -> tuple[Edit, ...]:
    """Read the edits of a layer, none where nothing was edited.

    Raises
    ------
    DataError
        If the file is not sound: ETK923.
    """
    file = edits_file(layer)
    try:
        content = read_bytes(root, file)
    except DataError as error:
        if error.code == "ETK101":
            return ()
        raise
    return parse_edits(content, file)


def parse_edits(content: bytes, file: str) -> tuple[Edit, ...]:
    """Turn the bytes of a file of edits into edits."""
    entries = parse_json(content, file)
    if not isinstance(entries, list):
        raise TableError("ETK923", file=file, where="$", member="$")
    return tuple(_edit(entry, number, file) for number, entry in enumerate(entries, start=1))


def _edit(entry: Any, number: int, file: str) -> Edit:
    kinds = {
        "number": int,
        "feature": str,
        "act": str,
        "undoes": int,
        "author": str,
        "reason": str,
        "source": str,
        "at": str,
        "before": dict,
        "after": dict,
    }
    where = f"edit {number}"
    if isinstance(entry, dict):
        # Edits kept before features could be added and deleted.
        entry = {"act": Act.CHANGE.value, **entry}
    for name, kind in kinds.items():
        if not isinstance(entry, dict) or type(entry.get(name)) is not kind:
            raise TableError("ETK923", file=file, where=where, member=name)
    if entry["number"] != number or not 0 <= entry["undoes"] < number:
        raise TableError("ETK923", file=file, where=where, member="number")
    if entry["act"] not in set(Act):
        raise TableError("ETK923", file=file, where=where, member="act")
    if not _has_its_members(entry):
        raise TableError("ETK923", file=file, where=where, member="after")
    values = {name: entry[name] for name in kinds}
    return Edit(**{**values, "act": Act(entry["act"])})


def _has_its_members(entry: Mapping[str, Any]) -> bool:
    """Return whether an edit names the members that one of its kind must."""
    before, after = set(entry["before"]), set(entry["after"])
    if entry["act"] == Act.CHANGE:
        return before == after and after <= SETTABLE
    appears = (entry["act"] == Act.ADD) != bool(entry["undoes"])
    gone, there = (before, after) if appears else (after, before)
    return not gone and there == WHOLE


def dump_edits(edits: Iterable[Edit]) -> bytes:
    """Return edits as the bytes of their file."""
    return dump_json([asdict(edit) for edit in edits])


def counting(edits: Sequence[Edit], feature: str | None = None) -> list[Edit]:
    """Return the edits that count, oldest first: undone ones and undoings do not.

    Parameters
    ----------
    feature
        Only those of this one; ``None`` for the whole layer.
    """
    undone = {edit.undoes for edit in edits if edit.undoes}
    return [
        edit
        for edit in edits
        if feature in (None, edit.feature) and not edit.undoes and edit.number not in undone
    ]


def member(document: Mapping[str, Any], name: str) -> Any:
    """Return a member of a feature: its geometry, or a property."""
    return document[GEOMETRY] if name == GEOMETRY else document["properties"][name]


def members(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return every member of a feature but its id."""
    names = (GEOMETRY, *(name for name in FEATURE_PROPERTIES if name != "id"))
    return {name: member(document, name) for name in names}


def document_of(feature: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the feature that :func:`members` was taken from."""
    named = {"id": feature, **values}
    return {
        "type": "Feature",
        "properties": {name: copy.deepcopy(named[name]) for name in FEATURE_PROPERTIES},
        GEOMETRY: copy.deepcopy(named[GEOMETRY]),
    }


def apply_edits(
    documents: Sequence[Mapping[str, Any]], edits: Sequence[Edit]
) -> list[dict[str, Any]]:
    """Return the features of a layer with the edits that count; what is passed is not changed.

    Added ones come last, in the order in which they were added.
    """
    edited = {
        str(document["properties"]["id"]): copy.deepcopy(dict(document)) for document in documents
    }
    for edit in counting(edits):
        if edit.act is Act.ADD:
            edited[edit.feature] = document_of(edit.feature, edit.after)
        elif edit.act is Act.DELETE:
            edited.pop(edit.feature, None)
        elif edit.feature in edited:
            _set_members(edited[edit.feature], edit.after)
    return list(edited.values())


def _set_members(document: dict[str, Any], values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name == GEOMETRY:
            document[GEOMETRY] = value
        else:
            document["properties"][name] = value


def drifted(
    documents: Sequence[Mapping[str, Any]], edits: Sequence[Edit], layer: str
) -> list[Issue]:
    """List the edits under which the tables have changed since: what they replaced is different.

    They still count; somebody should look whether they should.
    """
    by_id = {document["properties"]["id"]: document for document in documents}
    issues = []
    for feature in dict.fromkeys(edit.feature for edit in edits):
        held = counting(edits, feature)
        if held:
            issues += [
                Issue(
                    edits_file(layer),
                    f"edit {edit.number}",
                    "ETK924",
                    {"feature": feature, "member": name},
                )
                for name, edit in _replaced_since(by_id.get(feature), held)
            ]
    return issues


def _replaced_since(document: Mapping[str, Any] | None, held: list[Edit]) -> list[tuple[str, Edit]]:
    """Return the members that the tables give otherwise than when they were first edited."""
    if held[0].act is Act.ADD:
        return [] if document is None else [("id", held[0])]
    if document is None:
        return [] if held[-1].act is Act.DELETE else [("id", held[-1])]
    first: dict[str, Edit] = {}
    for edit in held:
        for name in edit.before:
            first.setdefault(name, edit)
    return [(n, edit) for n, edit in first.items() if member(document, n) != edit.before[n]]

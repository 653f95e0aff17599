"""What users have edited in a built layer: kept beside the tables, applied by every build.

``data/edits/<layer>.json`` is a list of edits, oldest first; nothing in it is ever changed. An edit
names the members of its feature that it sets, with what they were before; ``undoes`` takes the
newest one that counts of a feature back.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from etk_geo.errors import DataError, TableError
from etk_geo.model import FEATURE_PROPERTIES, Issue
from etk_geo.store import dump_json, parse_json, read_bytes

FOLDER = "data/edits"
GEOMETRY = "geometry"
FIXED = ("id", "kind")
"""Properties that no edit may set: they say which feature it is."""


@dataclass(frozen=True)
class Edit:
    """One edit.

    Parameters
    ----------
    number
        From 1, in the order of the file.
    feature
        Id of the feature.
    undoes
        Number of the edit that is taken back, 0 for none.
    author, reason, source
        Who, why, and where the new values are from.
    at
        Moment, UTC.
    before, after
        Members that change, ``geometry`` and properties by name: what they were and what they are.
    """

    number: int
    feature: str
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
        "undoes": int,
        "author": str,
        "reason": str,
        "source": str,
        "at": str,
        "before": dict,
        "after": dict,
    }
    where = f"edit {number}"
    for name, kind in kinds.items():
        if not isinstance(entry, dict) or type(entry.get(name)) is not kind:
            raise TableError("ETK923", file=file, where=where, member=name)
    if entry["number"] != number or not 0 <= entry["undoes"] < number:
        raise TableError("ETK923", file=file, where=where, member="number")
    settable = {*FEATURE_PROPERTIES, GEOMETRY}.difference(FIXED)
    if set(entry["before"]) != set(entry["after"]) or not set(entry["after"]) <= settable:
        raise TableError("ETK923", file=file, where=where, member="after")
    return Edit(**{name: entry[name] for name in kinds})


def dump_edits(edits: Iterable[Edit]) -> bytes:
    """Return edits as the bytes of their file."""
    return dump_json([asdict(edit) for edit in edits])


def counting(edits: Sequence[Edit], feature: str) -> list[Edit]:
    """Return the edits of a feature that count, oldest first: undone ones and undoings do not."""
    undone = {edit.undoes for edit in edits if edit.undoes}
    return [e for e in edits if e.feature == feature and not e.undoes and e.number not in undone]


def member(document: Mapping[str, Any], name: str) -> Any:
    """Return a member of a feature: its geometry, or a property."""
    return document[GEOMETRY] if name == GEOMETRY else document["properties"][name]


def apply_edits(
    documents: Sequence[Mapping[str, Any]], edits: Sequence[Edit]
) -> list[dict[str, Any]]:
    """Return the features of a layer with the edits that count; what is passed is not changed."""
    edited = [copy.deepcopy(dict(document)) for document in documents]
    for document in edited:
        for edit in counting(edits, document["properties"]["id"]):
            for name, value in edit.after.items():
                if name == GEOMETRY:
                    document[GEOMETRY] = value
                else:
                    document["properties"][name] = value
    return edited


def drifted(
    documents: Sequence[Mapping[str, Any]], edits: Sequence[Edit], layer: str
) -> list[Issue]:
    """List the edits under which the tables have changed since: what they replaced is different.

    They still count; somebody should look whether they should.
    """
    by_id = {document["properties"]["id"]: document for document in documents}
    issues = []
    file = edits_file(layer)
    for feature in dict.fromkeys(edit.feature for edit in edits):
        first: dict[str, Edit] = {}
        for edit in counting(edits, feature):
            for name in edit.after:
                first.setdefault(name, edit)
        for name, edit in first.items():
            document = by_id.get(feature)
            if document is None or member(document, name) != edit.before[name]:
                detail = {"feature": feature, "member": name}
                issues.append(Issue(file, f"edit {edit.number}", "ETK924", detail))
    return issues

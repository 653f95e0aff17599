"""The register of official layers that users supplied: which are held, in force, ended, removed.

The register file is the one place where a change takes effect. Layer files are written before they
are entered and never changed afterwards, so a program killed at any moment leaves the old state.
Knows nothing of what is in a layer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from etk_geo.errors import DataError, SupplyError
from etk_geo.store import dump_json, read_json, write_atomic

SUPPLIED_FOLDER = "layers/supplied"
REGISTER = f"{SUPPLIED_FOLDER}/register.json"
LOCK = f"{SUPPLIED_FOLDER}/register.lock"
SCHEMA = "etk-supplied-layers/1"


class State(StrEnum):
    """Where a supplied layer stands."""

    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    REMOVED = "removed"


@dataclass(frozen=True)
class Entry:
    """One supplied layer. Dates are ISO; ``removed_on`` is empty while the layer is held.

    ``supersedes`` names the older layers that this one takes the place of, ``valid_to`` the last
    day that the supplier stated, empty where none. ``sha256`` and ``record_sha256`` are those of
    the layer and of its provenance record; ``table_sha256`` that of its table, empty for none.
    """

    id: str
    zone_type: str
    version: str
    valid_from: str
    valid_to: str
    supersedes: tuple[str, ...]
    sha256: str
    record_sha256: str
    supplied_on: str
    removed_on: str = ""
    removed_why: str = ""
    table_sha256: str = ""

    @property
    def table(self) -> str:
        """The same layer as a table that opens fast, relative to the project folder."""
        return f"{SUPPLIED_FOLDER}/{self.id}.parquet"

    @property
    def file(self) -> str:
        """The layer file, relative to the project folder."""
        return f"{SUPPLIED_FOLDER}/{self.id}.geojson"


@dataclass(frozen=True)
class Register:
    """All layers ever supplied, in the order of their entry."""

    entries: tuple[Entry, ...] = ()

    def find(self, layer_id: str) -> Entry | None:
        """Return an entry by its id."""
        return next((entry for entry in self.entries if entry.id == layer_id), None)

    def superseder(self, layer_id: str) -> Entry | None:
        """Return the held layer that takes the place of another, if one does."""
        held = (entry for entry in self.entries if not entry.removed_on)
        return next((entry for entry in held if layer_id in entry.supersedes), None)

    def state(self, entry: Entry) -> State:
        """Tell where a layer stands."""
        if entry.removed_on:
            return State.REMOVED
        return State.IN_FORCE if self.superseder(entry.id) is None else State.SUPERSEDED

    def valid_to(self, entry: Entry) -> str:
        """Return the last day of a layer: as stated, or the day before its successor's first."""
        newer = self.superseder(entry.id)
        if newer is None:
            return entry.valid_to
        last = (date.fromisoformat(newer.valid_from) - timedelta(days=1)).isoformat()
        return min(last, entry.valid_to) if entry.valid_to else last

    def of(self, *states: State) -> tuple[Entry, ...]:
        """Return the layers in any of some states."""
        return tuple(entry for entry in self.entries if self.state(entry) in states)


def read_register(root: Path) -> Register:
    """Read the register; a project without one has none supplied.

    Raises
    ------
    DataError
        ETK897 the file is there and cannot be read.
    """
    try:
        document = read_json(root, REGISTER)
    except DataError as error:
        if error.code == "ETK101":
            return Register()
        raise DataError("ETK897", file=REGISTER, reason=error.code) from error
    try:
        return Register(tuple(_entries(document)))
    except (KeyError, TypeError, ValueError) as error:
        raise DataError("ETK897", file=REGISTER, reason=str(error)[:80]) from error


def _entries(document: Any) -> Iterator[Entry]:
    if document["schema"] != SCHEMA:
        raise ValueError(document["schema"])
    for values in document["layers"]:
        yield _entry(values)


def _entry(values: Mapping[str, Any]) -> Entry:
    texts = {member.name: values[member.name] for member in fields(Entry) if member.name in values}
    texts["supersedes"] = tuple(texts["supersedes"])
    entry = Entry(**texts)
    for day in (entry.valid_from, entry.valid_to, entry.removed_on):
        if day:
            date.fromisoformat(day)
    if not (entry.id.isascii() and entry.id.isidentifier()):
        raise ValueError(entry.id)
    return entry


def write_register(root: Path, entries: Sequence[Entry]) -> None:
    """Write the register in one step: this is when a change takes effect."""
    document = {"schema": SCHEMA, "layers": [asdict(entry) for entry in entries]}
    write_atomic(root / REGISTER, dump_json(document))


def unregistered(root: Path, register: Register) -> list[str]:
    """Return layer files in the folder that no entry names: left by a kill, or put there by hand.

    They are not used.
    """
    known = {entry.file for entry in register.entries}
    found = (f"{SUPPLIED_FOLDER}/{p.name}" for p in (root / SUPPLIED_FOLDER).glob("*.geojson"))
    return sorted(set(found) - known)


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Let one program at a time change the register; the system frees the lock after a kill.

    Raises
    ------
    SupplyError
        ETK886 if the folder cannot be written.
    """
    path = root / LOCK
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        reason = error.strerror or "?"
        raise SupplyError("ETK886", file=SUPPLIED_FOLDER, reason=reason) from error
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

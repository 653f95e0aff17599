"""What is installed, what is still to do: the record of the set-up and the plan drawn from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

PARTS = ("app", "dev", "assets")


@dataclass(frozen=True)
class Record:
    """The set-up as last written: fingerprints of finished parts, and the parts under way.

    A part is named in ``unfinished`` before its first file is touched, so a set-up that was
    killed is known for what it is.
    """

    unfinished: frozenset[str] = frozenset()
    done: Mapping[str, str] = field(default_factory=dict)

    def begin(self, part: str) -> Record:
        """Return the record with a part under way."""
        done = {name: mark for name, mark in self.done.items() if name != part}
        return Record(self.unfinished | {part}, done)

    def finish(self, *parts: str, fingerprints: Mapping[str, str]) -> Record:
        """Return the record with parts finished."""
        done = {**self.done, **{part: fingerprints[part] for part in parts}}
        return Record(self.unfinished.difference(parts), done)


def read_record(file: Path) -> Record:
    """Read the record; one that is missing is empty, one that is broken counts as unfinished."""
    try:
        held: Any = json.loads(file.read_text(encoding="utf-8"))
        unfinished, done = frozenset(held["unfinished"]), dict(held["done"])
    except FileNotFoundError:
        return Record()
    except (ValueError, KeyError, TypeError):
        return Record(frozenset({"app"}))
    return Record(
        unfinished.intersection(PARTS), {part: str(done[part]) for part in PARTS if part in done}
    )


def write_record(file: Path, record: Record) -> None:
    """Write the record so that the old or the new one is whole at any moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f"{file.name}.new")
    content = {"unfinished": sorted(record.unfinished), "done": dict(record.done)}
    temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    temporary.replace(file)


class Why(Enum):
    """Why something has to be installed."""

    READY = "ready"
    FIRST = "first"
    UNFINISHED = "unfinished"
    BROKEN = "broken"
    CHANGED = "changed"


@dataclass(frozen=True)
class State:
    """What was found on disk: is there an environment, does it work, are browser files missing."""

    venv_exists: bool
    venv_works: bool
    assets_complete: bool


@dataclass(frozen=True)
class Plan:
    """What to install, and why."""

    why: Why = Why.READY
    rebuild: bool = False
    python: bool = False
    assets: bool = False

    @property
    def ready(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.rebuild or self.python or self.assets)


def draw_plan(record: Record, wanted: Mapping[str, str], state: State) -> Plan:
    """Return what has to be installed so that the wanted parts are there.

    Parameters
    ----------
    record
        What was installed before.
    wanted
        Fingerprint of each part that the command needs.
    state
        What is on disk now.
    """
    python_parts = [part for part in wanted if part != "assets"]
    if record.unfinished.intersection(python_parts):
        return Plan(Why.UNFINISHED, rebuild=True, python=True, assets=True)
    if not state.venv_works:
        known = state.venv_exists or "app" in record.done
        why = Why.BROKEN if known else Why.FIRST
        return Plan(why, rebuild=True, python=True, assets=not state.assets_complete)
    python = any(record.done.get(part) != wanted[part] for part in python_parts)
    changed = record.done.get("assets") != wanted["assets"]
    assets = changed or not state.assets_complete
    if not (python or assets):
        return Plan()
    return Plan(_reason(record, python_parts), python=python, assets=assets)


def _reason(record: Record, python_parts: list[str]) -> Why:
    if "assets" in record.unfinished:
        return Why.UNFINISHED
    if any(part not in record.done for part in (*python_parts, "assets")):
        return Why.FIRST
    return Why.CHANGED

"""Official layers written, listed, removed and restored.

A layer and its record are written first and never changed; entering them in the register is the
one step in which anything takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from etk_geo.catalog import dump_provenance, dump_table, open_catalog, record_path
from etk_geo.errors import SupplyError
from etk_geo.intake.confirm import Taken
from etk_geo.model import Issue
from etk_geo.register import (
    SUPPLIED_FOLDER,
    Entry,
    Register,
    State,
    locked,
    read_register,
    write_register,
)
from etk_geo.rules import read_rules
from etk_geo.store import dump_json, sha256, write_atomic
from etk_geo.supply.assessment import Assessment, Survey, assess_supply
from etk_geo.supply.documents import Written, provenance_of, zone_table
from etk_geo.supply.statement import Statement

PUBLIC_MODE, PRIVATE_MODE = 0o644, 0o600
MOST_PARSED = 2000
"""Layers of more features are also kept as a table that opens fast."""


def supply_layer(
    root: Path,
    taken: Taken,
    statement: Statement,
    today: date,
    *,
    survey: Survey | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Entry:
    """Write an official layer and put it in force.

    Parameters
    ----------
    root
        The project folder.
    taken
        A confirmed intake.
    statement
        What the supplier states.
    today
        Goes into the record.
    survey
        Of this layer (:func:`etk_geo.supply.assessment.survey_layer`), where it was made before.
    tell
        Called with zones prepared and zones in all, before anything is written; what it raises
        leaves everything as it was.

    Returns
    -------
    entry
        Of the register. Killed at any moment before, the old state holds.

    Raises
    ------
    SupplyError
        Everything that :func:`etk_geo.supply.assessment.assess_supply` finds wrong (the rest in
        ``more``), or a doubt without a reason; ETK886 the folder cannot be written.
    DataError
        ETK897 the register cannot be read.
    """
    book = read_rules(root)
    with locked(root):
        register = read_register(root)
        assessment = assess_supply(taken, statement, open_catalog(root), book, register, survey)
        _refuse(assessment, statement)
        kind = book.zone_types[statement.zone_type]
        zones = zone_table(taken, statement, kind, assessment.layer_id)
        content = zones.dump(tell)
        file = f"{SUPPLIED_FOLDER}/{assessment.layer_id}.geojson"
        written = Written(file, zones.count, sha256(content))
        provenance = provenance_of(taken, statement, kind, assessment, written, today)
        record = dump_json(dump_provenance(provenance))
        table = dump_table(zones.frame()) if zones.count > MOST_PARSED else b""
        entry = Entry(
            id=assessment.layer_id,
            zone_type=statement.zone_type,
            version=statement.version.strip(),
            valid_from=statement.valid_from.isoformat(),
            valid_to="" if statement.valid_to is None else statement.valid_to.isoformat(),
            supersedes=tuple(statement.supersedes or ()),
            sha256=provenance.sha256,
            record_sha256=sha256(record),
            supplied_on=today.isoformat(),
            table_sha256=sha256(table) if table else "",
        )
        mode = PRIVATE_MODE if statement.restricted else PUBLIC_MODE
        try:
            write_atomic(root / file, content, mode)
            write_atomic(root / record_path(file), record, mode)
            if table:
                write_atomic(root / entry.table, table, mode)
            write_register(root, (*register.entries, entry))
        except OSError as error:
            reason = error.strerror or "?"
            raise SupplyError("ETK886", file=SUPPLIED_FOLDER, reason=reason) from error
    return entry


def _refuse(assessment: Assessment, statement: Statement) -> None:
    """Raise what is wrong, or a doubt for which no reason is given."""
    found = assessment.errors
    if not found and assessment.doubts and not statement.accepted.strip():
        found = assessment.doubts
    if found:
        raise _as_error(found)


def _as_error(issues: Sequence[Issue]) -> SupplyError:
    first, *more = [
        SupplyError(issue.code, file=issue.file, where=issue.where, **issue.detail)
        for issue in issues
    ]
    first.more = tuple(more)
    return first


def list_supplied(root: Path) -> tuple[tuple[Entry, State, str], ...]:
    """Return every layer ever supplied with its state and its last day (empty: none)."""
    register = read_register(root)
    return tuple(
        (entry, register.state(entry), register.valid_to(entry)) for entry in register.entries
    )


def remove_layer(root: Path, layer_id: str, today: date, why: str = "") -> Register:
    """Take a layer out of use; its files stay, and a layer that it superseded holds again.

    Raises
    ------
    SupplyError
        ETK899 no such layer is held.
    """
    return _change(root, layer_id, today.isoformat(), why)


def restore_layer(root: Path, layer_id: str) -> Register:
    """Undo the removal of a layer.

    Raises
    ------
    SupplyError
        ETK899 no such layer is removed.
    """
    return _change(root, layer_id, "", "")


def _change(root: Path, layer_id: str, removed_on: str, why: str) -> Register:
    """Mark a held layer as removed on a day, or a removed one as held (an empty day)."""
    with locked(root):
        register = read_register(root)
        entry = register.find(layer_id)
        if entry is None or bool(entry.removed_on) == bool(removed_on):
            raise SupplyError("ETK899", file=SUPPLIED_FOLDER, where=layer_id, found=layer_id)
        changed = replace(entry, removed_on=removed_on, removed_why=why)
        entries = tuple(changed if e is entry else e for e in register.entries)
        try:
            write_register(root, entries)
        except OSError as error:
            reason = error.strerror or "?"
            raise SupplyError("ETK886", file=SUPPLIED_FOLDER, reason=reason) from error
        return Register(entries)

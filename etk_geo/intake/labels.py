"""Names of rows for people: ``row 7`` of a table, the number of a feature."""

from __future__ import annotations

from collections.abc import Sequence, Sized


def require_labels(rows: Sized, labels: Sequence[str]) -> None:
    """Raise ``ValueError`` unless there is one label a row: a slip in the program."""
    if len(rows) != len(labels):
        message = f"{len(rows)} rows, {len(labels)} labels"
        raise ValueError(message)

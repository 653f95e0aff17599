"""The columns of a table of entries, given out and taken in."""

from __future__ import annotations

COLUMNS = (
    "id",
    "name",
    "year",
    "status",
    "value",
    "unit",
    "date",
    "source",
    "author",
    "remark",
    "entered_at",
    "act",
    "holds",
    "entry",
    "corrects",
)
"""What an exported table holds; a table taken in needs ``id`` or ``name``, ``status`` or ``value``,
and may leave out the rest."""

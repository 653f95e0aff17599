"""Where the users' records are: the folder ``records/``, and the database in it or elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from etk_geo.errors import DatabaseError

DATABASE_FILE = "records.db"
DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
"""What ``ETK_DATABASE`` may begin with, and the driver that it means."""


def records_folder(root: Path) -> Path:
    """Return the folder of the users' records: ``records/``, or the one ETK_RECORDS names.

    Nothing of it belongs to the program's own data; it need not exist yet.
    """
    named = os.environ.get("ETK_RECORDS")
    return root / named if named else root / "records"


def database_address(root: Path) -> URL:
    """Return the address of the database: ETK_DATABASE, or ``records.db`` in the records folder.

    Raises
    ------
    DatabaseError
        If ETK_DATABASE is no address of SQLite or PostgreSQL.
    """
    named = os.environ.get("ETK_DATABASE", "").strip()
    if not named:
        return URL.create("sqlite", database=str(records_folder(root) / DATABASE_FILE))
    try:
        address = make_url(named)
    except (ArgumentError, ValueError):
        raise DatabaseError("ETK906") from None
    if address.drivername not in DRIVERS or not address.database:
        raise DatabaseError("ETK906")
    address = address.set(drivername=DRIVERS[address.drivername])
    if address.drivername == "sqlite":
        address = address.set(database=str(root / str(address.database)))
    return address

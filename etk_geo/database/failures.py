"""What a database refused, as an issue code that tells the user what to do."""

from __future__ import annotations

import errno
import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError

from etk_geo.errors import DatabaseError

SQLITE_CODES = {
    sqlite3.SQLITE_BUSY: "ETK900",
    sqlite3.SQLITE_LOCKED: "ETK900",
    sqlite3.SQLITE_READONLY: "ETK901",
    sqlite3.SQLITE_CANTOPEN: "ETK901",
    sqlite3.SQLITE_PERM: "ETK901",
    sqlite3.SQLITE_CORRUPT: "ETK904",
    sqlite3.SQLITE_NOTADB: "ETK904",
    sqlite3.SQLITE_FULL: "ETK905",
}
"""Issue codes by SQLite's primary result code."""

POSTGRESQL_CODES = {
    "55P03": "ETK900",  # lock not available
    "40P01": "ETK900",  # deadlock
    "40001": "ETK900",  # serialisation
    "25006": "ETK901",  # read-only transaction
    "42501": "ETK901",  # insufficient privilege
    "XX001": "ETK904",  # data corrupted
    "XX002": "ETK904",  # index corrupted
    "53100": "ETK905",  # disk full
}
"""Issue codes by SQLSTATE."""


def explained(error: DBAPIError, place: str) -> DatabaseError:
    """Return what a failed statement or connection means for the user.

    ``place`` names the file or the server, without a password.
    """
    cause = error.orig
    code = _code(cause)
    if code is None:
        reason = str(cause).strip().splitlines()[:1]
        return DatabaseError("ETK907", file=place, reason=reason[0] if reason else "?")
    return DatabaseError(code, file=place)


def _code(cause: BaseException | None) -> str | None:
    if isinstance(cause, sqlite3.Error):
        # Errors that the module raises itself carry no code.
        return SQLITE_CODES.get((getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF)
    if isinstance(cause, psycopg.Error):
        if cause.sqlstate is None and isinstance(cause, psycopg.OperationalError):
            return "ETK903"
        state = cause.sqlstate or ""
        # 08: connection; 28: not admitted; 3D: no such database; 57P: shutting down; 53300: full up
        gone = state.startswith(("08", "28", "3D", "57P")) or state == "53300"
        return "ETK903" if gone else POSTGRESQL_CODES.get(state)
    return None


def explained_folder(error: OSError, place: str) -> DatabaseError:
    """Return what it means that the folder of the records cannot be made."""
    code = "ETK905" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "ETK901"
    return DatabaseError(code, file=place)

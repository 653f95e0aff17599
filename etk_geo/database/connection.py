"""Transactions on the records, for the many threads of the app and for several processes."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import StaticPool

from etk_geo.database.failures import explained, explained_folder
from etk_geo.database.location import database_address
from etk_geo.database.schema import Room, prepare
from etk_geo.errors import DatabaseError

PATIENCE_S = 10.0
"""How long a transaction waits for another one before it gives up."""

BETWEEN_TRIES_S = 0.02

CONNECT_S = 5
"""How long a server may take to answer."""

_WRITING = "etk_writing"


class Database:
    """The records at one address; one object serves every thread of a process.

    Parameters
    ----------
    address
        SQLite or PostgreSQL, as :func:`database_address` returns it.
    patience_s
        How long a transaction waits for another one before it gives up, in seconds.
    """

    def __init__(self, address: URL, *, patience_s: float = PATIENCE_S) -> None:
        self.address = address
        self._patience_s = patience_s
        self._guard = threading.RLock()
        self._engine: Engine | None = None
        self._file_mark: tuple[int, int] | None = None
        self._prepared: set[str] = set()

    @property
    def file(self) -> Path | None:
        """The file of an embedded database, ``None`` for a server."""
        embedded = self.address.get_backend_name() == "sqlite"
        return Path(str(self.address.database)) if embedded else None

    @property
    def place(self) -> str:
        """The file, or the server's address without its password, for messages."""
        if self.file is not None:
            return f"{self.file.parent.name}/{self.file.name}"
        return self.address.render_as_string(hide_password=True)

    @contextmanager
    def reading(self, room: Room) -> Iterator[Connection]:
        """Read a room's tables in one transaction, which sees one state throughout.

        Where no record has been kept yet, the tables are empty and no file is made.

        Raises
        ------
        DatabaseError
            If the records cannot be reached or read.
        """
        if self.file is not None and not self.file.exists():
            with _nothing_kept(room) as connection:
                yield connection
            return
        with self._transaction(room, writing=False) as connection:
            yield connection

    @contextmanager
    def writing(self, room: Room) -> Iterator[Connection]:
        """Change a room's tables in one transaction: all of it is kept, or nothing.

        On SQLite writers come one after the other. Two writers on PostgreSQL can meet; what must
        not happen twice is held by a constraint of the table on both.

        Raises
        ------
        DatabaseError
            If the records cannot be reached or written; nothing of the transaction is kept then.
        sqlalchemy.exc.IntegrityError
            If a constraint of the room's tables forbids a statement.
        """
        with self._transaction(room, writing=True) as connection:
            yield connection

    def close(self) -> None:
        """Close every connection; the next transaction opens them again."""
        with self._guard:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None
            self._prepared.clear()

    def set_aside(self) -> Path:
        """Rename a damaged embedded database, and what belongs to it, so that a new one can begin.

        Returns
        -------
        path
            The file's new name; nothing that exists is overwritten.
        """
        file = self.file
        if file is None or not file.exists():
            raise DatabaseError("ETK907", file=self.place, reason="-")
        with self._guard:
            self.close()
            number = 1
            while (aside := file.with_name(f"{file.stem}.damaged-{number}{file.suffix}")).exists():
                number += 1
            file.rename(aside)
            for suffix in ("-wal", "-shm"):
                part = file.with_name(file.name + suffix)
                if part.exists():
                    part.rename(aside.with_name(aside.name + suffix))
        return aside

    @contextmanager
    def _transaction(self, room: Room, *, writing: bool) -> Iterator[Connection]:
        engine = self._ready(room)
        try:
            with _begun(engine, writing=writing, one_state=True) as connection:
                yield connection
        except IntegrityError:
            # The room whose constraint it is knows what it means.
            raise
        except DBAPIError as error:
            raise explained(error, self.place) from error
        except PoolTimeout:
            raise DatabaseError("ETK900", file=self.place) from None

    def _ready(self, room: Room) -> Engine:
        """Return the engine, with the room's tables there and up to date."""
        with self._guard:
            mark = _mark(self.file)
            if self._engine is not None and mark != self._file_mark:
                # The file was removed or exchanged: open connections would write into nothing.
                self.close()
            if self._engine is None:
                self._engine = self._opened()
            if room.name not in self._prepared:
                try:
                    with _begun(self._engine, writing=True) as connection:
                        prepare(connection, room, self.place)
                except DBAPIError as error:
                    raise explained(error, self.place) from error
                self._prepared.add(room.name)
            self._file_mark = _mark(self.file)
            return self._engine

    def _opened(self) -> Engine:
        if self.file is None:
            return create_engine(
                self.address,
                pool_pre_ping=True,
                connect_args={
                    "connect_timeout": CONNECT_S,
                    "options": _server_options(self.address, self._patience_s),
                },
            )
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise explained_folder(error, self.place) from error
        engine = _embedded(self.address, self._patience_s)
        try:
            with engine.connect() as connection:
                sound = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"
        except DBAPIError as error:
            engine.dispose()
            raise explained(error, self.place) from error
        if not sound:
            engine.dispose()
            raise DatabaseError("ETK904", file=self.place)
        return engine


_OPEN: dict[URL, Database] = {}
_OPEN_GUARD = threading.Lock()


def open_database(root: Path) -> Database:
    """Return the records of a project folder; the same object for every thread that asks.

    Opens nothing yet: the first transaction does.

    Raises
    ------
    DatabaseError
        If ETK_DATABASE is no address of SQLite or PostgreSQL.
    """
    address = database_address(root)
    with _OPEN_GUARD:
        return _OPEN.setdefault(address, Database(address))


@contextmanager
def _begun(engine: Engine, *, writing: bool, one_state: bool = False) -> Iterator[Connection]:
    """Begin a transaction; ``one_state``: what others do meanwhile is not seen.

    SQLite never shows it. A server would, which is needed only where one waits for another one's
    new tables.
    """
    with engine.connect() as plain:
        connection = plain.execution_options(**{_WRITING: writing})
        if one_state and engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def _embedded(address: URL, patience_s: float) -> Engine:
    """Return an engine whose transactions begin when they are told to, not before a statement."""
    engine = create_engine(address, connect_args={"timeout": patience_s})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        _keep_write_ahead_log(cursor, patience_s)
        # What was entered must be there after a power cut as well.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader that turns writer is refused at once while another writes; a writer that says so
        # from the start waits its turn.
        writing = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _keep_write_ahead_log(cursor: sqlite3.Cursor, patience_s: float) -> None:
    """Turn the write-ahead log on.

    Two processes that begin one new file together can meet here, and SQLite then refuses one of
    them at once instead of letting it wait.
    """
    end = time.monotonic() + patience_s
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(BETWEEN_TRIES_S)
        else:
            return


def _server_options(address: URL, patience_s: float) -> str:
    named = address.query.get("options", "")
    own = f"-c lock_timeout={int(patience_s * 1000)} -c timezone=UTC"
    return f"{named if isinstance(named, str) else ' '.join(named)} {own}".strip()


@contextmanager
def _nothing_kept(room: Room) -> Iterator[Connection]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with engine.begin() as connection:
            prepare(connection, room, "")
            yield connection
    finally:
        engine.dispose()


def _mark(file: Path | None) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name."""
    if file is None:
        return None
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino

"""Tables by the room that owns them, and the steps that bring an older database forward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, select, text

from etk_geo.errors import DatabaseError

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""Every table of every room. Constraints have names, so that a later step can change them."""

VERSIONS = Table(
    "schema_versions",
    METADATA,
    Column("room", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
)

PREPARING = 150_624
"""Key of the lock under which one process at a time creates or changes tables (PostgreSQL)."""


@dataclass(frozen=True)
class Room:
    """The tables of one part of the program.

    ``tables`` are as of today, in an order in which they can be created; ``steps`` are the changes
    that led here from the first version, oldest first: a database of version n gets those from the
    n-th on. A step is never altered once it has been released.
    """

    name: str
    tables: Sequence[Table]
    steps: Sequence[Callable[[Connection], None]] = ()

    @property
    def version(self) -> int:
        """The version of the tables as declared."""
        return 1 + len(self.steps)


def prepare(connection: Connection, room: Room, place: str) -> None:
    """Create or bring forward a room's tables, inside the transaction of ``connection``.

    Raises
    ------
    DatabaseError
        If a newer program has written this database; nothing is changed then.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": PREPARING})
    METADATA.create_all(connection, tables=[VERSIONS])
    found = held_version(connection, room)
    if found == room.version:
        return
    if found is None:
        METADATA.create_all(connection, tables=list(room.tables))
        connection.execute(VERSIONS.insert().values(room=room.name, version=room.version))
        return
    if found > room.version:
        raise DatabaseError("ETK902", file=place, found=found, known=room.version)
    for step in room.steps[found - 1 :]:
        step(connection)
    connection.execute(
        VERSIONS.update().where(VERSIONS.c.room == room.name).values(version=room.version)
    )


def held_version(connection: Connection, room: Room) -> int | None:
    """Return the version of a room's tables in this database, ``None`` where it has none."""
    return connection.scalar(select(VERSIONS.c.version).where(VERSIONS.c.room == room.name))

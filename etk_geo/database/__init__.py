"""Where the users' own records are kept: an embedded SQLite, or PostgreSQL by a URL.

A room of the program declares its tables on :data:`METADATA`, names them in a :class:`Room` and
works inside ``database.reading(ROOM)`` and ``database.writing(ROOM)``; what the tables mean is the
room's business (docs/records.md).
"""

from etk_geo.database.connection import Database, open_database
from etk_geo.database.location import (
    database_address,
    records_folder,
)
from etk_geo.database.schema import METADATA, Room

__all__ = [
    "METADATA",
    "Database",
    "Room",
    "database_address",
    "open_database",
    "records_folder",
]

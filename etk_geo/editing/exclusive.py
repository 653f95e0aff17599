"""One writer at a time, over all threads and processes that share a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from etk_geo.errors import DatabaseError

LOCK = ".lock"


@contextmanager
def exclusive(folder: Path, named: str) -> Iterator[None]:
    """Hold the lock of a folder; the system lets it go when the process ends, however it ends.

    Raises
    ------
    DatabaseError
        ETK901 if the folder cannot be written; ``named`` is what the message calls it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / LOCK).open("a+b")
    except OSError:
        raise DatabaseError("ETK901", file=named) from None
    with stream:
        _take(stream)
        try:
            yield
        finally:
            _give(stream)


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _take(stream: IO[bytes]) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK, 1)

    def _give(stream: IO[bytes]) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(stream: IO[bytes]) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX)

    def _give(stream: IO[bytes]) -> None:
        fcntl.flock(stream, fcntl.LOCK_UN)

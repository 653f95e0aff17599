"""One set-up at a time: a lock that the operating system releases when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

POLL_SECONDS = 0.5
# The locked byte lies beyond the text, so that a waiting program can still read who holds it.
_LOCKED_BYTE = 1024

if sys.platform == "win32":
    import msvcrt

    def _try_lock(stream: BinaryIO) -> bool:
        stream.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(stream: BinaryIO) -> None:
        stream.seek(_LOCKED_BYTE)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(stream: BinaryIO) -> bool:
        try:
            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(stream: BinaryIO) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_UN)


@contextmanager
def hold_lock(file: Path, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock file; while another program holds it, wait.

    A file left behind by a program that was killed is no obstacle: what counts is the lock of the
    operating system, which dies with its holder.

    Parameters
    ----------
    file
        The lock file; made where it is missing.
    on_wait
        Called once with the holder's process id when there is someone to wait for.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(exist_ok=True)
    with file.open("r+b") as stream:
        waiting = False
        while not _try_lock(stream):
            if not waiting:
                on_wait(_holder(file))
                waiting = True
            time.sleep(POLL_SECONDS)
        try:
            stream.seek(0)
            stream.truncate()
            stream.write(str(os.getpid()).encode())
            stream.flush()
            yield
        finally:
            _unlock(stream)


def _holder(file: Path) -> str:
    try:
        text = file.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return "?"
    return text if text.isdigit() else "?"

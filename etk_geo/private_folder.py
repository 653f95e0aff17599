"""A folder of one piece of work that nobody else can read and that is gone afterwards.

Knows nothing of what is put into it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
import weakref
from pathlib import Path

PREFIX = "etk-private-"
LOCK_SUFFIX = ".lock"
STALE_SECONDS = 7 * 24 * 3600
"""A folder this old belongs to a program that was killed, whatever its lock says."""


class PrivateFolder:
    """A new folder with mode 0700, removed on :meth:`close`, at exit, or when nobody holds it.

    A lock beside it, which the system frees when the program is killed, tells the next one that
    the folder may go.
    """

    def __init__(self) -> None:
        sweep_stale()
        handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=LOCK_SUFFIX)
        _try_lock(handle)
        # The folder comes after its lock: whoever sees it unlocked knows that its owner is gone.
        self.path = Path(name.removesuffix(LOCK_SUFFIX))
        self.path.mkdir(mode=0o700)
        self._remove = weakref.finalize(self, _remove, self.path, handle)

    def close(self) -> None:
        """Remove the folder with all it holds; again does nothing."""
        self._remove()

    def new_folder(self, stem: str) -> Path:
        """Return a new empty folder inside."""
        return Path(tempfile.mkdtemp(prefix=f"{stem}-", dir=self.path))


def _remove(path: Path, handle: int) -> None:
    shutil.rmtree(path, ignore_errors=True)
    os.close(handle)
    _lock_of(path).unlink(missing_ok=True)


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + LOCK_SUFFIX)


def sweep_stale() -> None:
    """Remove what killed programs left behind."""
    oldest = time.time() - STALE_SECONDS
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if folder.suffix == LOCK_SUFFIX:
                if folder.stat().st_mtime < oldest and not folder.with_suffix("").exists():
                    folder.unlink(missing_ok=True)
            elif folder.stat().st_mtime < oldest or _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)
                _lock_of(folder).unlink(missing_ok=True)
        except OSError:
            continue


def _is_abandoned(folder: Path) -> bool:
    """Tell whether the program that made a folder is gone; ``False`` where that is not known."""
    lock = _lock_of(folder)
    if not lock.is_file():
        return False
    handle = os.open(lock, os.O_RDWR)
    try:
        return _try_lock(handle)
    finally:
        os.close(handle)


if sys.platform == "win32":

    def _try_lock(_: int) -> bool:
        return False  # there the age alone decides

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        """Take a lock that ends with the program; ``False`` where another holds it."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

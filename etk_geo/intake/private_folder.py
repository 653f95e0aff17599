"""A folder of one upload that nobody else can read and that is gone afterwards.

Knows nothing of what is put into it.
"""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from pathlib import Path

PREFIX = "etk-intake-"
STALE_SECONDS = 7 * 24 * 3600
"""A folder this old belongs to a program that was killed."""


class PrivateFolder:
    """A new folder with mode 0700, removed on :meth:`close`, at exit, or when nobody holds it."""

    def __init__(self) -> None:
        sweep_stale()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def close(self) -> None:
        """Remove the folder with all it holds; again does nothing."""
        self._remove()

    def new_folder(self, stem: str) -> Path:
        """Return a new empty folder inside."""
        return Path(tempfile.mkdtemp(prefix=f"{stem}-", dir=self.path))


def sweep_stale() -> None:
    """Remove what killed programs left behind."""
    oldest = time.time() - STALE_SECONDS
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue

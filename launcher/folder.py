"""The project folder as the launcher sees it: which files it reads, which it makes."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folder:
    """The project folder; every path below it that the launcher knows."""

    root: Path

    @property
    def venv(self) -> Path:
        """The program's own virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter inside the virtual environment."""
        return venv_python(self.venv, windows=os.name == "nt")

    @property
    def private(self) -> Path:
        """Where the launcher keeps its record, its lock and its logs."""
        return self.root / ".etk"

    @property
    def record(self) -> Path:
        """What is installed."""
        return self.private / "setup.json"

    @property
    def lock(self) -> Path:
        """Held while something is being installed."""
        return self.private / "setup.lock"

    @property
    def setup_log(self) -> Path:
        """Everything that pip and npm said."""
        return self.private / "setup.log"

    @property
    def vendor(self) -> Path:
        """The browser files that the app serves itself."""
        return self.root / "static" / "vendor"

    def pins(self, part: str) -> tuple[Path, ...]:
        """Return the files that decide what a part of the set-up installs."""
        files = {
            "app": ("requirements.txt",),
            "dev": ("requirements-dev.txt",),
            "assets": ("package-lock.json", "etk_geo/maps/assets.toml"),
        }
        return tuple(self.root / name for name in files[part])

    def fingerprint(self, part: str) -> str:
        """Return a hash of what a part of the set-up should install."""
        digest = hashlib.sha256()
        for file in self.pins(part):
            # Line ends are the checkout's choice, not a change of what is asked for.
            content = file.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{file.name} {len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()


def venv_python(venv: Path, *, windows: bool) -> Path:
    """Return where a virtual environment keeps its interpreter."""
    return venv / "Scripts" / "python.exe" if windows else venv / "bin" / "python"

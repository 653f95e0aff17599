"""A library's message without the place where the file lies just now."""

from __future__ import annotations

from pathlib import Path

LONGEST = 200


def without_path(message: str, path: Path) -> str:
    """Return a message about a file with the private folder's path taken out, and not too long."""
    return message.replace(f"{path.parent}/", "").replace(str(path.parent), "")[:LONGEST].strip()

"""Hand-outs of the app itself, put where Streamlit serves them: the player opens from there.

That folder is public to anyone who reaches the port, and a hand-out holds nothing restricted.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from etk_geo.maps.display import DISPLAY_FOLDER, remove_old
from etk_geo.store import sha256, write_atomic

HOME = "../../../"
"""The app as seen from a served hand-out."""

ADDRESS = "app/static/display/"
"""The folder of served hand-outs as seen from a page of the app."""


def put_on_shelf(site: Path, name: str, content: bytes) -> str:
    """Write a hand-out below ``site`` and return its address as seen from a page of the app.

    The name carries the checksum of the content: what is there already is left as it is.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    safe = re.sub(r"[^a-z0-9_-]", "_", name.lower())
    path = site / DISPLAY_FOLDER / f"{safe}-{sha256(content)[:8]}.html"
    if path.is_file() and path.stat().st_size == len(content):
        os.utime(path)
    else:
        write_atomic(path, content)
    remove_old(site / DISPLAY_FOLDER)
    return f"{ADDRESS}{path.name}"


def on_shelf(site: Path, address: str) -> bool:
    """Return whether the hand-out of an address is still there."""
    return (site / DISPLAY_FOLDER / address.removeprefix(ADDRESS)).is_file()

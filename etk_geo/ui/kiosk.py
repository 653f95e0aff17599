"""Kiosk: the app as it stands in a hall, for looking only; started by ``run.py --kiosk``."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import ModuleType

Entry = tuple[str, ModuleType, str]
"""A page: its key, which is its address, its module and its icon."""

PAGES = ("stories", "map", "targets", "layers", "unplaced", "about")
"""Pages that only show; where things are entered or changed, a kiosk has none."""

IDLE_S = 120
"""After so many seconds without a touch the player goes back to its first scene."""

FORWARD = """<script>
(function () {{
  const page = window.parent;
  clearTimeout(page.etkKiosk);
  const script = page.document.createElement("script");
  script.textContent = `(function () {{
    const again = () => {{
      clearTimeout(window.etkKiosk);
      window.etkKiosk = setTimeout(() => location.assign("{address}"), {ms});
    }};
    if (!window.etkKioskWatch) {{
      window.etkKioskWatch = true;
      for (const act of ["pointerdown", "keydown", "wheel", "touchstart"]) {{
        document.addEventListener(act, () => again(), {{ passive: true, capture: true }});
      }}
    }}
    again();
  }})();`;
  page.document.head.append(script);
}})();
</script>"""
"""Takes a page of the app back to the player when nobody has touched it for a while."""


def is_kiosk() -> bool:
    """Return whether the app was started as a kiosk."""
    return os.environ.get("ETK_KIOSK", "") not in ("", "0")


def first_page() -> str:
    """Return the page that the app opens on."""
    return "stories" if is_kiosk() else "map"


def offered(sections: Mapping[str, Sequence[Entry]]) -> dict[str, list[Entry]]:
    """Return the pages that this app has, by section; in a kiosk those of ``PAGES`` only.

    Parameters
    ----------
    sections
        Pages by section; the first member of each is its key.
    """
    if not is_kiosk():
        return {name: list(entries) for name, entries in sections.items()}
    kept = {
        name: [entry for entry in entries if entry[0] in PAGES]
        for name, entries in sections.items()
    }
    return {name: entries for name, entries in kept.items() if entries}


def forward_script(address: str) -> str:
    """Return the script that goes to the player's address after ``IDLE_S`` seconds."""
    return FORWARD.format(address=address, ms=IDLE_S * 1000)

"""Kiosk: the app as it stands in a hall, for looking only; started by ``run.py --kiosk``."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from types import ModuleType

import streamlit as st

BEGIN = "begin"
"""Parameter of the address of the stories: begin to play at once."""

Entry = tuple[str, ModuleType, str]
"""A page: its key, which is its address, its module and its icon."""

PAGES = ("stories", "map", "targets", "layers", "unplaced", "about")
"""Pages that only show; where things are entered or changed, a kiosk has none."""

IDLE_S = 120.0
"""After so many seconds without a touch the player goes back to its first scene; the environment
variable ``ETK_KIOSK_IDLE_S`` says otherwise."""

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


def idle_s() -> float:
    """Return after how many seconds without a touch a kiosk begins anew."""
    try:
        said = float(os.environ.get("ETK_KIOSK_IDLE_S", ""))
    except ValueError:
        return IDLE_S
    return said if 0 < said < math.inf else IDLE_S


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


def watch(address: str = f"stories?{BEGIN}=1", after_s: float | None = None) -> None:
    """Go to an address when nobody has touched the page for a while; else to the story again.

    Parameters
    ----------
    address
        As seen from a page of the app.
    after_s
        Seconds; ``None``: as the kiosk was started.
    """
    wait_s = idle_s() if after_s is None else after_s
    st.iframe(FORWARD.format(address=address, ms=round(wait_s * 1000)), height=1)

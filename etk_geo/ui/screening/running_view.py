"""Work in the background on a page: how far it is, and a button that ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from etk_geo.background import Background
from etk_geo.i18n import text
from etk_geo.model import Lang

SOON_S = 2.0
"""Work that ends so soon is simply there."""


@dataclass(frozen=True)
class Watched:
    """Work that a page waits for.

    Attributes
    ----------
    run
        The work.
    said
        Name of the text that says how far it is, of ``done``, ``total`` and ``what``.
    key
        Key of the button that stops it.
    forget
        Called when it was stopped. It is not waited for then: it ends after the step at hand.
    every_s
        Seconds between two looks. Each takes from a busy computer what the work itself needs.
    stopped
        Name of a text of ``done`` and ``total`` that stands in the place of the progress at once
        when it was stopped, for a page that takes long to draw: that follows at the next look.
    """

    run: Background[Any]
    said: str
    key: str
    forget: Callable[[], None]
    every_s: float = 0.5
    stopped: str = ""


def watch(work: Watched, lang: Lang) -> None:
    """Show how far work is until it ends or is stopped; then the whole page is drawn."""
    st.fragment(_look, run_every=work.every_s)(work, lang)


def _look(work: Watched, lang: Lang) -> None:
    run = work.run
    if run.stopped or run.finished():
        st.rerun()
    place = st.empty()
    with place.container():
        share = min(run.done / run.total, 1.0) if run.total else 0.0
        said = text(work.said, lang, done=run.done, total=run.total, what=run.what)
        st.progress(share, said if run.total else run.what)
        asked = st.button(text("screen.stop", lang), key=work.key, icon=":material/stop_circle:")
    if asked:
        run.stop()
        work.forget()
        if not work.stopped:
            st.rerun()
        place.warning(text(work.stopped, lang, done=run.done, total=run.total))

"""Work in the background on a page: how far it is, and a button that ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from etk_geo.background import Background
from etk_geo.i18n import text
from etk_geo.model import Lang

SOON_S = 2.0
"""Work that ends so soon is simply there."""
LOOK_EVERY_S = 0.5


@st.fragment(run_every=LOOK_EVERY_S)
def watch(
    run: Background[Any], said: str, key: str, lang: Lang, forget: Callable[[], None]
) -> None:
    """Show how far work is until it ends or is stopped; then the whole page is drawn.

    Stopped, it is not waited for: the page forgets the work, which ends after the step at hand.

    Parameters
    ----------
    run
        The work.
    said
        Name of the text that says how far it is, of ``done``, ``total`` and ``what``.
    key
        Key of the button that stops it.
    forget
        Called when it was stopped: it is no longer waited for.
    """
    if run.finished():
        st.rerun()
    share = min(run.done / run.total, 1.0) if run.total else 0.0
    st.progress(share, text(said, lang, done=run.done, total=run.total, what=run.what))
    if st.button(text("screen.stop", lang), key=key, icon=":material/stop_circle:"):
        run.stop()
        forget()
        st.rerun()

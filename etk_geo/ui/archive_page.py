"""筛查档案: kept screenings, found again, verified, computed anew; two days of law compared."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from etk_geo.archive import Kept
from etk_geo.model import Lang
from etk_geo.screening.outputs import words as say
from etk_geo.ui import state
from etk_geo.ui.grid import show_grid
from etk_geo.ui.screening.keeping import archive_of
from etk_geo.ui.screening.kept_findings import local_time
from etk_geo.ui.screening.kept_view import show_kept
from etk_geo.ui.screening.marks import CONSEQUENCE
from etk_geo.ui.screening.two_days import show_two_days
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

NUMBER, SEARCH = "number", "find"


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the search, what was found, the one that is open, and two days of law."""
    words = Words(workspace.plan, lang)
    archive = archive_of(workspace)
    search = st.text_input(
        words.say("archive.search"), value=st.query_params.get(SEARCH, ""), key="archive_search"
    ).strip()
    state.write_address(SEARCH, search or None)
    found = archive.find(search)
    if found:
        show_grid(kept_table(found, words), words.say("archive.title"))
        number = _choose(found, words)
        show_kept(workspace, archive, archive.get(number), words)
    else:
        st.info(words.say("archive.nothing" if search else "archive.empty"))
    with st.expander(words.say("archive.two_days"), icon=":material/compare:"):
        show_two_days(workspace, words)


def _choose(found: Sequence[Kept], words: Words) -> str:
    titles = {one.number: f"{one.number} · {one.title}" for one in found}
    numbers = list(titles)
    number = st.selectbox(
        words.say("archive.one"),
        numbers,
        index=state.address_index(NUMBER, numbers),
        format_func=lambda key: titles[key],
        key="archive_one",
    )
    state.write_address(NUMBER, number)
    return str(number)


def kept_table(found: Sequence[Kept], words: Words) -> pd.DataFrame:
    """Return kept screenings in words, newest first."""
    rows = [
        {
            "number": one.number,
            "name": one.title,
            "author": one.author,
            "kept_at": local_time(one.kept_at),
            "as_of": one.as_of,
            "projects": one.projects,
            "conclusions": words.join(
                f"{CONSEQUENCE[code][0]} {say('consequence', code, words.lang)} {count}"
                for code, count in one.consequences.items()
            ),
            "opinions": one.opinions,
            "again_of": one.again_of,
        }
        for one in found
    ]
    table = pd.DataFrame(rows)
    return table.rename(columns={name: words.say(f"archive.{name}") for name in table.columns})

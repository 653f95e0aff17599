"""What screening says of one project of the plan, on the data held here."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from etk_geo.screening.cards import project_result
from etk_geo.ui.grid import plain, show_list
from etk_geo.ui.screening import kept
from etk_geo.wording import Words
from etk_geo.workspace import Workspace


def show_screening(workspace: Workspace, project: str, as_of: date, words: Words) -> None:
    """Draw the consequence of a project and the zones behind it.

    Raises
    ------
    KeyError
        If the plan has no such project.
    """
    result = project_result(
        kept.plan_screening(workspace, as_of),
        project,
        kept.rule_book(workspace),
        words.lang,
        kept.titles(workspace, words.lang),
    )
    with st.container(border=True):
        st.markdown(f"**{plain(result.headline)}**")
        st.markdown("  \n".join(plain(line) for line in result.details))
        st.caption(words.say("project.screening_note", day=as_of.isoformat()))
    rows = [
        {
            words.say("project.zone"): card.name,
            words.say("project.consequence"): card.consequence_words,
            words.say("project.verdict"): card.verdict_words,
            words.say("project.figures"): words.join(f"{a} {b}" for a, b in card.figures),
            words.say("project.would_decide"): card.needs,
        }
        for card in result.cards
    ]
    if rows:
        with st.expander(words.say("project.zones", n=len(rows))):
            show_list(pd.DataFrame(rows), words.say("project.screening"))

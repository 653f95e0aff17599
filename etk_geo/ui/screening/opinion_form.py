"""An officer sets a finding aside or confirms it; the computed one stays beside it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from etk_geo.errors import ScreeningError
from etk_geo.i18n import issue_message, issue_remedy
from etk_geo.model import Issue
from etk_geo.screening.cards import ProjectResult, ZoneCard
from etk_geo.screening.opinion import WHOLE_PROJECT, Opinion, Ruling
from etk_geo.ui.grid import plain
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.inputs import EARLIEST, LATEST, today
from etk_geo.ui.screening.kept import Inquiry
from etk_geo.wording import Words

OFFICER = "screen_officer"
"""The name last given in this session, so that it is not typed for every finding."""


def ask_opinion(
    inquiry: Inquiry, result: ProjectResult, card: ZoneCard | None, words: Words
) -> None:
    """Offer a form for an opinion on a zone's finding, or on the whole project without a card."""
    zone_id = WHOLE_PROJECT if card is None else card.zone_id
    key = f"opinion_{result.project_id}_{zone_id}"
    label = words.say("opinion.whole" if card is None else "opinion.one")
    with st.popover(label, icon=":material/edit_note:"), st.form(key, border=False):
        st.caption(words.say("opinion.about"))
        ruling = st.radio(
            words.say("opinion.ruling"),
            list(Ruling),
            format_func=lambda code: words.say(f"opinion.{code}"),
            key=f"{key}_ruling",
        )
        reason = st.text_area(words.say("opinion.reason"), key=f"{key}_reason")
        officer = st.text_input(
            words.say("opinion.officer"),
            value=st.session_state.get(OFFICER, ""),
            key=f"{key}_officer",
        )
        day = st.date_input(
            words.say("opinion.day"),
            value=today(),
            min_value=EARLIEST,
            max_value=LATEST,
            format="YYYY-MM-DD",
            key=f"{key}_day",
        )
        if st.form_submit_button(words.say("opinion.save"), type="primary"):
            _save(inquiry, result, card, (ruling or Ruling.CONFIRMED, reason, officer, day), words)


def _save(
    inquiry: Inquiry,
    result: ProjectResult,
    card: ZoneCard | None,
    answers: tuple[Ruling, str, str, object],
    words: Words,
) -> None:
    ruling, reason, officer, day = answers
    try:
        opinion = Opinion(
            project_id=result.project_id,
            zone_id=WHOLE_PROJECT if card is None else card.zone_id,
            ruling=ruling,
            reason=reason.strip(),
            officer=officer.strip(),
            day=day if isinstance(day, date) else today(),
            verdict="" if card is None else card.verdict,
            consequence=result.consequence if card is None else card.consequence,
        )
    except ScreeningError as error:
        for issue in Issue.all_of(error):
            said = f"{issue_message(issue, words.lang)} {issue_remedy(issue, words.lang)}"
            st.error(plain(said))
        return
    st.session_state[OFFICER] = opinion.officer
    kept.add_opinion(inquiry.mark, opinion)
    st.rerun()

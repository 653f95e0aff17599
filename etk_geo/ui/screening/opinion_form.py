"""An officer sets a finding aside or confirms it; the computed one stays beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from etk_geo.errors import EtkGeoError
from etk_geo.model import Issue, Lang
from etk_geo.screening.opinion import Opinion, Ruling
from etk_geo.ui.frame import describe
from etk_geo.ui.screening.inputs import EARLIEST, LATEST, today
from etk_geo.wording import Words

OFFICER = "screen_officer"
"""The name last given in this session, so that it is not typed for every finding."""

Save = Callable[[Opinion], None]


@dataclass(frozen=True)
class Subject:
    """The finding that an opinion is about, as it was computed.

    ``zone_id`` is :data:`etk_geo.screening.opinion.WHOLE_PROJECT` for a project's conclusion, which
    has no ``verdict``.
    """

    project_id: str
    zone_id: str
    verdict: str
    consequence: str

    @property
    def key(self) -> str:
        """Names the form of this finding."""
        return f"opinion_{self.project_id}_{self.zone_id}"


def ask_opinion(subject: Subject, label: str, words: Words, save: Save) -> None:
    """Offer a form for an opinion behind a button; saved, it closes."""
    shown = st.popover(
        label, icon=":material/edit_note:", key=_open_key(subject), on_change="rerun"
    )
    with shown:
        show_form(subject, words, save)


def show_form(subject: Subject, words: Words, save: Save) -> None:
    """Draw the form for an opinion; what it refuses is said in it."""
    key = subject.key
    with st.form(key, border=False):
        st.caption(words.say("opinion.about"))
        st.radio(
            words.say("opinion.ruling"),
            list(Ruling),
            format_func=lambda code: words.say(f"opinion.{code}"),
            key=f"{key}_ruling",
        )
        st.text_area(words.say("opinion.reason"), key=f"{key}_reason")
        st.text_input(
            words.say("opinion.officer"),
            value=st.session_state.get(OFFICER, ""),
            key=f"{key}_officer",
        )
        st.date_input(
            words.say("opinion.day"),
            value=today(),
            min_value=EARLIEST,
            max_value=LATEST,
            format="YYYY-MM-DD",
            key=f"{key}_day",
        )
        st.form_submit_button(
            words.say("opinion.save"),
            type="primary",
            on_click=_take,
            args=(subject, words.lang, save),
        )
    for said in st.session_state.pop(f"{key}_refused", ()):
        st.error(said)


def _open_key(subject: Subject) -> str:
    return f"{subject.key}_open"


def _take(subject: Subject, lang: Lang, save: Save) -> None:
    """Save what the form holds, empty it and close it; refused, it stays as it is."""
    key, answers = subject.key, st.session_state
    day = answers.get(f"{key}_day")
    try:
        opinion = Opinion(
            project_id=subject.project_id,
            zone_id=subject.zone_id,
            ruling=Ruling(answers[f"{key}_ruling"] or Ruling.CONFIRMED),
            reason=answers[f"{key}_reason"].strip(),
            officer=answers[f"{key}_officer"].strip(),
            day=day if isinstance(day, date) else today(),
            verdict=subject.verdict,
            consequence=subject.consequence,
        )
        save(opinion)
    except EtkGeoError as error:
        answers[f"{key}_refused"] = [describe(issue, lang) for issue in Issue.all_of(error)]
        return
    answers[OFFICER] = opinion.officer
    answers[f"{key}_reason"] = ""
    answers[_open_key(subject)] = False

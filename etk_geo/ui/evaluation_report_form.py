"""The evaluation to take away, and the rules behind its lights."""

from __future__ import annotations

import streamlit as st

from etk_geo.evaluation import Evaluation, Light
from etk_geo.reports.evaluation_command import FORMS
from etk_geo.reports.evaluation_report import Occasion, Report
from etk_geo.ui import records
from etk_geo.ui.evaluated import light_words
from etk_geo.ui.grid import plain
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

OCCASIONS = ("yearly", "midterm")


def show_report(workspace: Workspace, evaluation: Evaluation, words: Words) -> None:
    """Draw the choice of occasion and form, and the report once it is asked for."""
    occasion, form, make = st.columns([2, 2, 1], vertical_alignment="bottom")
    chosen = occasion.segmented_control(
        words.say("evaluate.occasion"),
        OCCASIONS,
        default="yearly",
        required=True,
        format_func=lambda code: words.say(f"evaluate.{code}"),
        key="evaluate_occasion",
    )
    ending = form.segmented_control(
        words.say("evaluate.form"),
        list(FORMS),
        default="docx",
        required=True,
        format_func=str.upper,
        key="evaluate_form",
    )
    if not make.button(words.say("evaluate.make"), key="evaluate_make", type="primary"):
        return
    wanted: Occasion = "midterm" if chosen == "midterm" else "yearly"
    report = Report(evaluation, workspace.catalog, words, wanted, records.today())
    with st.spinner(words.say("evaluate.making")):
        content = FORMS[str(ending)](report)
    name = f"evaluation_{evaluation.year}.{ending}"
    st.download_button(
        words.say("evaluate.take", name=name),
        content,
        name,
        key="evaluate_take",
        on_click="ignore",
        icon=":material/download:",
    )


def show_rules(evaluation: Evaluation, words: Words) -> None:
    """Draw which rule gives which light, so that nobody has to guess."""
    rules = evaluation.rules
    for light in Light:
        lines = [rules.say(rule, words.lang) for rule, own in rules.lights.items() if own is light]
        st.markdown(f"**{light_words(light, words)}**")
        st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    st.caption(words.say("evaluate.rules_file"))

"""An official layer in the making: surveyed, assessed, and supplied beside the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from etk_geo.i18n import severity
from etk_geo.intake.confirm import Taken
from etk_geo.intake.running import Running
from etk_geo.intake.wording import worded
from etk_geo.measure import ha_to_mu
from etk_geo.model import Severity
from etk_geo.register import Entry, read_register
from etk_geo.rules import RuleBook
from etk_geo.supply.assessment import Assessment, Survey, assess_supply, survey_layer
from etk_geo.supply.keeping import supply_layer
from etk_geo.supply.statement import Statement
from etk_geo.ui import cached
from etk_geo.ui.frame import describe
from etk_geo.ui.grid import plain, show_figures
from etk_geo.ui.intake_state import await_result, forget_work, intake_state
from etk_geo.ui.links import ARROW, link
from etk_geo.ui.screening.kept import zone_set
from etk_geo.wording import Words
from etk_geo.workspace import Workspace


def show_supply(
    workspace: Workspace,
    taken: Taken,
    key: object,
    statement: Statement,
    book: RuleBook,
    words: Words,
) -> None:
    """Show what was found of a layer as it is stated, and supply it when the user says so."""
    survey = _survey(workspace, taken, key, words)
    assessment = assess_supply(
        taken, statement, workspace.catalog, book, read_register(workspace.root), survey
    )
    _show_assessment(assessment, words)
    if assessment.doubts:
        answers, box = intake_state().answers, f"supply_accepted_{hash(key)}"
        accepted = answers[box] = st.text_input(
            words.say("supply.form.accepted"), value=answers.get(box, ""), key=box
        ).strip()
        statement = replace(statement, accepted=accepted)
    ready = not assessment.errors and (not assessment.doubts or statement.accepted)
    if st.button(
        words.say("supply.form.supply"), type="primary", disabled=not ready, key="supply_do"
    ):
        forget_work("supply")
        intake_state().supplying = (key, statement)
        st.rerun()


def _survey(workspace: Workspace, taken: Taken, key: object, words: Words) -> Survey:
    def work(running: Running[Survey]) -> Survey:
        return survey_layer(taken, workspace.catalog, running.tell)

    return await_result("supply_survey", key, work, words.lang, can_stop=True)


def show_supplying(
    workspace: Workspace, taken: Taken, key: object, statement: Statement, words: Words
) -> None:
    """Supply a layer as it was stated, show how far that is, and say when it is done."""
    if st.button(words.say("supply.form.back"), key="supply_back", icon=":material/arrow_back:"):
        forget_work("supply")
        intake_state().supplying = None
        st.rerun()
    survey = _survey(workspace, taken, key, words)
    today = date.today()  # noqa: DTZ011 - the calendar of this computer's place

    def work(running: Running[Entry]) -> Entry:
        entry = supply_layer(
            workspace.root, taken, statement, today, survey=survey, tell=running.tell
        )
        running.is_settled = True
        # A layer of very many polygons would hold up the next page: its zones are made here.
        zone_set(cached.workspace(), today)
        return entry

    entry = await_result("supply", (key, statement), work, words.lang, can_stop=True)
    title = statement.title_zh if words.lang == "zh" else statement.title_en
    said = words.say("supply.form.done", title=title, day=entry.valid_from)
    st.success(plain(said))
    st.button(words.say("supply.see_list"), key="supply_see_list", icon=ARROW, on_click=_go_to_list)
    link("coverage", words.say("supply.see_coverage"), icon=ARROW)


def _go_to_list() -> None:
    """Turn this page to the list; an address alone would not change what was chosen on it."""
    st.session_state["intake_source"] = "supplied"


def _show_assessment(assessment: Assessment, words: Words) -> None:
    size = words.say(
        "supply.form.size",
        ha=f"{assessment.digitised_ha:,.2f}",
        mu=f"{ha_to_mu(assessment.digitised_ha):,.1f}",
    )
    figures = {words.say("supply.form.features"): f"{assessment.features:,}"}
    if not assessment.errors:
        figures[words.say("supply.form.digitised")] = size
    if assessment.area is not None:
        area = assessment.area
        figures[words.say("supply.form.gazetted_is")] = f"{area.gazetted_ha:,.2f}"
        figures[words.say("supply.form.difference")] = words.say(
            "supply.form.difference_is",
            difference=f"{area.difference_percent:+.2f}",
            tolerance=f"{area.tolerance_percent:.2f}",
        )
    show_figures(figures)
    for issue in assessment.issues:
        said = describe(worded(issue, words.lang), words.lang)
        if severity(issue) is Severity.ERROR:
            st.error(said)
        else:
            st.warning(said)

"""评估: the yearly or mid-term evaluation, looked at, compared and taken away."""

from __future__ import annotations

from datetime import date

import streamlit as st

from etk_geo.evaluation import Evaluation, explain
from etk_geo.exports import table_csv
from etk_geo.model import Lang
from etk_geo.progress import ProgressBook
from etk_geo.ui import records, state
from etk_geo.ui.evaluated import (
    ask_year,
    compared_rows,
    evaluated,
    gap_rows,
    last_day,
    light_words,
    result_rows,
    status_rows,
)
from etk_geo.ui.evaluation_report_form import show_report, show_rules
from etk_geo.ui.grid import plain, show_figures, show_grid, show_list
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

DATE, SECOND = "date", "compare"
DAY = "evaluate_day"


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    if workspace.plan.targets.empty:
        st.info(words.say("targets.none"))
        return
    book = records.book(workspace, lang)
    left, right = st.columns(2)
    with left:
        year = ask_year(words, "evaluate_year")
    with right:
        day = _ask_day(year, words)
    evaluation = evaluated(workspace, book, year, day)
    lights = evaluation.lights()
    show_figures(
        {
            words.say("sectors.with_target"): str(len(evaluation.results)),
            **{light_words(light, words): str(n) for light, n in lights.items()},
        }
    )
    show_report(workspace, evaluation, words)
    names = ("targets", "projects", "gaps", "compare", "rules")
    targets, projects, gaps, compare, rules = st.tabs([words.say(f"evaluate.{n}") for n in names])
    with targets:
        _show_targets(evaluation, words)
    with projects:
        _show_projects(evaluation, words)
    with gaps:
        show_list(gap_rows(evaluation.gaps, words), words.say("evaluate.gaps"))
    with compare:
        _show_comparison(workspace, book, evaluation, words)
    with rules:
        show_rules(evaluation, words)


def _ask_day(year: int, words: Words) -> date:
    """Ask for the day of the statuses and return it; the last of the year unless said."""
    usual = last_day(year, records.today())
    if DAY not in st.session_state:
        st.session_state[DAY] = st.query_params.get(DATE, "")
    typed = st.text_input(
        words.say("evaluate.day"),
        key=DAY,
        placeholder=usual.isoformat(),
        help=words.say("find.day_help_year"),
    ).strip()
    try:
        day = date.fromisoformat(typed) if typed else usual
    except ValueError:
        st.warning(words.say("evaluate.day_wrong", day=usual.isoformat()))
        return usual
    state.write_address(DATE, typed or None)
    return day


def _show_targets(evaluation: Evaluation, words: Words) -> None:
    table = result_rows(evaluation, evaluation.results, words)
    show_grid(table, words.say("evaluate.targets"))
    st.download_button(
        words.say("mark.csv"),
        table_csv(table),
        f"evaluation_{evaluation.year}.csv",
        "text/csv",
        key="evaluate_csv",
        on_click="ignore",
        icon=":material/download:",
    )
    judged = {r.target["id"]: r for r in evaluation.results if r.actual is not None}
    if not judged:
        st.info(words.say("sectors.no_actuals", year=evaluation.year))
        return
    chosen = st.selectbox(
        words.say("evaluate.arithmetic"),
        list(judged),
        format_func=lambda name: words.name("targets", name),
        key="evaluate_one",
        filter_mode="contains",
    )
    result = judged[chosen]
    rule = evaluation.rules.say(result.rule, words.lang)
    st.markdown(f"**{light_words(result.light, words)}** {plain(rule)}")
    st.markdown("\n".join(f"- {plain(line)}" for line in explain(result, words)))


def _show_projects(evaluation: Evaluation, words: Words) -> None:
    counts = evaluation.statuses()
    show_figures(
        {
            words.code("progress", status) if status else words.say("progress.none"): str(n)
            for status, n in counts.items()
        }
    )
    known = [project for project in evaluation.projects if project.entry is not None]
    for project in known:
        entry = project.entry
        if entry is not None:
            name, status = words.of(project.project, "name"), words.code("progress", project.status)
            source = words.name("sources", entry.said.source)
            said = words.say("mark.gap").join(filter(None, (status, entry.said.date, source)))
            st.markdown(f"- **{plain(name)}** {plain(said)}")


def _show_comparison(
    workspace: Workspace, book: ProgressBook, evaluation: Evaluation, words: Words
) -> None:
    """Draw the year beside another one, and the projects whose status differs."""
    year = ask_year(words, "evaluate_second", parameter=SECOND, label="second_year")
    day = last_day(year, records.today())
    pair = [evaluation, evaluated(workspace, book, year, day)]
    first, second = sorted(pair, key=lambda one: (one.year, one.as_of))
    st.markdown(words.say("evaluate.statuses_differ"))
    changed = status_rows(first, second, words)
    if len(changed):
        show_list(changed, words.say("evaluate.statuses_differ"))
    else:
        st.markdown(words.say("mark.none"))
    show_grid(compared_rows(first, second, words), words.say("evaluate.compare"))

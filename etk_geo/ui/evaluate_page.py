"""评估: the yearly or mid-term evaluation, looked at and taken away."""

from __future__ import annotations

import streamlit as st

from etk_geo.evaluation import Evaluation, explain
from etk_geo.exports import table_csv
from etk_geo.model import Lang
from etk_geo.ui import records
from etk_geo.ui.days import ask_day
from etk_geo.ui.evaluated import (
    ask_year,
    evaluated,
    gap_rows,
    last_day,
    light_words,
    result_rows,
)
from etk_geo.ui.evaluation_report_form import show_report, show_rules
from etk_geo.ui.grid import plain, show_figures, show_grid, show_list
from etk_geo.ui.links import link
from etk_geo.ui.missing import Need, tell_missing, tell_no_entries
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

DAY = "evaluate_day"


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    if Need.TARGETS in tell_missing(workspace, words, Need.TARGETS, Need.PROJECTS, Need.LAYERS):
        return
    book = records.book(workspace, lang)
    tell_no_entries(book, words)
    left, right = st.columns(2)
    with left:
        year = ask_year(words, "evaluate_year")
    with right:
        day = ask_day(
            words,
            last_day(year, records.today()),
            key=DAY,
            label=words.say("evaluate.day"),
            help_=words.say("find.day_help_year"),
        )
    evaluation = evaluated(workspace, book, year, day)
    lights = evaluation.lights()
    show_figures(
        {
            words.say("sectors.with_target"): str(len(evaluation.results)),
            **{light_words(light, words): str(n) for light, n in lights.items()},
        }
    )
    show_report(workspace, evaluation, words)
    link(
        "compare",
        words.say("compare.open"),
        icon=":material/compare:",
        by="years",
        second=str(year),
    )
    names = ("targets", "projects", "gaps", "rules")
    targets, projects, gaps, rules = st.tabs([words.say(f"evaluate.{n}") for n in names])
    with targets:
        _show_targets(evaluation, words)
    with projects:
        _show_projects(evaluation, words)
    with gaps:
        show_list(gap_rows(evaluation.gaps, words), words.say("evaluate.gaps"))
    with rules:
        show_rules(evaluation, words)


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

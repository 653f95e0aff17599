"""领域看板: how far the targets of each sector and the projects are, to look at first."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from etk_geo.evaluation import Evaluation, Light
from etk_geo.model import Lang
from etk_geo.progress import Status
from etk_geo.ui import records
from etk_geo.ui.charts import LIGHTS, STATUS_MARKS, STATUSES, show_counts
from etk_geo.ui.evaluated import (
    LIGHT_MARKS,
    ask_year,
    evaluated,
    last_day,
    light_words,
    result_rows,
)
from etk_geo.ui.grid import plain, show_figures, show_grid
from etk_geo.ui.links import link
from etk_geo.ui.missing import Need, tell_missing, tell_no_entries
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

SECTOR = "sectors_sector"
NO_DATA = ""


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    if Need.TARGETS in tell_missing(workspace, words, Need.TARGETS, Need.PROJECTS):
        return
    year = ask_year(words, "sectors_year")
    book = records.book(workspace, lang)
    tell_no_entries(book, words)
    evaluation = evaluated(workspace, book, year, last_day(year, records.today()))
    _show_totals(evaluation, words)
    if book.entries and all(result.actual is None for result in evaluation.results):
        st.info(words.say("sectors.no_actuals", year=year))
    st.subheader(words.say("sectors.targets"), anchor=False)
    _show_lights(evaluation, words)
    st.subheader(words.say("sectors.projects"), anchor=False)
    _show_statuses(evaluation, words)
    _show_sector(evaluation, words)


def _show_totals(evaluation: Evaluation, words: Words) -> None:
    lights, statuses = evaluation.lights(), evaluation.statuses()
    known = len(evaluation.projects) - statuses[None]
    show_figures(
        {
            words.say("sectors.with_target"): str(len(evaluation.results)),
            **{light_words(light, words): str(n) for light, n in lights.items()},
            words.say("sectors.with_status"): f"{known} / {len(evaluation.projects)}",
        }
    )


def _show_lights(evaluation: Evaluation, words: Words) -> None:
    counts = [
        (words.code("sector", sector), str(light), sum(r.light is light for r in results))
        for sector, results in evaluation.by_sector().items()
        for light in Light
    ]
    names = {str(light): words.say(f"evaluation.light.{light}") for light in Light}
    show_counts(counts, names, LIGHTS, {str(light): mark for light, mark in LIGHT_MARKS.items()})


def _show_statuses(evaluation: Evaluation, words: Words) -> None:
    """Draw the projects by layer, which is how the plan groups them on the map."""
    layers: dict[str, Counter[str]] = {}
    for project in evaluation.projects:
        name = words.name("categories", project.project["category"])
        layers.setdefault(name, Counter())[str(project.status or NO_DATA)] += 1
    names = {str(status): words.code("progress", status) for status in Status}
    names[NO_DATA] = words.say("progress.none")
    counts = [(layer, code, found[code]) for layer, found in layers.items() for code in names]
    show_counts(counts, names, STATUSES, STATUS_MARKS)


def _show_sector(evaluation: Evaluation, words: Words) -> None:
    """Draw the targets of one sector, with the way to each."""
    sectors = evaluation.by_sector()
    chosen = st.pills(
        words.say("column.sector"),
        list(sectors),
        default=next(iter(sectors), None),
        required=True,
        format_func=lambda code: plain(words.code("sector", code)),
        key=SECTOR,
    )
    results = sectors.get(str(chosen), [])
    if not results:
        return
    show_grid(result_rows(evaluation, results, words), words.code("sector", chosen))
    with st.expander(words.say("sectors.open_one")):
        for result in results:
            name = plain(words.of(result.target, "name"))
            link("target", name, target=result.target["id"])

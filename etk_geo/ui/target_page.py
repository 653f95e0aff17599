"""指标: one figure of the plan: baseline, target, what was reached, and what carries it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from etk_geo.evaluation import DOUBTS, explain, gaps_of, judge, open_rules
from etk_geo.model import Lang
from etk_geo.plan import records
from etk_geo.progress import ProgressBook, Topic
from etk_geo.ui import cached, state
from etk_geo.ui import records as entries
from etk_geo.ui.charts import show_course
from etk_geo.ui.choice import choose_row
from etk_geo.ui.evaluated import light_words
from etk_geo.ui.grid import plain, show_figures, show_list
from etk_geo.ui.links import link
from etk_geo.ui.missing import Need, tell_missing, tell_no_entries
from etk_geo.ui.record_form import show_record
from etk_geo.ui.rows import joined_rows, target_text
from etk_geo.wording import Words
from etk_geo.workspace import Workspace


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    if Need.TARGETS in tell_missing(workspace, words, Need.TARGETS, Need.PROJECTS, Need.LAYERS):
        return
    row = choose_row(
        workspace.plan.targets,
        lambda one: words.join([words.of(one, "name"), words.code("sector", one["sector"])]),
        label=words.say("targets.choose"),
        parameter=state.TARGET,
        key="target_choice",
    )
    book = entries.book(workspace, lang)
    tell_no_entries(book, words)
    actuals = book.actuals(row["id"])
    values = {year: float(entry.said.value or 0) for year, entry in actuals.items()}
    _show_figures(row, values, words)
    _show_arithmetic(workspace, row, book, words)
    show_course(row, values, words)
    st.markdown(f"**{words.say('column.citations')}**  \n{plain(words.citations(row['citation']))}")
    if note := words.of(row, "note"):
        st.caption(plain(note))
    _show_carriers(workspace, row["id"], words)
    st.subheader(words.say("record.title"), anchor=False)
    show_record(workspace, book, Topic.ACTUAL, row["id"], words)


def _show_figures(row: Mapping[str, Any], values: Mapping[int, float], words: Words) -> None:
    """Draw baseline, target and the newest value that was reached."""
    newest = max(values, default=None)
    reached = words.say("progress.none")
    if newest is not None:
        amount = words.quantity(words.amount(values[newest]), row["unit"])
        reached = words.say("record.year_value", year=newest, value=amount)

    def figure(value: str) -> str:
        return words.quantity(value, row["unit"]) if value else words.say("targets.no_value")

    show_figures(
        {
            words.say("column.baseline_2020"): figure(words.amount(row["baseline_2020"])),
            words.say("column.target_2025"): figure(target_text(row, words)),
            words.say("target.reached"): reached,
            words.say("column.measure"): words.code("measure", row["measure"]),
        }
    )


def _show_arithmetic(
    workspace: Workspace, row: Mapping[str, Any], book: ProgressBook, words: Words
) -> None:
    """Draw gap, needed pace and share reached as one would check them by hand, and the light."""
    rules = open_rules(workspace.root)
    result = judge(row, book.actuals(row["id"]), entries.today().year, rules)
    for gap in gaps_of(result):
        if gap.kind in DOUBTS:
            said = words.say(f"evaluation.gap.{gap.kind}")
            st.warning(
                plain(words.say("record.dated", what=said, date=gap.detail)) if gap.detail else said
            )
    lines = explain(result, words)
    if lines:
        mark = light_words(result.light, words)
        rule = plain(rules.say(result.rule, words.lang))
        st.markdown(f"**{mark}** {rule}")
        st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def _show_carriers(workspace: Workspace, target: str, words: Words) -> None:
    """Draw the projects and places that carry the target."""
    joins = cached.joins(workspace)
    st.subheader(words.say("target.carriers"), anchor=False)
    projects = records(joins.projects[joins.projects["target_id"] == target])
    for project in projects:
        name = plain(words.of(project, "name"))
        link("project", name, icon=":material/construction:", project=project["project_id"])
    if not projects and not workspace.plan.projects.empty:
        st.markdown(words.say("target.no_projects"))
    table = joined_rows(joins, target, workspace.catalog.layers, words)
    if len(table):
        show_list(table, words.say("target.carriers"))

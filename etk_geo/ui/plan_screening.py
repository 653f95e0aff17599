"""What screening says of one project of the plan, on the data held here; worked out once."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from etk_geo.model import Lang
from etk_geo.rules import RuleBook, read_rules
from etk_geo.screening.cards import ProjectResult, project_result
from etk_geo.screening.findings import Screening, screen_projects
from etk_geo.screening.projects import plan_projects
from etk_geo.screening.zones import collect_zones
from etk_geo.ui.grid import plain, show_list
from etk_geo.wording import Words
from etk_geo.workspace import Workspace


def screening(workspace: Workspace, as_of: date) -> tuple[Screening, RuleBook]:
    """Return the screening of all projects of the plan on a day, and its rules."""
    return _screened(str(workspace.root), workspace.state, as_of, workspace)


@st.cache_resource(max_entries=4, show_spinner=False)
def _screened(
    root: str,  # noqa: ARG001
    state: str,  # noqa: ARG001
    as_of: date,
    _workspace: Workspace,
) -> tuple[Screening, RuleBook]:
    book = read_rules(_workspace.root)
    zones = collect_zones(_workspace.catalog, book, on=as_of)
    projects = plan_projects(_workspace.catalog, _workspace.plan)
    return screen_projects(projects, zones, book, as_of), book


def result_of(workspace: Workspace, project: str, as_of: date, lang: Lang) -> ProjectResult:
    """Return in words what was found of a project.

    Raises
    ------
    KeyError
        If the plan has no such project.
    """
    found, book = screening(workspace, as_of)
    titles = {
        layer.id: getattr(layer.provenance, f"title_{lang}")
        for layer in workspace.catalog.layers.values()
    }
    return project_result(found, project, book, lang, titles)


def show_screening(workspace: Workspace, project: str, as_of: date, words: Words) -> None:
    """Draw the consequence of a project and the zones behind it."""
    result = result_of(workspace, project, as_of, words.lang)
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

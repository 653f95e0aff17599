"""What is in one cell of the matrix: the zones of one project and family or type."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from etk_geo.plan import records
from etk_geo.screening.cards import SEVERITY, findings_of
from etk_geo.screening.findings import Screening
from etk_geo.screening.matrix import UNTYPED
from etk_geo.screening.outputs import holder, zone_name
from etk_geo.screening.outputs import words as say
from etk_geo.screening.zones import Zone
from etk_geo.ui.grid import show_grid
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.marks import CONSEQUENCE, VERDICT
from etk_geo.ui.screening.opinion_words import Latest, opinion_words
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

ALL = "all"


def show_cell(
    workspace: Workspace,
    screening: Screening,
    project_id: str,
    column: tuple[str | None, str],
    opinions: Latest,
    words: Words,
) -> None:
    """Draw the zones of a project that a column counts, the strictest first.

    ``screening`` has the findings of the project. ``column`` is its code, ``None`` for all zones,
    and the family that the matrix shows.
    """
    code, family = column
    if st.button(
        words.say("screen.open_project"), key="screen_open", icon=":material/open_in_full:"
    ):
        st.session_state["screen_go_to"] = "project"
        st.session_state["screen_go_to_project"] = project_id
        st.rerun()
    zones = {
        zone.id: zone
        for zone in screening.zones
        if code is None or _counts(zone, code, family, workspace)
    }
    rows = [row for row in records(findings_of(screening, project_id)) if row["zone_id"] in zones]
    rows.sort(key=lambda row: -SEVERITY[str(row["consequence"])])
    book, lang = kept.rule_book(workspace), words.lang
    table = {
        "zone": [zone_name(zones[row["zone_id"]], lang) for row in rows],
        "consequence": [_marked(CONSEQUENCE, "consequence", row, words) for row in rows],
        "verdict": [_marked(VERDICT, "verdict", row, words) for row in rows],
        "possible": [say("consequence", str(row["possible"]), lang) for row in rows],
        "reason": [say("reason", str(row["reason"]), lang) for row in rows],
        "holder": [holder(zones[row["zone_id"]], book, lang) for row in rows],
    }
    headed = {words.say(f"screening.column.{name}"): cells for name, cells in table.items()}
    judged = [opinion_words(opinions.get((project_id, row["zone_id"])), words) for row in rows]
    if any(judged):
        headed[words.say("archive.opinions")] = judged
    show_grid(pd.DataFrame(headed), words.say("screen.view_matrix"))


def _marked(
    looks: Mapping[str, tuple[str, str]], domain: str, row: Mapping[str, object], words: Words
) -> str:
    code = str(row[domain])
    return f"{looks[code][0]} {say(domain, code, words.lang)}"


def _counts(zone: Zone, column: str, family: str, workspace: Workspace) -> bool:
    book = kept.rule_book(workspace)
    if column == UNTYPED:
        return not zone.zone_types
    if family == ALL:
        return any(book.zone_types[code].family == column for code in zone.zone_types)
    return any(column in book.ancestors(code) for code in zone.zone_types)

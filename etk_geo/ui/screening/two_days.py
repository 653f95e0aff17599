"""The plan's projects under the law of two days, and exactly what differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from etk_geo.plan import records
from etk_geo.rules import RuleBook
from etk_geo.screening.comparison import ScreeningComparison, compare_screenings
from etk_geo.screening.outputs import cite, zone_name
from etk_geo.screening.outputs import words as say
from etk_geo.ui.grid import plain, show_grid
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.inputs import EARLIEST, LATEST
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

DAYS = (date(2026, 3, 14), date(2026, 3, 15))
"""To begin with: the last day of the old reserve law and the first of the new one."""


def show_two_days(workspace: Workspace, words: Words) -> None:
    """Ask for two days and draw which rules and which findings differ between them."""
    days = []
    for column, name, default in zip(st.columns(2), ("first", "second"), DAYS, strict=True):
        day = column.date_input(
            words.say(f"archive.{name}_day"),
            value=default,
            min_value=EARLIEST,
            max_value=LATEST,
            format="YYYY-MM-DD",
            key=f"archive_{name}_day",
        )
        days.append(day if isinstance(day, date) else default)
    if not st.button(words.say("archive.compare"), key="archive_compare"):
        return
    with st.spinner(words.say("archive.working")):
        book = kept.rule_book(workspace)
        before, after = (kept.plan_screening(workspace, day) for day in days)
        compared = compare_screenings(before, after, book)
    for key, rules in (("ended", compared.law.ended), ("begun", compared.law.begun)):
        _show_rules(words.say(f"archive.rules_{key}"), rules, book, words)
    names = dict(
        zip(before.projects["project_id"], before.projects[f"name_{words.lang}"], strict=True)
    )
    zones = {z.id: zone_name(z, words.lang) for s in (before, after) for z in s.zones}
    table = _pairs_table(compared, names, zones, words)
    st.markdown(f"**{words.say('screening.compare.pairs_differ', n=len(table))}**")
    if len(table):
        show_grid(table, words.say("archive.two_days"))


def _show_rules(title: str, rules: Sequence[str], book: RuleBook, words: Words) -> None:
    lines = [f"- {plain(cite(book.by_id[code], words.lang))}" for code in rules]
    st.markdown(f"**{title}**\n\n" + ("\n".join(lines) or words.say("mark.none")))


def _pairs_table(
    compared: ScreeningComparison, names: dict[str, str], zones: dict[str, str], words: Words
) -> pd.DataFrame:
    rows = [
        {
            words.say("screening.column.project"): names[row["project_id"]],
            words.say("screening.column.zone"): zones[row["zone_id"]],
            **{
                words.say(f"archive.{side}_day"): words.join(
                    (
                        say("verdict", row[f"verdict_{end}"], words.lang),
                        say("consequence", row[f"consequence_{end}"], words.lang),
                        row[f"rules_{end}"].replace(";", ", "),
                        f"({row[f'rules_open_{end}'].replace(';', ', ')})"
                        if row[f"rules_open_{end}"]
                        else "",
                    )
                )
                for side, end in (("first", "before"), ("second", "after"))
            },
        }
        for row in records(compared.pairs)
    ]
    return pd.DataFrame(rows)

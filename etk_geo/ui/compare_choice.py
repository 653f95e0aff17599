"""What is compared: two dates or two years, and which target is on the map."""

from __future__ import annotations

from datetime import date

import streamlit as st

from etk_geo.evaluation import Comparison, Evaluation
from etk_geo.progress import ProgressBook
from etk_geo.ui import records, state
from etk_geo.ui.compared import Titles
from etk_geo.ui.days import ask_day
from etk_geo.ui.evaluated import ask_year, evaluated, last_day
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

BY, FIRST, SECOND, TARGET = "by", "first", "second", "target"
DAYS, YEARS = "days", "years"
ALL = ""


def ask_kind(words: Words) -> str:
    """Ask whether dates or years are compared."""
    kinds = (DAYS, YEARS)
    chosen = st.segmented_control(
        words.say("compare.by"),
        kinds,
        default=kinds[state.address_index(BY, kinds)],
        required=True,
        format_func=lambda kind: words.say(f"compare.by_{kind}"),
        key="compare_by",
    )
    state.write_address(BY, str(chosen))
    return str(chosen)


def two_days(
    workspace: Workspace, book: ProgressBook, words: Words
) -> tuple[Evaluation, Evaluation, Titles]:
    """Ask for two days, and return the state on each, the earlier one first."""
    today = records.today()
    usual = (date(today.year - 1, 12, 31), today)
    days = []
    for column, name, day in zip(st.columns(2), (FIRST, SECOND), usual, strict=True):
        with column:
            label, said = words.say(f"compare.{name}_day"), words.say("compare.day_help")
            days.append(
                ask_day(
                    words, day, key=f"compare_{name}_day", label=label, help_=said, parameter=name
                )
            )
    one, other = (evaluated(workspace, book, day.year, day) for day in sorted(days))
    return one, other, (one.as_of.isoformat(), other.as_of.isoformat())


def two_years(
    workspace: Workspace, book: ProgressBook, words: Words
) -> tuple[Evaluation, Evaluation, Titles]:
    """Ask for two years, and return the state of each, the earlier one first."""
    years = []
    for column, name, back in zip(st.columns(2), (FIRST, SECOND), (2, 1), strict=True):
        with column:
            label = words.say(f"compare.{name}_year")
            years.append(
                ask_year(words, f"compare_{name}_year", label=label, parameter=name, back=back)
            )
    today = records.today()
    one, other = (evaluated(workspace, book, y, last_day(y, today)) for y in sorted(years))
    titles = (words.say("compare.year", year=one.year), words.say("compare.year", year=other.year))
    return one, other, titles


def ask_target(comparison: Comparison, words: Words) -> str:
    """Ask for one target, or all of them; those that differ come first."""
    pairs = sorted(comparison.targets, key=lambda pair: not pair.differs)
    names = {ALL: words.say("compare.all_targets")}
    for pair in pairs:
        name = words.of(pair.target, "name")
        names[pair.id] = words.say("compare.differs", name=name) if pair.differs else name
    ids = list(names)
    chosen = st.selectbox(
        words.say("targets.choose"),
        ids,
        index=state.address_index(TARGET, ids),
        format_func=lambda one: names[one],
        key="compare_target",
        filter_mode="contains",
    )
    state.write_address(TARGET, chosen or None)
    return chosen

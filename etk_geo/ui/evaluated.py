"""Evaluations as the pages show them: the year, tables of results, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from etk_geo.evaluation import Evaluation, Gap, Light, Result, evaluate, open_rules
from etk_geo.evaluation.explain import percent
from etk_geo.progress import ProgressBook
from etk_geo.ui import records, state
from etk_geo.ui.rows import target_text
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

YEAR = "year"
FIRST_YEAR = 2021
LIGHT_MARKS: Mapping[Light, str] = {
    Light.GREEN: "●",
    Light.AMBER: "▲",
    Light.RED: "■",
    Light.GREY: "○",
}
"""Told apart by shape, so that no reader depends on the colour."""


def ask_year(
    words: Words, key: str, *, parameter: str = YEAR, label: str = "", back: int = 1
) -> int:
    """Ask for a year, which the address keeps; at first the one so many years ``back``."""
    today = records.today()
    years = [str(year) for year in range(today.year, FIRST_YEAR - 1, -1)]
    asked = st.query_params.get(parameter)
    start = years.index(asked) if asked in years else min(back, len(years) - 1)
    chosen = st.selectbox(
        label or words.say("evaluate.year"), years, index=start, key=key, filter_mode=None
    )
    state.write_address(parameter, chosen)
    return int(chosen)


def last_day(year: int, today: date) -> date:
    """Return the day of the statuses of a year: its last one, or today if that comes first."""
    return min(date(year, 12, 31), today)


def evaluated(workspace: Workspace, book: ProgressBook, year: int, day: date) -> Evaluation:
    """Return the evaluation of a year with the statuses of a day.

    Raises
    ------
    DataError
        If ``data/evaluation_rules.toml`` is not sound.
    """
    return evaluate(workspace.plan, book, open_rules(workspace.root), year, day)


def light_words(light: Light, words: Words) -> str:
    """Return a light as mark and word."""
    return f"{LIGHT_MARKS[light]} {words.say(f'evaluation.light.{light}')}"


def actual_words(result: Result, words: Words) -> str:
    """Return the latest actual value with its year, or that there is no progress data."""
    if result.actual is None:
        return words.say("progress.none")
    amount = words.quantity(words.amount(result.actual), result.target["unit"])
    return words.say("record.year_value", year=result.actual_year, value=amount)


def result_rows(evaluation: Evaluation, results: Iterable[Result], words: Words) -> pd.DataFrame:
    """Return targets with baseline, target, actual, share reached, light and its rule."""
    rows = [
        {
            words.say("column.name"): words.of(result.target, "name"),
            words.say("evaluate.light"): light_words(result.light, words),
            words.say("target.reached"): actual_words(result, words),
            words.say("column.target_2025"): target_text(result.target, words),
            words.say("column.baseline_2020"): words.amount(result.target["baseline_2020"]),
            words.say("column.unit"): words.code("unit", result.target["unit"]),
            words.say("evaluate.share"): percent(result.share),
            words.say("evaluate.rule"): evaluation.rules.say(result.rule, words.lang),
            words.say("column.citations"): words.join(result.target["citation"]),
        }
        for result in results
    ]
    return pd.DataFrame(rows)


def gap_rows(gaps: Sequence[Gap], words: Words) -> pd.DataFrame:
    """Return what data is missing, grouped by kind: how many, and of what."""
    by_kind: dict[str, list[str]] = {}
    for gap in gaps:
        name = words.name("targets", gap.subject)
        if name == gap.subject:
            name = words.name("projects", gap.subject)
        by_kind.setdefault(words.say(f"evaluation.gap.{gap.kind}"), []).append(name)
    rows = [
        {
            words.say("evaluate.gap"): kind,
            words.say("evaluate.count"): len(names),
            words.say("evaluate.concerned"): words.join(names),
        }
        for kind, names in by_kind.items()
    ]
    return pd.DataFrame(rows)

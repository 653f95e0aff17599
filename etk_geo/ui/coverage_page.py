"""数据覆盖: every zone type that the plan or a rule names, and what is held of it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from etk_geo.exports import table_csv
from etk_geo.model import Lang
from etk_geo.screening.coverage import ORDER, worst_effect
from etk_geo.screening.ledger import Holding, LedgerRow
from etk_geo.screening.outputs import words as say
from etk_geo.ui import state
from etk_geo.ui.grid import show_grid
from etk_geo.ui.links import ARROW, link
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.inputs import AS_OF, ask_day
from etk_geo.ui.screening.ledger_view import HOLDING_SYMBOL, ledger_table, show_counts
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

HOLDING, FAMILY = "holding", "family"


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw counts, filters, the ledger, and the way to supply what is missing."""
    words = Words(workspace.plan, lang)
    as_of = ask_day(words, AS_OF)
    rows = sorted(kept.ledger(workspace, as_of), key=lambda row: ORDER[row.holding])
    show_counts(rows, words)
    link("intake", words.say("coverage.supply"), icon=ARROW)
    shown = _filter(rows, words)
    book = kept.rule_book(workspace)
    effects = [worst_effect(book, row.zone_type, [], as_of) for row in shown]
    pairs = list(zip(shown, effects, strict=True))
    table = ledger_table(pairs, words, kept.titles(workspace, lang))
    st.caption(words.say("coverage.shown", n=len(shown), all=len(rows)))
    if shown:
        show_grid(table, words.say("coverage.title"))
    st.download_button(
        words.say("mark.csv"),
        table_csv(table),
        "coverage.csv",
        "text/csv",
        key="coverage_csv",
        on_click="ignore",
        icon=":material/download:",
    )
    st.caption(words.say("coverage.how"))


def _filter(rows: Sequence[LedgerRow], words: Words) -> list[LedgerRow]:
    asked = st.query_params.get(HOLDING)
    holding = st.pills(
        words.say("coverage.holding"),
        list(HOLDING_SYMBOL),
        default=asked if asked in list(Holding) else None,
        format_func=lambda code: f"{HOLDING_SYMBOL[code]} {say('holding', code, words.lang)}",
        key="coverage_holding",
    )
    state.write_address(HOLDING, holding)
    first, second = st.columns(2)
    families = list(dict.fromkeys(row.family for row in rows))
    with first:
        asked = st.query_params.get(FAMILY)
        family = st.selectbox(
            words.say("coverage.family"),
            families,
            index=families.index(asked) if asked in families else None,
            format_func=lambda code: words.say(f"coverage.family_{code}"),
            key="coverage_family",
            placeholder=words.say("screen.filter_all"),
        )
        state.write_address(FAMILY, family)
    search = second.text_input(words.say("screen.search"), key="coverage_search").strip().lower()
    return [
        row
        for row in rows
        if holding in (None, row.holding)
        and family in (None, row.family)
        and search in _words_of(row)
    ]


def _words_of(row: LedgerRow) -> str:
    parts = (row.name_zh, row.name_en, row.holder_zh, row.holder_en, row.zone_type)
    return " ".join(parts).lower()

"""The coverage ledger beside a choice of projects: what matters to them, the missing first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from etk_geo.maps.escape import Html, element, html_text
from etk_geo.model import is_known
from etk_geo.rules import Effect
from etk_geo.screening.coverage import missing_by_holder, relevant_rows
from etk_geo.screening.ledger import Holding, LedgerRow
from etk_geo.screening.outputs import words as say
from etk_geo.ui.grid import show_figures, show_grid
from etk_geo.ui.links import ARROW, link
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.kept import Inquiry
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

HOLDING_SYMBOL = {
    Holding.MISSING: "∅",
    Holding.APPROXIMATE: "≈",
    Holding.HELD: "●",
    Holding.SUPERSEDED: "†",
}


def show_ledger(workspace: Workspace, inquiry: Inquiry, words: Words) -> None:
    """Draw what of the zone types that matter to the chosen projects is held, and by whom not."""
    as_of, day = inquiry.terms.as_of, inquiry.terms.decided_on or inquiry.terms.as_of
    book = kept.rule_book(workspace)
    categories = {str(code) for code in inquiry.projects["category"]}
    asked = set() if "" in categories else categories
    rows = relevant_rows(kept.ledger(workspace, as_of), book, asked, day)
    st.markdown(f"**{words.say('screen.ledger', n=len(rows))}**")
    show_counts([row for row, _ in rows], words)
    gathered = missing_by_holder(rows, words.lang)
    if gathered:
        st.markdown(words.say("screen.ledger_missing"))
        st.html(
            element("div", *(_holder(who, held, words) for who, held in gathered), css="etk-gaps")
        )
    with st.expander(words.say("screen.ledger_table")):
        show_grid(
            ledger_table(rows, words, kept.titles(workspace, words.lang)),
            words.say("coverage.title"),
        )
    link("coverage", words.say("coverage.title"), icon=ARROW)


def show_counts(rows: Sequence[LedgerRow], words: Words) -> None:
    """Draw how many zone types are missing, approximate, held and superseded."""
    counts = Counter(row.holding for row in rows)
    show_figures(
        {
            f"{symbol} {say('holding', str(holding), words.lang)}": str(counts[holding])
            for holding, symbol in HOLDING_SYMBOL.items()
        }
    )


def _holder(who: str, held: Sequence[tuple[LedgerRow, Effect]], words: Words) -> Html:
    label = words.say("screen.holder", holder=who or words.say("mark.unknown"), n=len(held))
    items = [
        element(
            "li",
            html_text(
                words.say(
                    "screen.holder_type",
                    name=getattr(row, f"name_{words.lang}"),
                    effect=say("consequence", str(effect), words.lang),
                )
            ),
        )
        for row, effect in held
    ]
    return element("details", element("summary", html_text(f"∅ {label}")), element("ul", *items))


def ledger_table(
    rows: Sequence[tuple[LedgerRow, Effect | None]], words: Words, titles: Mapping[str, str]
) -> pd.DataFrame:
    """Return rows of the ledger in words; ``titles`` are those of the layers."""
    lang = words.lang
    return pd.DataFrame(
        {
            words.say(f"coverage.{name}"): values
            for name, values in {
                "type": [getattr(row, f"name_{lang}") for row, _ in rows],
                "holding": [
                    f"{HOLDING_SYMBOL[row.holding]} {say('holding', str(row.holding), lang)}"
                    for row, _ in rows
                ],
                "effect": [
                    say("consequence", str(effect), lang) if effect else "" for _, effect in rows
                ],
                "why": [say("reason", ";".join(map(str, row.barriers)), lang) for row, _ in rows],
                "holder": [getattr(row, f"holder_{lang}") for row, _ in rows],
                "features": [f"{row.checkable}/{row.features}" for row, _ in rows],
                "layers": [
                    words.join(titles.get(layer, layer) for layer, _ in row.layers)
                    for row, _ in rows
                ],
                "as_of": [words.join(row.as_of) for row, _ in rows],
                "accuracy": [_accuracy(row, words) for row, _ in rows],
                "plan": [words.join(row.named_by_plan) for row, _ in rows],
                "rules": [words.join(row.named_by_rules) for row, _ in rows],
                "note": [getattr(row, f"note_{lang}") for row, _ in rows],
            }.items()
        }
    )


def _accuracy(row: LedgerRow, words: Words) -> str:
    if not row.checkable:
        return ""
    least, most = row.accuracy_m
    if least is None or most is None or not is_known(most):
        return words.say("environment.accuracy_unknown")
    return f"±{words.metres(most)}"

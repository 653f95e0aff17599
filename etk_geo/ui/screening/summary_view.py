"""What a screening found and what it does not know, in a sentence; which data to ask for first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from etk_geo.exports import table_csv
from etk_geo.maps.escape import element, html_text
from etk_geo.screening.consequence import CANNOT_JUDGE
from etk_geo.screening.findings import CONSEQUENCES
from etk_geo.screening.found import found_sentence
from etk_geo.screening.outputs import STRICT
from etk_geo.screening.wanted import Wanted, Wants
from etk_geo.ui.grid import plain, show_grid
from etk_geo.ui.links import link
from etk_geo.ui.screening.kept import Found
from etk_geo.ui.screening.marks import CONSEQUENCE
from etk_geo.wording import Words

LINKED = 5
"""Layers that have a link to supply them; the table has them all."""


def show_summary(screening: Found, wants: Wants | None, words: Words) -> None:
    """Say in a sentence what was found of how many projects, and what is not known.

    With ``wants``, the missing data is named below, with who holds it.
    """
    counts = {
        str(code): int(n) for code, n in screening.projects["consequence"].value_counts().items()
    }
    worst = next((code for code in (*STRICT, CANNOT_JUDGE, *CONSEQUENCES) if code in counts), "")
    lines = [element("p", html_text(line)) for line in unknown_lines(wants, words)] if wants else []
    title = element("b", html_text(f"{CONSEQUENCE[worst][0]} {found_sentence(counts, words)}"))
    st.html(element("div", title, *lines, css=f"etk-head etk-c-{worst}"))


def unknown_lines(wants: Wants, words: Words) -> list[str]:
    """Say what is missing, the data that may hide most first, with who holds it."""
    said = []
    if wants.layers:
        first = wants.layers[0]
        said.append(
            words.say(
                "summary.missing",
                kinds=len(wants.layers),
                pairs=wants.open,
                first=_name(first, words),
                holder=_holder(first, words),
            )
        )
    if wants.unplaced:
        said.append(words.say("summary.unplaced", n=len(wants.unplaced)))
    if wants.imprecise:
        said.append(words.say("summary.imprecise", n=wants.imprecise))
    return said


def show_wanted(wants: Wants, words: Words) -> None:
    """Draw which data would let most pairs be compared, with the way to supply it."""
    if not wants.layers:
        return
    st.markdown(words.say("summary.wanted_about"))
    for wanted in wants.layers[:LINKED]:
        label = words.say(
            "summary.wanted_line",
            name=_name(wanted, words),
            holder=_holder(wanted, words),
            pairs=wanted.pairs,
            prohibited=wanted.prohibited,
        )
        link("intake", plain(label), icon=":material/upload_file:", supply=wanted.kind.code)
    if wants.unplaced:
        label = words.say("summary.unplaced_link", n=len(wants.unplaced))
        link("unplaced", plain(label), icon=":material/wrong_location:")
    table = wanted_table(wants, words)
    show_grid(table, words.say("summary.wanted"))
    st.download_button(
        words.say("mark.csv"),
        table_csv(table),
        "wanted.csv",
        "text/csv",
        key="screen_wanted_csv",
        on_click="ignore",
        icon=":material/download:",
    )


def wanted_table(wants: Wants, words: Words) -> pd.DataFrame:
    """Return all data that is waited for in words, the most useful first."""
    rows = [
        {
            "rank": number,
            "type": _name(wanted, words),
            "holder": _holder(wanted, words),
            "pairs": wanted.pairs,
            "prohibited": wanted.prohibited,
            "needs_approval": wanted.needs_approval,
            "projects": wanted.projects,
        }
        for number, wanted in enumerate(wants.layers, start=1)
    ]
    table = pd.DataFrame(rows)
    return table.rename(columns={name: words.say(f"summary.{name}") for name in table.columns})


def _name(wanted: Wanted, words: Words) -> str:
    return str(getattr(wanted.kind, f"name_{words.lang}"))


def _holder(wanted: Wanted, words: Words) -> str:
    return str(getattr(wanted.kind, f"holder_{words.lang}")) or words.say("mark.unknown")

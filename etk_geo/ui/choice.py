"""Choosing: one of the plan's rows, which the address keeps, or a page of a long list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from etk_geo.plan import records
from etk_geo.ui import state
from etk_geo.wording import Words

Row = Mapping[str, Any]


def choose_row(
    table: pd.DataFrame, say: Callable[[Row], str], *, label: str, parameter: str, key: str
) -> Row:
    """Draw the choice of a row of a table of the plan and return the row.

    Parameters
    ----------
    table
        With a column ``id``; not empty.
    say
        What a row is called.
    label
        Of the choice.
    parameter
        Of the address, which keeps the id.
    key
        Session key.
    """
    rows = {row["id"]: row for row in records(table)}
    ids = list(rows)
    chosen = st.selectbox(
        label,
        ids,
        index=state.address_index(parameter, ids),
        format_func=lambda name: say(rows[name]),
        key=key,
        filter_mode="contains",
    )
    state.write_address(parameter, chosen)
    return rows[chosen]


MOST_OPTIONS = 1000
"""So many rows a browser lists at once without a halt."""


def find_rows(
    table: pd.DataFrame, columns: Sequence[str], asked: str | None, key: str, words: Words
) -> pd.DataFrame:
    """Return the rows to choose from: all of a short table, of a long one those that are asked for.

    How many are left out is said.

    Parameters
    ----------
    table
        Its first column named in ``columns`` is the id.
    columns
        Text columns that are looked through.
    asked
        Id of the row that the address names, offered while nothing else is asked for.
    key
        Session key of the box.
    words
        Language.
    """
    if len(table) <= MOST_OPTIONS:
        return table
    said = st.text_input(
        words.say("screen.find", n=f"{len(table):,}"), key=key, icon=":material/search:"
    ).strip()
    if said:
        found = np.zeros(len(table), dtype=bool)
        for name in columns:
            found |= table[name].str.contains(said, case=False, regex=False).to_numpy()
        table = table[found]
    first = table.iloc[:MOST_OPTIONS]
    if len(table) > MOST_OPTIONS:
        st.caption(words.say("screen.find_more", n=f"{len(table):,}", first=f"{MOST_OPTIONS:,}"))
    elif said and table.empty:
        st.caption(words.say("screen.find_none"))
    if not said and asked is not None and not (first[columns[0]] == asked).any():
        first = pd.concat([table[table[columns[0]] == asked], first])
    return first


def ask_page(count: int, size: int, key: str, words: Words) -> slice:
    """Ask which part of a long list is to be shown; a list that fits is shown whole.

    Parameters
    ----------
    count
        Entries of the list.
    size
        Entries of a page.
    key
        Session key.
    words
        Language.
    """
    pages = -(-count // size)
    if pages <= 1:
        return slice(None)
    page = st.selectbox(
        words.say("screen.page"),
        range(pages),
        format_func=lambda number: words.say(
            "screen.page_of",
            first=number * size + 1,
            last=min((number + 1) * size, count),
            all=count,
        ),
        key=key,
        filter_mode=None,
    )
    return slice(page * size, (page + 1) * size)

"""The matrix: projects by families or types of zone, sorted, filtered, and opened by a click."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from etk_geo.exports import table_csv
from etk_geo.model import Lang
from etk_geo.screening.findings import CONSEQUENCES, STRICTNESS
from etk_geo.screening.matrix import (
    RANK_STEP,
    UNTYPED,
    Matrix,
    by_family,
    by_type,
    families_of,
)
from etk_geo.screening.outputs import words as say
from etk_geo.screening.overview import Overview
from etk_geo.screening.standing import STANDINGS
from etk_geo.ui.choice import ask_page
from etk_geo.ui.grid import plain
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.cell_view import show_cell
from etk_geo.ui.screening.kept import Found, Inquiry
from etk_geo.ui.screening.marks import CONSEQUENCE, STANDING
from etk_geo.ui.screening.opinion_words import Latest
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

Rows = npt.NDArray[Any]
ALL = "all"
JUDGED = "✎"
"""Behind the name of a project: an officer gave a judgement."""
ON_A_PAGE = 500
TEXTS_AT_MOST = 1_000_000
MOST_PX = 620
CONCLUSION_PX = {"zh": 110, "en": 160}
"""Width that the longest conclusion takes, with its symbol."""


def show_matrix(
    workspace: Workspace, inquiry: Inquiry, screening: Found, opinions: Latest, words: Words
) -> None:
    """Draw filters, the matrix, and what is in the cell that was clicked."""
    book = kept.rule_book(workspace)
    filters, headings = st.columns([7, 2])
    with headings:
        family = _choose_columns(families_of(book), words)
    matrix = _matrix(workspace, screening, family)
    with filters:
        rows = _filter(matrix, words)
    st.caption(
        words.say(
            "screen.matrix_key", symbols=_key(words), shown=len(rows), all=len(matrix.projects)
        )
    )
    every = rows
    rows = rows[ask_page(len(rows), ON_A_PAGE, "screen_matrix_page", words)]
    if not len(rows):
        st.info(words.say("screen.matrix_empty"))
        return
    table = _table(matrix, rows, family, workspace, words)
    _mark_judged(table, matrix, rows, opinions)
    event = st.dataframe(
        _styled(table, matrix, rows, words),
        hide_index=True,
        height=min(38 + 35 * len(rows), MOST_PX),
        column_config=_columns(table, words.lang),
        on_select="rerun",
        selection_mode="single-cell",
        key="screen_matrix",
        placeholder="",
    )
    clicked = _clicked(table, matrix, rows, event)
    if clicked is None:
        st.caption(words.say("screen.matrix_click"))
    else:
        project_id, name, code = clicked
        heading = f"**{plain(name)}**"
        if code is not None:
            heading += f" × {plain(column_name(code, family, workspace, words))}"
        st.markdown(heading)
        whole = kept.in_full(workspace, inquiry, screening, project_id)
        show_cell(workspace, whole, project_id, (code, family), opinions, words)
    st.download_button(
        words.say("mark.csv"),
        lambda: table_csv(
            _readable(_table(matrix, every, family, workspace, words), matrix, every, words)
        ),
        "matrix.csv",
        "text/csv",
        key="screen_matrix_csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _matrix(workspace: Workspace, screening: Found, family: str) -> Matrix:
    """Return the counts, worked out once for each result and family of a session."""
    memory: dict[tuple[int, str], Matrix] = st.session_state.setdefault("screen_matrices", {})
    key = (id(screening.projects), family)
    if key not in memory:
        if len(memory) > 24 or isinstance(screening, Overview):
            memory.clear()
        book = kept.rule_book(workspace)
        memory[key] = (
            by_family(screening, book) if family == ALL else by_type(screening, book, family)
        )
    return memory[key]


def _choose_columns(families: tuple[str, ...], words: Words) -> str:
    return str(
        st.selectbox(
            words.say("screen.matrix_columns"),
            [ALL, *families],
            format_func=lambda code: (
                words.say("screen.matrix_families")
                if code == ALL
                else words.say("screen.matrix_types", family=words.say(f"coverage.family_{code}"))
            ),
            key=f"screen_matrix_columns_{words.lang}",
            filter_mode=None,
        )
    )


def _filter(matrix: Matrix, words: Words) -> Rows:
    """Return the numbers of the rows that the filters leave, strictest first."""
    table = matrix.projects
    first, second, third = st.columns([3, 2, 2])
    counts = table["consequence"].value_counts()
    with first:
        wanted = st.pills(
            words.say("screen.filter_consequence"),
            [code for code in reversed(CONSEQUENCES) if code in counts],
            selection_mode="multi",
            format_func=lambda code: (
                f"{CONSEQUENCE[code][0]} {say('consequence', code, words.lang)} {counts[code]}"
            ),
            key="screen_filter_consequence",
        )
    with second:
        categories = sorted({str(code) for code in table["category"]})
        category = st.multiselect(
            words.say("screen.category"),
            categories,
            format_func=lambda code: words.name("categories", code) or words.say("mark.unknown"),
            key="screen_filter_category",
            placeholder=words.say("screen.filter_all"),
        )
    with third:
        search = st.text_input(words.say("screen.search"), key="screen_filter_search").strip()
    keep = np.ones(len(table), dtype=bool)
    if wanted:
        keep &= table["consequence"].isin(wanted).to_numpy()
    if category:
        keep &= table["category"].isin(category).to_numpy()
    if search:
        keep &= _mentions(table, search)
    rank = table["consequence"].map(STRICTNESS.index).to_numpy()
    order = np.lexsort((np.arange(len(table)), -rank))
    return order[keep[order]]


def _mentions(table: pd.DataFrame, search: str) -> Rows:
    found = np.zeros(len(table), dtype=bool)
    for name in ("project_id", "name_zh", "name_en"):
        found |= table[name].str.contains(search, case=False, regex=False).to_numpy()
    return found


def _key(words: Words) -> str:
    return words.say("mark.list").join(
        f"{STANDING[standing][0]} {words.say(f'screen.standing_{standing}')}"
        for standing in reversed(STANDINGS)
    )


def column_name(code: str, family: str, workspace: Workspace, words: Words) -> str:
    """Return the heading of a column: a family, or a zone type."""
    if code == UNTYPED or family == ALL:
        return words.say(f"coverage.family_{code}")
    return str(getattr(kept.rule_book(workspace).zone_types[code], f"name_{words.lang}"))


def _table(
    matrix: Matrix, rows: Rows, family: str, workspace: Workspace, words: Words
) -> pd.DataFrame:
    """Return the numbers by which columns sort; names and conclusions as text."""
    table = matrix.projects.iloc[rows]
    rank = table["consequence"].map(STRICTNESS.index)
    columns: dict[str, Any] = {
        words.say("screen.project"): table[f"name_{words.lang}"].to_numpy(),
        words.say("screen.conclusion"): rank.to_numpy(),
    }
    severity = matrix.severity(rows)
    for number, code in enumerate(matrix.columns):
        columns[column_name(code, family, workspace, words)] = severity[:, number]
    return pd.DataFrame(columns)


def _mark_judged(table: pd.DataFrame, matrix: Matrix, rows: Rows, opinions: Latest) -> None:
    """Put a mark behind the names of projects that an officer has judged."""
    judged = {project_id for project_id, _ in opinions}
    names = table.columns[0]
    table[names] = [
        f"{name} {JUDGED}" if project_id in judged else name
        for name, project_id in zip(
            table[names], matrix.projects["project_id"].iloc[rows], strict=True
        )
    ]


def cell_text(counts: Rows) -> str:
    """Return a cell: each standing that occurs with its number, the strictest first."""
    return "  ".join(
        f"{STANDING[standing][0]}{counts[number]}"
        for number, standing in reversed(list(enumerate(STANDINGS)))
        if counts[number]
    )


def _texts(matrix: Matrix, rows: Rows) -> list[list[str]]:
    known: dict[bytes, str] = {}
    texts = []
    for row in rows:
        line = []
        for counts in matrix.counts[row]:
            key = counts.tobytes()
            if key not in known:
                known[key] = cell_text(counts)
            line.append(known[key])
        texts.append(line)
    return texts


def _readable(table: pd.DataFrame, matrix: Matrix, rows: Rows, words: Words) -> pd.DataFrame:
    """Return the table as it is read."""
    texts = _texts(matrix, rows)
    readable = table.astype(object)
    names = list(table.columns)
    readable[names[1]] = [
        say("consequence", STRICTNESS[rank], words.lang) for rank in table[names[1]]
    ]
    for number, name in enumerate(names[2:]):
        readable[name] = [line[number] for line in texts]
    return readable


def _styled(table: pd.DataFrame, matrix: Matrix, rows: Rows, words: Words) -> Any:
    """Return the table with symbols and colours; the numbers below still sort.

    A formatter sees nothing but a cell's number, so the text that belongs to it is put into its
    decimals.
    """
    names = list(table.columns)
    texts = _texts(matrix, rows)
    codes = {text: number for number, text in enumerate(dict.fromkeys(t for r in texts for t in r))}
    numbers = table.copy()
    styles = pd.DataFrame("", index=table.index, columns=names)
    colours = [STANDING[standing][1] for standing in STANDINGS]
    looks = [CONSEQUENCE[code] for code in STRICTNESS]
    conclusions = [
        f"{symbol} {say('consequence', code, words.lang)}"
        for code, (symbol, _) in zip(STRICTNESS, looks, strict=True)
    ]
    styles[names[1]] = [f"color: {looks[rank][1]}; font-weight: 600" for rank in table[names[1]]]
    formats: dict[str, Any] = {names[1]: lambda rank: conclusions[int(rank)]}
    for number, name in enumerate(names[2:]):
        rank = table[name].to_numpy() // RANK_STEP
        styles[name] = [f"color: {colours[r]}" if r >= 0 else "" for r in rank]
        own = [line[number] for line in texts]
        numbers[name] = table[name] + np.array([codes[text] for text in own]) / TEXTS_AT_MOST
        formats[name] = dict(zip(numbers[name], own, strict=True)).__getitem__
    return numbers.style.apply(lambda _: styles, axis=None).format(formats)


def _columns(table: pd.DataFrame, lang: Lang) -> dict[str, Any]:
    names = list(table.columns)
    columns: dict[str, Any] = {names[0]: st.column_config.Column(pinned=True, width=230)}
    columns[names[1]] = st.column_config.Column(pinned=True, width=CONCLUSION_PX[lang])
    return columns


def _clicked(
    table: pd.DataFrame, matrix: Matrix, rows: Rows, event: Any
) -> tuple[str, str, str | None] | None:
    """Return id and name of the project and the column of the clicked cell, if there is one."""
    cells = event.selection.cells
    if not cells or cells[0][0] >= len(rows):
        return None
    number, name = cells[0]
    place = list(table.columns).index(name) - 2
    code = matrix.columns[place] if place >= 0 else None
    return str(matrix.projects["project_id"].iloc[rows[number]]), str(table.iloc[number, 0]), code

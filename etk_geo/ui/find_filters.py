"""The search box and the filters of the finding page, all of them kept in the address."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from etk_geo.search import Facet, SearchIndex, Selection, facet_counts, select
from etk_geo.search.facets import UNKNOWN
from etk_geo.search.items import Item, citation_order
from etk_geo.ui import state
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

QUERY = "q"
TYPED = "find_typed"
USED_MORE = "find_used_more"
FIRST = (Facet.KIND, Facet.SECTOR, Facet.TOWNSHIP, Facet.STATUS)
DOMAINS = {Facet.SECTOR: "sector", Facet.MEASURE: "measure"}


def ask_query(words: Words) -> str:
    """Draw the search box and return what is typed."""
    if TYPED not in st.session_state:
        st.session_state[TYPED] = st.query_params.get(QUERY, "")
    typed = st.text_input(
        words.say("find.query"),
        key=TYPED,
        placeholder=words.say("find.query_hint"),
        icon=":material/search:",
        label_visibility="collapsed",
    ).strip()
    state.write_address(QUERY, typed or None)
    return typed


def found_items(index: SearchIndex, typed: str) -> list[Item]:
    """Return what fits the typed text, best first; everything where nothing is typed."""
    return [hit.item for hit in index.find(typed)] if typed else list(index.items)


def ask_selection(items: list[Item], workspace: Workspace, words: Words) -> Selection:
    """Draw the filters with the number that each choice would leave; return what is chosen."""
    chosen = _read(items)
    counts = facet_counts(items, Selection.of(chosen))
    columns = st.columns(len(FIRST))
    for column, facet in zip(columns, FIRST, strict=True):
        with column:
            _ask(facet, counts[facet], workspace, words)
    others = [facet for facet in Facet if facet not in FIRST]
    used = sum(bool(chosen.get(facet)) for facet in others)
    label = words.say("find.more_filters", n=used) if used else words.say("find.more")
    # With another label Streamlit draws the box anew: it stays open for who used and cleared it.
    seen = st.session_state[USED_MORE] = bool(used) or st.session_state.get(USED_MORE, False)
    with st.expander(label, expanded=seen):
        for column, facet in zip(st.columns(len(others)), others, strict=True):
            with column:
                _ask(facet, counts[facet], workspace, words)
    selection = Selection.of({facet: st.session_state.get(_key(facet), ()) for facet in Facet})
    asked = selection.parameters()
    for facet in Facet:
        state.write_address(str(facet), asked.get(str(facet)))
    return selection


def selected(items: list[Item], selection: Selection) -> list[Item]:
    """Return the items that pass the filters."""
    return select(items, selection)


def _key(facet: Facet) -> str:
    return f"find_{facet}"


def _read(items: list[Item]) -> Mapping[Facet, tuple[str, ...]]:
    """Return what is chosen, from the address on the first view; unknown values are dropped."""
    asked = dict(Selection.from_parameters(st.query_params.to_dict()).chosen)
    known = facet_counts(items, Selection())
    chosen = {}
    for facet in Facet:
        key = _key(facet)
        if key not in st.session_state:
            st.session_state[key] = [v for v in asked.get(facet, ()) if v in known[facet]]
        chosen[facet] = tuple(st.session_state[key])
    return chosen


def _ask(facet: Facet, counts: Mapping[str, int], workspace: Workspace, words: Words) -> None:
    options = list(counts)
    if facet is Facet.CITATION:
        options.sort(key=citation_order)
    # What was chosen before the query changed stays on offer.
    options += [value for value in st.session_state[_key(facet)] if value not in counts]
    st.multiselect(
        words.say(f"search.facet.{facet}"),
        options,
        format_func=lambda value: words.say(
            "find.counted", what=value_words(facet, value, workspace, words), n=counts.get(value, 0)
        ),
        key=_key(facet),
        placeholder=words.say("find.all"),
        filter_mode="contains",
        select_all=False,
    )


def value_words(facet: Facet, value: str, workspace: Workspace, words: Words) -> str:
    """Return a value of a facet in words."""
    if value == UNKNOWN:
        known = facet in (Facet.TOWNSHIP, Facet.STATUS)
        return words.say(f"search.unknown.{facet if known else 'other'}")
    layers = workspace.catalog.layers
    if facet in DOMAINS:
        return words.code(DOMAINS[facet], value)
    if facet is Facet.STATUS:
        own = words.code("progress", value)
        return own if own != value else words.code("status", value)
    said = {
        Facet.KIND: lambda: words.say(f"search.kind.{value}"),
        Facet.CATEGORY: lambda: words.category(value),
        Facet.TOWNSHIP: lambda: words.name("places", value),
        Facet.CITATION: lambda: words.citation(value),
        Facet.LAYER: lambda: words.layer(layers[value]) if value in layers else value,
    }
    return said[facet]()

"""What is to be screened: which projects, on what terms, under the law of which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import geopandas as gpd
import streamlit as st

from etk_geo.model import Lang
from etk_geo.screening.selection import (
    Pick,
    Terms,
    asked_mark,
    categories_of,
    chosen,
    on_terms,
)
from etk_geo.ui import state
from etk_geo.ui.choice import find_rows
from etk_geo.ui.links import ARROW, link
from etk_geo.ui.missing import Need, tell_missing
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.kept import Inquiry
from etk_geo.ui.taken import taken_lists
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

PLAN = "plan"
LIST, PICK, AS_OF, CATEGORY, DECIDED = "list", "pick", "as_of", "category", "decided"
"""Members of the address; together they are what is asked."""

STATED = "stated"
INQUIRY = "screen_inquiry"
"""What this session asked last."""

EARLIEST, LATEST = date(1985, 1, 1), date(2100, 12, 31)


def ask(workspace: Workspace, lang: Lang) -> Inquiry | None:
    """Ask what is to be screened; ``None`` while nothing is chosen. The address keeps it."""
    words = Words(workspace.plan, lang)
    lists = {PLAN: kept.planned(workspace)} | {one.key: one.frame for one in taken_lists()}
    names = {PLAN: words.say("screen.plan_list", n=len(lists[PLAN]))}
    names |= {one.key: f"{one.name}（{len(one.frame)}）" for one in taken_lists()}
    first, second = st.columns(2)
    with first:
        source = _choose_list(lists, names, words)
        projects = lists[source]
        pick = _choose_projects(projects, source, words)
    with second:
        terms = _ask_terms(words)
    if pick is None or projects.empty:
        if source == PLAN and projects.empty:
            tell_missing(workspace, words, Need.PROJECTS)
        st.info(words.say("screen.none_chosen"))
        return None
    return _inquiry(workspace, (source, pick), names[source], projects, terms)


def _inquiry(
    workspace: Workspace,
    what: tuple[str, Pick],
    title: str,
    projects: gpd.GeoDataFrame,
    terms: Terms,
) -> Inquiry:
    """Return what is asked, made once: reading every vertex of a long list takes seconds."""
    source, pick = what
    mark = asked_mark(source, pick, terms, workspace.state)
    known: Inquiry | None = st.session_state.get(INQUIRY)
    if known is None or known.mark != mark:
        known = Inquiry(mark, title, on_terms(chosen(projects, pick), terms), terms)
        st.session_state[INQUIRY] = known
    return replace(known, title=title)


def _choose_list(
    lists: Mapping[str, gpd.GeoDataFrame], names: Mapping[str, str], words: Words
) -> str:
    keys = list(lists)
    asked = st.query_params.get(LIST)
    source = st.selectbox(
        words.say("screen.list"),
        keys,
        index=keys.index(asked) if asked in keys else 0,
        format_func=lambda key: names[key],
        key="screen_list",
        filter_mode=None,
    )
    state.write_address(LIST, None if source == PLAN else source)
    link("intake", words.say("screen.bring"), icon=ARROW)
    return str(source)


def _choose_projects(table: gpd.GeoDataFrame, source: str, words: Words) -> Pick | None:
    """Ask for all, a category, or several projects of a list; ``None`` for none of them."""
    asked = Pick.of_mark(st.query_params.get(PICK, ""))
    ways = ("all", "category", "ids")
    way = st.segmented_control(
        words.say("screen.which"),
        ways,
        default=asked.mark().partition(":")[0],
        format_func=lambda code: words.say(f"screen.which_{code}"),
        key=f"screen_which_{source}",
        required=True,
    )
    pick = Pick()
    if way == "category":
        pick = Pick(category=_one_category(table, asked, source, words))
    elif way == "ids":
        pick = Pick(ids=_some_projects(table, asked, source, words))
    state.write_address(PICK, None if pick == Pick() else pick.mark())
    return None if way == "ids" and not pick.ids else pick


def _one_category(table: gpd.GeoDataFrame, asked: Pick, source: str, words: Words) -> str:
    found = categories_of(table, list(words.plan.categories["id"]))
    counts = table["category"].value_counts()
    return str(
        st.selectbox(
            words.say("screen.category"),
            found,
            index=found.index(asked.category) if asked.category in found else 0,
            format_func=lambda code: f"{words.name('categories', code)}（{counts[code]}）",
            key=f"screen_pick_category_{source}",
        )
        or ""
    )


def _some_projects(
    table: gpd.GeoDataFrame, asked: Pick, source: str, words: Words
) -> tuple[str, ...]:
    key = f"screen_pick_ids_{source}"
    names = dict(zip(table["project_id"], table[f"name_{words.lang}"], strict=True))
    columns = ("project_id", "name_zh", "name_en")
    few = find_rows(table, columns, None, f"screen_pick_search_{source}", words)["project_id"]
    picked = [name for name in st.session_state.get(key, asked.ids) if name in names]
    return tuple(
        st.multiselect(
            words.say("screen.projects"),
            list(dict.fromkeys([*picked, *few])),
            default=[name for name in asked.ids if name in names],
            format_func=lambda key: names[key],
            key=key,
            placeholder=words.say("screen.projects_hint"),
        )
    )


def _ask_terms(words: Words) -> Terms:
    as_of = ask_day(words, AS_OF)
    codes = [STATED, *words.plan.categories["id"]]
    asked = st.query_params.get(CATEGORY)
    category = st.selectbox(
        words.say("screen.as_category"),
        codes,
        index=codes.index(asked) if asked in codes else 0,
        format_func=lambda code: (
            words.say("screen.category_stated")
            if code == STATED
            else words.name("categories", code)
        ),
        key="screen_category",
        help=words.say("screen.as_category_help"),
    )
    state.write_address(CATEGORY, None if category == STATED else category)
    decided_on = None
    if st.toggle(
        words.say("screen.decided_toggle"),
        value=DECIDED in st.query_params,
        key="screen_decided_on",
        help=words.say("screen.decided_help"),
    ):
        decided_on = _date(words.say("screen.decided"), DECIDED, as_of, None)
    state.write_address(DECIDED, decided_on.isoformat() if decided_on else None)
    return Terms(as_of, None if category == STATED else category, decided_on)


def ask_day(words: Words, name: str) -> date:
    """Ask for the day whose law applies; the address keeps it under ``name`` unless it is today."""
    day = _date(words.say("screen.as_of"), name, today(), words.say("screen.as_of_help"))
    state.write_address(name, None if day == today() else day.isoformat())
    return day


def _date(label: str, name: str, default: date, about: str | None) -> date:
    found = st.date_input(
        label,
        value=_in_address(name) or default,
        min_value=EARLIEST,
        max_value=LATEST,
        format="YYYY-MM-DD",
        key=f"screen_date_{name}",
        help=about,
    )
    return found if isinstance(found, date) else default


def _in_address(name: str) -> date | None:
    try:
        found = date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


def today() -> date:
    """Return the day on the clock of this computer: a law holds by the calendar of its place."""
    return datetime.now().astimezone().date()

"""The form by which a layer taken in becomes an official one."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from etk_geo.intake.attributes import parse_date
from etk_geo.intake.confirm import Taken
from etk_geo.intake.running import Running
from etk_geo.model import Completeness
from etk_geo.register import Entry, State, read_register
from etk_geo.rules import RuleBook, ZoneType, read_rules
from etk_geo.supply.complete_area import read_complete_area
from etk_geo.supply.statement import GazettedArea, Statement, parse_area
from etk_geo.ui.intake_state import await_result, intake_state
from etk_geo.ui.supply_work import show_supply, show_supplying
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

FIRST = (
    "eco_redline",
    "permanent_basic_farmland",
    "basic_grassland",
    "drinking_water",
    "eco_zoning",
    "nature_reserve",
)
"""Zone types whose official lines are asked for most; they head the list."""
SUPPLY = "supply"
"""Member of the address: the zone type that a link asks to be supplied."""


def supply_form(workspace: Workspace, taken: Taken, key: object, words: Words) -> None:
    """Ask what is stated of an official layer, check it, and put it in force."""
    supplying = intake_state().supplying
    if supplying is not None and supplying[0] == key:
        show_supplying(workspace, taken, key, supplying[1], words)
        return
    book = read_rules(workspace.root)
    st.markdown(words.say("supply.form.about"))
    kind = _choose_type(book, words)
    if kind is None:
        return
    current = tuple(
        entry
        for entry in read_register(workspace.root).of(State.IN_FORCE)
        if entry.zone_type == kind.code
    )
    statement = _ask(book, kind, current, f"{hash(key)}_{kind.code}", words)
    if statement is not None:
        show_supply(workspace, taken, key, statement, book, words)


def _choose_type(book: RuleBook, words: Words) -> ZoneType | None:
    codes = [code for code in FIRST if code in book.zone_types]
    codes += [code for code in book.zone_types if code not in codes]
    asked = st.query_params.get(SUPPLY)
    code = st.selectbox(
        words.say("supply.form.zone_type"),
        codes,
        index=codes.index(asked) if asked in codes else None,
        placeholder=words.say("intake.choose"),
        format_func=lambda one: _type_name(book.zone_types[one], words),
        key="supply_type",
    )
    return None if code is None else book.zone_types[code]


def _type_name(kind: ZoneType, words: Words) -> str:
    return kind.name_zh if words.lang == "zh" else kind.name_en


def _ask(
    book: RuleBook, kind: ZoneType, current: tuple[Entry, ...], key: str, words: Words
) -> Statement | None:
    """Ask for everything that is stated; ``None`` until the days are days and the area is one."""
    left, right = st.columns(2)
    title = left.text_input(
        words.say("supply.form.title"), value=_type_name(kind, words), key=f"supply_title_{key}"
    )
    holder = right.text_input(
        words.say("supply.form.holder"),
        value=kind.holder_zh if words.lang == "zh" else kind.holder_en,
        key=f"supply_holder_{key}",
    )
    version = left.text_input(words.say("supply.form.version"), key=f"supply_version_{key}")
    licence = right.text_input(
        words.say("supply.form.licence"),
        placeholder=words.say("supply.form.licence_example"),
        key=f"supply_licence_{key}",
    )
    valid_from = _day(left, "valid_from", key, words)
    valid_to = _day(right, "valid_to", key, words)
    gazetted = _area(left, key, words)
    complete = right.selectbox(
        words.say("supply.form.complete"),
        (Completeness.BANNER, Completeness.AREA, Completeness.NOWHERE),
        index=None,
        placeholder=words.say("intake.choose"),
        format_func=lambda one: words.say(f"supply.form.complete_{one.value}"),
        key=f"supply_complete_{key}",
        filter_mode=None,
    )
    area = _complete_area(key, words) if complete is Completeness.AREA else None
    restricted = st.checkbox(
        words.say("supply.form.restricted"), value=True, key=f"supply_restricted_{key}"
    )
    supersedes = _ask_supersedes(current, key, words)
    stands_for = _ask_stands_for(book, kind, key, words)
    lacks_area = complete is Completeness.AREA and area is None
    if lacks_area or valid_from is None or valid_to == "" or gazetted == "" or complete is None:
        st.info(words.say("supply.form.fill"))
        return None
    return Statement(
        zone_type=kind.code,
        valid_from=date.fromisoformat(valid_from),
        holder=holder.strip(),
        version=version.strip(),
        title_zh=title.strip(),
        licence=licence.strip(),
        restricted=restricted,
        complete=complete,
        area=area,
        valid_to=date.fromisoformat(valid_to) if valid_to else None,
        gazetted=gazetted if isinstance(gazetted, GazettedArea) else None,
        supersedes=supersedes,
        stands_for=stands_for,
    )


def _complete_area(key: str, words: Words) -> Any | None:
    """Ask for a file with the area of completeness; ``None`` until it is there."""
    files = st.file_uploader(
        words.say("supply.form.complete_file"),
        accept_multiple_files=True,
        key=f"supply_area_{key}",
        help=words.say("supply.form.complete_file_help"),
    )
    if not files:
        return None
    about = tuple(file.file_id for file in files)
    contents = [(file.name, file.getvalue()) for file in files]

    def work(running: Running[Any]) -> Any:
        return read_complete_area(contents, running.progress, running.stop)

    return await_result("supply_area", about, work, words.lang, can_stop=True)


def _day(place: Any, name: str, key: str, words: Words) -> str | None:
    """Ask for a day; ``None`` for nothing, empty for what is no day."""
    said = place.text_input(
        words.say(f"supply.form.{name}"), placeholder="2024-05-01", key=f"supply_{name}_{key}"
    ).strip()
    if not said:
        return None
    day = parse_date(said)
    if day is None:
        place.error(words.say("supply.form.no_day"))
        return ""
    return day


def _area(place: Any, key: str, words: Words) -> GazettedArea | str | None:
    """Ask for the published area; ``None`` for nothing, empty for what is no area."""
    said = place.text_input(
        words.say("supply.form.gazetted"),
        placeholder=words.say("supply.form.gazetted_example"),
        key=f"supply_gazetted_{key}",
    ).strip()
    if not said:
        return None
    area = parse_area(said)
    if area is None:
        place.error(words.say("supply.form.no_area"))
        return ""
    return area


def _ask_supersedes(current: tuple[Entry, ...], key: str, words: Words) -> tuple[str, ...] | None:
    """Ask which layers in force the new one replaces, where there are any."""
    if not current:
        return ()
    how = st.radio(
        words.say("supply.form.versions", n=len(current)),
        ("replace", "beside"),
        index=None,
        format_func=lambda one: words.say(f"supply.form.versions_{one}"),
        key=f"supply_versions_{key}",
    )
    if how is None:
        return None
    if how == "beside":
        return ()
    titles = {
        entry.id: words.say("supply.form.version_row", version=entry.version, day=entry.valid_from)
        for entry in current
    }
    chosen = st.multiselect(
        words.say("supply.form.which"),
        list(titles),
        default=list(titles),
        format_func=lambda one: titles[one],
        placeholder=words.say("intake.choose"),
        key=f"supply_which_{key}",
    )
    return tuple(chosen) or None


def _ask_stands_for(book: RuleBook, kind: ZoneType, key: str, words: Words) -> tuple[str, ...]:
    """Ask which named zones of the plan this line is the line of, where the plan names any."""
    features = [source.feature for source in book.zone_sources if source.zone_type == kind.code]
    features = [feature for feature in dict.fromkeys(features) if feature]
    if not features:
        return ()
    return tuple(
        st.multiselect(
            words.say("supply.form.stands_for"),
            features,
            format_func=lambda one: words.name("places", one),
            placeholder=words.say("supply.form.stands_for_none"),
            key=f"supply_stands_for_{key}",
        )
    )

"""The form by which a layer taken in becomes an official one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from etk_geo.intake.attributes import parse_date
from etk_geo.intake.confirm import Taken
from etk_geo.intake.running import Running
from etk_geo.model import Completeness, Lang
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
    statement = _ask(book, kind, current, str(hash(key)), words)
    if statement is not None:
        show_supply(workspace, taken, key, statement, book, words)


def _choose_type(book: RuleBook, words: Words) -> ZoneType | None:
    codes = [code for code in FIRST if code in book.zone_types]
    codes += [code for code in book.zone_types if code not in codes]
    asked = st.query_params.get(SUPPLY)
    answers, box = intake_state().answers, f"supply_type_{asked}"
    known = answers.get(box, asked)
    code = st.selectbox(
        words.say("supply.form.zone_type"),
        codes,
        index=codes.index(known) if known in codes else None,
        placeholder=words.say("intake.choose"),
        format_func=lambda one: _type_name(book.zone_types[one], words.lang),
        key=box,
    )
    answers[box] = code
    return None if code is None else book.zone_types[code]


def _type_name(kind: ZoneType, lang: Lang) -> str:
    return str(getattr(kind, f"name_{lang}"))


def _ask(
    book: RuleBook, kind: ZoneType, current: tuple[Entry, ...], key: str, words: Words
) -> Statement | None:
    """Ask for everything that is stated; ``None`` until the days are days and the area is one.

    What was typed stays when another zone type is chosen: only the grey proposals follow it.
    """
    st.caption(words.say("supply.form.proposed"))
    left, right = st.columns(2)
    titles = _titles(left, right, kind, key, words)
    holder = kind.holder_zh if words.lang == "zh" else kind.holder_en
    holder = _text(left, "holder", key, words, proposed=holder) or holder
    version = _text(right, "version", key, words)
    example = words.say("supply.form.licence_example")
    licence = _text(left, "licence", key, words, proposed=example)
    gazetted = _area(right, key, words)
    valid_from = _day(left, "valid_from", key, words)
    valid_to = _day(right, "valid_to", key, words)
    complete = _complete(left, key, words)
    area = _complete_area(key, words) if complete is Completeness.AREA else None
    restricted = _restricted(key, words)
    supersedes = _ask_supersedes(current, f"{key}_{kind.code}", words)
    stands_for = _ask_stands_for(book, kind, f"{key}_{kind.code}", words)
    lacks_area = complete is Completeness.AREA and area is None
    if lacks_area or valid_from is None or valid_to == "" or gazetted == "" or complete is None:
        st.info(words.say("supply.form.fill"))
        return None
    return Statement(
        zone_type=kind.code,
        valid_from=date.fromisoformat(valid_from),
        holder=holder,
        version=version,
        title_zh=titles["zh"],
        title_en=titles["en"],
        licence=licence,
        restricted=restricted,
        complete=complete,
        area=area,
        valid_to=date.fromisoformat(valid_to) if valid_to else None,
        gazetted=gazetted if isinstance(gazetted, GazettedArea) else None,
        supersedes=supersedes,
        stands_for=stands_for,
    )


def _titles(left: Any, right: Any, kind: ZoneType, key: str, words: Words) -> Mapping[Lang, str]:
    """Ask for the title in the language of the page, and in the other one.

    Nothing typed is the name of the zone type. A title in one language only is shown in both.
    """
    own: Lang = words.lang
    other: Lang = "en" if own == "zh" else "zh"
    title = _text(left, f"title_{own}", key, words, proposed=_type_name(kind, own))
    shown = title or _type_name(kind, other)
    second = _text(right, f"title_{other}", key, words, proposed=shown)
    return {own: title or _type_name(kind, own), other: second or shown}


def _text(place: Any, name: str, key: str, words: Words, proposed: str = "") -> str:
    """Ask for a text; a proposal stands in grey, so that it never takes the place of what is typed.

    Streamlit forgets what stands in a box that one view leaves out, as when another use is looked
    at: so it is kept beside the box.
    """
    answers, box = intake_state().answers, f"supply_{name}_{key}"
    said: str = place.text_input(
        words.say(f"supply.form.{name}"),
        value=answers.get(box, ""),
        placeholder=proposed,
        key=box,
    )
    answers[box] = said
    return said.strip()


def _complete(place: Any, key: str, words: Words) -> Completeness | None:
    """Ask where the layer holds every zone of its type."""
    answers, box = intake_state().answers, f"supply_complete_{key}"
    choices = (Completeness.BANNER, Completeness.AREA, Completeness.NOWHERE)
    known = answers.get(box)
    complete: Completeness | None = place.selectbox(
        words.say("supply.form.complete"),
        choices,
        index=choices.index(known) if known in choices else None,
        placeholder=words.say("intake.choose"),
        format_func=lambda one: words.say(f"supply.form.complete_{one.value}"),
        key=box,
        filter_mode=None,
    )
    answers[box] = complete
    return complete


def _restricted(key: str, words: Words) -> bool:
    answers, box = intake_state().answers, f"supply_restricted_{key}"
    restricted = st.checkbox(
        words.say("supply.form.restricted"), value=answers.get(box, True), key=box
    )
    answers[box] = restricted
    return restricted


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
    said = _text(place, name, key, words, proposed="2024-05-01")
    if not said:
        return None
    day = parse_date(said)
    if day is None:
        place.error(words.say("supply.form.no_day"))
        return ""
    return day


def _area(place: Any, key: str, words: Words) -> GazettedArea | str | None:
    """Ask for the published area; ``None`` for nothing, empty for what is no area."""
    example = words.say("supply.form.gazetted_example")
    said = _text(place, "gazetted", key, words, proposed=example)
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

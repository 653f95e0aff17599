"""The official layers that were supplied: what each is, whether it holds, and taking it out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import streamlit as st

from etk_geo.errors import EtkGeoError
from etk_geo.intake.wording import worded
from etk_geo.model import Issue, Provenance, Supplied
from etk_geo.register import Entry, State
from etk_geo.rules import RuleBook, read_rules
from etk_geo.supply.keeping import list_supplied, remove_layer, restore_layer
from etk_geo.ui.frame import describe
from etk_geo.ui.grid import plain, show_list
from etk_geo.ui.links import ARROW, link
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

OPEN = "—"


def show_supplied(workspace: Workspace, words: Words) -> None:
    """Draw the list, and a way to take a layer out of use or to bring it back."""
    st.markdown(words.say("supply.list.about"))
    _show_told()
    held = list_supplied(workspace.root)
    if not held:
        st.info(words.say("supply.list.none"))
        return
    records = _records(workspace)
    table = supplied_rows(held, records, read_rules(workspace.root), words)
    show_list(table, words.say("supply.list.title"))
    _change(workspace, held, records, words)
    link("coverage", words.say("supply.see_coverage"), icon=ARROW)


def _records(workspace: Workspace) -> Mapping[str, Provenance]:
    """Return the records of the supplied layers that opened, former ones too."""
    catalog = workspace.catalog
    return {
        layer.id: layer.provenance for layer in (*catalog.layers.values(), *catalog.former.values())
    }


def supplied_rows(
    held: tuple[tuple[Entry, State, str], ...],
    records: Mapping[str, Provenance],
    book: RuleBook,
    words: Words,
) -> pd.DataFrame:
    """Return one row per layer ever supplied, the newest first, under headings in words."""
    rows = [_row(entry, state, last, records, book, words) for entry, state, last in reversed(held)]
    frame = pd.DataFrame(rows)
    return frame.rename(columns={n: words.say(f"supply.list.{n}") for n in frame.columns})


def _row(
    entry: Entry,
    state: State,
    last: str,
    records: Mapping[str, Provenance],
    book: RuleBook,
    words: Words,
) -> dict[str, str]:
    record = records.get(entry.id)
    supplied = None if record is None else record.supplied
    kind = book.zone_types.get(entry.zone_type)
    names = {} if kind is None else {"zh": kind.name_zh, "en": kind.name_en}
    return {
        "name": layer_title(entry, records, words),
        "zone_type": names.get(words.lang, entry.zone_type),
        "version": entry.version,
        "valid": words.say(
            "supply.list.period",
            first=entry.valid_from,
            last=last or words.say("supply.list.open_end"),
        ),
        "holder": OPEN if supplied is None else supplied.holder,
        "area": _area(supplied, words),
        "state": words.say(f"supply.state.{state.value}"),
    }


def layer_title(entry: Entry, records: Mapping[str, Provenance], words: Words) -> str:
    """Return what a layer is called; its id where it did not open."""
    record = records.get(entry.id)
    return entry.id if record is None else str(getattr(record, f"title_{words.lang}"))


def _area(supplied: Supplied | None, words: Words) -> str:
    """Say the digitised area, and how it agrees with the published one."""
    if supplied is None:
        return OPEN
    size = words.say("supply.list.size", ha=f"{supplied.digitised_ha:,.2f}")
    if supplied.gazetted_ha is None or supplied.tolerance_percent is None:
        return _both(size, words.say("supply.list.area_open"), words)
    difference = (supplied.digitised_ha - supplied.gazetted_ha) / supplied.gazetted_ha * 100
    holds = abs(difference) <= supplied.tolerance_percent
    said = words.say(
        f"supply.list.area_{'holds' if holds else 'differs'}",
        gazetted=f"{supplied.gazetted_ha:,.2f}",
        difference=f"{difference:+.2f}",
        tolerance=f"{supplied.tolerance_percent:.2f}",
    )
    return _both(size, said, words)


def _both(first: str, second: str, words: Words) -> str:
    return f"{first}{words.say('mark.gap')}{second}"


def _change(
    workspace: Workspace,
    held: tuple[tuple[Entry, State, str], ...],
    records: Mapping[str, Provenance],
    words: Words,
) -> None:
    """Ask for a layer, and take it out of use or bring it back."""
    states = {entry.id: state for entry, state, _ in held}
    entries = {entry.id: entry for entry, _, _ in held}
    layer_id = st.selectbox(
        words.say("supply.list.choose"),
        list(reversed(entries)),
        index=None,
        placeholder=words.say("intake.choose"),
        format_func=lambda one: words.join(
            [layer_title(entries[one], records, words), entries[one].version]
        ),
        key="supplied_chosen",
        filter_mode=None,
    )
    if layer_id is None:
        return
    title = layer_title(entries[layer_id], records, words)
    if states[layer_id] is State.REMOVED:
        if st.button(words.say("supply.list.restore"), key="supplied_restore"):
            _moved(workspace, layer_id, None, words.say("supply.list.restored", title=title), words)
        return
    why = st.text_input(words.say("supply.list.why"), key="supplied_why").strip()
    if st.button(words.say("supply.list.remove"), key="supplied_remove", disabled=not why):
        _moved(workspace, layer_id, why, words.say("supply.list.gone", title=title), words)


def _moved(workspace: Workspace, layer_id: str, why: str | None, said: str, words: Words) -> None:
    """Remove a layer for a reason, or restore it (no reason); then draw the page anew."""
    try:
        if why is None:
            restore_layer(workspace.root, layer_id)
        else:
            today = date.today()  # noqa: DTZ011 - the calendar of this computer's place
            remove_layer(workspace.root, layer_id, today, why)
    except EtkGeoError as error:
        for issue in Issue.all_of(error):
            st.error(describe(worded(issue, words.lang), words.lang))
        return
    st.session_state["supplied_told"] = said
    st.rerun()


def _show_told() -> None:
    said = st.session_state.pop("supplied_told", "")
    if said:
        st.success(plain(said))

"""Columns and accuracy on the intake page, the confirmation, and problems of geometry."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from etk_geo.exports import table_csv
from etk_geo.i18n import text
from etk_geo.intake.attributes import FIELDS, AttributeMap, map_attributes
from etk_geo.intake.confirm import Choice, Taken, count_closed_lines
from etk_geo.intake.datums import Datum, LocalShift
from etk_geo.intake.readings import Reading
from etk_geo.intake.reviewed import Reviewed, take_and_review
from etk_geo.intake.running import Running
from etk_geo.intake.wording import transformation_title
from etk_geo.maps.overlay import Shown
from etk_geo.model import Issue, Lang
from etk_geo.ui.grid import plain, show_grid, show_list
from etk_geo.ui.intake_reading import Understood, show_small_map
from etk_geo.ui.intake_rows import issue_rows, repair_rows, taken_rows
from etk_geo.ui.intake_state import await_result, intake_state
from etk_geo.workspace import Workspace

OLD_DATUMS = (Datum.XIAN80, Datum.BEIJING54)
MOST_METRES = 100_000.0
MOST_SHIFT_M = 1000.0


def confirm_layer(understood: Understood, lang: Lang) -> tuple[Reviewed, object] | None:
    """Ask for columns and accuracy; return the layer once the user has confirmed all of it.

    With it comes the key that marks what was confirmed.
    """
    st.subheader(text("intake.fields", lang), anchor=False)
    mapping = _choose_fields(understood, lang)
    accuracy_m = _ask_accuracy(understood, mapping, lang)
    choice = Choice(
        understood.candidate.id,
        mapping=mapping,
        accuracy_m=accuracy_m,
        local_shift=_ask_local_shift(understood, lang),
        closed_lines_are_areas=_ask_closed_lines(understood, lang),
    )
    key = (*understood.key, tuple(sorted(mapping.columns.items())), _marks(choice))
    state = intake_state()
    if state.confirmed != key:
        if not st.button(text("intake.confirm", lang), type="primary", key="intake_confirm"):
            return None
        state.confirmed = key

    def work(running: Running[Reviewed]) -> Reviewed:
        return take_and_review(understood.raw, understood.understanding, choice, running.tell)

    return await_result("take", key, work, lang, can_stop=True), key


def _marks(choice: Choice) -> tuple[object, ...]:
    return choice.accuracy_m, choice.local_shift, choice.closed_lines_are_areas


def _choose_fields(understood: Understood, lang: Lang) -> AttributeMap:
    """Show which column serves which field, and let the user correct it."""
    names = [str(name) for name in understood.raw.attributes.columns]
    proposed = map_attributes(names)
    columns: dict[str, str] = {}
    for field, place in zip(FIELDS, st.columns(len(FIELDS)), strict=True):
        found = proposed.columns.get(field)
        chosen = place.selectbox(
            text(f"intake.field.{field}", lang),
            names,
            index=names.index(found) if found else None,
            placeholder=text("intake.no_column", lang),
            key=f"intake_field_{field}_{hash(understood.key)}",
            filter_mode=None,
        )
        if chosen is not None and chosen not in columns.values():
            columns[field] = chosen
    kept = [name for name in names if name not in columns.values()]
    if kept:
        said = text("mark.list", lang).join(kept)
        st.caption(plain(text("intake.kept_columns", lang, names=said)))
    return AttributeMap(columns)


def _ask_accuracy(understood: Understood, mapping: AttributeMap, lang: Lang) -> float | None:
    """Ask how good the coordinates are; nothing is filled in, for only the user can know."""
    shift = understood.candidate.shift
    asked: float | None = st.number_input(
        text("intake.accuracy", lang),
        min_value=0.0,
        max_value=MOST_METRES,
        value=None,
        placeholder=text("mark.unknown", lang),
        key=f"intake_accuracy_{hash(understood.key)}",
        help=text("intake.accuracy_help", lang),
    )
    said = text(
        "intake.transformed",
        lang,
        transformation=transformation_title(shift.name, lang),
        accuracy=f"{shift.accuracy_m:g}",
    )
    st.caption(plain(said))
    if asked is None and "accuracy_m" not in mapping.columns:
        st.info(text("intake.accuracy_missing", lang))
    return asked


def _ask_local_shift(understood: Understood, lang: Lang) -> LocalShift | None:
    """Let the user give local parameters in place of the built-in ones of an old datum."""
    reading = understood.candidate.reading
    if not isinstance(reading, Reading) or reading.datum not in OLD_DATUMS:
        return None
    with st.expander(text("intake.local_shift", lang)):
        st.markdown(text("intake.local_shift_about", lang))
        north, east, accuracy = (
            column.number_input(
                text(f"intake.local_{name}", lang),
                min_value=-MOST_SHIFT_M if name != "accuracy" else 0.0,
                max_value=MOST_SHIFT_M,
                value=None,
                key=f"intake_local_{name}_{hash(understood.key)}",
            )
            for name, column in zip(("north", "east", "accuracy"), st.columns(3), strict=True)
        )
        source = st.text_input(
            text("intake.local_source", lang), key=f"intake_local_source_{hash(understood.key)}"
        ).strip()
    if north is None or east is None or accuracy is None or not source:
        return None
    return LocalShift(north, east, accuracy, source)


def _ask_closed_lines(understood: Understood, lang: Lang) -> bool:
    count = count_closed_lines(understood.raw)
    if not count:
        return False
    return st.checkbox(
        text("intake.closed_lines", lang, n=count), key=f"intake_closed_{hash(understood.key)}"
    )


def show_taken(
    workspace: Workspace, reviewed: Reviewed, key: object, name: str, lang: Lang
) -> Reviewed:
    """Show what was taken, what is wrong with it, and return it with the repairs chosen."""
    st.subheader(plain(text("intake.taken", lang, name=name)), anchor=False)
    reviewed = _offer_repairs(reviewed, key, lang)
    taken = reviewed.taken
    located = int(taken.frame.geometry.notna().sum())
    st.markdown(text("intake.counts", lang, n=f"{len(taken.frame):,}", located=f"{located:,}"))
    geometry = taken.frame.geometry.to_numpy()
    if located:
        names = taken.frame["name"]
        show_small_map(
            workspace,
            lambda: [Shown(name, geometry, [str(value) for value in names])],
            text("intake.on_map", lang),
            ("intake_taken", (key, len(taken.issues))),
            lang,
        )
    _show_table(taken, lang)
    _show_issues([*taken.issues, *reviewed.problems], lang)
    return reviewed


def _show_table(taken: Taken, lang: Lang) -> None:
    table = taken_rows(taken.frame, taken.labels, lang)
    with st.expander(text("intake.table", lang, n=len(table), all=f"{len(taken.frame):,}")):
        show_grid(table, text("intake.table", lang, n=len(table), all=len(taken.frame)))


def _show_issues(issues: Sequence[Issue], lang: Lang) -> None:
    if not issues:
        st.success(text("intake.sound", lang))
        return
    table = issue_rows(issues, lang)
    st.markdown(f"**{text('intake.problems', lang, n=len(issues))}**")
    show_grid(table, text("intake.problems", lang, n=len(issues)))
    st.download_button(
        text("mark.csv", lang),
        partial(table_csv, table),
        "problems.csv",
        "text/csv",
        key="intake_problems_csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _offer_repairs(reviewed: Reviewed, key: object, lang: Lang) -> Reviewed:
    """Show what repairs would change and apply those that the user chooses."""
    repairs = reviewed.repairs
    if not repairs:
        return reviewed
    st.markdown(f"**{text('intake.repairs', lang, n=len(repairs))}**")
    table = repair_rows(repairs, lang)
    if len(repairs) <= 12:
        show_list(table, text("intake.repairs", lang, n=len(repairs)))
    else:
        show_grid(table, text("intake.repairs", lang, n=len(repairs)))
    how = st.radio(
        text("intake.repair", lang),
        ("none", "all", "some"),
        format_func=lambda code: text(f"intake.repair_{code}", lang),
        horizontal=True,
        key=f"intake_repair_{hash(key)}",
    )
    accepted = {repair.row for repair in repairs} if how == "all" else set()
    if how == "some":
        labels = {repair.row: repair.label for repair in repairs}
        accepted = set(
            st.multiselect(
                text("intake.repair_which", lang),
                list(labels),
                format_func=lambda row: labels[row].removeprefix("row "),
                placeholder=text("intake.choose", lang),
                key=f"intake_repair_rows_{hash(key)}",
            )
        )
    about = (key, frozenset(accepted))
    return await_result("repair", about, lambda _: reviewed.repaired(accepted), lang)

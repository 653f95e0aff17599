"""项目: everything about one project of the plan, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from etk_geo.catalog import Layer
from etk_geo.maps.direction import Camera, Direction, FeatureRef
from etk_geo.model import Bound, Lang, is_known
from etk_geo.plan import PLAN_URL_SOURCE, records
from etk_geo.progress import Topic
from etk_geo.ui import records as entries
from etk_geo.ui.choice import choose_row
from etk_geo.ui.grid import as_code, plain, show_figures, show_list
from etk_geo.ui.links import link
from etk_geo.ui.missing import Need, tell_missing, tell_no_entries
from etk_geo.ui.plan_map_view import show_plan_map
from etk_geo.ui.record_form import show_record, show_status_source, status_line
from etk_geo.ui.rows import layer_titles, unplaced_rows
from etk_geo.ui.screening.plan_result import show_screening
from etk_geo.unplaced import list_unplaced
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

MAP_PX = 420
PROJECT = "project"


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    if Need.PROJECTS in tell_missing(workspace, words, Need.PROJECTS, Need.TARGETS, Need.LAYERS):
        return
    row = choose_row(
        workspace.plan.projects,
        lambda one: words.of(one, "name"),
        label=words.say("project.choose"),
        parameter=PROJECT,
        key="project_choice",
    )
    found = _feature(workspace, row)
    book = entries.book(workspace, lang)
    tell_no_entries(book, words)
    status = book.status(row["id"], entries.today())
    show_figures(
        {
            words.say("record.status"): status_line(status, words),
            words.say("column.category"): words.name("categories", row["category"]),
            words.say("column.layer"): layer_titles(
                [row["layer"]], workspace.catalog.layers, words
            ),
            words.say("column.position"): _position(found, words),
        }
    )
    show_status_source(status, words)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _show_position(workspace, row, found, words)
    with right:
        _show_plan(row, words)
    st.subheader(words.say("project.screening"), anchor=False)
    show_screening(workspace, row["id"], entries.today(), words)
    st.subheader(words.say("record.title"), anchor=False)
    show_record(workspace, book, Topic.STATUS, row["id"], words)


def _feature(
    workspace: Workspace, row: Mapping[str, Any]
) -> tuple[Layer, Mapping[str, Any]] | None:
    """Return the feature that shows a project, with its layer."""
    layer = workspace.catalog.layers.get(row["layer"])
    if layer is None:
        return None
    found = records(layer.gdf[layer.gdf["id"] == row["id"]])
    return (layer, found[0]) if found else None


def _position(found: tuple[Layer, Mapping[str, Any]] | None, words: Words) -> str:
    if found is None:
        return words.say("position.withheld")
    _, feature = found
    if feature["geometry"] is None:
        return words.say("position.none")
    if feature["bound"] == Bound.OUTER:
        return words.say("maps.outer_only")
    if is_known(feature["accuracy_m"]):
        return words.say("maps.plus_minus", m=words.metres(feature["accuracy_m"]))
    return words.say("card.accuracy_unknown")


def _show_position(
    workspace: Workspace,
    row: Mapping[str, Any],
    found: tuple[Layer, Mapping[str, Any]] | None,
    words: Words,
) -> None:
    """Draw where the project is, or what is known of it and who holds the rest."""
    if found is not None:
        link(
            "edit",
            words.say("edit.open_feature"),
            icon=":material/edit_location_alt:",
            layer=found[0].id,
            feature=row["id"],
        )
    if found is not None and found[1]["geometry"] is not None:
        ref = FeatureRef(found[0].id, row["id"])
        direction = Direction(
            shown=(ref,),
            marked=(ref,),
            layers={found[0].id: True},
            camera=Camera(features=(ref,)),
            memory=None,
        )
        show_plan_map(workspace, words.lang, direction, key="project_map", height_px=MAP_PX)
        feature = found[1]
        siting = words.code("siting", feature["siting"])
        parts = [siting, feature[f"accuracy_{words.lang}"]]
        st.caption(plain(words.say("card.sentence_gap").join(part for part in parts if part)))
        return
    st.info(words.say("project.unplaced"))
    missing = list_unplaced(workspace.plan, workspace.catalog.layers)
    table = unplaced_rows(missing[missing["id"] == row["id"]], workspace.catalog.layers, words)
    if len(table):
        wanted = [words.say(f"column.{name}") for name in ("known", "missing")]
        show_list(table[wanted], words.say("project.unplaced"))


def _show_plan(row: Mapping[str, Any], words: Words) -> None:
    """Draw what the plan says: places, citations with the address, and the targets it serves."""
    st.markdown(f"**{words.say('column.places')}**  \n{_or_none(words, row['places'])}")
    st.markdown(f"**{words.say('column.citations')}**  \n{plain(words.citations(row['citation']))}")
    source = words.row("sources", PLAN_URL_SOURCE) or {}
    if str(source.get("url")).startswith(("https://", "http://")):
        st.markdown(f"{plain(words.say('project.plan_text'))}  \n{as_code(source['url'])}")
        st.link_button(words.say("project.open_plan"), source["url"], icon=":material/open_in_new:")
    st.markdown(f"**{words.say('project.serves')}**")
    if not row["targets"]:
        st.markdown(words.say("project.no_targets"))
    for target in row["targets"]:
        link("target", plain(words.name("targets", target)), target=target)


def _or_none(words: Words, places: list[str]) -> str:
    return plain(words.names("places", places)) or words.say("mark.none")

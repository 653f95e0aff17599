"""What a layer taken in is for: projects to screen, an official layer, a layer to look at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import streamlit as st

from etk_geo.intake.confirm import Taken
from etk_geo.intake.running import Running
from etk_geo.model import Bound
from etk_geo.plan import records
from etk_geo.screening.taken import TakenProjects, taken_projects
from etk_geo.ui.export import offer_export
from etk_geo.ui.grid import plain
from etk_geo.ui.intake_state import await_result, forget_work, intake_state
from etk_geo.ui.links import ARROW, link
from etk_geo.ui.shown import ShownLayer, remove_shown, show_layer, shown_layers
from etk_geo.ui.supply_form import supply_form
from etk_geo.ui.taken import add_list, remove_list, taken_lists
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

MOST_CATEGORIES = 40
USES = ("projects", "official", "look", "export")


def show_uses(workspace: Workspace, taken: Taken, key: object, name: str, words: Words) -> None:
    """Offer the uses of a layer that was taken in and confirmed."""
    st.subheader(words.say("intake.uses"), anchor=False)
    use = st.segmented_control(
        words.say("intake.use"),
        USES,
        format_func=lambda code: words.say(f"intake.use_{code}"),
        default="projects",
        required=True,
        key="intake_use",
        label_visibility="collapsed",
    )
    if use == "projects":
        _use_as_projects(workspace, taken, key, name, words)
    elif use == "official":
        supply_form(workspace, taken, key, words)
    elif use == "look":
        _use_to_look(taken, name, words)
    else:
        offer_export(taken.frame, name, f"intake_{hash(key)}", words.lang)


def _use_as_projects(
    workspace: Workspace, taken: Taken, key: object, name: str, words: Words
) -> None:
    st.markdown(words.say("intake.projects_about"))
    title = st.text_input(
        words.say("intake.list_name"), value=name, key=f"intake_list_{hash(key)}"
    ).strip()
    categories = choose_categories(workspace, taken, f"{hash(key)}", words)
    outer = st.radio(
        words.say("intake.bound"),
        ("exact", "outer"),
        format_func=lambda code: words.say(f"intake.bound_{code}"),
        key=f"intake_bound_{hash(key)}",
    )
    bound = Bound.OUTER if outer == "outer" else None
    about = (key, title, tuple(sorted(categories.items())), bound)
    state = intake_state()
    if st.button(words.say("intake.hand_over"), type="primary", key="intake_hand_over"):
        forget_work("hand_over")
        state.handing_over = about
    if state.handing_over == about:
        extents = default_extents(workspace)

        def work(running: Running[TakenProjects]) -> TakenProjects:
            projects = taken_projects(
                taken, name=title or name, categories=categories, extents=extents, bound=bound
            )
            running.tell(1, 2)
            _ = projects.key  # here, not in the page: it reads every vertex
            return projects

        projects = await_result("hand_over", about, work, words.lang, can_stop=True)
        forget_work("hand_over")
        state.handing_over = None
        add_list(projects)
        st.success(words.say("intake.handed_over", n=f"{len(projects.frame):,}"))
        link("screen", words.say("intake.go_to_screening"), icon=ARROW)
    _show_lists(words)


def default_extents(workspace: Workspace) -> dict[str, float]:
    """Return the default extent in metres by project category, where the plan's table has one."""
    rows = workspace.plan.categories
    stated = rows[rows["extent_m"].notna()]
    return dict(zip(stated["id"], stated["extent_m"].astype(float), strict=True))


def choose_categories(
    workspace: Workspace, taken: Taken, key: str, words: Words
) -> Mapping[str, str]:
    """Show which category of the plan each of the layer's is taken for, and let it be corrected."""
    counts = Counter(str(value) for value in taken.frame["category"])
    names = {row["id"]: words.of(row, "name") for row in records(workspace.plan.categories)}
    proposed = match_categories(list(counts), workspace)
    if set(counts) == {""}:
        chosen = st.selectbox(
            words.say("intake.category_all"),
            list(names),
            index=None,
            placeholder=words.say("intake.category_none"),
            format_func=lambda code: names[code],
            key=f"intake_category_{key}",
            filter_mode=None,
        )
        return {"": chosen} if chosen else {}
    st.markdown(f"**{words.say('intake.categories')}**  \n{words.say('intake.categories_about')}")
    chosen_by: dict[str, str] = {}
    places = st.columns(3)
    for i, (said, count) in enumerate(counts.most_common(MOST_CATEGORIES)):
        found = proposed.get(said)
        label = said or words.say("intake.category_empty")
        chosen = places[i % 3].selectbox(
            plain(words.say("intake.category_of", category=label, n=count)),
            list(names),
            index=list(names).index(found) if found else None,
            placeholder=words.say("intake.category_none"),
            format_func=lambda code: names[code],
            key=f"intake_category_{key}_{i}",
            filter_mode=None,
        )
        if chosen:
            chosen_by[said] = chosen
    if len(counts) > MOST_CATEGORIES:
        st.caption(words.say("intake.categories_more", n=len(counts) - MOST_CATEGORIES))
    return chosen_by


def match_categories(said: list[str], workspace: Workspace) -> dict[str, str]:
    """Return the plan's category of each word that is exactly one's id or name."""
    known: dict[str, str] = {}
    for row in records(workspace.plan.categories):
        for name in (row["id"], row["name_zh"], row["name_en"]):
            known[_folded(name)] = row["id"]
    return {word: known[_folded(word)] for word in said if _folded(word) in known}


def _folded(word: str) -> str:
    return re.sub(r"[\s_]+", " ", word).strip().lower()


def _show_lists(words: Words) -> None:
    """Name the lists that wait for the environmental desk, each with a way to take it back."""
    for projects in taken_lists():
        said, act = st.columns((5, 1), vertical_alignment="center")
        said.markdown(_list_words(projects, words))
        if act.button(words.say("intake.remove"), key=f"intake_remove_{projects.key}"):
            remove_list(projects.key)
            st.rerun()


def _list_words(projects: TakenProjects, words: Words) -> str:
    frame = projects.frame
    located = int(frame.geometry.notna().sum())
    said = words.say("intake.list_row", name=projects.name, n=len(frame), located=located)
    return plain(said)


def _use_to_look(taken: Taken, name: str, words: Words) -> None:
    st.markdown(words.say("intake.look_about"))
    if st.button(words.say("intake.show_on_map"), type="primary", key="intake_show"):
        names = tuple(str(value) for value in taken.frame["name"])
        show_layer(ShownLayer(name, taken.frame.geometry.to_numpy(), names))
        st.success(words.say("intake.shown"))
    for layer in shown_layers():
        said, act = st.columns((5, 1), vertical_alignment="center")
        said.markdown(plain(words.say("intake.layer_row", name=layer.name, n=len(layer.names))))
        if act.button(words.say("intake.remove"), key=f"intake_unshow_{layer.name}"):
            remove_shown(layer.name)
            st.rerun()

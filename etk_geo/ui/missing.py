"""What a planner's page lacks, in words: tables, layers or entries that are not there."""

from __future__ import annotations

from enum import StrEnum

import streamlit as st

from etk_geo.model import LayerGroup
from etk_geo.progress import ProgressBook
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

KEPT = ("townships",)
"""Plan layers that say where one is, and stand for no project."""


class Need(StrEnum):
    """What a page lives on."""

    PROJECTS = "projects"
    TARGETS = "targets"
    PATTERNS = "patterns"
    LAYERS = "layers"


FOLDER = frozenset({Need.PROJECTS, Need.TARGETS, Need.LAYERS})
"""Without all of these the folder is taken for empty, and one sentence says so."""


def lacking(workspace: Workspace) -> frozenset[Need]:
    """Return what the folder has none of: no usable row, no layer that shows projects."""
    plan = workspace.plan
    empty = {
        Need.PROJECTS: plan.projects.empty,
        Need.TARGETS: plan.targets.empty,
        Need.PATTERNS: plan.patterns.empty,
        Need.LAYERS: not any(
            layer.provenance.group is LayerGroup.PLAN and layer.id not in KEPT
            for layer in workspace.catalog.layers.values()
        ),
    }
    return frozenset(need for need, is_empty in empty.items() if is_empty)


def tell_empty_folder(workspace: Workspace, words: Words) -> None:
    """Say on any page that the folder holds no data, and what to do."""
    if lacking(workspace) >= FOLDER:
        st.warning(words.say("missing.everything"))


def tell_missing(workspace: Workspace, words: Words, *needs: Need) -> frozenset[Need]:
    """Say what is missing of what a page needs, and what to do; return what is missing.

    An empty table would otherwise read as if the plan named nothing. Of an empty folder the frame
    of the page tells.
    """
    empty = lacking(workspace)
    missing = empty.intersection(needs)
    if not empty >= FOLDER:
        for need in Need:
            if need in missing:
                st.warning(words.say(f"missing.{need}"))
    return missing


def tell_no_entries(book: ProgressBook, words: Words) -> None:
    """Say that no progress is on record, and where it is entered."""
    if not book.entries:
        st.info(words.say("missing.entries"))

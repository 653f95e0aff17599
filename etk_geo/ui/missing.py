"""What a planner's page lacks, in words: tables, layers or entries that are not there."""

from __future__ import annotations

from enum import StrEnum

import streamlit as st

from etk_geo.model import LayerGroup
from etk_geo.progress import ProgressBook
from etk_geo.ui.compare_map import KEPT
from etk_geo.wording import Words
from etk_geo.workspace import Workspace


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


def tell_missing(workspace: Workspace, words: Words, *needs: Need) -> frozenset[Need]:
    """Say what is missing of what a page needs, and what to do; return what is missing.

    An empty table would otherwise read as if the plan named nothing.
    """
    empty = lacking(workspace)
    missing = empty.intersection(needs)
    if missing and empty >= FOLDER:
        st.warning(words.say("missing.everything"))
    else:
        for need in Need:
            if need in missing:
                st.warning(words.say(f"missing.{need}"))
    return missing


def tell_no_entries(book: ProgressBook, words: Words) -> None:
    """Say that no progress is on record, and where it is entered."""
    if not book.entries:
        st.info(words.say("missing.entries"))

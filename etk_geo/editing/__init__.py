"""Editing a built layer in the app: the edit is kept first, then the layer is made again with it.

An edit is a line of ``data/edits/<layer>.json`` (:mod:`etk_geo.build.edits`), so that ``build``
makes the same layer again and ``validate`` finds it as it should be. docs/editing.md
"""

from etk_geo.build.edits import Act, Edit
from etk_geo.editing.change import (
    HOW_GOOD,
    Change,
    blank_document,
    change_between,
    changed_document,
    check_change,
    check_new,
    join_parts,
)
from etk_geo.editing.difference import (
    Difference,
    Size,
    list_differences,
    measure_geometry,
    moved_m,
)
from etk_geo.editing.editor import (
    VERSION,
    FeatureVersion,
    LayerEditor,
    finish_interrupted,
    newest,
    screened_features,
)
from etk_geo.editing.meeting import Unit, find_collisions, merge

__all__ = [
    "HOW_GOOD",
    "VERSION",
    "Act",
    "Change",
    "Difference",
    "Edit",
    "FeatureVersion",
    "LayerEditor",
    "Size",
    "Unit",
    "blank_document",
    "change_between",
    "changed_document",
    "check_change",
    "check_new",
    "find_collisions",
    "finish_interrupted",
    "join_parts",
    "list_differences",
    "measure_geometry",
    "merge",
    "moved_m",
    "newest",
    "screened_features",
]

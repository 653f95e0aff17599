"""Editing a built layer in the app: the edit is kept first, then the layer is made again with it.

An edit is a line of ``data/edits/<layer>.json`` (:mod:`etk_geo.build.edits`), so that ``build``
makes the same layer again and ``validate`` finds it as it should be. docs/editing.md
"""

from etk_geo.build.edits import Edit
from etk_geo.editing.change import Change, check_change
from etk_geo.editing.editor import FeatureVersion, LayerEditor, finish_interrupted

__all__ = [
    "Change",
    "Edit",
    "FeatureVersion",
    "LayerEditor",
    "check_change",
    "finish_interrupted",
]

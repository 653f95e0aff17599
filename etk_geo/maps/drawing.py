"""The plan map with tools to draw points, lines and areas, and to change and delete them.

Leaflet.draw draws; what is drawn comes back as GeoJSON features, longitude first. The script stays
the same while the user draws, so that the map's frame stays too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import folium
from folium.elements import JSCSSMixin
from folium.template import Template

from etk_geo.i18n import texts
from etk_geo.maps.plan_map import build_map, local_address, require_local
from etk_geo.model import Lang

Shape = Literal["point", "line", "area"]
SHAPES: tuple[Shape, ...] = ("point", "line", "area")

DRAW_JS = (
    ("leaflet_draw", "vendor/leaflet-draw/leaflet.draw.js"),
    ("etk_drawing", "etk/drawing.js"),
)
DRAW_CSS = (
    ("leaflet_draw_css", "vendor/leaflet-draw/leaflet.draw.css"),
    ("etk_drawing_css", "etk/drawing.css"),
)
TEXTS = "drawing.tool."
"""Texts that take the place of Leaflet.draw's, under the names that they have in it."""


@dataclass(frozen=True)
class DrawingSetting:
    """What can be drawn and what is there at the start.

    Parameters
    ----------
    key
        Names the drawing: the browser keeps what is drawn under it while its window is open, and
        another key starts another drawing.
    lang
        Language of the tools.
    shapes
        The tools offered.
    features
        GeoJSON features to begin with, WGS 84 degrees, longitude first; parts of a multiple
        geometry come back one by one with the properties of the whole.
    live
        Whether what is dragged is told at once, before it is saved.
    """

    key: str
    lang: Lang
    shapes: Sequence[Shape] = SHAPES
    features: Sequence[Mapping[str, Any]] = ()
    live: bool = False

    def document(self) -> dict[str, Any]:
        """Return what the browser is told."""
        return {
            "key": self.key,
            "shapes": list(self.shapes),
            "features": list(self.features),
            "live": self.live,
            "texts": {
                key.removeprefix(TEXTS): by_lang[self.lang]
                for key, by_lang in sorted(texts().items())
                if key.startswith(TEXTS)
            },
        }


class DrawingTools(JSCSSMixin):
    """The tools; streamlit-folium reads what is drawn from the variable ``drawnItems``."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var drawnItems = etk.startDrawing({{ this._parent.get_name() }}, {{ this.setting|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, setting: DrawingSetting) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "DrawingTools"
        self.setting = setting.document()


def build_drawing_map(
    site: Path, source: str | Mapping[str, Any], setting: DrawingSetting
) -> folium.Map:
    """Build the plan map with drawing tools; the same arguments give the same script.

    Parameters
    ----------
    site, source
        As for :func:`etk_geo.maps.plan_map.build_map`.
    setting
        What can be drawn.

    Raises
    ------
    AssetError
        If a browser file is not in place.
    """
    plan_map = build_map(site, source)
    tools = DrawingTools(setting)
    tools.default_js = [(name, local_address(site, file)) for name, file in DRAW_JS]
    tools.default_css = [(name, local_address(site, file)) for name, file in DRAW_CSS]
    tools.add_to(plan_map)
    require_local(plan_map)
    return plan_map

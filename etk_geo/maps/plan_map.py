"""The plan map as a folium map that needs no network.

Python sends hardly more than an address: layers, symbols and texts are fetched by the browser code
in ``static/etk``. So the script stays the same from one rerun to the next, and the frame with the
reader's view stays too. The one place where longitude and latitude change order for folium.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import folium
from folium.elements import JSCSSMixin
from folium.template import Template

from etk_geo.errors import AssetError
from etk_geo.maps.display import STATIC_URL
from etk_geo.model import BANNER_BOUNDS, LonLat, LonLatBounds
from etk_geo.store import sha256

LEAFLET_JS = ("leaflet", "vendor/leaflet/leaflet.js")
LEAFLET_CSS = ("leaflet_css", "vendor/leaflet/leaflet.css")
OWN_JS = (
    ("etk_symbols", "etk/symbols.js"),
    ("etk_labels", "etk/labels.js"),
    ("etk_placing", "etk/placing.js"),
    ("etk_legend", "etk/legend.js"),
    ("etk_card", "etk/card.js"),
    ("etk_furniture", "etk/furniture.js"),
    ("etk_address", "etk/address.js"),
    ("etk_swipe", "etk/swipe.js"),
    ("etk_direction", "etk/direction.js"),
    ("etk_overlay", "etk/overlay.js"),
    ("etk_plan_map", "etk/plan-map.js"),
)
OWN_CSS = (
    ("etk_plan_map_css", "etk/plan-map.css"),
    ("etk_overlay_css", "etk/overlay.css"),
)
"""Browser files by name, relative to the ``static`` folder, in the order they are loaded."""

MIN_ZOOM, MAX_ZOOM = 6, 17


class PlanLayers(JSCSSMixin):
    """The layers, legend and map furniture that the browser code of ``static/etk`` draws.

    Parameters
    ----------
    source
        Address of the map document as seen from the frame, or the document itself.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        etk.start({{ this._parent.get_name() }}, {{ this.source|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, source: str | Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "PlanLayers"
        self.source = source


def build_map(site: Path, source: str | Mapping[str, Any]) -> folium.Map:
    """Build the map of the banner; the same arguments give the same script.

    Parameters
    ----------
    site
        The folder of the app, whose ``static`` folder is served.
    source
        ``Display.url`` of :func:`etk_geo.maps.display.write_display`, or the document of
        :func:`etk_geo.maps.display.inline_display`.

    Returns
    -------
    plan_map
        Without tiles; every address it asks for is a local file.

    Raises
    ------
    AssetError
        If a browser file is not in place.
    """
    plan_map = folium.Map(
        location=to_latlon(centre_of(BANNER_BOUNDS)),
        zoom_start=8,
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=120,
        font_size="0.8125rem",
    )
    plan_map.options["min_zoom"], plan_map.options["max_zoom"] = MIN_ZOOM, MAX_ZOOM
    plan_map.default_js = [(name, local_address(site, file)) for name, file in (LEAFLET_JS,)]
    plan_map.default_css = [(name, local_address(site, file)) for name, file in (LEAFLET_CSS,)]
    layers = PlanLayers(source)
    layers.default_js = [(name, local_address(site, file)) for name, file in OWN_JS]
    layers.default_css = [(name, local_address(site, file)) for name, file in OWN_CSS]
    layers.add_to(plan_map)
    require_local(plan_map)
    return plan_map


def centre_of(bounds: LonLatBounds) -> LonLat:
    """Return the middle of a box in degrees."""
    return LonLat((bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2)


def to_latlon(position: LonLat) -> tuple[float, float]:
    """Return a position in folium's order: latitude first."""
    return (position.lat, position.lon)


def local_address(site: Path, file: str) -> str:
    """Return the address of a static file as seen from the map's frame.

    It carries the checksum of the file, so that a browser never uses an older copy.

    Raises
    ------
    AssetError
        If the file is not there.
    """
    path = site / "static" / file
    try:
        stat = path.stat()
    except OSError:
        raise AssetError("ETK602", file=f"static/{file}") from None
    return f"{STATIC_URL}{file}?v={_checksum(path, stat.st_mtime_ns, stat.st_size)}"


@lru_cache(maxsize=64)
def _checksum(path: Path, mtime_ns: int, size: int) -> str:  # noqa: ARG001
    return sha256(path.read_bytes())[:8]


def require_local(plan_map: folium.Map) -> None:
    """Raise :class:`AssetError` for an element that would ask another host for a file."""
    for element in _elements(plan_map):
        for _, address in (*element.default_js, *element.default_css):
            if urlsplit(address).netloc or not address.startswith(STATIC_URL):
                raise AssetError("ETK602", file=address)


def _elements(element: Any) -> Iterator[JSCSSMixin]:
    if isinstance(element, JSCSSMixin):
        yield element
    for child in element._children.values():  # noqa: SLF001 - folium offers no other way
        yield from _elements(child)

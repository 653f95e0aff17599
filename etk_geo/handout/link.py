"""The view and the layers in the address of the map page, as static/etk/address.js writes them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from etk_geo.errors import UsageError
from etk_geo.handout.content import View
from etk_geo.model import REGION_BOUNDS, LonLat
from etk_geo.stories.material import Material
from etk_geo.stories.model import LEAST_ZOOM, MOST_ZOOM, Camera


def view_of_link(link: str, material: Material) -> View:
    """Return the view that a link to the map page shows.

    Parameters
    ----------
    link
        The whole address, or what follows its question mark. Without a view it is the whole
        banner; layers that may not be shown are left out.
    material
        Knows the layers.

    Raises
    ------
    UsageError
        If its view is no position of the region.
    """
    query = urlsplit(link).query or link.partition("?")[2] or link
    values = parse_qs(query)
    layers = None
    if "layers" in values:
        asked = values["layers"][0].split(",")
        layers = tuple(name for name in asked if name in material.layers)
    camera = Camera()
    if "view" in values:
        camera = _camera(values["view"][0])
    return View(layers=layers, camera=camera)


def _camera(text: str) -> Camera:
    west, south, east, north = REGION_BOUNDS
    try:
        lon, lat, zoom = (float(part) for part in text.split(","))
    except ValueError:
        raise UsageError("ETK975", where="view", member="view", found=text) from None
    if not (west <= lon <= east and south <= lat <= north and LEAST_ZOOM <= zoom <= MOST_ZOOM):
        raise UsageError("ETK975", where="view", member="view", found=text)
    return Camera(centre=LonLat(lon, lat), zoom=zoom)

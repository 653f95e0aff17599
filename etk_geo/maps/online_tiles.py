"""Online base maps, shown only when a reader asks for one; the map is complete without."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import folium

Provider = Literal["osm", "tianditu"]
PROVIDERS: tuple[Provider, ...] = ("osm", "tianditu")
TIANDITU_KEY = re.compile(r"[0-9a-fA-F]{32}")


@dataclass(frozen=True)
class Tiles:
    """A set of tiles in web mercator: address template, attribution, largest zoom."""

    url: str
    attribution: str
    max_zoom: int
    subdomains: str = ""


OSM = Tiles("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "© OpenStreetMap contributors", 19)


def is_tianditu_key(key: str) -> bool:
    """Return whether a text has the form of a Tianditu key."""
    return TIANDITU_KEY.fullmatch(key) is not None


def tiles_of(provider: Provider, key: str = "") -> tuple[Tiles, ...]:
    """Return the tiles of a provider, bottom first.

    Parameters
    ----------
    provider
        ``osm``, or ``tianditu``, which needs a ``key``.
    key
        The reader's Tianditu key.
    """
    if provider == "osm":
        return (OSM,)
    return tuple(
        Tiles(
            f"https://t{{s}}.tianditu.gov.cn/{name}_w/wmts?SERVICE=WMTS&REQUEST=GetTile"
            f"&VERSION=1.0.0&LAYER={name}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
            f"&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={quote(key, safe='')}",
            "天地图",
            18,
            "01234567",
        )
        for name in ("vec", "cva")
    )


def tile_group(provider: Provider, key: str = "") -> folium.FeatureGroup:
    """Return the tiles of a provider as a group that is added to a map already shown."""
    group = folium.FeatureGroup(name=provider, control=False)
    for tiles in tiles_of(provider, key):
        folium.TileLayer(
            tiles.url,
            attr=tiles.attribution,
            max_zoom=tiles.max_zoom,
            subdomains=tiles.subdomains or "abc",
            control=False,
            detect_retina=False,
        ).add_to(group)
    return group

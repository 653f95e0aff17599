"""What a page asks of the plan map it shows, and what the reader picked on it.

A direction goes to the browser as a feature group (the one thing that streamlit-folium brings to a
map already shown), so the frame stays and no layer is sent again. ``static/etk/direction.js`` does
what it asks; docs/map.md explains the members.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import folium
import shapely
from branca.element import MacroElement
from folium.template import Template
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from etk_geo.geojson import round_coordinates
from etk_geo.i18n import text
from etk_geo.maps.shapes import DECIMALS
from etk_geo.maps.symbols import Shape, read_roles, style_of
from etk_geo.model import Bound, Lang, LonLat, LonLatBounds

FeatureGroup = folium.FeatureGroup
"""What streamlit-folium adds to a map already shown, for the signatures of those above."""

GROUP_NAME = "direction"
OVERLAY = ""
"""The layer that :class:`Pick` names for a feature of the overlay."""


Side = Literal["", "before", "after"]
"""On which side of a swiped map something is drawn; empty: on both."""


class FeatureRef(NamedTuple):
    """A feature of a layer; ``layer`` is empty for a feature of the overlay."""

    layer: str
    id: str


@dataclass(frozen=True)
class Camera:
    """Where the map is to look: features, a box, or a middle with its zoom; the first given holds.

    Attributes
    ----------
    features
        Features to bring into view, with room for their accuracy.
    bounds
        Box in degrees.
    centre, zoom
        Middle in degrees and zoom.
    seconds
        How long the way there takes; 0 jumps.
    turn
        Raise it to move to the same place once more after the reader moved away.
    """

    features: tuple[FeatureRef, ...] = ()
    bounds: LonLatBounds | None = None
    centre: LonLat | None = None
    zoom: float = 10
    seconds: float = 0
    turn: int = 0

    def document(self) -> dict[str, Any]:
        """Return what the browser needs."""
        values: dict[str, Any] = {"seconds": self.seconds, "turn": self.turn}
        if self.features:
            return values | {"features": [list(ref) for ref in self.features]}
        if self.bounds:
            return values | {"bounds": list(self.bounds)}
        if self.centre:
            return values | {"centre": list(self.centre), "zoom": self.zoom}
        return values | {"features": []}


@dataclass(frozen=True)
class OverlayFeature:
    """A feature drawn on top of the layers, for this page only.

    Attributes
    ----------
    geometry
        WGS 84 degrees, longitude first; a collection or several points are drawn by their parts.
    role
        What it is: a name in ``overlay_roles.toml``, which says how it looks.
    id
        Given when a click on it is to be told; empty otherwise.
    name
        Written beside it; empty: nothing.
    tip
        Plain text shown on pointing at it.
    accuracy_m
        Accuracy of a point in metres, drawn as a dashed circle; ``None`` draws none.
    bound
        How the geometry bounds the real thing; an ``outer`` extent is hatched, without outline.
    side
        Of a map with a swipe; drawn on that side of the divider only.
    count
        How many things a marker stands for; more than one is written on it.
    ringed
        Whether it is ringed as something to look at.
    """

    geometry: BaseGeometry
    role: str
    id: str = ""
    name: str = ""
    tip: str = ""
    accuracy_m: float | None = None
    bound: Bound = Bound.EXACT
    side: Side = ""
    count: int = 1
    ringed: bool = False


@dataclass(frozen=True)
class Swipe:
    """A divider that the reader moves over the map; overlay features say on which side they are.

    Attributes
    ----------
    before, after
        What is left and right of it, in words.
    label
        What the divider is called for screen readers.
    """

    before: str
    after: str
    label: str

    def document(self) -> dict[str, str]:
        """Return what the browser needs."""
        return {"before": self.before, "after": self.after, "label": self.label}


@dataclass(frozen=True)
class Direction:
    """What a page asks of the map. A member acts when it changes, never on a mere rerun.

    Attributes
    ----------
    shown
        The selection: everything else on the plan's layers fades. ``None`` shows all.
    marked
        Features ringed as chosen; a layer that is off is switched on for them.
    card
        Feature whose card is open.
    layers
        Layers to switch on or off, by id; those not named stay as the reader has them.
    camera
        Where to look; ``None`` leaves the view.
    overlay, overlay_title
        Extra features, and the heading of their part of the legend.
    swipe
        A divider between two states of the overlay; its place is kept in the address with the view.
    report
        Whether a click on a feature is told to Python. Moving the map never is.
    address
        Whether the view and the layers are kept in the address of the page.
    memory
        Name under which the window remembers view and switches; ``None``: not at all.
    """

    shown: tuple[FeatureRef, ...] | None = None
    marked: tuple[FeatureRef, ...] = ()
    card: FeatureRef | None = None
    layers: Mapping[str, bool] = field(default_factory=dict)
    camera: Camera | None = None
    overlay: tuple[OverlayFeature, ...] = ()
    overlay_title: str = ""
    swipe: Swipe | None = None
    report: bool = False
    address: bool = False
    memory: str | None = "map"

    def document(self, lang: Lang) -> dict[str, Any]:
        """Return what the browser needs; the same direction gives the same document."""
        return {
            "shown": None if self.shown is None else _refs(self.shown),
            "marked": _refs(self.marked),
            "card": None if self.card is None else list(self.card),
            "layers": dict(sorted(self.layers.items())),
            "camera": None if self.camera is None else self.camera.document(),
            "overlay": overlay_document(self.overlay, self.overlay_title, lang),
            "swipe": None if self.swipe is None else self.swipe.document(),
            "report": self.report,
            "address": self.address,
            "memory": self.memory,
        }

    def group(self, lang: Lang) -> folium.FeatureGroup:
        """Return the direction as streamlit-folium brings it: as ``feature_group_to_add``."""
        group = folium.FeatureGroup(name=GROUP_NAME, control=False)
        _DirectionScript(self.document(lang)).add_to(group)
        return group


class _DirectionScript(MacroElement):
    """The one line that hands the direction to the browser code."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        etk.direct({{ this._parent._parent.get_name() }}, {{ this.document|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Direction"
        self.document = document


@dataclass(frozen=True)
class Pick:
    """What the reader chose on the map; no features when the card was closed.

    ``turn`` grows from one pick to the next.
    """

    features: tuple[FeatureRef, ...]
    turn: int


def read_pick(answer: Any) -> Pick | None:
    """Return the pick in what the map component returned, or ``None``.

    Parameters
    ----------
    answer
        Comes from the browser, so nothing about it is taken for granted.
    """
    picked = answer.get("picked") if isinstance(answer, Mapping) else None
    if not isinstance(picked, Mapping) or not isinstance(picked.get("turn"), int | float):
        return None
    refs = picked.get("features")
    if not isinstance(refs, list) or not all(map(_is_ref, refs)):
        return None
    return Pick(tuple(FeatureRef(*ref) for ref in refs), int(picked["turn"]))


def _is_ref(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)
    )


def _refs(refs: Iterable[FeatureRef]) -> list[list[str]]:
    return [list(ref) for ref in refs]


def overlay_document(
    features: Sequence[OverlayFeature], title: str, lang: Lang
) -> dict[str, Any] | None:
    """Return overlay features as the browser draws them, with a style per role and shape.

    Raises
    ------
    KeyError
        If a role is not in ``overlay_roles.toml``: a slip in the program.
    """
    if not features:
        return None
    roles: dict[str, Any] = {}
    drawn = [
        _overlay_feature(feature, part, roles, lang)
        for feature in features
        for part in _parts(feature.geometry)
    ]
    return {"title": title, "roles": roles, "features": drawn}


def _overlay_feature(
    feature: OverlayFeature, part: BaseGeometry, roles: dict[str, Any], lang: Lang
) -> dict[str, Any]:
    shape = _shape(part)
    style = style_of(
        read_roles().symbol(feature.role),
        shape,
        bound=feature.bound,
        accuracy_known=True,
        indicative=False,
    )
    name = f"{feature.role}-{shape}-{style.pattern}"
    roles.setdefault(
        name, {**style.document(), "label": text(f"overlay_role.{feature.role}", lang)}
    )
    values: dict[str, Any] = {
        "role": name,
        "id": feature.id,
        "name": feature.name,
        "tip": feature.tip,
        "side": feature.side,
    }
    if feature.accuracy_m is not None:
        values["accuracy_m"] = feature.accuracy_m
    if feature.count > 1:
        values["count"] = feature.count
    if feature.ringed:
        values["ringed"] = True
    parsed = mapping(shapely.force_2d(part))
    return {
        "type": "Feature",
        "properties": {key: value for key, value in values.items() if value != ""},
        "geometry": {
            "type": parsed["type"],
            "coordinates": round_coordinates(parsed["coordinates"], DECIMALS),
        },
    }


def _shape(part: BaseGeometry) -> Shape:
    forms: tuple[Shape, ...] = ("marker", "line", "area")
    return forms[int(shapely.get_dimensions(part))]


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Return what is drawn one by one: points singly, lines and areas whole."""
    if geometry.is_empty:
        return []
    if geometry.geom_type in ("GeometryCollection", "MultiPoint"):
        return [each for part in shapely.get_parts(geometry) for each in _parts(part)]
    return [geometry]

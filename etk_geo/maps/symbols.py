"""How layers are drawn, read from ``symbols.toml``: the same for the map and its legend."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal

from etk_geo.errors import TableError
from etk_geo.model import Bound, Kind
from etk_geo.store import read_toml

SYMBOL_FILE = "etk_geo/maps/symbols.toml"
ROLE_FILE = "etk_geo/maps/overlay_roles.toml"
PACKAGE_ROOT = Path(__file__).resolve().parents[2]
FALLBACK = "fallback"
MARKERS = (
    "circle",
    "ring",
    "dot",
    "square",
    "diamond",
    "triangle",
    "triangle_down",
    "pentagon",
    "hexagon",
    "star",
    "cross",
)
LABEL_STYLES = ("place", "small", "water", "area", "none")
SCHEMATIC_DASH = "7 6"
Shape = Literal["marker", "line", "area"]
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
DASH = re.compile(r"(\d+(\.\d+)?( \d+(\.\d+)?)*)?")


@dataclass(frozen=True)
class Symbol:
    """How the features of a layer look; the members are explained in ``symbols.toml``."""

    colour: str
    marker: str
    size: float
    weight: float
    dash: str
    fill: float
    fill_colour: str
    edge_only: bool
    z: int
    label_zoom: float
    label_rank: int
    label_style: str

    def __post_init__(self) -> None:
        """Refuse a value that the browser code does not know."""
        good = {
            "colour": COLOUR.fullmatch(self.colour),
            "fill_colour": not self.fill_colour or COLOUR.fullmatch(self.fill_colour),
            "marker": self.marker in MARKERS,
            "dash": DASH.fullmatch(self.dash),
            "label_style": self.label_style in LABEL_STYLES,
        }
        wrong = [name for name, fits in good.items() if not fits]
        if wrong:
            raise ValueError(wrong[0])


@dataclass(frozen=True)
class Style:
    """One way of drawing that the legend shows: a symbol for one shape, with honest edges.

    ``pattern`` is ``hatch`` for an outer extent (no outline at all), ``dots`` for an area that is
    only indicative, ``""`` for a real area. ``schematic`` marks a line whose course is unknown.
    """

    shape: Shape
    symbol: Symbol
    dash: str
    pattern: str
    schematic: bool

    def document(self) -> dict[str, Any]:
        """Return what the browser needs to draw it."""
        symbol = asdict(self.symbol)
        own = {"shape": self.shape, "pattern": self.pattern, "schematic": self.schematic}
        return {**own, **symbol, "dash": self.dash}


class Symbols:
    """The symbols of every layer, with a fallback for those that the file does not name."""

    def __init__(self, entries: Mapping[str, Any]) -> None:
        self._symbols: dict[tuple[str, str], Symbol] = {}
        fallback = entries[FALLBACK]
        for layer_id, entry in entries.items():
            own = {name: value for name, value in entry.items() if not isinstance(value, Mapping)}
            self._add(layer_id, "", {**fallback, **own})
            for kind, value in entry.items():
                if isinstance(value, Mapping):
                    self._add(layer_id, kind, {**fallback, **own, **value})

    def _add(self, layer_id: str, kind: str, values: Mapping[str, Any]) -> None:
        names = {member.name for member in fields(Symbol)}
        where = f"{layer_id}.{kind}" if kind else layer_id
        foreign = sorted(set(values) - names)
        if foreign or (kind and kind not in set(Kind)):
            raise TableError("ETK603", file=SYMBOL_FILE, where=where, member=(foreign or [kind])[0])
        try:
            self._symbols[layer_id, kind] = Symbol(**values)
        except (TypeError, ValueError) as error:
            raise TableError("ETK603", file=SYMBOL_FILE, where=where, member=str(error)) from None

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Layer or role, and kind (empty for all), of every symbol of the file."""
        return tuple(self._symbols)

    def symbol(self, layer_id: str, kind: str = "") -> Symbol:
        """Return the symbol of a kind in a layer, else of the layer, else the fallback."""
        for key in ((layer_id, kind), (layer_id, "")):
            if key in self._symbols:
                return self._symbols[key]
        return self._symbols[FALLBACK, ""]


def read_symbols() -> Symbols:
    """Read ``symbols.toml``, which lies beside this module.

    Raises
    ------
    TableError
        If an entry has an unknown member or value.
    """
    return _read(SYMBOL_FILE, "symbols")


@cache
def read_roles() -> Symbols:
    """Read ``overlay_roles.toml``: how extra features of a page are drawn, by role."""
    return _read(ROLE_FILE, "roles")


def _read(file: str, table: str) -> Symbols:
    entries = read_toml(PACKAGE_ROOT, file).get(table, {})
    if FALLBACK not in entries:
        raise TableError("ETK603", file=file, where=FALLBACK, member=FALLBACK)
    return Symbols(entries)


def style_of(
    symbol: Symbol, shape: Shape, *, bound: str | None, accuracy_known: bool, indicative: bool
) -> Style:
    """Return how one feature is drawn.

    Parameters
    ----------
    symbol
        Symbol of its layer and kind.
    shape
        What its geometry is.
    bound
        How the geometry bounds the real thing.
    accuracy_known
        Whether the deviation of the geometry is known. A line where it is not is schematic.
    indicative
        Whether an area shows no more than the rough whereabouts (a position drawn as an area).
    """
    schematic = shape == "line" and bound == Bound.POSITION and not accuracy_known
    pattern = ""
    if shape == "area" and bound == Bound.OUTER:
        pattern = "hatch"
    elif shape == "area" and indicative:
        pattern = "dots"
    dash = symbol.dash or (SCHEMATIC_DASH if schematic else "")
    return Style(shape, symbol, dash, pattern, schematic)

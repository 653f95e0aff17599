"""Symbols: each layer its own, honest edges whatever the symbol."""

from __future__ import annotations

from itertools import combinations

import pytest

from etk_geo.errors import TableError
from etk_geo.maps.symbols import FALLBACK, MARKERS, Symbols, read_symbols, style_of
from etk_geo.store import project_root, read_toml

BASE = {
    "colour": "#000000",
    "marker": "circle",
    "size": 10,
    "weight": 2,
    "dash": "",
    "fill": 0.1,
    "fill_colour": "",
    "edge_only": False,
    "z": 1,
    "label_zoom": 8,
    "label_rank": 1,
    "label_style": "small",
}


def layer_ids() -> list[str]:
    return [entry["id"] for entry in read_toml(project_root(), "data/layers.toml")["layer"]]


@pytest.mark.parametrize("layer_id", layer_ids())
def test_every_registered_layer_has_its_own_symbol(layer_id):
    symbols = read_symbols()
    assert symbols.symbol(layer_id) != symbols.symbol("no_such_layer")


def test_no_two_layers_share_colour_and_shape():
    symbols = read_symbols()
    looks = [(symbols.symbol(i).colour, symbols.symbol(i).marker) for i in layer_ids()]
    assert len(set(looks)) == len(looks)


def test_layers_with_projects_differ_by_shape_too():
    symbols = read_symbols()
    plan = [e["id"] for e in read_toml(project_root(), "data/layers.toml")["layer"]]
    plan = [i for i in plan if symbols.symbol(i).z >= 60]
    for one, other in combinations(plan, 2):
        assert symbols.symbol(one).marker != symbols.symbol(other).marker, (one, other)


def test_unknown_layer_gets_the_fallback():
    symbols = Symbols({FALLBACK: BASE, "a": {"size": 12}})
    assert symbols.symbol("b").size == 10
    assert symbols.symbol("a").size == 12


def test_kind_overrides_its_layer():
    symbols = Symbols({FALLBACK: BASE, "a": {"size": 12, "mine": {"marker": "dot"}}})
    assert symbols.symbol("a", "mine").marker == "dot"
    assert symbols.symbol("a", "mine").size == 12
    assert symbols.symbol("a", "project").marker == "circle"


@pytest.mark.parametrize(
    "entry",
    [
        {"colour": "red"},
        {"colour": "#12345g"},
        {"fill_colour": "url(http://example.org)"},
        {"marker": "heart"},
        {"dash": "4,4"},
        {"label_style": "huge"},
        {"shade": 1},
        {"no_kind": {"size": 1}},
    ],
)
def test_wrong_entry_is_named(entry):
    with pytest.raises(TableError) as caught:
        Symbols({FALLBACK: BASE, "a": entry})
    assert caught.value.code == "ETK603"
    assert caught.value.where.startswith("a")


def test_missing_member_is_named():
    with pytest.raises(TableError):
        Symbols({FALLBACK: {"colour": "#000000"}})


@pytest.mark.parametrize("marker", MARKERS)
def test_browser_code_knows_every_marker(marker):
    code = (project_root() / "static/etk/symbols.js").read_text(encoding="utf-8")
    assert marker in ("circle", "dot") or f"{marker}" in code


def style(shape, *, bound="position", known=True, indicative=False, **changes):
    symbol = Symbols({FALLBACK: BASE | changes}).symbol("a")
    return style_of(symbol, shape, bound=bound, accuracy_known=known, indicative=indicative)


def test_line_of_unknown_course_is_dashed():
    assert style("line", known=False).dash
    assert style("line", known=False).schematic
    assert not style("line", known=True).dash


def test_own_dash_of_a_layer_is_kept():
    assert style("line", known=False, dash="2 5").dash == "2 5"


def test_outer_extent_is_hatched():
    assert style("area", bound="outer").pattern == "hatch"


def test_indicative_area_is_dotted_and_a_real_one_is_not():
    assert style("area", indicative=True).pattern == "dots"
    assert style("area", bound="exact").pattern == ""

"""The drawing tools: local files, our own words, the same script while the user draws."""

from __future__ import annotations

import re

import pytest
from streamlit_folium import _get_map_string

from etk_geo.maps.drawing import DrawingSetting, build_drawing_map
from etk_geo.model import LANGS
from etk_geo.store import project_root

URL = "../../app/static/display/map-zh-01234567.json"
UNUSED = ("rectangle", "circle", "circlemarker", "feet", "radius")


def feature(name):
    geometry = {"type": "Point", "coordinates": [107.5, 39.0]}
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry}


def script(site, **setting):
    return _get_map_string(build_drawing_map(site, URL, DrawingSetting("k", "zh", **setting)))


def test_script_is_the_same_on_every_rerun(site):
    assert len({script(site, features=[feature("a")]) for _ in range(3)}) == 1


def test_streamlit_folium_reads_what_is_drawn(site):
    assert "var drawnItems = etk.startDrawing(map_div" in script(site)


def test_all_addresses_are_local_and_carry_a_checksum(site):
    plan_map = build_drawing_map(site, URL, DrawingSetting("k", "zh"))
    names = []
    for element in (plan_map, *plan_map._children.values()):
        for name, address in (*element.default_js, *element.default_css):
            assert address.startswith("../../app/static/")
            assert len(address.rsplit("?v=", 1)[1]) == 8
            names.append(name)
    assert names.index("leaflet") < names.index("leaflet_draw") < names.index("etk_drawing")


def test_names_in_features_cannot_leave_the_script(site):
    assert "</script>" not in script(site, features=[feature("</script><b>x")])


@pytest.mark.parametrize("lang", LANGS)
def test_every_word_of_the_tools_in_use_is_ours(lang):
    source = (project_root() / "static/vendor/leaflet-draw/leaflet.draw.js").read_text(
        encoding="utf-8"
    )
    start = source.index("L.drawLocal={")
    own = DrawingSetting("k", lang).document()["texts"]
    theirs = set(_paths(source[start + len("L.drawLocal=") :]))
    expected = {path for path in theirs if not set(path.split(".")) & set(UNUSED)}
    assert expected
    assert set(own) == expected


def _paths(source):
    """Yield the dotted paths of the texts of a JavaScript object literal."""
    parts = []
    for name, opened, closed in re.findall(r'(\w+):(?:(\{)|"[^"]*")|(\})', source):
        if closed:
            if not parts:
                return
            parts.pop()
        elif opened:
            parts.append(name)
        else:
            yield ".".join([*parts, name])

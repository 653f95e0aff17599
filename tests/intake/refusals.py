"""How the tests of hostile files load one, and what a refusal must be."""

from __future__ import annotations

import geopandas as gpd
import pyogrio
import pytest
import shapely

from etk_geo.errors import IntakeError
from etk_geo.i18n import issue_message, issue_remedy
from etk_geo.intake.limits import MIB, Limits
from etk_geo.intake.raw_layer import choose_columns
from etk_geo.intake.understanding import understand
from etk_geo.intake.upload import open_upload
from etk_geo.model import LANGS, Issue
from tests.intake import corpus

SMALL = Limits(
    file_bytes=4 * MIB,
    unpacked_bytes=8 * MIB,
    archive_members=50,
    features=1000,
    vertices=10_000,
    seconds=60,
)


def load(files, limits=SMALL, layer=None):
    """Read a layer as far as candidates; what is said comes back in words."""
    with open_upload(files, limits) as upload:
        layers = upload.survey()
        raw = upload.read(layers[layer or 0])
    raw = choose_columns(raw) if raw.is_table else raw
    understand(raw)
    return raw


def refusal(files, limits=SMALL) -> str:
    """Return the code of the one error a file is answered by, its words checked."""
    with pytest.raises(IntakeError) as caught:
        load(files, limits)
    for issue in Issue.all_of(caught.value):
        for lang in LANGS:
            words = issue_message(issue, lang) + issue_remedy(issue, lang)
            assert words.strip()
            assert "/tmp" not in words, "a path of this machine"
    return caught.value.code


def square(x=107.5, y=39.2, r=0.01):
    return shapely.box(x - r, y - r, x + r, y + r)


def frame(*shapes, crs=4490):
    shapes = shapes or (square(),)
    return gpd.GeoDataFrame({"名称": ["甲"] * len(shapes)}, geometry=list(shapes), crs=crs)


def written(gdf, folder, name):
    path = folder / name
    pyogrio.write_dataframe(gdf, path)
    return path.read_bytes()


def zipped(**parts):
    return corpus.zipped_bytes({name.replace("__", "/"): c for name, c in parts.items()})

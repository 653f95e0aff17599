"""Heavy polygons cut into pieces: valid, light, and together the whole."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from etk_geo.screening import pieces as cutting
from etk_geo.screening.arrays import as_geometries
from etk_geo.screening.pieces import PIECE_VERTICES, cut_polygons
from tests.screening.admissible import star

CENTRE = np.array([500_000.0, 4_350_000.0])


def rough(seed, corners):
    rng = np.random.default_rng(seed)
    return star(CENTRE, rng.uniform(1_990, 2_010, corners))


def comb():
    """A block with teeth of no more than a decimetre, and holes that touch each other."""
    teeth = [(x, 1_000 + 10 * (number % 2)) for number, x in enumerate(np.arange(0, 400, 0.1))]
    block = shapely.Polygon([(0, 0), (400, 0), *teeth[::-1]])
    holes = [shapely.box(100 + 10 * n, 500, 110 + 10 * n, 510 + n) for n in range(0, 20, 2)]
    corners = [
        shapely.Polygon([(100 + 20 * n, 510), (110 + 20 * n, 500), (110 + 20 * n, 490)])
        for n in range(5)
    ]
    cut = block.difference(shapely.union_all(holes + corners))
    return shapely.transform(cut, lambda xy: xy + CENTRE)


SHAPES = {
    "star": rough(1, 3_000),
    "ring": rough(2, 2_000).difference(shapely.affinity.scale(rough(2, 2_000), 0.5, 0.5)),
    "comb": comb(),
    "several": shapely.MultiPolygon(
        [rough(3, 900), shapely.affinity.translate(rough(4, 900), 9_000)]
    ),
}


def check(found, geom):
    assert shapely.is_valid(found.geoms).all()
    assert (shapely.get_num_coordinates(found.geoms) <= PIECE_VERTICES).all()
    assert found.planar_m2.sum() == pytest.approx(geom.area, rel=1e-9)
    assert shapely.union_all(found.geoms).symmetric_difference(geom).area < 1e-4


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_pieces_are_valid_light_and_make_up_the_whole(name):
    geom = SHAPES[name]
    assert geom.is_valid
    check(cut_polygons(as_geometries([geom]), np.array([0])), geom)


def test_polygon_of_which_a_piece_is_invalid_is_cut_with_care(monkeypatch):
    """Clipping may give an invalid piece: then every cut of that polygon is looked at."""
    clip, spoiled = shapely.clip_by_rect, []

    def clip_badly(geom, *box):
        part = clip(geom, *box)
        if part.geom_type == "Polygon" and len(part.exterior.coords) < 200:
            spoiled.append(part)
            ring = list(part.exterior.coords)
            return shapely.Polygon([*ring, ring[1], ring[0]])  # an edge there and back: area kept
        return part

    geoms = as_geometries([SHAPES["star"], shapely.affinity.translate(SHAPES["star"], 20_000)])
    monkeypatch.setattr(cutting.shapely, "clip_by_rect", clip_badly)
    found = cut_polygons(geoms, np.array([0, 1]))
    assert spoiled
    for number, geom in enumerate(geoms):
        own = found.zone == number
        assert shapely.is_valid(found.geoms[own]).all()
        assert found.planar_m2[own].sum() == pytest.approx(geom.area, rel=1e-9)

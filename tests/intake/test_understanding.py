"""Candidates and questions: what fits is listed with its reason, what is open stays open."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from etk_geo.crs import GEOD
from etk_geo.errors import IntakeError
from etk_geo.i18n import issue_message, text
from etk_geo.intake.confirm import Choice, confirm, count_closed_lines
from etk_geo.intake.datums import Datum, LocalShift
from etk_geo.intake.declarations import declaration_of, from_crs, from_words
from etk_geo.intake.drawn import read_drawing
from etk_geo.intake.formats import FileFormat
from etk_geo.intake.readings import GEOGRAPHIC, Reading, Unit, unpack_dms
from etk_geo.intake.understanding import Question, understand
from etk_geo.intake.web_map_shift import (
    bd09_to_gcj02,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_gcj02,
)
from etk_geo.intake.wording import candidate_reasons, question_titles, reading_title
from tests.intake.layers import codes, layer


def test_degrees_without_a_word_leave_the_datum_open():
    found = understand(layer((107.512, 39.234)))
    assert [c.id for c in found.candidates] == ["cgcs2000", "xian80", "beijing54", "gcj02", "bd09"]
    assert found.suggested is None
    assert found.questions == (Question.DATUM,)
    offsets = {c.id: c.offset_m for c in found.candidates}
    true = [float(v) for v in gcj02_to_wgs84(np.array(107.512), np.array(39.234))]
    assert wgs84_to_gcj02(*true) == pytest.approx((107.512, 39.234), abs=1e-7)
    assert offsets["gcj02"] == pytest.approx(GEOD.inv(107.512, 39.234, *true)[2], abs=0.5)
    assert offsets["bd09"] > 1000
    assert 30 < offsets["beijing54"] < 110


def test_swapped_degrees_are_seen():
    found = understand(layer((39.234, 107.512)))
    assert all(c.reading.north_first for c in found.candidates)


def test_zone_prefix_36_and_none_give_the_same_place():
    with_prefix = understand(layer((36413372.67, 4318979.75)))
    without = understand(layer((413372.67, 4318979.75)))
    assert with_prefix.candidates[0].id == "cgcs2000-gk108-prefix36"
    assert without.candidates[0].id == "cgcs2000-gk108"
    assert with_prefix.candidates[0].position == pytest.approx(without.candidates[0].position)


@pytest.mark.parametrize(("zone", "side"), [(35, "104"), (37, "110")])
def test_neighbour_zone_is_named_and_not_drawn(zone, side):
    found = understand(layer((zone * 1e6 + 413372.67, 4318979.75)))
    assert found.candidates == ()
    assert codes(found.issues) == ["ETK845"]
    words = issue_message(found.issues[0], "zh")
    assert f"带号为 {zone}" in words
    assert side[:2] in words


def test_neighbour_zone_that_reaches_the_banner_is_a_candidate():
    east, north = Transformer.from_crs(4490, 4523, always_xy=True).transform(107.3, 39.1)
    found = understand(layer((east, north)))
    assert found.candidates[0].id == "cgcs2000-gk105-prefix35"


def test_place_far_away_is_said_with_its_distance():
    found = understand(layer((116.4, 39.9)))
    assert found.candidates == ()
    assert codes(found.issues) == ["ETK824"]
    assert "公里" in issue_message(found.issues[0], "zh")


def test_numbers_that_are_no_coordinates_are_said():
    assert codes(understand(layer((12.0, 900.0))).issues) == ["ETK860"]


def test_layer_without_positions_is_said():
    raw = layer((107.5, 39.2))
    raw.geometry[0] = None
    assert codes(understand(raw).issues) == ["ETK820"]


def test_some_features_elsewhere_are_counted_and_withheld():
    raw = layer((107.5, 39.2), (107.6, 39.3), (39.2, 107.5))
    found = understand(raw)
    assert codes(found.issues) == ["ETK858"]
    taken = confirm(raw, found, Choice("cgcs2000"))
    assert list(taken.frame.geometry.isna()) == [False, False, True]
    assert [(i.where, i.code) for i in taken.issues] == [("3", "ETK840")]


def test_feature_in_a_neighbour_zone_is_named():
    east, north = 36413372.67, 4318979.75
    raw = layer((east, north), (east, north + 9), (east + 3e5, north))
    found = understand(raw)
    taken = confirm(raw, found, Choice("cgcs2000-gk108-prefix36"))
    assert [(i.where, i.code) for i in taken.issues] == [("3", "ETK871")]


def test_drawing_goes_the_same_way_and_leaves_nothing_to_ask():
    area = shapely.geometry.mapping(shapely.box(107.5, 39.2, 107.6, 39.3))
    raw = read_drawing([{"type": "Feature", "properties": {"name": "甲"}, "geometry": area}])
    found = understand(raw)
    assert found.is_decided
    taken = confirm(raw, found, Choice(found.suggested.id, accuracy_m=20))
    assert taken.frame.loc[0, ["name", "accuracy_m"]].tolist() == ["甲", 20.0]
    assert taken.provenance.origin.format is FileFormat.DRAWN


@pytest.mark.parametrize(
    ("features", "code"),
    [([], "ETK829"), ([{"geometry": {"type": "Circle"}}], "ETK836"), ([{}], "ETK836")],
)
def test_drawing_that_is_none_is_refused(features, code):
    with pytest.raises(IntakeError) as caught:
        read_drawing(features)
    assert caught.value.code == code


def test_declared_geographic_wgs84_asks_whether_it_is_a_web_map():
    declared = from_crs(CRS.from_epsg(4326))
    found = understand(layer((107.5, 39.2), declaration=declared))
    assert found.suggested.id == "cgcs2000"
    assert found.questions == (Question.WEB_MAP,)
    assert not found.is_decided


def test_declared_cgcs2000_is_clear():
    found = understand(layer((107.5, 39.2), declaration=from_crs(CRS.from_epsg(4490))))
    assert found.is_decided


def test_declaration_that_does_not_fit_is_a_question():
    declared = from_crs(CRS.from_epsg(4545))
    found = understand(layer((36413372.67, 4318979.75), declaration=declared))
    assert found.suggested is None
    assert Question.DECLARATION in found.questions
    assert found.candidates[0].id == "cgcs2000-gk108-prefix36"


def test_declared_datum_without_projection_narrows():
    found = understand(layer((413372.67, 4318979.75), declaration=from_words("1980西安坐标系")))
    assert found.suggested.id == "xian80-gk108"
    assert found.suggested.shift.accuracy_m == 127


def test_declared_other_crs_is_used_and_its_accuracy_said():
    albers = CRS.from_proj4(
        "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84 +units=m +type=crs"
    )
    x, y = Transformer.from_crs(4326, albers, always_xy=True).transform(107.5, 39.2)
    found = understand(layer((x, y), declaration=from_crs(albers)))
    assert found.suggested.id == "declared"
    taken = confirm(layer((x, y), declaration=from_crs(albers)), found, Choice("declared"))
    assert taken.frame.geometry[0].x == pytest.approx(107.5)
    assert reading_title(found.suggested.reading, "zh").startswith("文件所述坐标系")


def test_packed_angles_need_every_value_to_be_one():
    one = understand(layer((107.30151234, 39.15201234), resolution=5e-9))
    assert "cgcs2000-packed" in [c.id for c in one.candidates]
    assert Question.UNIT in one.questions
    two = understand(layer((107.30151234, 39.15201234), (107.6799, 39.2), resolution=5e-9))
    assert "cgcs2000-packed" not in [c.id for c in two.candidates]


@pytest.mark.parametrize(("factor", "unit"), [(1000.0, "mm"), (0.001, "km")])
def test_units_of_metres(factor, unit):
    found = understand(layer((413372.67 * factor, 4318979.75 * factor)))
    assert found.candidates[0].id == f"cgcs2000-gk108-{unit}"


def test_unpack_dms_refuses_sixty_seconds():
    values = unpack_dms(np.array([107.3015, 107.30, -39.1530, 107.5960, 107.6]))
    assert values[:3] == pytest.approx([107.5041666667, 107.5, -39.2583333333])
    assert np.isnan(values[3:]).all()


def test_choice_must_be_offered():
    raw = layer((107.5, 39.2))
    with pytest.raises(IntakeError) as caught:
        confirm(raw, understand(raw), Choice("cgcs2000-gk108"))
    assert caught.value.code == "ETK823"


def test_accuracy_is_stated_plus_transformation_and_never_finer_than_the_digits():
    raw = layer((107.51, 39.23), (107.52, 39.24), resolution=0.005, attributes={"精度": ["5", ""]})
    found = understand(raw)
    taken = confirm(raw, found, Choice("xian80", accuracy_m=1000))
    assert taken.frame["accuracy_m"].tolist() == pytest.approx([556.6 + 127, 1127])
    assert taken.provenance.least_accuracy_m == pytest.approx(556.6 + 127)
    assert "Xian 1980" in taken.provenance.transformation


def test_unknown_accuracy_stays_unknown():
    raw = layer((107.51, 39.23))
    taken = confirm(raw, understand(raw), Choice("cgcs2000"))
    assert taken.frame["accuracy_m"].isna().all()


def test_local_shift_takes_the_place_of_the_built_in_one():
    raw = layer((107.5, 39.2))
    shift = LocalShift(-5.0, 116.0, 0.1, "旗测绘队")
    taken = confirm(raw, understand(raw), Choice("xian80", local_shift=shift))
    point = taken.frame.geometry[0]
    assert GEOD.inv(107.5, 39.2, point.x, point.y)[2] == pytest.approx(116.1, abs=0.1)
    assert taken.provenance.transformation_accuracy_m == 0.1
    assert "旗测绘队" in taken.provenance.transformation


def test_beijing54_accuracy_depends_on_the_place():
    south = understand(layer((107.5, 38.5))).candidate("beijing54")
    north = understand(layer((107.5, 39.5))).candidate("beijing54")
    assert (south.shift.accuracy_m, north.shift.accuracy_m) == (1.0, 125.0)


def test_heights_are_dropped_and_said():
    raw = layer((107.5, 39.2))
    raw.geometry[0] = shapely.Point(107.5, 39.2, 1300)
    taken = confirm(raw, understand(raw), Choice("cgcs2000"))
    assert codes(taken.issues) == ["ETK843"]
    assert not taken.frame.geometry[0].has_z


def test_heights_of_zero_say_nothing():
    # KML cannot be written without them.
    raw = layer((107.5, 39.2))
    raw.geometry[0] = shapely.Point(107.5, 39.2, 0)
    taken = confirm(raw, understand(raw), Choice("cgcs2000"))
    assert codes(taken.issues) == []


def test_closed_lines_become_areas_only_if_told():
    raw = layer((107.5, 39.2))
    raw.geometry[0] = shapely.LineString([(107, 39), (107.1, 39), (107.1, 39.1), (107, 39)])
    assert count_closed_lines(raw) == 1
    found = understand(raw)
    assert confirm(raw, found, Choice("cgcs2000")).frame.geometry[0].geom_type == "LineString"
    told = confirm(raw, found, Choice("cgcs2000", closed_lines_are_areas=True))
    assert told.frame.geometry[0].geom_type == "Polygon"


def test_non_finite_coordinates_are_withheld():
    raw = layer((107.5, 39.2), (107.6, 39.2))
    with np.errstate(invalid="ignore"):
        raw.geometry[1] = shapely.LineString([(107, 39), (107, np.nan)])
    taken = confirm(raw, understand(raw), Choice("cgcs2000"))
    assert [(i.where, i.code) for i in taken.issues] == [("2", "ETK838")]
    assert taken.frame.geometry[1] is None


def test_inputs_are_not_changed():
    raw = layer((107.5, 39.2), attributes={"名称": ["甲"], "name": ["乙"]})
    before = shapely.to_wkb(raw.geometry).tolist(), raw.attributes.copy(deep=True)
    confirm(raw, understand(raw), Choice("gcj02"))
    assert shapely.to_wkb(raw.geometry).tolist() == before[0]
    pd.testing.assert_frame_equal(raw.attributes, before[1])


@given(
    st.floats(106.6, 109.0, allow_nan=False),
    st.floats(38.2, 40.3, allow_nan=False),
)
def test_web_map_shift_inverts(lon, lat):
    place = np.array([lon]), np.array([lat])
    gcj = wgs84_to_gcj02(*place)
    back = gcj02_to_wgs84(*gcj)
    assert GEOD.inv(lon, lat, back[0][0], back[1][0])[2] < 0.001
    baidu = bd09_to_gcj02(*gcj02_to_bd09(*gcj))
    assert GEOD.inv(gcj[0][0], gcj[1][0], baidu[0][0], baidu[1][0])[2] < 0.001


@pytest.mark.parametrize(
    ("words", "datum"),
    [
        ("2000国家大地坐标系", Datum.CGCS2000),
        ("国家2000坐标系", Datum.CGCS2000),
        ("CGCS2000", Datum.CGCS2000),
        ("80西安坐标系", Datum.XIAN80),
        ("北京54", Datum.BEIJING54),
        ("火星坐标", Datum.GCJ02),
        ("百度坐标", Datum.BD09),
        ("WGS-84", Datum.CGCS2000),
        ("经度", None),
        ("西安80转2000国家坐标", None),
    ],
)
def test_words_declare_a_datum_or_nothing(words, datum):
    assert from_words(words).datum == datum


def test_broken_wkt_declares_nothing():
    found = declaration_of("PROJCS[nonsense", implied=False, words=(), header={})
    assert not found.says_anything


def test_words_in_both_languages():
    found = understand(layer((36413372.67, 4318979.75)))
    for lang in ("zh", "en"):
        for candidate in found.candidates:
            assert reading_title(candidate.reading, lang)
            assert candidate_reasons(candidate, lang)
        assert question_titles(found, lang) == text("intake.question.datum", lang)


@given(st.sampled_from(list(Datum)), st.sampled_from([Unit.DEGREE, Unit.PACKED_DMS]), st.booleans())
def test_ids_of_readings_are_apart(datum, unit, north_first):
    reading = Reading(datum, GEOGRAPHIC, north_first, unit)
    parts = reading.id.split("-")
    assert parts[0] == datum.value
    assert ("north" in parts) == north_first
    assert ("packed" in parts) == (unit is Unit.PACKED_DMS)

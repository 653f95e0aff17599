"""Own parsers: known spellings by example, everything else by fuzzing."""

from __future__ import annotations

import json

import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from etk_geo.errors import IntakeError
from etk_geo.intake.angles import parse_angle
from etk_geo.intake.attributes import parse_accuracy_m, parse_date
from etk_geo.intake.numerals import half_last_digit, parse_number
from etk_geo.intake.pasted import parse_pair, parse_pairs, read_pasted
from etk_geo.intake.readers.boundary_points import layer_of, parse_boundary_text
from tests.intake.spellings import (
    ANGLE_STYLES,
    any_text,
    boundary_like,
    coordinate_like,
    degrees,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("107.5", 107.5),
        ("１０７．５", 107.5),
        ("－3.5", -3.5),
        ("4,318,979.75", 4318979.75),
        ("36 413", None),
        ("①107.1", None),
        ("1e5", 100000.0),
        ("107.5.1", None),
        ("", None),
        ("½", None),
        ("٣", None),
        ("nan", None),
        ("9" * 500, None),
    ],
)
def test_parse_number(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "half"), [("107.25", 0.005), ("107", 0.5), ("1.5e2", 5.0), ("１．２", 0.05)]
)
def test_half_last_digit(text, half):
    assert half_last_digit(text) == pytest.approx(half)


@pytest.mark.parametrize(
    ("text", "value", "axis"),
    [
        ("106°30′45.2″", 106.5125555556, None),
        ("106度30分45.2秒", 106.5125555556, None),
        ("东经106度30分45秒", 106.5125, "lon"),
        ("E106°30'45\"", 106.5125, "lon"),
        ("106°30′45″E", 106.5125, "lon"),
        ("39°15'03''N", 39.2508333333, "lat"),
        ("北纬39°15′", 39.25, "lat"),
        ("106:30:45.2", 106.5125555556, None),
        ("106-30-45.2", 106.5125555556, None),
        ("106 30 45.2", 106.5125555556, None),
        ("106d30m45s", 106.5125, None),
        ("１０６°３０′", 106.5, None),
        ("106°30.75′", 106.5125, None),
        ("107.25E", 107.25, "lon"),
        ("纬度：39.2", 39.2, "lat"),
        ("106.5085°", 106.5085, None),
        ("-39.5", -39.5, None),
        ("W106°30′", -106.5, "lon"),
    ],
)
def test_parse_angle_usual_spellings(text, value, axis):
    angle = parse_angle(text)
    assert angle is not None
    assert angle.degrees == pytest.approx(value, abs=1e-9)
    assert angle.axis == axis


@pytest.mark.parametrize(
    "text",
    [
        "106°60′",
        "106°30′60″",
        "106°30″",
        "106.5°30′",
        "5′",
        "370",
        "E106N",
        "abc",
        "107,5",
        "°",
        "-106°W",
    ],
)
def test_parse_angle_refuses(text):
    assert parse_angle(text) is None


@given(st.sampled_from(sorted(ANGLE_STYLES)), degrees())
def test_parse_angle_reads_back_every_style(style, value):
    angle = parse_angle(ANGLE_STYLES[style](value))
    assert angle is not None
    assert angle.degrees == pytest.approx(value, abs=angle.half_digit * 1.01 + 1e-9)


@given(any_text())
def test_parsers_of_one_value_never_raise(text):
    for parse in (parse_number, parse_angle, parse_date, parse_accuracy_m, parse_pair):
        parse(text)


@given(coordinate_like())
@example("[" * 5000)
@example("[[107.1,39.1],[107.2]]")
@example("107.1,39.1;" * 2)
def test_parse_pairs_gives_pairs_or_says_which_line(text):
    try:
        points = parse_pairs(text)
    except IntakeError as error:
        assert error.code in ("ETK828", "ETK829")
    else:
        assert points
        assert all(p.half_digit > 0 for p in points)


@given(boundary_like())
def test_parse_boundary_text_never_raises(text):
    parsed = parse_boundary_text(text)
    table, _ = layer_of(parsed)
    assert table.num_rows == len(parsed.plots)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("107.1,39.2", [(107.1, 39.2)]),
        ("107.1 39.2; 107.2 39.3", [(107.1, 39.2), (107.2, 39.3)]),
        ("J1,107.1,39.2\nJ2,107.2,39.3", [(107.1, 39.2), (107.2, 39.3)]),
        (
            "1 4318979.7 36413372.6\n2 4318900 36413300",
            [(4318979.7, 36413372.6), (4318900, 36413300)],
        ),
        ("[[107.1,39.1],[107.2,39.2]]", [(107.1, 39.1), (107.2, 39.2)]),
        ("107.1,39.1,107.2,39.2", [(107.1, 39.1), (107.2, 39.2)]),
        ("107 30 15 39 15 20", [(107.5041666667, 39.2555555556)]),
        ("N39°15′20″E107°30′15″", [(39.2555555556, 107.5041666667)]),
        ("①107.1，39.2", [(107.1, 39.2)]),
        ("点1：107.1，39.2", [(107.1, 39.2)]),
        ("X=4318979.7,Y=36413372.6", [(4318979.7, 36413372.6)]),
        ("经度 纬度\n107.1 39.2", [(107.1, 39.2)]),
        ("坐标(GCJ-02)：\n107.1,39.2", [(107.1, 39.2)]),
    ],
)
def test_parse_pairs_usual_lists(text, pairs):
    found = [(p.first, p.second) for p in parse_pairs(text)]
    assert found == [pytest.approx(pair) for pair in pairs]


@pytest.mark.parametrize(
    "text", ["107.1,39.2,1200", "107.1", "107.1,39.2\n107.2", "107.1,abc", "4,318,979 36,413,372"]
)
def test_parse_pairs_names_the_line_it_cannot_read(text):
    with pytest.raises(IntakeError) as caught:
        parse_pairs(text)
    assert caught.value.code == "ETK828"
    assert caught.value.where.startswith("line ")


def test_pasted_words_declare_the_datum():
    raw = read_pasted("高德坐标\n107.1,39.2", "points")
    assert raw.declaration.datum == "gcj02"


def test_pasted_area_needs_three_corners():
    with pytest.raises(IntakeError) as caught:
        read_pasted("107.1,39.2\n107.2,39.2\n107.1,39.2", "area")
    assert caught.value.code == "ETK864"


@pytest.mark.parametrize("text", ["", "  \n", "无", "abc"])
def test_pasted_nothing_is_said(text):
    with pytest.raises(IntakeError) as caught:
        read_pasted(text, "points")
    assert caught.value.code == "ETK829"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021-03-05", "2021-03-05"),
        ("2021年3月5日", "2021-03-05"),
        ("20210305", "2021-03-05"),
        ("２０２１/３/５", "2021-03-05"),
        ("2021-03-05 00:00:00", "2021-03-05"),
        ("2021年", None),
        ("05/03/2021", None),
        ("2021-02-30", None),
    ],
)
def test_parse_date(text, date):
    assert parse_date(text) == date


@pytest.mark.parametrize(
    ("text", "metres"),
    [("5", 5.0), ("±5m", 5.0), ("0.5米", 0.5), ("2 km", 2000.0), ("-3", None), ("高", None)],
)
def test_parse_accuracy(text, metres):
    assert parse_accuracy_m(text) == metres


TXT = """[属性描述]
坐标系=2000国家大地坐标系
[地块坐标]
9,1.0,1,有洞,面,,,,@
J1,1,4300000,36450000
J2,1,4300100,36450000
J3,1,4300100,36450100
J4,1,4300000,36450100
J1,1,4300000,36450000
J1,2,4300020,36450020
J2,2,4300020,36450040
J3,2,4300040,36450040
J1,2,4300020,36450020
7,1.0,2,两块,面,,,,@
1,1,4300000,36451000
2,1,4300100,36451000
3,1,4300100,36451100
1,2,4300000,36452000
2,2,4300100,36452000
3,2,4300100,36452100
这一行不对
1,1.0,3,井,点,,,,@
J1,1,4300500,36450500
"""


def test_boundary_text_rings_by_containment():
    parsed = parse_boundary_text(TXT)
    table, read = layer_of(parsed)
    shapes = shapely.from_wkb(table.column("__etk_wkb__").to_pylist())
    assert [s.geom_type for s in shapes] == ["Polygon", "MultiPolygon", "Point"]
    assert len(shapes[0].interiors) == 1
    assert shapes[0].area == pytest.approx(100 * 100 - 20 * 20 / 2)
    codes = sorted(f.code for f in parsed.findings)
    assert codes == ["ETK827", "ETK841", "ETK841", "ETK853", "ETK854"]
    assert table.column("地块名称").to_pylist() == ["有洞", "两块", "井"]
    assert read.north_first is True


def test_json_of_numbers_keeps_digits():
    points = parse_pairs(json.dumps([[107.25, 39.5], [107.125, 39.25]]))
    assert points[0].half_digit == pytest.approx(0.005)

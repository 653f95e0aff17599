"""Tables of corners (拐点坐标): asked about, joined into plots or lines, nothing guessed."""

from __future__ import annotations

import io

import openpyxl
import pytest
import shapely

from etk_geo.cli import main
from etk_geo.intake.from_path import open_path, read_layer
from etk_geo.intake.raw_layer import VertexGrouping
from etk_geo.intake.understanding import Question, understand
from etk_geo.intake.vertices import join_vertices, parse_grouping
from etk_geo.model import LANGS

SQUARE = [("J1", 107.5, 39.1), ("J2", 107.6, 39.1), ("J3", 107.6, 39.2), ("J4", 107.5, 39.2)]
SECOND = [("J1", 107.7, 39.1), ("J2", 107.8, 39.1), ("J3", 107.8, 39.2)]
PLOTS = [("甲", *p) for p in SQUARE] + [("乙", *p) for p in SECOND]
HEADER = ("地块编号", "点号", "经度", "纬度")


def write_csv(path, rows, header=HEADER):
    lines = [",".join(map(str, row)) for row in (header, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def table(path):
    with open_path(path) as upload:
        return read_layer(upload, upload.survey()[0], "", "")


def joined(path, text="地块编号,点号", shape="polygon"):
    return join_vertices(table(path), parse_grouping(text, shape))


def test_whether_rows_are_corners_is_asked(tmp_path):
    raw = table(write_csv(tmp_path / "拐点.csv", PLOTS))
    assert raw.vertices[:2] == (
        VertexGrouping("地块编号", "点号", "", "polygon"),
        VertexGrouping("地块编号", "点号", "", "line"),
    )
    assert Question.VERTICES in understand(raw).questions
    points = join_vertices(raw, None)
    assert len(points.geometry) == 7
    assert Question.VERTICES not in understand(points).questions


def test_plots_of_their_corners(tmp_path):
    raw = joined(write_csv(tmp_path / "拐点.csv", PLOTS))
    assert raw.labels == ("甲", "乙")
    assert raw.attributes["地块编号"].tolist() == ["甲", "乙"]
    assert raw.geometry[0].equals(shapely.box(107.5, 39.1, 107.6, 39.2))
    assert raw.geometry[1].equals(shapely.Polygon([p[1:] for p in SECOND]))
    assert Question.VERTICES not in understand(raw).questions


def test_lines_of_their_corners(tmp_path):
    raw = joined(write_csv(tmp_path / "拐点.csv", PLOTS), shape="line")
    assert raw.geometry[0].equals(shapely.LineString([p[1:] for p in SQUARE]))


def test_last_row_that_repeats_the_first_closes_the_ring(tmp_path):
    raw = joined(write_csv(tmp_path / "a.csv", [*PLOTS[:4], PLOTS[0]]))
    assert raw.geometry[0].equals(shapely.box(107.5, 39.1, 107.6, 39.2))
    assert not raw.issues


def test_merged_cells_and_two_rows_of_headings(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["某某项目拐点坐标表"])
    sheet.append(["地块编号", "点号", "2000国家大地坐标系", None])
    sheet.append([None, None, "X", "Y"])
    corners = [(4330000, 36450000), (4330000, 36451000), (4331000, 36451000), (4331000, 36450000)]
    for plot, east in (("甲", 0), ("乙", 5000)):
        for number, (x, y) in enumerate(corners, start=1):
            sheet.append([plot if number == 1 else None, f"J{number}", x, y + east])
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("C2:D2")
    stream = io.BytesIO()
    book.save(stream)
    path = tmp_path / "拐点坐标表.xlsx"
    path.write_bytes(stream.getvalue())
    raw = joined(path)
    assert raw.labels == ("甲", "乙")
    found = understand(raw)
    assert found.candidates[0].id == "cgcs2000-gk108-prefix36-north-first"
    assert shapely.area(raw.geometry).tolist() == [1e6, 1e6]


def test_one_table_may_be_one_plot(tmp_path):
    rows = list(SQUARE)
    raw = table(write_csv(tmp_path / "b.csv", rows, HEADER[1:]))
    assert raw.vertices[0] == VertexGrouping("", "点号", "", "polygon")
    one = join_vertices(raw, raw.vertices[0])
    assert one.geometry[0].equals(shapely.box(107.5, 39.1, 107.6, 39.2))


def test_shuffled_rows_are_put_in_order_and_it_is_said(tmp_path):
    rows = [PLOTS[i] for i in (2, 0, 3, 1)]
    raw = joined(write_csv(tmp_path / "c.csv", rows))
    assert raw.geometry[0].equals(shapely.box(107.5, 39.1, 107.6, 39.2))
    assert [issue.code for issue in raw.issues] == ["ETK895"]


def test_hole_by_its_ring_column_or_by_closing(tmp_path):
    outer = [(107.5, 39.1), (107.6, 39.1), (107.6, 39.2), (107.5, 39.2), (107.5, 39.1)]
    inner = [(107.52, 39.12), (107.52, 39.18), (107.58, 39.18), (107.58, 39.12), (107.52, 39.12)]
    wanted = shapely.Polygon(outer, [inner])
    by_column = [
        ("甲", i, ring, *xy) for ring, r in ((1, outer), (2, inner)) for i, xy in enumerate(r)
    ]
    path = write_csv(tmp_path / "d.csv", by_column, ("地块编号", "点号", "圈号", "经度", "纬度"))
    assert joined(path, "地块编号,点号,圈号").geometry[0].equals(wanted)
    path = write_csv(tmp_path / "e.csv", [("甲", i % 5, *xy) for i, xy in enumerate(outer + inner)])
    assert joined(path).geometry[0].equals(wanted)


def test_corner_that_cannot_be_read_takes_the_plot_out(tmp_path):
    rows = [*PLOTS[:2], ("甲", "J3", "见附图", 39.2), *PLOTS[3:]]
    raw = joined(write_csv(tmp_path / "f.csv", rows))
    assert raw.geometry[0] is None
    assert raw.geometry[1] is not None
    assert [(i.code, i.where) for i in raw.issues] == [("ETK848", "甲 (row 4)")]


def test_too_few_corners_make_no_plot(tmp_path):
    rows = [*PLOTS[:4], ("丙", "J1", 107.1, 39.1), ("丙", "J2", 107.2, 39.1)]
    raw = joined(write_csv(tmp_path / "g.csv", rows))
    assert raw.geometry[1] is None
    assert "ETK848" in {issue.code for issue in raw.issues}


@pytest.mark.parametrize(
    "header",
    [("项目名称", "经度", "纬度"), ("名称", "点名", "经度", "纬度"), ("编号", "经度", "纬度")],
)
def test_lists_of_places_are_not_asked_about(tmp_path, header):
    rows = [(*[f"项目{i}"] * (len(header) - 2), 107.5 + i / 100, 39.1) for i in range(6)]
    assert table(write_csv(tmp_path / "h.csv", rows, header)).vertices == ()


@pytest.mark.parametrize("lang", LANGS)
def test_commands_ask_and_take_the_answer(tmp_path, capsys, lang):
    path = write_csv(tmp_path / "拐点.csv", PLOTS)
    out = tmp_path / "out.geojson"
    common = ["convert", str(path), "--to", str(out), "--lang", lang, "--yes"]
    assert main([*common, "--as", "cgcs2000"]) == 2
    assert "ETK822" in capsys.readouterr().err
    assert not out.exists()
    assert main(["inspect", str(path), "--lang", lang]) == 1
    assert "--vertices 地块编号,点号 --shape polygon" in capsys.readouterr().out
    answer = ["--as", "cgcs2000", "--vertices", "地块编号,点号", "--shape", "polygon"]
    assert main([*common, *answer]) == 0
    assert out.read_text(encoding="utf-8").count('"Polygon"') == 2
    assert main([*common, "--as", "cgcs2000", "--vertices", "points"]) == 0
    assert out.read_text(encoding="utf-8").count('"Point"') == 7

"""The commands inspect and convert: what they print, write and return."""

from __future__ import annotations

import argparse

import pytest

from etk_geo.errors import IntakeError
from etk_geo.intake_command import add_arguments
from tests.intake import corpus

pytestmark = pytest.mark.usefixtures("here")


def run(*words):
    parser = argparse.ArgumentParser()
    add_arguments(parser.add_subparsers(required=True))
    arguments = parser.parse_args([str(word) for word in words])
    return arguments.run(arguments)


@pytest.fixture
def gpkg(tmp_path):
    corpus.vector(corpus.frame(corpus.areas(), 4490), tmp_path, ".gpkg")
    return tmp_path / "a.gpkg"


@pytest.fixture
def csv_file(tmp_path):
    data = corpus.table(corpus.points(), ("经度", "纬度"), "dms")
    (tmp_path / "b.csv").write_bytes(corpus.csv_file(data, "gb18030")[0][1])
    return tmp_path / "b.csv"


@pytest.mark.parametrize(("lang", "word"), [("zh", "坐标系明确"), ("en", "is clear")])
def test_inspect_of_a_clear_file(gpkg, capsys, lang, word):
    assert run("inspect", gpkg, "--lang", lang) == 0
    out = capsys.readouterr().out
    assert word in out
    assert "* cgcs2000" in out


def test_inspect_of_an_open_file_lists_the_candidates(csv_file, capsys):
    assert run("inspect", csv_file) == 1
    out = capsys.readouterr().out
    for word in ("gb18030", "经度, 纬度", "- gcj02", "大地基准", "127 米"):
        assert word in out


def test_inspect_of_a_loose_shapefile_finds_its_parts(tmp_path, capsys):
    shapes = corpus.encoded(corpus.SYSTEMS["cgcs2000-gk108-36"], corpus.areas())
    gdf = corpus.frame(shapes, 4524)
    corpus.shapefile(gdf, tmp_path, "GBK", cpg=False)
    assert run("inspect", tmp_path / "a.shp") == 0
    assert "带号 36" in capsys.readouterr().out


def test_convert_stops_where_the_crs_is_open(csv_file, tmp_path):
    with pytest.raises(IntakeError) as caught:
        run("convert", csv_file, "--to", tmp_path / "c.gpkg")
    assert caught.value.code == "ETK822"
    assert not (tmp_path / "c.gpkg").exists()


def test_convert_with_a_named_candidate(csv_file, tmp_path, capsys):
    target = tmp_path / "c.txt"
    code = run("convert", csv_file, "--to", target, "--as", "gcj02", "--crs", "EPSG:4524")
    assert code == 0
    assert "10 米" in capsys.readouterr().out
    assert "J1,1,4" in target.read_bytes().decode("gb18030")


def test_convert_of_a_clear_file_needs_nothing(gpkg, tmp_path):
    assert run("convert", gpkg, "--to", tmp_path / "c.zip", "--crs", "EPSG:4545") == 0
    assert run("inspect", tmp_path / "c.zip") == 0


def test_convert_accepts_the_suggestion_when_told(tmp_path):
    corpus.vector(corpus.frame(corpus.areas(), 4326), tmp_path, ".geojson")
    with pytest.raises(IntakeError) as caught:
        run("convert", tmp_path / "a.geojson", "--to", tmp_path / "c.kml")
    assert caught.value.code == "ETK822"
    assert run("convert", tmp_path / "a.geojson", "--to", tmp_path / "c.kml", "--yes") == 0


def test_convert_repairs_and_lists_areas(tmp_path, capsys):
    shapes = corpus.areas().copy()
    ring = [(107, 39), (107.01, 39.01), (107.01, 39), (107, 39.01), (107, 39)]
    shapes[0] = corpus.shapely.Polygon(ring)
    corpus.vector(corpus.frame(shapes, 4490), tmp_path, ".gpkg")
    assert run("convert", tmp_path / "a.gpkg", "--to", tmp_path / "c.gpkg") == 1
    assert "ETK839" in capsys.readouterr().err
    assert run("convert", tmp_path / "a.gpkg", "--to", tmp_path / "c.gpkg", "--repair") == 0
    assert "边线自相交：0.0 → 480810.2" in capsys.readouterr().out


def test_convert_names_the_columns(tmp_path):
    (tmp_path / "d.csv").write_text("a,b,c\n39.2,107.5,x\n", encoding="utf-8")
    words = ["convert", tmp_path / "d.csv", "--to", tmp_path / "e.csv", "--columns", "b,a"]
    assert run(*words, "--as", "cgcs2000") == 0
    assert "107.5" in (tmp_path / "e.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--to", "c.doc"), "ETK849"),
        (("--to", "c.gpkg", "--layer", "nichts"), "ETK817"),
        (("--to", "c.gpkg", "--as", "nichts"), "ETK823"),
        (("--to", "c.kml", "--crs", "EPSG:4545"), "ETK850"),
    ],
)
def test_convert_refuses(gpkg, tmp_path, words, code, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(IntakeError) as caught:
        run("convert", gpkg, *words)
    assert caught.value.code == code


def test_convert_of_a_place_far_away_says_where(tmp_path):
    (tmp_path / "f.csv").write_text("经度,纬度\n116.4,39.9\n", encoding="utf-8")
    with pytest.raises(IntakeError) as caught:
        run("convert", tmp_path / "f.csv", "--to", tmp_path / "g.gpkg")
    assert caught.value.code == "ETK824"


def test_missing_file(tmp_path):
    with pytest.raises(IntakeError) as caught:
        run("inspect", tmp_path / "nothing.gpkg")
    assert caught.value.code == "ETK101"


def test_help_is_in_both_languages(capsys):
    with pytest.raises(SystemExit):
        run("convert", "--help")
    out = capsys.readouterr().out
    assert "输出坐标系" in out
    assert "coordinate system of the output" in out

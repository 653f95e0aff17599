"""What is odd in a list of projects is said in words by the real command: file, row, what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etk_geo.cli import main
from etk_geo.i18n import issue_message, issue_remedy
from etk_geo.model import LANGS, Issue
from etk_geo.screening.projects import project_frame
from tests.screening_findings.builders import ROOT, project, square, supply_layer, write_geojson
from tests.screening_findings.test_commands import GOOD, keep_wetlands_only

BOW_TIE = [[[108, 39.2], [108.01, 39.21], [108.01, 39.2], [108, 39.22], [108, 39.2]]]
SPIKE = [[[108, 39.2], [108.01, 39.2], [108, 39.2], [108, 39.2]]]


def point(*lonlat):
    return {"type": "Point", "coordinates": list(lonlat)}


def listed(tmp_path, geometry):
    """Write a list of a sound project and one whose geometry is that of the test."""
    path = write_geojson(tmp_path / "p.geojson", [(GOOD, square(0, 0, 10))])
    document = json.loads(path.read_text("utf-8"))
    odd = {"id": "odd", "category": "mining", "accuracy_m": 5}
    document["features"].append({"type": "Feature", "properties": odd, "geometry": geometry})
    path.write_text(json.dumps(document), "utf-8")
    return path


REFUSED = {
    "no_number": (point(float("nan"), 39.2), "ETK107"),
    "infinite": (point(float("inf"), 39.2), "ETK107"),
    "null": (point(None, 39.2), "ETK106"),
    "empty": ({"type": "Polygon", "coordinates": []}, "ETK106"),
    "empty_collection": ({"type": "GeometryCollection", "geometries": []}, "ETK106"),
    "collection": ({"type": "GeometryCollection", "geometries": [point(108, 39.2)]}, "ETK106"),
    "antimeridian": ({"type": "LineString", "coordinates": [[179, 39], [-179, 39]]}, "ETK108"),
    "far_outside": (point(116.4, 39.9), "ETK108"),
    "metres": (point(500_000, 4_340_000), "ETK108"),
    "axes_swapped": (point(39.2, 108), "ETK113"),
    "measured": (point(108, 39.2, 1, 2), "ETK106"),
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_geometry_that_cannot_be_read_is_refused_in_words(tmp_path, capsys, name, lang):
    geometry, code = REFUSED[name]
    path = listed(tmp_path, geometry)
    words = ["screen", str(path), "--out", str(tmp_path / "out"), "--lang", lang]
    assert main(words) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"{code} p.geojson")
    # JSON has no word for what is no number: then the file is refused before any row.
    assert "odd" in said[0] or name in ("no_number", "infinite")
    assert len(said[1].strip()) > 5
    assert said[2].startswith("    → ")
    assert not (tmp_path / "out").exists()


CHANGED = {
    "heights": (point(108, 39.2, 1200), "ETK643"),
    "bow_tie": ({"type": "Polygon", "coordinates": BOW_TIE}, "ETK649"),
    "spike": ({"type": "Polygon", "coordinates": SPIKE}, "ETK650"),
}


@pytest.mark.parametrize("name", sorted(CHANGED))
def test_geometry_that_is_changed_is_said_and_its_record_verifies(tmp_path, capsys, name):
    geometry, code = CHANGED[name]
    path = listed(tmp_path, geometry)
    for lang in LANGS:
        words = ["screen", str(path), "--as-of", "2026-06-01", "--out", str(tmp_path / "out")]
        assert main([*words, "--lang", lang]) == 1
        record = json.loads((tmp_path / "out/record.json").read_text("utf-8"))
        (issue,) = record["content"]["issues"]
        assert (issue["where"], issue["code"]) == ("odd", code)
        message = issue_message(Issue("", "odd", code, issue["detail"]), lang)
        assert message in capsys.readouterr().out
        assert message in (tmp_path / "out/summary.txt").read_text("utf-8")
    assert main(["verify", str(tmp_path / "out/record.json")]) == 0


def test_reasons_are_said_in_the_language_asked_for():
    issue = Issue("p.geojson", "a", "ETK650", {"reason": "Self-intersection[108.005 39.2]"})
    assert "边线自相交" in issue_message(issue, "zh")
    assert "Self" not in issue_message(issue, "zh")
    other = Issue("p.geojson", "a", "ETK722", {"reason": "No space left on device"})
    assert "No space left on device" in issue_message(other, "en") + issue_remedy(other, "en")


corners = st.tuples(st.integers(0, 4), st.integers(0, 4))


@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.lists(corners, min_size=3, max_size=7), st.booleans())
@example(ring=[(0, 0), (0, 0), (0, 1), (1, 0)], high=False)
@example(ring=[(0, 0), (1, 1), (1, 0), (0, 1)], high=True)
def test_form_of_a_project_is_kept_when_taken_again(ring, high):
    """A record holds projects in their one form; read back, that form must be the same."""
    place = [(108 + x / 100, 39 + y / 100, *([1200.0] if high else [])) for x, y in ring]
    once = project_frame([project("a", shapely.Polygon(place))]).geometry.iloc[0]
    again = project_frame([project("a", once)]).geometry.iloc[0]
    assert shapely.to_wkb(again) == shapely.to_wkb(once)
    assert once.has_z == high


def test_heights_that_are_no_numbers_are_no_heights():
    shape = shapely.points([108.0, 39.2, float("nan")])
    assert not project_frame([project("a", shape)]).geometry.iloc[0].has_z


# Exit codes of the program as it is started


def started(*words, code=None):
    run = ["-m", "etk_geo"] if code is None else ["-c", code]
    return subprocess.run(
        [sys.executable, *run, *(str(word) for word in words), "--lang", "en"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_exit_code_0_where_nothing_is_found_and_1_where_something_is(folder, tmp_path):
    keep_wetlands_only(folder)
    supply_layer(folder, "wetlands", [("w1", "wetland", square(0, 0, 500))])
    common = ("--as-of", "2026-06-01", "--root", folder, "--out", tmp_path / "out")
    for offset_m, code in ((20_000, 0), (100, 1)):
        path = write_geojson(tmp_path / "p.geojson", [(GOOD, square(offset_m, 100, 50))])
        done = started("screen", path, *common)
        assert (done.returncode, done.stderr) == (code, "")
        assert (tmp_path / "out/record.json").exists()


def test_exit_code_2_for_bad_input_and_usage(tmp_path):
    absent = started("screen", tmp_path / "gone.geojson", "--out", tmp_path / "out")
    assert absent.returncode == 2
    assert absent.stderr.startswith("ETK101 gone.geojson")
    assert started("screen", "--nonsense").returncode == 2


def test_exit_code_3_for_a_fault_of_the_program(tmp_path):
    fault = (
        "import sys; from etk_geo import cli; from etk_geo.screening import folders; "
        "folders.summary_lines = None; sys.exit(cli.main())"
    )
    path = write_geojson(tmp_path / "p.geojson", [(GOOD, None)])
    done = started("screen", path, "--out", tmp_path / "out", code=fault)
    assert done.returncode == 3
    assert "TypeError" in done.stderr
    assert not (tmp_path / "out").exists()

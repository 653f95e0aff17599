"""What ogrinfo, a program of others, reads of every format and CRS is what was written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile

import numpy as np
import pytest
import shapely

from etk_geo.intake.export.target import ExportCrs, ExportFormat, projected
from etk_geo.intake.export.write import export_frame
from tests.intake import corpus
from tests.intake.test_round_trip import sample

pytestmark = pytest.mark.usefixtures("here")

REQUIRED = "ETK_REQUIRE_OGRINFO"
VECTOR = (ExportFormat.GEOJSON, ExportFormat.GEOPACKAGE, ExportFormat.SHAPEFILE, ExportFormat.KML)
CENTIMETRE_DEGREES = 0.01 / 111_320
_FIELD = re.compile(r"^  (?P<name>\S.*?) \((?P<type>\w+)(?:\(\w+\))?\) = (?P<value>.*)$")
_WKT = re.compile(r"^  (?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b.*$")


@pytest.fixture(scope="module")
def ogrinfo():
    found = shutil.which("ogrinfo")
    if found is None:
        assert not os.environ.get(REQUIRED), "ogrinfo (Debian: gdal-bin) is required here"
        pytest.skip("ogrinfo (gdal-bin) is not installed")
    return found


def told(ogrinfo, path):
    """Return what ogrinfo says of a file: its words, and per feature fields and geometry."""
    source = f"/vsizip/{path}" if path.suffix == ".zip" else str(path)
    command = [ogrinfo, "-ro", "-al", source]
    if path.suffix == ".csv":
        command += ["-oo", "AUTODETECT_TYPE=NO"]
    environment = {**os.environ, "OGR_XLSX_HEADERS": "FORCE", "OGR_XLSX_FIELD_TYPES": "STRING"}
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    text = done.stdout.decode("utf-8")
    assert not done.stderr.decode(), done.stderr
    features = []
    for block in text.split("OGRFeature(")[1:]:
        fields, geometry = {}, None
        for line in block.splitlines():
            if match := _FIELD.match(line):
                fields[match["name"]] = match["value"]
            elif _WKT.match(line):
                geometry = shapely.from_wkt(line.strip())
        features.append((fields, geometry))
    count = sum(int(n) for n in re.findall(r"^Feature Count: (\d+)", text, re.MULTILINE))
    assert count == len(features)
    return text, features


def written(tmp_path, frame, fmt, crs):
    exported = export_frame(frame, fmt, crs, "规划项目")
    path = tmp_path / exported.name
    path.write_bytes(exported.content)
    return path


def apart(one, other):
    return shapely.hausdorff_distance(one, other)


@pytest.mark.parametrize("shapes", ["points", "areas"])
@pytest.mark.parametrize("crs", list(ExportCrs), ids=lambda v: v.value)
@pytest.mark.parametrize("fmt", VECTOR, ids=lambda v: v.value)
def test_vector_formats(ogrinfo, tmp_path, fmt, crs, shapes):
    if fmt is ExportFormat.KML and crs is not ExportCrs.WGS84:
        pytest.skip("KML is WGS 84 by definition")
    frame = sample(getattr(corpus, shapes)())
    text, features = told(ogrinfo, written(tmp_path, frame, fmt, crs))
    assert len(features) == len(frame)
    # RFC 7946 has one CRS: the others are named in the old way and read so.
    assert f'ID["EPSG",{crs.value.removeprefix("EPSG:")}]' in text or (
        crs is ExportCrs.WGS84 and 'GEOGCRS["WGS 84"' in text
    )
    wanted = projected(frame, crs)
    limit = CENTIMETRE_DEGREES if crs.is_geographic else 0.01
    for (fields, geometry), expected, row in zip(
        features, wanted.geometry, frame.to_dict("records"), strict=True
    ):
        assert apart(_plain(geometry), _plain(expected)) < limit
        values = {key.lower(): value for key, value in fields.items()}
        assert values["name"] == row["name"]
        assert values["编码"] == row["编码"]
        assert float(values["投资"]) == row["投资"]
        # KML leaves out what is not there.
        decided = values.get("decided_on", "(null)").replace("/", "-")
        assert decided == (row["decided_on"] if isinstance(row["decided_on"], str) else "(null)")


def _plain(geometry):
    """Return a geometry of one part without its Multi, which Shapefile and GDAL add or drop."""
    parts = shapely.get_parts(shapely.force_2d(geometry))
    return parts[0] if len(parts) == 1 else geometry


@pytest.mark.parametrize("shapes", ["points", "areas"])
@pytest.mark.parametrize("crs", list(ExportCrs), ids=lambda v: v.value)
@pytest.mark.parametrize("fmt", [ExportFormat.CSV, ExportFormat.XLSX], ids=lambda v: v.value)
def test_tables(ogrinfo, tmp_path, fmt, crs, shapes):
    frame = sample(getattr(corpus, shapes)())
    _, features = told(ogrinfo, written(tmp_path, frame, fmt, crs))
    assert len(features) == len(frame)
    wanted = projected(frame, crs).geometry
    limit = CENTIMETRE_DEGREES if crs.is_geographic else 0.01
    for (fields, _), expected, row in zip(features, wanted, frame.to_dict("records"), strict=True):
        assert fields["name"] == row["name"]
        assert fields["编码"] == row["编码"]
        assert crs.value.removeprefix("EPSG:") in fields["坐标系"] or crs is ExportCrs.WGS84
        assert apart(_of_cells(fields), expected) < limit


def _of_cells(fields):
    if fields.get("WKT"):
        return shapely.from_wkt(fields["WKT"])
    # X is the north, Y the east, as Chinese surveyors write them.
    east, north = ("经度", "纬度") if "经度" in fields else ("Y坐标", "X坐标")
    return shapely.Point(float(fields[east]), float(fields[north]))


def test_shapefile_says_its_encoding(ogrinfo, tmp_path):
    path = written(tmp_path, sample(corpus.points()), ExportFormat.SHAPEFILE, ExportCrs.CGCS2000)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("规划项目.cpg").strip() == b"UTF-8"
    _, features = told(ogrinfo, path)
    assert {fields["name"] for fields, _ in features} == set(corpus.NAMES[: len(features)])


def test_unusual_names_and_texts_survive(ogrinfo, tmp_path):
    frame = sample(corpus.points()).head(4).reset_index(drop=True)
    texts = ["=1+1", '引号"与逗号,', "<img src=x onerror=alert(1)>", "生僻字𠮷"]
    frame["name"] = texts
    for fmt in (ExportFormat.GEOPACKAGE, ExportFormat.GEOJSON, ExportFormat.SHAPEFILE):
        _, features = told(ogrinfo, written(tmp_path, frame, fmt, ExportCrs.WGS84))
        assert [fields["name"] for fields, _ in features] == texts
    assert np.isfinite(shapely.get_coordinates(frame.geometry.to_numpy())).all()

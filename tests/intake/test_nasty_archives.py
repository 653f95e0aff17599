"""Hostile and broken archives: each loads, or is answered by one message in words."""

from __future__ import annotations

import io
import struct
import zipfile

import numpy as np
import pytest

from etk_geo.errors import IntakeError
from etk_geo.intake.limits import MIB, Limits
from etk_geo.intake.upload import open_upload
from tests.intake import corpus
from tests.intake.refusals import SMALL, frame, load, refusal, written, zipped

pytestmark = pytest.mark.usefixtures("here")


def test_empty_zip():
    assert refusal([("a.zip", zipped())]) == "ETK809"


def test_zip_of_nothing_readable():
    assert refusal([("a.zip", zipped(**{"readme.doc": b"hello"}))]) == "ETK804"


@pytest.mark.parametrize("cut", [30, 200, -30, -5])
def test_truncated_zip(tmp_path, cut):
    content = corpus.shapefile(frame(), tmp_path)[0][1]
    assert refusal([("a.zip", content[:cut])]) in ("ETK805", "ETK803")


def test_zip_with_bad_checksum(tmp_path):
    content = bytearray(zipped(**{"a.geojson": b'{"type":"FeatureCollection","features":[]}' * 50}))
    content[60] ^= 0xFF
    assert refusal([("a.zip", bytes(content))]) == "ETK805"


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.geojson",
        "/etc/evil.geojson",
        "C:\\evil.geojson",
        "a/../../b.geojson",
        "..\\b.shp",
    ],
)
def test_zip_path_traversal(name):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"{}")
    assert refusal([("a.zip", buffer.getvalue())]) == "ETK806"


def test_zip_symbolic_link():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("a.geojson")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert refusal([("a.zip", buffer.getvalue())]) == "ETK806"


def test_zip_bomb_by_ratio():
    assert refusal([("a.zip", zipped(**{"a.geojson": b"0" * (30 * MIB)}))], Limits()) == "ETK869"


def test_zip_bomb_by_size():
    parts = {f"{i}.csv": np.random.default_rng(i).bytes(MIB) for i in range(10)}
    limits = Limits(unpacked_bytes=5 * MIB)
    assert refusal([("a.zip", corpus.zipped_bytes(parts))], limits) == "ETK868"


def test_zip_of_too_many_files():
    parts = {f"{i}.csv": b"x" for i in range(60)}
    assert refusal([("a.zip", corpus.zipped_bytes(parts))]) == "ETK807"


def test_zip_lying_about_sizes():
    content = bytearray(zipped(**{"a.geojson": b"0" * MIB}))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)  # uncompressed size in the directory
    assert refusal([("a.zip", bytes(content))]) == "ETK805"


def test_zip_nested_too_deep(tmp_path):
    content = corpus.shapefile(frame(), tmp_path)[0][1]
    for level in range(3):
        content = corpus.zipped_bytes({f"{level}.zip": content})
    assert refusal([("a.zip", content)]) == "ETK810"


def test_zip_nested_once_is_read(tmp_path):
    content = corpus.shapefile(frame(), tmp_path)[0][1]
    raw = load([("a.zip", corpus.zipped_bytes({"内/里.zip": content}))])
    assert raw.origin.source == "内/里.zip/a.shp"
    assert len(raw.attributes) == 1


def test_zip_encrypted():
    content = bytearray(zipped(**{"a.csv": b"x,y\n1,2\n"}))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(magic) + offset
        content[at] |= 1
    assert refusal([("a.zip", bytes(content))]) == "ETK808"


def test_zip_names_in_gbk_without_flag(tmp_path):
    content = written(frame(), tmp_path, "x.geojson")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("N" * 8 + ".geojson")
        archive.writestr(info, content)
    raw = buffer.getvalue().replace(b"N" * 8, "规划项目".encode("gbk"))
    assert load([("a.zip", raw)]).origin.source == "规划项目.geojson"


def test_several_layers_in_one_zip(tmp_path):
    parts = {}
    for name in ("一期", "二期"):
        (tmp_path / name).mkdir()
        for part, content in corpus.shapefile(frame(), tmp_path / name, zipped=False):
            parts[f"{name}/{part}"] = content
    parts["说明.txt~"] = b"\x00\x01"
    content = corpus.zipped_bytes(parts)
    with open_upload([("a.zip", content)], SMALL) as upload:
        assert [s.source for s in upload.survey()] == ["一期/a.shp", "二期/a.shp"]
        assert [i.code for i in upload.issues] == ["ETK803"]
        with pytest.raises(IntakeError) as caught:
            upload.read()
    assert caught.value.code == "ETK818"


def test_one_broken_layer_beside_a_sound_one(tmp_path):
    good = written(frame(), tmp_path, "good.gpkg")
    content = corpus.zipped_bytes({"bad.gpkg": good[:3000], "good.gpkg": good})
    with open_upload([("a.zip", content)], SMALL) as upload:
        assert [s.source for s in upload.survey()] == ["good.gpkg"]
        assert [i.code for i in upload.issues] == ["ETK812"]


def test_zip_with_names_no_system_takes(tmp_path):
    for parts in (
        {"x" * 300 + "/a.geojson": b"{}"},
        {"a": b"x", "a/b.geojson": b"{}"},
    ):
        assert refusal([("a.zip", corpus.zipped_bytes(parts))]) == "ETK805"


def test_zip_with_one_name_twice(recwarn):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for _ in range(2):
            archive.writestr("a.geojson", b"{}")
    recwarn.clear()
    assert refusal([("a.zip", buffer.getvalue())]) == "ETK805"


def test_findings_of_another_file_stay_with_it(tmp_path):
    parts = {}
    for name in ("sound", "cut"):
        (tmp_path / name).mkdir()
        for part, content in corpus.shapefile(frame(), tmp_path / name, zipped=False):
            if not (name == "cut" and part.endswith(".shx")):
                parts[f"{name}/{part}"] = content
    with open_upload([("a.zip", corpus.zipped_bytes(parts))], SMALL) as upload:
        found = {s.source: [i.code for i in upload.read(s).issues] for s in upload.survey()}
    assert found == {"cut/a.shp": ["ETK832"], "sound/a.shp": []}

"""The reading process: killable, alone, cut off in time, and nothing left behind."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from etk_geo import own_process
from etk_geo.errors import IntakeError
from etk_geo.intake import child
from etk_geo.intake.limits import Limits
from etk_geo.intake.upload import open_upload
from etk_geo.private_folder import PREFIX, STALE_SECONDS, PrivateFolder, sweep_stale
from tests.intake import corpus


@pytest.fixture(autouse=True)
def private_temp(tmp_path, monkeypatch):
    """Give each test a temporary directory of its own, empty again at its end."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def gpkg(tmp_path):
    gdf = corpus.frame(corpus.areas(), 4490)
    return corpus.vector(gdf, tmp_path, ".gpkg")


@pytest.mark.parametrize(
    "suffix", [".gpkg", ".geojson", ".kml", ".kmz", ".fgb", ".parquet", ".dxf"]
)
def test_every_vector_format_is_read_by_the_process(suffix, tmp_path):
    files = corpus.vector(corpus.frame(corpus.areas(), 4326), tmp_path, suffix)
    with open_upload(files) as upload:
        raw = upload.read()
    assert len(raw.attributes) == (21 if suffix == ".dxf" else 20)


def test_other_formats_are_read_by_the_process(tmp_path):
    data = corpus.table(corpus.points(), ("经度", "纬度"), "dms")
    text = corpus.boundary_text(corpus.areas(), {"坐标系": "2000国家大地坐标系"}, "gb18030")
    shp = corpus.shapefile(corpus.frame(corpus.areas(), 4490), tmp_path, "GBK", cpg=False)
    for files in (
        corpus.csv_file(data, "gb18030"),
        corpus.xlsx_file(data, numbers=False),
        text,
        shp,
    ):
        with open_upload(files) as upload:
            raw = upload.read()
        column = "地块名称" if files[0][0] == "a.txt" else "名称"
        assert list(raw.attributes[column]) == corpus.NAMES


def test_progress_is_told(tmp_path):
    points = shapely.points(107 + (corpus.np.arange(12_000) % 100) / 100, 39.2)
    gpd.GeoDataFrame(geometry=points, crs=4490).to_file(tmp_path / "a.gpkg")
    told = []
    with open_upload([("a.gpkg", tmp_path / "a.gpkg")]) as upload:
        upload.read(progress=lambda done, of: told.append((done, of)))
    assert told == [(5000, 12_000), (10_000, 12_000), (12_000, 12_000)]


def test_folder_is_private_and_gone(gpkg, private_temp):
    with open_upload(gpkg) as upload:
        (folder,) = (path for path in private_temp.iterdir() if path.is_dir())
        assert folder.name.startswith(PREFIX)
        if os.name == "posix":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        upload.survey()
    assert not folder.exists()


def test_folder_is_gone_when_nobody_holds_the_upload(gpkg, private_temp):
    open_upload(gpkg)
    assert list(private_temp.iterdir()) == []


def test_folder_is_gone_after_a_refusal(private_temp):
    with pytest.raises(IntakeError):
        open_upload([("a.zip", b"PK\x03\x04broken")])
    assert list(private_temp.iterdir()) == []


def test_layer_stays_usable_after_close(gpkg):
    with open_upload(gpkg) as upload:
        raw = upload.read()
    assert shapely.area(raw.geometry).sum() > 0
    assert raw.attributes["名称"].tolist() == corpus.NAMES


def stand_in(monkeypatch, source: str) -> None:
    """Let the reading process be another program."""
    real = subprocess.Popen

    def popen(command, **options):
        return real([sys.executable, "-c", source], **options)

    monkeypatch.setattr(own_process.subprocess, "Popen", popen)


def test_hanging_reader_is_cut_off(gpkg, monkeypatch):
    stand_in(monkeypatch, "import time; time.sleep(60)")
    started = time.monotonic()
    with open_upload(gpkg, Limits(seconds=1)) as upload, pytest.raises(IntakeError) as caught:
        upload.read()
    assert caught.value.code == "ETK813"
    assert time.monotonic() - started < 10


def test_busy_reader_that_ignores_signals_is_cut_off(gpkg, monkeypatch):
    source = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass"
    stand_in(monkeypatch, source)
    with open_upload(gpkg, Limits(seconds=1)) as upload, pytest.raises(IntakeError) as caught:
        upload.survey()
    assert caught.value.code == "ETK813"


@pytest.mark.parametrize(
    "source", ["import os; os.abort()", "import sys; sys.exit(3)", "print('{')"]
)
def test_crashed_reader_is_one_message(gpkg, monkeypatch, source, caplog):
    stand_in(monkeypatch, source)
    with open_upload(gpkg) as upload, pytest.raises(IntakeError) as caught:
        upload.survey()
    assert caught.value.code == "ETK814"
    assert "reading process ended" in caplog.text


@pytest.mark.skipif(os.name != "posix", reason="memory can be bounded on POSIX only")
def test_reader_without_memory_is_one_message(tmp_path, caplog):
    points = shapely.points(107 + (corpus.np.arange(300_000) % 100) / 100, 39.2)
    gpd.GeoDataFrame({"t": ["x" * 500] * 300_000}, geometry=points, crs=4490).to_file(
        tmp_path / "a.geojson"
    )
    limits = Limits(memory_bytes=330 * 1024 * 1024)
    with (
        open_upload([("a.geojson", tmp_path / "a.geojson")], limits) as upload,
        pytest.raises(IntakeError) as caught,
    ):
        upload.read()
    assert caught.value.code in ("ETK812", "ETK814")


@pytest.mark.skipif(os.name != "posix", reason="looks at the process table by signal 0")
def test_reader_ends_with_its_parent(tmp_path):
    env = {**os.environ, **whole_environment(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-m", child.MODULE], stdin=subprocess.PIPE, env=env, cwd=tmp_path
    )
    time.sleep(1.0)
    process.stdin.close()
    assert process.wait(timeout=20) != 0


def whole_environment(folder):
    program = own_process.Program(child.MODULE, child._environment(folder))
    return own_process.environment_of(program, folder)


def test_reader_does_not_see_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("ETK_SECRET", "x")
    monkeypatch.setenv("GDAL_DRIVER_PATH", "/evil")
    environment = whole_environment(tmp_path)
    assert "ETK_SECRET" not in environment
    assert "GDAL_DRIVER_PATH" not in environment
    for driver in ("OGR_VRT", "HTTP", "CSV", "SQLite", "OAPIF"):
        assert driver in environment["GDAL_SKIP"].split(",")


def test_two_uploads_do_not_see_each_other(tmp_path):
    one = corpus.vector(corpus.frame(corpus.areas(), 4490), tmp_path, ".gpkg")
    two = corpus.vector(corpus.frame(corpus.points(), 4490), tmp_path, ".gpkg")
    results = {}

    def read(name, files):
        with open_upload(files) as upload:
            results[name] = upload.read().geometry[0].geom_type

    threads = [threading.Thread(target=read, args=a) for a in (("one", one), ("two", two))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {"one": "MultiPolygon", "two": "Point"}


def test_folders_of_killed_programs_are_swept(private_temp):
    old = private_temp / f"{PREFIX}old"
    young = private_temp / f"{PREFIX}young"
    other = private_temp / "other"
    for folder in (old, young, other):
        folder.mkdir()
    past = time.time() - STALE_SECONDS - 10
    os.utime(old, (past, past))
    os.utime(other, (past, past))
    sweep_stale()
    assert sorted(p.name for p in private_temp.iterdir()) == [young.name, "other"]
    young.rmdir()
    other.rmdir()


@pytest.mark.skipif(sys.platform == "win32", reason="there the age of a folder decides")
def test_folder_of_a_killed_program_goes_at_the_next_upload(private_temp):
    source = (
        "import os, signal; from etk_geo.private_folder import PrivateFolder\n"
        "f = PrivateFolder(); (f.path / 'secret').write_text('x'); print(f.path, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    env = {**os.environ, "TMPDIR": str(private_temp), "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-c", source], env=env, capture_output=True, text=True, check=False
    )
    left = Path(done.stdout.strip())
    assert (left / "secret").exists()
    held = PrivateFolder()
    assert not left.exists()
    PrivateFolder().close()
    assert held.path.exists(), "a folder in use is left alone"
    held.close()


def test_folder_is_gone_when_the_program_ends(tmp_path, private_temp):
    source = (
        "import sys; from etk_geo.private_folder import PrivateFolder\n"
        "f = PrivateFolder(); print(f.path, f.path.exists())"
    )
    env = {**os.environ, "TMPDIR": str(private_temp), "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-c", source], env=env, capture_output=True, text=True, check=True
    )
    path, existed = done.stdout.split()
    assert existed == "True"
    assert not Path(path).exists()


def test_private_folder_closes_twice():
    folder = PrivateFolder()
    folder.close()
    folder.close()
    assert not folder.path.exists()

"""Pre-flight: each check is made to fail, names what is wrong and how to mend it."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections import namedtuple
from datetime import date
from pathlib import Path

import pytest

from etk_geo.cli import main
from etk_geo.errors import AssetError, EtkGeoError
from etk_geo.i18n import issue_message, issue_remedy, text
from etk_geo.model import LANGS
from etk_geo.preflight import checks
from etk_geo.preflight.browser import play
from etk_geo.preflight.checks import Check, Preflight
from etk_geo.preflight.command import lines_of
from etk_geo.store import project_root
from etk_geo.stories.material import Material
from etk_geo.workspace import open_workspace

DAY = date(2026, 3, 16)
LINGERING = """#!{python}
import json, os, signal, sys, urllib.request
profile, address = sys.argv[-2].partition("=")[2], sys.argv[-1]
if os.fork() == 0:
    for number in range(20_000):
        os.makedirs(f"{{profile}}/Default/{{number % 50}}", exist_ok=True)
    os._exit(0)
send = urllib.request.build_opener(urllib.request.ProxyHandler({{}})).open
send(urllib.request.Request(address + "result", json.dumps({measured}).encode())).close()
signal.pause()
"""
"""A browser that answers, and one of whose processes still writes when it has ended."""

ONE_SCENE = """
title = { zh = "试", en = "Trial" }
[[scene]]
id = "one"
title = { zh = "一", en = "One" }
words = { zh = "话", en = "Words" }
"""
SOUND = {
    "scenes": [{"id": "one", "ms": 40}],
    "errors": [],
    "asked": [],
    "chinese": True,
    "opened_ms": 300,
}


def copy_project(target: Path) -> Path:
    """Return a project folder with one story of one scene."""
    for folder in ("data", "layers", "rules"):
        shutil.copytree(project_root() / folder, target / folder)
    for story in (target / "data/stories").glob("*.toml"):
        story.unlink()
    (target / "data/stories/trial.toml").write_text(ONE_SCENE, encoding="utf-8")
    return target


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project folder that a test may break."""
    return copy_project(tmp_path)


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Material:
    """Return what a sound project folder holds, opened once."""
    return Material(open_workspace(copy_project(tmp_path_factory.mktemp("project"))), DAY)


@pytest.fixture
def site(tmp_path_factory) -> Path:
    """The app's folder with its browser files; the fonts, which are large, as links."""
    folder = tmp_path_factory.mktemp("site")
    root = project_root()
    shutil.copytree(root / "static/etk", folder / "static/etk")
    skip = shutil.ignore_patterns("fonts")
    shutil.copytree(root / "static/vendor", folder / "static/vendor", ignore=skip)
    (folder / "static/vendor/fonts").mkdir()
    for font in (root / "static/vendor/fonts").iterdir():
        (folder / "static/vendor/fonts" / font.name).symlink_to(font)
    (folder / "etk_geo/maps").mkdir(parents=True)
    shutil.copy(root / "etk_geo/maps/assets.toml", folder / "etk_geo/maps")
    return folder


def run(material: Material, site: Path, *, found: Path | None = None) -> dict[str, Check]:
    """Run all checks and return them by their Chinese name."""
    return {check.name: check for check in Preflight(material, site, "zh", lambda: found).run()}


def name(key: str, **values: str) -> str:
    return text(f"preflight.{key}", "zh", **values)


def told(check: Check) -> list[tuple[str, str]]:
    """Return code and file of every issue; each has a message and a mend in both languages."""
    for issue in check.issues:
        for lang in LANGS:
            assert issue_message(issue, lang)
            assert issue_remedy(issue, lang)
        lines = "\n".join(lines_of(check, "zh"))
        assert issue_remedy(issue, "zh") in lines
        assert issue.file in lines
    return [(issue.code, issue.file) for issue in check.issues]


def failed(found: dict[str, Check]) -> list[str]:
    return [check.name for check in found.values() if not check.passed]


def test_sound_folder_passes_every_check_but_the_browser_that_is_not_there(sound, site):
    found = run(sound, site)
    assert failed(found) == [name("browser")]
    assert told(found[name("browser")]) == [("ETK983", "")]
    assert found[name("stories")].found == name("stories_found", n=1, scenes=1)


@pytest.mark.parametrize("file", ["static/etk/player.js", "static/vendor/leaflet/leaflet.js"])
def test_missing_file_is_named(sound, site, file):
    (site / file).unlink()
    check = run(sound, site)[name("files")]
    assert not check.passed
    assert told(check) == [("ETK981", file)]


def test_altered_file_is_named(sound, site):
    file = site / "static/vendor/leaflet/leaflet.js"
    file.write_bytes(file.read_bytes() + b"\n")
    check = run(sound, site)[name("files")]
    assert not check.passed
    assert told(check) == [("ETK981", "static/vendor/leaflet/leaflet.js")]


def test_missing_font_is_named(sound, site, monkeypatch):
    def nothing(_own):
        raise AssetError("ETK930", file="static/vendor/fonts", font="Noto Sans SC")

    monkeypatch.setattr(checks, "chinese_fonts", nothing)
    check = run(sound, site)[name("fonts")]
    assert not check.passed
    assert told(check) == [("ETK930", "static/vendor/fonts")]
    assert "Noto Sans SC" in issue_message(check.issues[0], "zh")


def test_invalid_data_is_named(project, site):
    layer = project / "layers/railways.geojson"
    layer.write_text(layer.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    found = run(Material(open_workspace(project), DAY), site)
    assert name("data") in failed(found)
    assert "layers/railways.geojson" in {file for _, file in told(found[name("data")])}


def test_broken_scene_is_named_and_the_others_count(project, site):
    second = ONE_SCENE[ONE_SCENE.index("[[scene]]") :].replace('"one"', '"two"')
    story = project / "data/stories/trial.toml"
    story.write_text(f'{ONE_SCENE}{second}layers = ["railway"]\n', encoding="utf-8")
    check = run(Material(open_workspace(project), DAY), site)[name("stories")]
    assert not check.passed
    assert told(check) == [("ETK967", "data/stories/trial.toml")]
    assert check.issues[0].where == "scene 2 two"
    assert check.found == name("stories_found", n=1, scenes=1)


def test_full_disk_is_said_with_what_is_left(sound, site, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: usage(10**12, 10**12, 120_000_000))
    check = run(sound, site)[name("disk")]
    assert not check.passed
    assert told(check) == [("ETK986", "")]
    assert "0.1 GB" in issue_message(check.issues[0], "zh")


def test_folder_that_cannot_be_written_is_named(sound, site):
    (site / "static/display").write_text("a file where the folder should be", encoding="utf-8")
    check = run(sound, site)[name("folder")]
    assert not check.passed
    assert told(check) == [("ETK988", "static/display")]


@pytest.mark.parametrize(
    ("measured", "code", "said"),
    [
        ({"scenes": [{"id": "one", "ms": 2001}]}, "ETK984", "2001"),
        ({"errors": ["TypeError: x is null"]}, "ETK985", "TypeError: x is null"),
        ({"asked": ["https://unpkg.com/leaflet.js"]}, "ETK987", "https://unpkg.com/leaflet.js"),
        ({"chinese": False}, "ETK989", ""),
    ],
)
def test_what_the_browser_measured_is_judged(sound, site, monkeypatch, measured, code, said):
    monkeypatch.setattr(checks, "play", lambda *_: {**SOUND, **measured})
    check = run(sound, site, found=Path("chromium"))[name("play", story="试")]
    assert not check.passed
    assert [found for found, _ in told(check)] == [code]
    assert said in issue_message(check.issues[0], "zh")
    assert (name("play_offline") in check.found) is (code != "ETK987")


def test_scene_that_is_drawn_in_two_seconds_passes(sound, site, monkeypatch):
    slow = {**SOUND, "scenes": [{"id": "one", "ms": 2000}]}
    monkeypatch.setattr(checks, "play", lambda *_: slow)
    assert run(sound, site, found=Path("chromium"))[name("play", story="试")].passed


def test_browser_that_does_not_start_is_named(sound, site, tmp_path):
    broken = tmp_path / "chromium"
    broken.write_text("no program", encoding="utf-8")
    check = run(sound, site, found=broken)[name("play", story="试")]
    assert [code for code, _ in told(check)] == ["ETK985"]


@pytest.mark.e2e
def test_story_is_really_played(sound, site, browser_path):
    found = run(sound, site, found=Path(browser_path))
    check = found[name("play", story="试")]
    # How long a scene takes depends on what else this computer does: that is not judged here.
    assert {code for code, _ in told(check)} <= {"ETK984"}
    opened = re.match(r"1 幕，打开 (\d+) 毫秒，最慢一幕 \d+ 毫秒，没有联网", check.found)
    assert opened
    assert int(opened[1]) > 0


@pytest.mark.e2e
def test_browser_that_never_answers_is_given_up(browser_path):
    with pytest.raises(EtkGeoError, match="ETK985"):
        play(Path(browser_path), b"<p>no answer</p>", patience_s=0.2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the browser that is played is a script")
def test_browser_that_still_writes_while_its_profile_goes_is_heard(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    browser = tmp_path / "lingering"
    answer = {"scenes": [], "errors": []}
    browser.write_text(LINGERING.format(python=sys.executable, measured=answer), encoding="utf-8")
    browser.chmod(0o755)
    assert play(browser, b"<p>") == answer


@pytest.mark.parametrize("lang", LANGS)
def test_command_says_each_check_and_its_return_code(project, lang, monkeypatch, capsys):
    monkeypatch.setenv("ETK_RECORDS", str(project / "records"))
    monkeypatch.setenv("ETK_BROWSER", str(project / "none"))
    assert main(["preflight", "--root", str(project), "--lang", lang]) == 1
    out = capsys.readouterr().out
    assert f"{text('preflight.bad', lang)} {text('preflight.browser', lang)}" in out
    assert f"{text('preflight.good', lang)} {text('preflight.data', lang)}" in out
    assert text("preflight.failed", lang, n=1) in out
    monkeypatch.setattr(checks, "play", lambda *_: SOUND)
    monkeypatch.setenv("ETK_BROWSER", str(project / "data/targets.csv"))
    assert main(["preflight", "--root", str(project), "--lang", lang]) == 0
    assert text("preflight.ready", lang) in capsys.readouterr().out

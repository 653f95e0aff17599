"""Broken data: the app starts, shows the rest, and names the file and the mend."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from etk_geo.catalog import record_path
from etk_geo.model import LANGS
from etk_geo.store import dump_json, sha256
from etk_geo.ui import layers_page
from tests.app.conftest import PAGES, only, said, unescaped

LAYER = "layers/industrial_parks.geojson"
OTHER = "layers/highways.geojson"


def rewrite(root: Path, file: str, edit: Callable[[dict], None]) -> None:
    """Change a layer and bring its record in line, as someone who knows the checksum would."""
    document = json.loads((root / file).read_text(encoding="utf-8"))
    edit(document)
    content = json.dumps(document, ensure_ascii=False).encode()
    (root / file).write_bytes(content)
    record = json.loads((root / record_path(file)).read_text(encoding="utf-8"))
    (root / record_path(file)).write_bytes(dump_json(record | {"sha256": sha256(content)}))


def missing(root: Path) -> None:
    (root / LAYER).unlink()


def truncated(root: Path) -> None:
    path = root / LAYER
    path.write_bytes(path.read_bytes()[:-300])


def hand_edited(root: Path) -> None:
    path = root / LAYER
    path.write_text(path.read_text(encoding="utf-8").replace("棋盘井", "棋盘", 1), encoding="utf-8")


def not_json(root: Path) -> None:
    (root / LAYER).write_bytes(b"\xff\xfe\x00PK")


def without_provenance(root: Path) -> None:
    (root / record_path(LAYER)).unlink()


def unknown_crs(root: Path) -> None:
    def edit(document):
        document["crs"] = {"type": "name", "properties": {"name": "EPSG:4524"}}

    rewrite(root, LAYER, edit)


def duplicate_id(root: Path) -> None:
    def edit(document):
        document["features"][1]["properties"]["id"] = document["features"][0]["properties"]["id"]

    rewrite(root, LAYER, edit)


WITHHELD = [
    missing,
    truncated,
    hand_edited,
    not_json,
    without_provenance,
    unknown_crs,
    duplicate_id,
]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("damage", WITHHELD, ids=lambda damage: damage.__name__)
def test_a_broken_layer_is_named_and_the_others_are_shown(project, open_page, damage, lang):
    damage(project)
    app = open_page("layers", lang)
    assert not app.exception
    assert not app.error
    named = [unescaped(w.value) for w in app.warning]
    assert any("industrial_parks" in value for value in named), named
    assert all("→" in value for value in named), "the mend is missing"
    ids = only(app.selectbox, key="layers_layer").options
    assert len(ids) > 5
    assert not any("工业园区" in name or "Industrial" in name for name in ids)


@pytest.mark.parametrize("key", PAGES)
@pytest.mark.parametrize(
    "damage", [truncated, without_provenance], ids=lambda damage: damage.__name__
)
def test_every_page_opens_with_a_broken_layer(project, open_page, key, damage):
    damage(project)
    app = open_page(key)
    assert not app.exception
    assert not app.error
    assert any(LAYER in unescaped(e.label) for e in app.expander), "no notice above the page"


def edit_row(root: Path, file: str, key: str, **cells: str) -> None:
    """Change cells of the row with an id."""
    path = root / file
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(row | cells if row["id"] == key else row for row in rows)
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")


def test_a_target_naming_no_place_is_named(project, open_page):
    edit_row(project, "data/targets.csv", "park_output", places="no_such_place")
    app = open_page("about")
    assert not app.error
    issues = app.dataframe[0].value
    hit = issues[issues["问题"].str.contains("no_such_place")]
    assert hit[["文件", "位置"]].to_numpy().tolist() == [["data/targets.csv", "park_output"]]
    assert hit["怎么改"].iloc[0]
    assert not open_page("targets").error


def test_a_table_with_a_broken_cell_is_named_by_row(project, open_page):
    edit_row(project, "data/targets.csv", "park_output", target_2025="一千")
    issues = open_page("about", "en").dataframe[0].value
    assert "park_output" in set(issues["Place"])


@pytest.mark.parametrize("file", ["data/targets.csv", "data/places.csv", "data/layers.toml"])
@pytest.mark.parametrize("key", PAGES)
def test_every_page_opens_without_a_table(project, open_page, key, file):
    (project / file).unlink()
    app = open_page(key)
    assert not app.exception
    assert not app.error
    assert any(file in unescaped(e.label) for e in app.expander)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", PAGES)
def test_every_page_opens_on_an_empty_folder(tmp_path, monkeypatch, open_page, key, lang):
    monkeypatch.setenv("ETK_ROOT", str(tmp_path))
    app = open_page(key, lang)
    assert not app.exception
    # Without rules there is no list of what must be held: the page names the missing tables.
    assert bool(app.error) == (key == "coverage")
    assert all("rules/" in unescaped(error.value) for error in app.error)


def test_an_edit_is_seen_on_the_next_view(project, open_page):
    assert not open_page("layers").warning
    missing(project)
    assert open_page("layers").warning


def test_a_restricted_layer_offers_no_download(project, open_page):
    path = project / record_path(LAYER)
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_bytes(dump_json(record | {"restricted": True}))
    app = open_page("layers", "zh", layer="industrial_parks")
    assert len(app.get("download_button")) == 0
    assert "限制使用" in said(app)


def test_data_is_not_taken_for_markup(project, open_page):
    hostile = "<b>x</b> ![p](http://example.org/p.png) :red[r] **fett**"
    path = project / record_path(LAYER)
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_bytes(dump_json(record | {"description_zh": hostile}))
    app = open_page("layers", "zh", layer="industrial_parks")
    assert hostile in said(app)
    shown = next(m.value for m in app.markdown if "example" in m.value)
    assert "![" not in shown
    assert "\\<b\\>" in shown


def test_an_error_of_a_page_is_a_number_and_a_log_entry(open_page, monkeypatch, caplog):
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(layers_page, "show", fail)
    app = open_page("layers", "en")
    assert not app.exception
    message = only(app.error).value
    assert "secret" not in message
    number = message.split("**")[1]
    assert number in caplog.text
    assert "secret detail" in caplog.text

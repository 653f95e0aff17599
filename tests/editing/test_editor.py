"""Edits of a built layer: kept with their history, told apart, undone, and sound to the linter."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from shapely.geometry import LineString, Point, Polygon

from etk_geo.build.compile import write_layers
from etk_geo.catalog import open_catalog
from etk_geo.editing import Act, Change, LayerEditor, finish_interrupted, screened_features
from etk_geo.errors import DatabaseError, RecordError
from etk_geo.lint import lint
from etk_geo.model import Kind
from etk_geo.store import project_root
from etk_geo.workspace import open_workspace

LAYER, EAST, PARK = "industrial_parks", "qipanjing_east", "qipanjing_park"
SITED = Change(
    Point(107.1, 39.4), has_geometry=True, properties={"bound": "position", "accuracy_m": 500}
)
BY = {"author": "乌云", "reason": "园区提供", "source": "园区管委会 2026 年复函"}


@pytest.fixture
def editor(project, clock) -> LayerEditor:
    return LayerEditor(project, LAYER, clock)


def row(root: Path, feature: str = EAST):
    return open_catalog(root).layers[LAYER].gdf.set_index("id").loc[feature]


def refused(call, *arguments, **named) -> RecordError:
    with pytest.raises(RecordError) as caught:
        call(*arguments, **named)
    return caught.value


def test_position_supplied_is_in_the_layer_with_its_history(project, editor):
    assert row(project).geometry is None
    edit = editor.edit(EAST, SITED, seen=0, **BY)
    assert row(project).geometry == Point(107.1, 39.4)
    assert (row(project).bound, row(project).accuracy_m) == ("position", 500)
    assert editor.history(EAST) == (edit,)
    assert (edit.author, edit.source, edit.at) == (
        "乌云", "园区管委会 2026 年复函", "2026-03-01T12:01:00Z",
    )  # fmt: skip
    assert edit.before == {"geometry": None, "bound": None, "accuracy_m": None}
    record = open_catalog(project).layers[LAYER].provenance
    assert editor.file in record.built_from
    assert record.unlocated_count == len(open_catalog(project).layers[LAYER].unlocated)


def test_layer_stays_sound_and_survives_the_build(project, editor):
    editor.edit(EAST, SITED, seen=0, **BY)
    assert lint(project) == []
    assert write_layers(project) == []
    table = project / "data/places.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("螺旋藻产业园", "螺旋藻园"), "utf-8")
    assert write_layers(project) != []
    assert row(project).geometry == Point(107.1, 39.4)
    assert lint(project) == []


def test_undoing_everything_gives_the_layer_of_the_tables(project, editor):
    content = (project / f"layers/{LAYER}.geojson").read_bytes()
    first = editor.edit(EAST, SITED, seen=0, **BY)
    second = editor.edit(EAST, Change(properties={"accuracy_m": 80}), seen=first.number, **BY)
    assert row(project).accuracy_m == 80
    undone = editor.undo(EAST, author="乌云", seen=second.number)
    assert (row(project).accuracy_m, undone.undoes) == (500, second.number)
    assert editor.counting() == {first.number}
    last = editor.undo(EAST, author="乌云", seen=undone.number)
    assert (project / f"layers/{LAYER}.geojson").read_bytes() == content
    assert refused(editor.undo, EAST, author="乌云", seen=last.number).code == "ETK915"
    assert [edit.undoes for edit in editor.history()] == [0, 0, 2, 1]
    assert lint(project) == []


def test_edit_that_changes_nothing_is_none(project, editor):
    name = row(project, PARK).name_zh
    assert editor.edit(PARK, Change(properties={"name_zh": name}), seen=0, **BY) is None
    assert editor.history() == ()
    assert not (project / editor.file).exists()


# Two people


def test_second_of_two_is_told_and_nothing_is_lost(project, editor, clock):
    other = LayerEditor(project, LAYER, clock)
    mine, theirs = editor.feature(EAST), other.feature(EAST)
    first = editor.edit(EAST, SITED, seen=mine.seen, **BY)
    change = Change(properties={"known_zh": "在镇东"})
    error = refused(
        other.edit, EAST, change, author="其其格", reason="核实", source="现场", seen=theirs.seen
    )
    assert (error.code, error.detail) == ("ETK920", {"author": "乌云", "at": first.at})
    assert refused(other.undo, EAST, author="其其格", seen=theirs.seen).code == "ETK920"
    kept = other.edit(EAST, change, seen=other.feature(EAST).seen, **BY)
    assert kept.number == 2
    assert (row(project).geometry, row(project).known_zh) == (Point(107.1, 39.4), "在镇东")


def test_edits_of_different_features_do_not_hinder_each_other(project, editor):
    editor.edit(EAST, SITED, seen=0, **BY)
    editor.edit(PARK, Change(properties={"known_zh": "扩建"}), seen=0, **BY)
    assert (row(project).accuracy_m, row(project, PARK).known_zh) == (500, "扩建")


def test_of_many_at_once_one_edits_a_feature_and_the_others_are_told(project, clock):
    outcomes = []
    start = threading.Barrier(4)

    def edit(number: int) -> None:
        editor = LayerEditor(project, LAYER, clock)
        start.wait()
        try:
            editor.edit(PARK, Change(properties={"known_zh": f"版本{number}"}), seen=0, **BY)
            outcomes.append("kept")
        except RecordError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=edit, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ETK920", "ETK920", "ETK920", "kept"]
    assert lint(project) == []


def test_of_two_one_deletes_and_the_other_is_told(project, editor):
    change = Change(properties={"known_zh": "扩建"})
    deleted = editor.delete(PARK, seen=0, **BY)
    error = refused(editor.edit, PARK, change, seen=0, **BY)
    assert (error.code, error.detail["author"]) == ("ETK920", "乌云")
    assert refused(editor.edit, PARK, change, seen=deleted.number, **BY).code == "ETK658"
    assert refused(editor.feature, PARK).code == "ETK658"
    assert refused(editor.delete, PARK, seen=deleted.number, **BY).code == "ETK658"


# A new position says how good it is


@pytest.mark.parametrize("said", [{}, {"accuracy_m": 5.0}, {"bound": "position"}])
def test_accuracy_of_the_former_position_is_not_carried_over(project, editor, said):
    change = Change(Point(107.0, 39.3), has_geometry=True, properties=said)
    assert row(project, PARK).bound == "position"
    error = refused(editor.edit, PARK, change, seen=0, **BY)
    assert {reason.code for reason in error.more} == {"ETK661"}
    unsaid = {reason.detail["member"] for reason in error.more}
    assert unsaid == {"bound", "accuracy_m"}.difference(said)


# Features that are added and deleted


PART = Change(
    Polygon([(107.0, 39.3), (107.1, 39.3), (107.1, 39.4), (107.0, 39.4)]),
    has_geometry=True,
    properties={
        "name_zh": "新区",
        "name_en": "New part",
        "bound": "inner",
        "accuracy_m": 30.0,
        "category": "chemical_park",
        "citations": ["3.1.1"],
    },
)


def ids(root: Path, layer: str = LAYER) -> list[str]:
    return list(open_catalog(root).layers[layer].gdf["id"])


def test_added_feature_is_in_the_layer_survives_the_build_and_goes_when_undone(project, editor):
    content = (project / f"layers/{LAYER}.geojson").read_bytes()
    before = ids(project)
    edit = editor.add(Kind.PROJECT, PART, **BY)
    assert ids(project) == [*before, "added_industrial_parks_1"]
    assert edit.before == {}
    assert row(project, edit.feature).name_en == "New part"
    assert row(project, edit.feature).geometry.area == pytest.approx(0.01)
    assert lint(project) == []
    assert write_layers(project) == []
    change = Change(properties={"known_zh": "在建"})
    second = editor.edit(edit.feature, change, seen=edit.number, **BY)
    assert row(project, edit.feature).known_zh == "在建"
    assert [issue.code for issue in lint(project)] == []
    undone = editor.undo(edit.feature, author="乌云", seen=second.number)
    gone = editor.undo(edit.feature, author="乌云", seen=undone.number)
    assert (gone.act, gone.undoes, gone.after) == (Act.ADD, edit.number, {})
    assert (project / f"layers/{LAYER}.geojson").read_bytes() == content
    again = editor.add(Kind.PROJECT, PART, **BY)
    assert again.feature == "added_industrial_parks_5"


def test_added_plan_project_names_its_section_of_the_plan(project, editor):
    said = {k: v for k, v in PART.properties.items() if k not in ("category", "citations")}
    change = Change(PART.geometry, has_geometry=True, properties=said)
    error = refused(editor.add, Kind.PROJECT, change, **BY)
    assert [reason.code for reason in error.more] == ["ETK662", "ETK662"]
    assert editor.add(Kind.STATION, change, **BY).number == 1


def test_added_feature_without_a_name_is_refused(project, editor):
    error = refused(editor.add, Kind.STATION, Change(), **BY)
    assert {reason.code for reason in error.more} == {"ETK124"}
    assert editor.history() == ()


def test_deleted_feature_stays_in_the_history_and_comes_back(project, editor):
    content = (project / f"layers/{LAYER}.geojson").read_bytes()
    deletion = editor.delete(PARK, seen=0, **BY)
    assert PARK not in ids(project)
    assert deletion.after == {}
    assert deletion.before["name_zh"] == "棋盘井工业园区提质"
    assert editor.deleted() == (deletion,)
    assert lint(project) == []
    assert write_layers(project) == []
    back = editor.undo(PARK, author="其其格", seen=deletion.number)
    assert (back.act, back.undoes) == (Act.DELETE, deletion.number)
    assert (project / f"layers/{LAYER}.geojson").read_bytes() == content
    assert editor.deleted() == ()


def test_what_rules_screen_against_is_not_deleted(project, clock):
    layer, feature = min(pair for pair in screened_features(project) if pair[1])
    editor = LayerEditor(project, layer, clock)
    assert refused(editor.delete, feature, seen=0, **BY).code == "ETK664"
    assert editor.history() == ()


def test_table_that_gets_the_id_of_an_added_feature_is_said(project, editor):
    edit = editor.add(Kind.PROJECT, PART, **BY)
    for name in ("projects", "siting"):
        table = project / f"data/{name}.csv"
        line = next(x for x in table.read_text("utf-8").splitlines() if x.startswith(PARK + ","))
        with table.open("a", encoding="utf-8") as stream:
            stream.write(line.replace(PARK, edit.feature, 1) + "\n")
    write_layers(project)
    assert ids(project).count(edit.feature) == 1
    assert row(project, edit.feature).name_zh == "新区"
    drift = [issue.detail for issue in lint(project) if issue.code == "ETK924"]
    assert drift == [{"feature": edit.feature, "member": "id"}]


# Versions


def test_former_version_is_restored_by_a_further_edit(project, editor):
    first = editor.edit(EAST, SITED, seen=0, **BY)
    moved = Change(
        Point(107.3, 39.5), has_geometry=True, properties={"bound": "position", "accuracy_m": 90.0}
    )
    second = editor.edit(EAST, moved, seen=first.number, **BY)
    assert editor.version(EAST, 0)["geometry"] is None
    assert editor.version(EAST, 1)["geometry"]["coordinates"] == [107.1, 39.4]
    third = editor.restore(EAST, 1, author="其其格", reason="量错了", seen=second.number)
    assert (row(project).geometry, row(project).accuracy_m) == (Point(107.1, 39.4), 500)
    assert (third.source, third.reason, third.undoes) == ("#1", "量错了", 0)
    fourth = editor.restore(EAST, 0, author="其其格", reason="不确定", seen=third.number)
    assert row(project).geometry is None
    assert editor.restore(EAST, 0, author="a", reason="b", seen=fourth.number) is None
    assert lint(project) == []


# What is not kept


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Change(Point(107.1, 39.4), has_geometry=True), "ETK125"),  # how good it is is not said
        (Change(Point(39.4, 107.1), has_geometry=True, properties=SITED.properties), "ETK113"),
        (Change(Point(0, 0), has_geometry=True, properties=SITED.properties), "ETK108"),
        (Change(Point(float("nan"), 1), has_geometry=True, properties=SITED.properties), "ETK107"),
        (
            Change(
                Polygon([(107, 39), (107.3, 39.3), (107.3, 39), (107, 39.1)]),
                has_geometry=True,
                properties=SITED.properties,
            ),
            "ETK660",
        ),
        (
            Change(
                LineString([(107, 39), (107.1, 39)]),
                has_geometry=True,
                properties={"bound": "outer", "accuracy_m": 5},
            ),
            "ETK128",
        ),
        (Change(properties={"id": "other"}), "ETK127"),
        (Change(properties={"colour": "red"}), "ETK127"),
        (Change(properties={"name_zh": " "}), "ETK124"),
        (Change(properties={"status": "soon"}), "ETK131"),
        (Change(properties={"sources": ["nobody"]}), "ETK130"),
        (Change(properties={"accuracy_m": "500"}), "ETK121"),
        (Change(properties={"as_of": "去年"}), "ETK659"),
        (Change(properties={"status_date": "2021-02-30"}), "ETK659"),
        (Change(properties={"extent_m": 900.0}), "ETK663"),
    ],
)
def test_change_that_would_not_be_sound_is_refused_with_the_reason(project, editor, change, code):
    before = (project / f"layers/{LAYER}.geojson").read_bytes()
    error = refused(editor.edit, EAST, change, seen=0, **BY)
    assert error.code == "ETK922"
    assert code in {reason.code for reason in error.more}
    assert (project / f"layers/{LAYER}.geojson").read_bytes() == before
    assert editor.history() == ()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"author": " "}, "ETK665"),
        ({"source": ""}, "ETK665"),
        ({"reason": "\n"}, "ETK665"),
        ({"author": "a\x00"}, "ETK666"),
        ({"reason": "\ud83d"}, "ETK666"),
        ({"source": "长" * 2001}, "ETK666"),
    ],
)
def test_edit_needs_author_reason_and_source_in_characters_that_can_be_kept(editor, words, code):
    assert refused(editor.edit, EAST, SITED, seen=0, **{**BY, **words}).code == code


def test_only_built_layers_and_their_features_are_edited(project, editor, clock):
    assert refused(LayerEditor, project, "my_own_layer", clock).code == "ETK921"
    assert refused(editor.edit, "none_such", SITED, seen=0, **BY).code == "ETK921"


def test_markup_in_a_name_is_kept_as_text(project, editor):
    name = "<img src=x onerror=alert(1)>"
    editor.edit(PARK, Change(properties={"name_zh": name}), seen=0, **BY)
    assert row(project, PARK).name_zh == name


def test_full_disk_leaves_everything_as_it_was(project, editor, monkeypatch):
    before = (project / f"layers/{LAYER}.geojson").read_bytes()

    def full(path: Path, content: bytes) -> None:
        if path.name.endswith(".provenance.json"):
            raise OSError(28, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr("etk_geo.editing.editor.write_atomic", full)
    with pytest.raises(DatabaseError) as caught:
        editor.edit(EAST, SITED, seen=0, **BY)
    assert caught.value.code == "ETK905"
    monkeypatch.undo()
    assert finish_interrupted(project) == [LAYER]
    assert (project / f"layers/{LAYER}.geojson").read_bytes() == before
    assert (editor.history(), lint(project)) == ((), [])


def test_folder_that_cannot_be_written_is_named(project, editor):
    (project / "data/edits").write_text("a file in the place of the folder")
    with pytest.raises(DatabaseError) as caught:
        editor.edit(EAST, SITED, seen=0, **BY)
    assert caught.value.code == "ETK901"


# Tables that change under an edit, and records that are not sound


def test_table_that_changes_under_an_edit_is_said_and_the_edit_still_counts(project, editor):
    editor.edit(PARK, Change(properties={"name_zh": "棋盘井园区"}), seen=0, **BY)
    table = project / "data/projects.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("棋盘井工业园区提质", "棋盘井工业园区提升"), "utf-8")
    write_layers(project)
    assert row(project, PARK).name_zh == "棋盘井园区"
    issues = [issue for issue in lint(project) if issue.code == "ETK924"]
    assert [issue.detail for issue in issues] == [{"feature": PARK, "member": "name_zh"}]
    editor.undo(PARK, author="a", seen=editor.feature(PARK).seen)
    assert row(project, PARK).name_zh == "棋盘井工业园区提升"
    assert lint(project) == []


@pytest.mark.parametrize(
    "break_it",
    [
        lambda entries: {"edits": entries},
        lambda entries: [{**entries[0], "number": 2}],
        lambda entries: [{**entries[0], "undoes": 1}],
        lambda entries: [{**entries[0], "author": None}],
        lambda entries: [{**entries[0], "act": "burn"}],
        lambda entries: [{**entries[0], "act": "delete"}],
        lambda entries: [{**entries[0], "after": {"id": "x"}, "before": {"id": "y"}}],
        lambda entries: ["edit"],
    ],
)
def test_record_of_edits_that_is_not_sound_is_named(project, editor, break_it):
    editor.edit(EAST, SITED, seen=0, **BY)
    file = project / editor.file
    file.write_text(json.dumps(break_it(json.loads(file.read_text("utf-8")))), "utf-8")
    assert {(i.file, i.code) for i in lint(project)} == {(editor.file, "ETK923")}
    assert open_workspace(project).catalog.layers, "the layers still open"


def test_edits_kept_before_features_could_be_added_are_still_read(project, editor):
    editor.edit(EAST, SITED, seen=0, **BY)
    file = project / editor.file
    (entry,) = json.loads(file.read_text("utf-8"))
    del entry["act"]
    file.write_text(json.dumps([entry]), "utf-8")
    write_layers(project)
    assert row(project).geometry == Point(107.1, 39.4)
    assert lint(project) == []


def test_repository_ships_no_edits():
    assert not list((project_root() / "data/edits").glob("*.json"))

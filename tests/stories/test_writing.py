"""Stories written back: what was said is read again, and nobody's change is lost."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etk_geo.errors import DataError, UsageError
from etk_geo.stories.material import Material
from etk_geo.stories.writing import (
    TEMPLATE,
    dump_story,
    edit_scene,
    open_text,
    save_story,
    story_file,
)
from etk_geo.workspace import open_workspace
from tests.stories.conftest import DAY

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=90)
SAYING = st.fixed_dictionaries({"zh": TEXT, "en": TEXT})
SCENE = st.fixed_dictionaries(
    {"id": TEXT, "title": SAYING, "words": SAYING},
    optional={
        "layers": st.lists(TEXT, max_size=3),
        "seconds": st.integers(1, 600),
        "camera": st.fixed_dictionaries(
            {
                "centre": st.lists(st.floats(-180, 180), min_size=2, max_size=2),
                "zoom": st.floats(6, 17),
            }
        ),
        "figure": st.fixed_dictionaries({"kind": TEXT, "targets": st.lists(TEXT, max_size=2)}),
    },
)
STORY = st.fixed_dictionaries(
    {"title": SAYING, "about": SAYING, "scene": st.lists(SCENE, max_size=3)}
)


@given(STORY)
@settings(max_examples=150)
def test_written_story_reads_as_it_was(story):
    written = tomllib.loads(dump_story(story))
    assert written == (
        story if story["scene"] else {k: v for k, v in story.items() if k != "scene"}
    )


def test_form_changes_one_scene_and_keeps_the_rest(material):
    text, _ = open_text(material, "plan")
    before = tomllib.loads(text)
    edited = edit_scene(text, 2, {"title": {"zh": "新", "en": "New"}, "year": 2023, "notes": None})
    after = tomllib.loads(edited)
    assert after["scene"][2]["title"] == {"zh": "新", "en": "New"}
    assert after["scene"][2]["year"] == 2023
    assert "notes" not in after["scene"][2]
    before["scene"].pop(2)
    after["scene"].pop(2)
    assert after == before
    assert edited.startswith("# 规划十幕")


@pytest.fixture
def own(project) -> Material:
    return Material(open_workspace(project), DAY)


def test_saved_story_is_on_disk_and_plays(own, project):
    text, mark = open_text(own, "plan")
    edited = edit_scene(text, 0, {"title": {"zh": "开场", "en": "Opening"}})
    reading = save_story(own, "plan", edited, mark)
    assert reading.story.scenes[0].title["zh"] == "开场"
    assert (project / story_file("plan")).read_text(encoding="utf-8") == edited


def test_change_by_someone_else_is_not_lost(own, project):
    text, mark = open_text(own, "plan")
    path = project / story_file("plan")
    path.write_text(text + "\n# mine\n", encoding="utf-8")
    with pytest.raises(DataError, match="ETK979"):
        save_story(own, "plan", text, mark)
    assert path.read_text(encoding="utf-8").endswith("# mine\n")


def test_story_that_cannot_be_played_is_not_written(own, project):
    text, mark = open_text(own, "plan")
    assert save_story(own, "plan", "title = ", mark).story is None
    assert (project / story_file("plan")).read_text(encoding="utf-8") == text


def test_new_story_begins_with_a_sound_template(own, project):
    reading = save_story(own, "spring", TEMPLATE, "")
    assert list(reading.issues) == []
    assert (project / story_file("spring")).is_file()
    with pytest.raises(DataError, match="ETK979"):  # it exists now
        save_story(own, "spring", TEMPLATE, "")


@pytest.mark.parametrize("name", ["../plan", "Plan", "", "a/b", "x" * 60])
def test_name_cannot_leave_the_folder(own, name):
    with pytest.raises(UsageError, match="ETK961"):
        save_story(own, name, TEMPLATE, "")

"""The stories that come with the program: sound, cited, and without a figure of their own."""

from __future__ import annotations

import re

import pytest

from etk_geo.model import LANGS
from etk_geo.store import project_root
from etk_geo.stories.document import story_document, times
from etk_geo.stories.filling import PLACE
from etk_geo.stories.reading import read_stories, read_story

NAMES = {"plan": 10, "river_ecology": 7, "roads_rail": 7}
NUMBER = re.compile(r"\d+(?:\.\d+)?")
SAYABLE = re.compile(
    r"[GS]\d{2,3}"  # names of roads
    r"|(?:19|20)\d{2}"  # years
    r"|\d+\.\d+\.\d+"  # sections of the plan
    r"|CC BY 4\.0|0\.1 度|a tenth"
)
CJK = re.compile(r"[\u3400-\u9fff]")


@pytest.mark.parametrize("name", NAMES)
def test_shipped_story_is_sound_and_has_its_scenes(material, name):
    reading = read_story(material, name)
    assert list(reading.issues) == []
    assert len(reading.story.scenes) == NAMES[name]


def test_the_longest_story_comes_first(material):
    assert read_stories(material)[0].id == "plan"


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_in_the_words_comes_from_the_tables(material, name):
    """A number is written as a place that the tables fill, or it is a road, a year, a section."""
    for scene in read_story(material, name).story.scenes:
        for lang in LANGS:
            said = SAYABLE.sub("", PLACE.sub("", scene.title[lang] + scene.words[lang]))
            assert not NUMBER.findall(said), (scene.id, lang, NUMBER.findall(said))


@pytest.mark.parametrize("name", NAMES)
def test_every_scene_says_where_it_is_from(material, name):
    for lang in LANGS:
        told = story_document(read_story(material, name).story, material, lang)
        for scene in told["scenes"]:
            assert scene["citations"], scene["id"]
            assert "{" not in " ".join([*scene["words"], scene["title"], scene["notes"]])
            if lang == "en":
                assert not CJK.search(" ".join([*scene["words"], scene["title"], scene["notes"]]))


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_of_the_plan_is_copied(material, name):
    """Six letters in a row could be a name; a heading of the plan is no sentence of a story."""
    headings = "".join(material.workspace.plan.outline["title_zh"])
    for scene in read_story(material, name).story.scenes:
        for sentence in re.split(r"[，。；：、\s]", scene.words["zh"]):
            assert len(sentence) < 12 or sentence not in headings


def test_values_join_the_right_rows(material):
    told = story_document(read_story(material, "plan").story, material, "zh")
    parks = next(scene for scene in told["scenes"] if scene["id"] == "parks")
    assert "产值目标不低于 1,000 亿元" in parks["words"][0]
    rows = {row["id"]: row["values"] for row in parks["figure"]["rows"]}
    assert [(v["year"], v["text"]) for v in rows["park_output"]] == [(2025, "≥1,000 亿元")]
    assert [(v["year"], v["text"]) for v in rows["air_quality_mengxi"]] == [(2020, "84%")]
    assert parks["direction"]["marked"][0] == ["industrial_parks", "qipanjing_park"]
    assert parks["direction"]["layers"]["industrial_parks"] is True
    assert parks["direction"]["layers"]["railways"] is False


def test_counts_of_the_overview_add_up(material):
    told = story_document(read_story(material, "plan").story, material, "en")
    parts = [part for row in told["scenes"][0]["figure"]["rows"] for part in row["parts"]]
    assert sum(part["n"] for part in parts) == len(material.workspace.plan.projects) == 65


def test_years_span_baseline_to_target_and_know_what_is_built(material):
    found = times(material, "zh")
    years = [entry["year"] for entry in found["years"]]
    assert years == list(range(years[0], years[-1] + 1))
    assert {2020, 2025} <= set(years)
    assert found["features"]["general_airport"]["built"] == 2023
    assert found["features"]["baoyin_hsr"] == {"layer": "railways", "since": 2021, "built": 2025}
    assert "built" not in found["features"]["s216"]


def test_stories_are_where_planners_look():
    assert {path.stem for path in (project_root() / "data/stories").glob("*.toml")} >= set(NAMES)

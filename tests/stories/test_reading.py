"""Story files: what is wrong is named with its scene, and everything else still plays."""

from __future__ import annotations

import pytest

from etk_geo.i18n import issue_message, issue_remedy
from etk_geo.model import LANGS
from etk_geo.stories.reading import parse_story

GOOD = """
title = { zh = "题", en = "Title" }

[[scene]]
id = "one"
title = { zh = "一", en = "One" }
words = { zh = "话", en = "Words" }

[[scene]]
id = "two"
title = { zh = "二", en = "Two" }
words = { zh = "话", en = "Words" }
"""
TWO = 'id = "two"\n'


def changed(new: str, old: str = TWO) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def codes(reading):
    return [(issue.code, issue.where) for issue in reading.issues]


def played(reading):
    return [scene.id for scene in reading.story.scenes] if reading.story else []


def test_sound_story_has_no_issue(material):
    reading = parse_story(material, "mine", GOOD)
    assert codes(reading) == []
    assert played(reading) == ["one", "two"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('layers = ["industrial_park"]', "ETK967"),
        ('highlight = ["nowhere_at_all"]', "ETK972"),
        ('camera = { features = ["nowhere_at_all"] }', "ETK972"),
        ("camera = { bounds = [39.0, 107.0, 40.0, 108.0] }", "ETK975"),
        ("camera = { bounds = [107.0, 40.0, 108.0, 39.0] }", "ETK975"),
        ("camera = { centre = [107.9, 39.0], zoom = 30 }", "ETK974"),
        ("camera = { zoomm = 9 }", "ETK965"),
        ('layer = ["townships"]', "ETK965"),
        ('cite = ["3.99.1"]', "ETK970"),
        ('sources = ["nobody"]', "ETK971"),
        ("year = 1820", "ETK974"),
        ('year = "2025"', "ETK974"),
        ("seconds = 0", "ETK974"),
        ('figure = { kind = "pie" }', "ETK976"),
        ('figure = { kind = "targets" }', "ETK964"),
        ('figure = { kind = "targets", targets = ["park_outputs"] }', "ETK969"),
        ('figure = { kind = "facts", subject = "dusitu_river", attributes = ["taste"] }', "ETK977"),
        ('notes = { zh = "{goal:no_such_target}", en = "x" }', "ETK977"),
        ('notes = "no languages"', "ETK964"),
    ],
)
def test_wrong_scene_is_named_and_the_other_plays(material, line, code):
    reading = parse_story(material, "mine", changed(f"{TWO}{line}\n"))
    assert codes(reading) == [(code, "scene 2 two")]
    assert played(reading) == ["one"]
    for issue in reading.issues:
        for lang in LANGS:
            assert issue_message(issue, lang)
            assert issue_remedy(issue, lang)


def test_nearest_id_is_offered(material):
    reading = parse_story(material, "mine", changed(f'{TWO}layers = ["industrial_park"]\n'))
    assert "industrial_parks" in issue_remedy(reading.issues[0], "zh")


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("{goal:gdp_growth}", True),  # the plan states no 2025 figure
        ("{base:gdp_growth}", False),
        ("{base:park_output}", True),  # nor a 2020 one
        ("{fact:west_ordos_reserve.area}", False),
        ("{fact:west_ordos_reserve.colour}", True),
        ("{count:industrial_parks}", False),
        ("{projects:built}", False),
        ("{projects:bilt}", True),
        ("{accuracy:s216}", True),  # its course is not known
        ("{nothing}", True),
    ],
)
def test_figure_that_the_tables_lack_cannot_be_told(material, words, wrong):
    text = changed(
        f'words = {{ zh = "{words}", en = "{words}" }}', 'words = { zh = "话", en = "Words" }'
    )
    reading = parse_story(material, "mine", text)
    assert [code for code, _ in codes(reading)] == (["ETK977"] if wrong else [])
    assert ("one" in played(reading)) is not wrong


def test_same_id_twice_plays_once(material):
    reading = parse_story(material, "mine", changed('id = "one"\n'))
    assert codes(reading) == [("ETK963", "scene 2 one")]
    assert played(reading) == ["one"]


def test_missing_language_is_said_and_stood_in_for(material):
    text = changed('title = { zh = "二" }', 'title = { zh = "二", en = "Two" }')
    reading = parse_story(material, "mine", text)
    assert codes(reading) == [("ETK966", "scene 2 two")]
    assert reading.story.scenes[1].title["en"] == "二"


def test_unplaced_feature_is_said_and_left_out(material):
    reading = parse_story(material, "mine", changed(f'{TWO}highlight = ["s35", "s216"]\n'))
    assert codes(reading) == [("ETK973", "scene 2 two")]
    assert reading.story.scenes[1].highlight == ("s216",)


def test_too_long_words_are_said_and_played(material):
    words = f'words = {{ zh = "{"长" * 400}", en = "Words" }}'
    reading = parse_story(material, "mine", changed(words, 'words = { zh = "话", en = "Words" }'))
    assert codes(reading) == [("ETK978", "scene 1 one")]
    assert played(reading) == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ('title = "', "ETK960", "line 1"),
        ("", "ETK964", ""),
        ('title = { zh = "x", en = "x" }\nscene = 3', "ETK962", ""),
        ('title = { zh = "x", en = "x" }', "ETK962", ""),
    ],
)
def test_unreadable_file_gives_no_story_and_says_where(material, text, code, where):
    reading = parse_story(material, "mine", text)
    assert reading.story is None
    assert (code, where) in codes(reading)


def test_name_must_be_an_id(material):
    assert codes(parse_story(material, "Mine!", GOOD)) == [("ETK961", "")]

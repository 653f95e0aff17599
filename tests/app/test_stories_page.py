"""The page of stories: writing with a preview, bad scenes named, nothing lost on saving."""

from __future__ import annotations

from pathlib import Path

import pytest

from etk_geo.model import LANGS
from etk_geo.ui import cached, staged
from tests.app.conftest import only, said

STORY = "data/stories/spring.toml"
FIRST = 'id = "one"\n'
TEXT = """# 春季会议
title = { zh = "春季会议", en = "Spring meeting" }

[[scene]]
id = "one"
title = { zh = "第一题", en = "First" }
words = { zh = "话", en = "Words" }

[[scene]]
id = "two"
title = { zh = "第二题", en = "Second" }
words = { zh = "话", en = "Words" }
"""


@pytest.fixture
def story(project) -> Path:
    """Return the file of the one small story that a project folder has."""
    for shipped in (project / "data/stories").glob("*.toml"):
        shipped.unlink()
    file = project / STORY
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.fixture
def shelf(tmp_path, monkeypatch) -> Path:
    """Put players and previews where this test alone sees them."""
    site = tmp_path / "site"
    (site / "static").mkdir(parents=True)
    for folder in ("etk", "vendor"):
        (site / "static" / folder).symlink_to(cached.SITE / "static" / folder)
    monkeypatch.setattr(cached, "SITE", site)
    return site / "static/display"


def text_of(app):
    return app.text_area(key="story_text")


def preview(app, shelf: Path) -> str:
    """Return the page that the preview shows."""
    (frame,) = [f.proto.src for f in app.get("iframe") if "preview-" in f.proto.src]
    return (shelf / Path(frame.partition("#")[0]).name).read_text(encoding="utf-8")


def save(app):
    return app.button(key="story_save").click().run()


@pytest.mark.parametrize("lang", LANGS)
def test_form_changes_the_preview_at_once_and_the_file_when_saved(open_page, story, shelf, lang):
    app = open_page("stories", lang, story="spring")
    before = story.read_text(encoding="utf-8")
    assert "开场新题" not in preview(app, shelf)
    app.text_input(key="story_title_zh_0").set_value("开场新题")
    app.text_input(key="story_title_en_0").set_value("A new opening")
    only(app.button, label={"zh": "更新预览", "en": "Update the preview"}[lang]).click().run()
    assert not app.exception
    assert {"zh": "开场新题", "en": "A new opening"}[lang] in preview(app, shelf)
    assert story.read_text(encoding="utf-8") == before
    save(app)
    assert not app.exception
    after = story.read_text(encoding="utf-8")
    assert 'title = { zh = "开场新题", en = "A new opening" }' in after
    assert after.splitlines()[0] == before.splitlines()[0]  # the comment on top stays


def test_bad_scene_is_named_and_the_others_are_previewed(open_page, story, shelf):
    app = open_page("stories", story="spring")
    text = text_of(app).value
    broken = text.replace(FIRST, f'{FIRST}highlight = ["nowhere_at_all"]\n', 1)
    text_of(app).set_value(broken).run()
    (warning,) = [w.value for w in app.warning if "ETK972" in w.value]
    assert "nowhere" in warning
    assert "第 1 个场景 one" in warning
    shown = preview(app, shelf)
    assert "第一题" not in shown
    assert "第二题" in shown
    save(app)
    assert "nowhere_at_all" in story.read_text(encoding="utf-8")


def test_story_of_which_nothing_plays_is_not_saved(open_page, story, shelf):
    app = open_page("stories", story="spring")
    before = story.read_bytes()
    text_of(app).set_value('title = { zh = "').run()
    assert any("ETK960" in w.value for w in app.warning)
    save(app)
    assert not app.exception
    assert "没有保存" in said(app)
    assert story.read_bytes() == before


def test_change_by_somebody_else_is_not_overwritten(open_page, story, shelf):
    app = open_page("stories", story="spring")
    theirs = story.read_text(encoding="utf-8") + "\n# theirs\n"
    story.write_text(theirs, encoding="utf-8")
    text_of(app).set_value(text_of(app).value + "\n# mine\n").run()
    save(app)
    assert any("ETK979" in e.value for e in app.error)
    assert story.read_text(encoding="utf-8") == theirs
    assert text_of(app).value.endswith("# mine\n")


def test_player_is_made_once_and_again_when_the_file_is_gone(open_page, story, shelf, monkeypatch):
    made = []
    original = staged.handout_page

    def counted(document, site):
        made.append(document["title"])
        return original(document, site)

    monkeypatch.setattr(staged, "handout_page", counted)
    app = open_page("stories", story="spring")
    count = len(made)
    assert count == 2  # the player and the preview
    app.run()
    assert len(made) == count
    next(shelf.glob("play-spring-*")).unlink()
    app.run()
    assert len(made) == count + 1
    assert list(shelf.glob("play-spring-*"))

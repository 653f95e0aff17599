"""A list with more findings than a page holds: nothing left out in silence, everything reached."""

from __future__ import annotations

import pytest

from etk_geo.i18n import text
from etk_geo.model import LANGS
from etk_geo.screening import overview
from etk_geo.ui import choice
from etk_geo.ui.screening.kept import RESULTS
from tests.app.conftest import CJK, only, said
from tests.app.test_screening_pages import html, opened, truth

__all__ = ["truth"]


@pytest.fixture(autouse=True)
def _long(monkeypatch):
    """Take the plan's 65 projects for a long list."""
    monkeypatch.setattr(overview, "MOST_HELD", 100)
    monkeypatch.setattr(overview, "PART", 20)
    monkeypatch.setattr(choice, "MOST_OPTIONS", 10)


def labels(box):
    return [label.split(" · ")[0] for label in box.options]


@pytest.mark.usefixtures("truth")
def test_conclusions_and_counts_are_those_of_the_engine(open_page, truth):
    app = opened(open_page, view="matrix")
    (found,) = app.session_state[RESULTS].values()
    assert isinstance(found, overview.Overview)
    assert found.totals == truth.totals
    assert list(found.projects["consequence"]) == list(truth.projects["consequence"])
    assert f"= {len(truth.findings)} 对" in said(app)


@pytest.mark.parametrize("lang", LANGS)
def test_everything_of_a_project_is_shown_when_it_is_opened(open_page, truth, lang):
    app = opened(open_page, lang, view="project", project="general_airport")
    row = truth.projects.set_index("project_id").loc["general_airport"]
    assert text("screen.missing", lang, n=row["NOT_CHECKED"]) in said(app)
    assert only(app.selectbox, key=f"screen_project_{lang}").value == "general_airport"
    if lang == "en":
        assert not CJK.search(html(app).split("</style>")[-1])


def test_any_project_is_found_by_part_of_its_name_and_what_is_left_out_is_said(open_page, truth):
    app = opened(open_page, view="project")
    box = only(app.selectbox, key="screen_project_zh")
    assert len(box.options) == 10
    assert "有 65 个，下面只列前 10 个" in said(app)
    for name in truth.projects["name_zh"].iloc[[0, 31, 64]]:
        only(app.text_input, key="screen_project_search").set_value(name).run()
        assert name in labels(only(app.selectbox, key="screen_project_zh"))
    only(app.text_input, key="screen_project_search").set_value("没有这个").run()
    assert not app.exception
    assert not app.error
    assert "能够对照的区域" not in said(app)
    assert "没有这样的项目" in said(app)


def test_some_projects_of_it_are_picked_by_search_and_stay_picked(open_page):
    app = opened(open_page, pick="ids:s35,g242", view="project")
    only(app.text_input, key="screen_pick_search_plan").set_value("机场").run()
    picked = only(app.multiselect, key="screen_pick_ids_plan")
    assert picked.value == ["s35", "g242"]
    assert any("机场" in label for label in picked.options)


@pytest.mark.parametrize("lang", LANGS)
def test_files_say_what_a_browser_cannot_hold_and_which_command_can(open_page, lang):
    app = opened(open_page, lang, view="files")
    (note,) = (info.value for info in app.info)
    assert "65" in note
    assert "python run.py screen projects.gpkg --out" in app.code[0].value
    assert not app.get("form")
    files = [button.proto.label for button in app.get("download_button")]
    assert text("screen.file_conclusions_csv", lang) in files
    assert text("screen.file_projects_gpkg", lang) in files
    assert text("screen.file_record", lang) not in files

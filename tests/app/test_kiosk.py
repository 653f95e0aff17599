"""Kiosk: looking only, whatever page the address asks for, and back to the story by itself."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from etk_geo.model import LANGS
from etk_geo.ui import kiosk
from etk_geo.ui.sections import SECTIONS
from tests.app.conftest import APP, said

ENTERING = (
    "file_uploader",
    "text_area",
    "data_editor",
    "camera_input",
    "chat_input",
    "date_input",
    "number_input",
    "form_submit_button",
)
"""Elements through which something is entered, uploaded or changed."""


@pytest.fixture(scope="module")
def kiosk_hashes() -> dict[str, str]:
    """Return what the kiosk calls its pages inside, by their addresses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ETK_KIOSK", "1")
        pages = AppTest.from_file(str(APP), default_timeout=60).run()._registered_pages
    return {page["url_pathname"]: page_hash for page_hash, page in pages.items()}


@pytest.fixture
def open_kiosk(monkeypatch, kiosk_hashes):
    """Return a function that opens a page of the kiosk by its address."""
    monkeypatch.setenv("ETK_KIOSK", "1")

    def run(key: str, lang: str = "zh", **parameters: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in {"lang": lang, **parameters}.items():
            app.query_params[name] = value
        if key != kiosk.first_page():
            app._page_hash = kiosk_hashes[key]
        return app.run()

    return run


def scripts(app: AppTest) -> list[str]:
    """Return what the page runs in the browser besides its elements."""
    return [frame.proto.srcdoc for frame in app.get("iframe")]


def test_kiosk_has_the_pages_for_looking_and_no_others(monkeypatch):
    monkeypatch.setenv("ETK_KIOSK", "1")
    offered = [entry[0] for entries in kiosk.offered(SECTIONS).values() for entry in entries]
    assert sorted(offered) == sorted(kiosk.PAGES)
    assert not {"intake", "screen", "archive", "evaluate", "project", "target"} & set(offered)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", kiosk.PAGES)
def test_page_of_a_kiosk_takes_nothing_in_and_goes_back_by_itself(open_kiosk, key, lang):
    app = open_kiosk(key, lang)
    assert not app.exception
    assert not app.error
    assert [kind for kind in ENTERING if app.get(kind)] == []
    (script,) = [source for source in scripts(app) if "etkKiosk" in source]
    assert "120000" in script
    assert ("play-plan-" if key == "stories" else "stories?begin=1") in script


def test_stories_of_a_kiosk_cannot_be_written(open_kiosk):
    app = open_kiosk("stories")
    assert "编写故事" not in said(app)
    assert app.text_input.len == app.text_area.len == 0
    assert not app.get("download_button")


def test_map_of_a_kiosk_offers_no_online_map_and_asks_for_no_key(open_kiosk):
    app = open_kiosk("map")
    assert app.radio.len == app.text_input.len == 0


def test_patience_is_set_from_outside(monkeypatch):
    assert kiosk.idle_s() == 120
    monkeypatch.setenv("ETK_KIOSK_IDLE_S", "2.5")
    assert kiosk.idle_s() == 2.5
    for nonsense in ("", "soon", "-1", "0", "nan", "inf"):
        monkeypatch.setenv("ETK_KIOSK_IDLE_S", nonsense)
        assert kiosk.idle_s() == 120


def test_story_begins_at_once_when_nobody_touched_another_page(open_kiosk):
    (script,) = [s for s in scripts(open_kiosk("stories", begin="1")) if "etkKiosk" in s]
    assert "play-plan-" in script
    assert ", 0);" in script

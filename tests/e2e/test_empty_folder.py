"""Every page in a folder without data, in a real browser: what is missing is said, in words."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import expect

from etk_geo.i18n import text
from etk_geo.model import LANGS
from tests.app.conftest import CJK, PAGES
from tests.e2e.conftest import copy_project, running_app
from tests.e2e.test_pages import LANGUAGE_NAME, english_said, heading, settled
from tests.e2e.widths import misfits

pytestmark = pytest.mark.e2e
SAID = {
    "zh": ("程序文件夹里没有数据", "放回程序文件夹，再刷新本页"),
    "en": ("folder holds no data", "back into the program's folder"),
}


@pytest.fixture(scope="module")
def empty_url(tmp_path_factory):
    """Address of the app in a folder that holds the program alone: no data, layers or rules."""
    root = copy_project(tmp_path_factory.mktemp("empty"))
    for name in ("data", "layers", "rules"):
        shutil.rmtree(root / name)
    with running_app(root) as address:
        yield address
    log = (root / "server.log").read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in log, log


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_of_an_empty_folder_says_what_is_missing_and_what_to_do(empty_url, page, lang):
    page.goto(f"{empty_url}/?lang={lang}")
    main = page.get_by_test_id("stMain")
    for key in PAGES:
        page.get_by_role("link", name=text(f"{key}.title", lang), exact=True).click()
        if key == "map":
            expect(page).to_have_title(text("map.title", lang))
        else:
            expect(heading(page, key, lang)).to_be_visible()
        settled(page)
        for phrase in SAID[lang]:
            expect(main.get_by_text(re.compile(re.escape(phrase)))).to_have_count(1)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert (key, misfits(page)) == (key, {})
        assert text("frame.failed", lang, number="")[:8] not in main.inner_text()
        if lang == "zh":
            assert (key, english_said(page)) == (key, [])
        else:
            shown = page.locator("body").inner_text().replace(LANGUAGE_NAME, "")
            assert (key, CJK.findall(shown)) == (key, [])

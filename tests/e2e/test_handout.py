"""A hand-out from disk with the network cut: nothing asked for, nothing wrong, all usable."""

from __future__ import annotations

from datetime import date

import pytest

from etk_geo.handout.content import handout_document
from etk_geo.handout.page import handout_page
from etk_geo.store import project_root
from etk_geo.stories.material import Material
from etk_geo.stories.reading import read_story
from etk_geo.workspace import open_workspace

pytestmark = pytest.mark.e2e
SIZES = [(1280, 720), (1920, 1080), (390, 844)]


@pytest.fixture(scope="module")
def story_file(tmp_path_factory):
    material = Material(open_workspace(project_root()), date(2026, 3, 16))
    story = read_story(material, "plan").story
    path = tmp_path_factory.mktemp("handout") / "plan.html"
    path.write_bytes(handout_page(handout_document(material, "zh", story), project_root()))
    return path


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_story_plays_from_disk_by_keys_alone(browser, story_file, size):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
    page = context.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else None
    )
    page.goto(story_file.as_uri())
    root = page.locator(".etkp[data-ready]")
    root.wait_for()
    assert root.get_attribute("data-scene") == "overview"
    for key, scene in (("PageDown", "water"), ("ArrowRight", "reserves"), ("PageUp", "water"),
                       ("End", "missing"), ("5", "parks")):  # fmt: skip
        page.keyboard.press(key)
        page.locator(f'.etkp[data-scene="{scene}"]').wait_for()
    page.keyboard.press("n")
    assert page.locator(".etkp-notes").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    assert "未经地图审核" in page.locator(".etkp-sheet").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert asked == [story_file.as_uri()]
    assert errors == []
    assert story_file.stat().st_size < 3_000_000
    context.close()

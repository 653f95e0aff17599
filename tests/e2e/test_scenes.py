"""All scenes of all shipped stories: nothing is cut off, nothing lies on anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from etk_geo.model import LANGS
from tests.e2e.documents import (
    PHONE_WIDTH,
    SIZES,
    opened,
    stories,
    story_document,
    write_page,
)

pytestmark = pytest.mark.e2e
LAYOUT = Path(__file__).with_name("layout.js").read_text(encoding="utf-8")
SCROLLS = "(node) => node.scrollHeight - node.clientHeight"


@pytest.fixture(scope="module", params=LANGS)
def files(request, tmp_path_factory):
    """Every story as a hand-out in one language."""
    folder = tmp_path_factory.mktemp("stories")
    return {
        name: write_page(folder / f"{name}.html", story_document(name, request.param))
        for name in stories()
    }


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_scene_can_be_read(browser, files, size):
    wrong = {}
    for name, file in files.items():
        with opened(browser, file, size, reduced_motion="reduce") as shown:
            for number, scene in enumerate(stories()[name].scenes, start=1):
                if number > 1:
                    shown.press("ArrowRight")
                shown.at(scene.id)
                shown.settled()
                found = shown.page.evaluate(LAYOUT)
                rest = shown.page.locator(".etkp-panel").evaluate(SCROLLS)
                if rest > 0 and size[0] > PHONE_WIDTH:
                    found.append(f"{rest} px of the words are out of sight")
                if found:
                    wrong[f"{name} {number} {scene.id}"] = found
    assert wrong == {}


BROKEN = """
<main style="position: fixed; inset: 0">
  <p style="width: 60px; overflow: hidden; white-space: nowrap">cut across the page</p>
  <p style="height: 4px; overflow: hidden">cut below the page</p>
  <p style="position: absolute; left: 300px; top: 100px">first of two</p>
  <p style="position: absolute; left: 310px; top: 102px">second of two</p>
  <p style="position: absolute; left: 1260px; top: 300px; white-space: nowrap">runs out of it</p>
  <p style="position: absolute; left: 300px; top: 500px">sound text</p>
</main>
"""


def test_the_check_sees_what_a_reader_sees(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_content(BROKEN)
    found = page.evaluate(LAYOUT)
    page.close()
    assert sorted(line.split(":")[0] for line in found) == [
        "cut across",
        "cut below",
        "on each other",
        "outside the window",
    ]
    assert not any("sound" in line for line in found)

"""Make the pictures of the shipped scenes in docs/images/stories again.

Run ``PYTHONPATH=. python tests/e2e/pictures.py`` in the environment of the tests; look at each one.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from etk_geo.model import LANGS
from etk_geo.store import project_root
from tests.conftest import find_browser
from tests.e2e.conftest import FLAGS
from tests.e2e.documents import SIZES, opened, stories, story_document, write_page

FOLDER = project_root() / "docs/images/stories"
QUALITY = 60
FEW = {"en": (1, 5, 10)}
"""In English a few scenes of the plan are enough to see that all is said in it."""


def main() -> None:
    """Play every story and keep a small picture of each scene."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for lang in LANGS:
            for name, story in stories().items():
                wanted = FEW.get(lang, range(1, len(story.scenes) + 1))
                if lang == "en" and name != "plan":
                    continue
                file = write_page(Path(folder) / f"{name}.html", story_document(name, lang))
                with opened(browser, file, SIZES[0], reduced_motion="reduce") as shown:
                    for number, scene in enumerate(story.scenes, start=1):
                        if number > 1:
                            shown.press("PageDown")
                        shown.at(scene.id)
                        shown.settled()
                        if number in wanted:
                            path = FOLDER / f"{name}_{lang}_{number:02}.jpg"
                            shown.page.screenshot(path=path, type="jpeg", quality=QUALITY)
        browser.close()


if __name__ == "__main__":
    main()

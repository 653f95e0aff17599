"""Hand-outs on disk, opened in a browser that has no network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from etk_geo.handout.content import Setting, handout_document
from etk_geo.handout.page import handout_page
from etk_geo.model import Lang
from etk_geo.store import project_root
from etk_geo.stories.material import Material
from etk_geo.stories.model import Story
from etk_geo.stories.reading import read_stories
from etk_geo.workspace import open_workspace
from tests.e2e.conftest import PATIENCE_MS

DAY = date(2026, 3, 16)
SIZES = [(1280, 720), (1920, 1080), (390, 844)]
"""A projector, a large screen, a phone."""

PHONE_WIDTH = 760
"""Up to this width the map stands above the words, which may be scrolled (``player.css``)."""


@cache
def material() -> Material:
    """Return what the repository's stories are made from, without records of users."""
    return Material(open_workspace(project_root()), DAY)


@cache
def stories() -> dict[str, Story]:
    """Return the stories that come with the program."""
    return {reading.id: reading.story for reading in read_stories(material()) if reading.story}


def story_document(name: str, lang: Lang, setting: Setting | None = None) -> dict[str, Any]:
    """Return the document of a story, which a test may change."""
    return handout_document(material(), lang, stories()[name], setting=setting)


def write_page(path: Path, document: dict[str, Any]) -> Path:
    """Write a document as a hand-out."""
    path.write_bytes(handout_page(document, project_root()))
    return path


class Opened:
    """An opened hand-out: its page, what it asked for and what went wrong."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.asked: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note)
        page.goto(file.as_uri())
        self.player = page.locator(".etkp[data-ready]")
        self.player.wait_for()

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def at(self, scene: str) -> None:
        """Wait until a scene is shown."""
        self.page.locator(f'.etkp[data-scene="{scene}"][data-drawn="{scene}"]').wait_for()

    def settled(self) -> None:
        """Wait until names are placed: they are in the frame after the one that asks for them."""
        self.page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )


@contextmanager
def opened(
    browser: Browser, file: Path, size: tuple[int, int] = SIZES[0], **options: Any
) -> Iterator[Opened]:
    """Open a hand-out from disk with the network cut; it asks for itself alone and has no error."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, offline=True, **options
    )
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    try:
        shown = Opened(context.new_page(), file)
        yield shown
        assert shown.asked == [file.as_uri()]
        assert shown.errors == []
    finally:
        context.close()

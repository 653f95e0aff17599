"""The checks before a meeting, each with a plain line and, where it fails, its mend."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etk_geo.documents.fonts import chinese_fonts
from etk_geo.errors import EtkGeoError
from etk_geo.handout.content import handout_document
from etk_geo.handout.page import CHECK_JS, PLAYER_CSS, PLAYER_JS, handout_page
from etk_geo.i18n import severity, text
from etk_geo.maps.assets import missing_assets, read_assets
from etk_geo.maps.display import DISPLAY_FOLDER
from etk_geo.maps.plan_map import OWN_CSS, OWN_JS
from etk_geo.model import Issue, Lang, Severity
from etk_geo.preflight.browser import find_browser, play
from etk_geo.stories.material import Material
from etk_geo.stories.model import Story
from etk_geo.stories.reading import read_stories

SCENE_MS = 2000
"""A scene must be drawn within this time."""

LEAST_FREE_BYTES = 500_000_000
"""Free disk below which exports and records are in danger."""

Find = Callable[[], Path | None]


@dataclass(frozen=True)
class Check:
    """One line of the pre-flight: what was looked at, what was found, and what is wrong."""

    name: str
    found: str
    issues: tuple[Issue, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong that keeps from presenting."""
        return not any(severity(issue) is Severity.ERROR for issue in self.issues)


@dataclass
class Preflight:
    """Runs the checks one after the other.

    Parameters
    ----------
    material
        What is to be presented.
    site
        The folder of the app, whose ``static`` folder holds the browser files.
    lang
        Language of the lines.
    find
        Finds the browser.
    """

    material: Material
    site: Path
    lang: Lang
    find: Find = find_browser

    def run(self) -> Iterator[Check]:
        """Yield every check as soon as it is done."""
        yield self._files()
        yield self._fonts()
        yield self._data()
        stories = [reading.story for reading in read_stories(self.material) if reading.story]
        yield self._stories()
        yield self._disk()
        yield self._folder()
        browser = self.find()
        yield self._browser(browser)
        if browser:
            for story in stories:
                yield from self._play(browser, story)

    def _say(self, key: str, **values: object) -> str:
        return text(f"preflight.{key}", self.lang, **values)

    def _check(self, name: str, found: str, *issues: Issue) -> Check:
        return Check(self._say(name), found, issues)

    def _files(self) -> Check:
        own = (*(file for _, file in (*OWN_JS, *OWN_CSS)), *PLAYER_JS, *PLAYER_CSS, CHECK_JS)
        wanted = [f"static/{file}" for file in own]
        missing = [file for file in wanted if not (self.site / file).is_file()]
        try:
            listed = read_assets(self.site)
            missing += missing_assets(self.site)
        except EtkGeoError as error:
            return self._check("files", "", *Issue.all_of(error))
        issues = [Issue(file, "", "ETK981") for file in missing]
        whole = len(wanted) + len(listed)
        return self._check(
            "files", self._say("files_found", n=whole - len(missing), all=whole), *issues
        )

    def _fonts(self) -> Check:
        try:
            fonts = chinese_fonts(self.site / "static/vendor/fonts")
        except EtkGeoError as error:
            return self._check("fonts", "", *Issue.all_of(error))
        return self._check("fonts", fonts.family)

    def _data(self) -> Check:
        issues = self.material.workspace.issues
        errors = [issue for issue in issues if severity(issue) is Severity.ERROR]
        layers = len(self.material.workspace.catalog.layers)
        found = self._say("data_found", layers=layers, errors=len(errors))
        return self._check("data", found, *errors)

    def _stories(self) -> Check:
        readings = read_stories(self.material)
        issues = [issue for reading in readings for issue in reading.issues]
        scenes = sum(len(reading.story.scenes) for reading in readings if reading.story)
        found = self._say("stories_found", n=len(readings), scenes=scenes)
        return self._check("stories", found, *issues)

    def _disk(self) -> Check:
        free = shutil.disk_usage(self.material.workspace.root).free
        said = f"{free / 1e9:.1f} GB"
        low = [Issue("", "", "ETK986", {"free": said})] if free < LEAST_FREE_BYTES else []
        return self._check("disk", said, *low)

    def _folder(self) -> Check:
        folder = self.site / DISPLAY_FOLDER
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            reason = error.strerror or "?"
            return self._check(
                "folder", "", Issue(DISPLAY_FOLDER, "", "ETK988", {"reason": reason})
            )
        return self._check("folder", DISPLAY_FOLDER)

    def _browser(self, browser: Path | None) -> Check:
        if browser is None:
            return self._check("browser", "", Issue("", "", "ETK983"))
        return self._check("browser", browser.name)

    def _play(self, browser: Path, story: Story) -> Iterator[Check]:
        """Play a story in the browser: drawn in time, nothing asked of a network, no errors."""
        name = story.title[self.lang]
        try:
            page = handout_page(
                handout_document(self.material, self.lang, story), self.site, checked=True
            )
            measured = play(browser, page)
        except EtkGeoError as error:
            yield Check(self._say("play", story=name), "", tuple(Issue.all_of(error)))
            return
        yield self._judge(story, name, measured)

    def _judge(self, story: Story, name: str, measured: Mapping[str, Any]) -> Check:
        scenes = measured["scenes"]
        issues = [
            Issue(story.file, f"scene {n} {scene['id']}", "ETK984", {"ms": str(scene["ms"])})
            for n, scene in enumerate(scenes, start=1)
            if scene["ms"] > SCENE_MS
        ]
        issues += [
            Issue(story.file, "", "ETK985", {"reason": str(error)[:200]})
            for error in measured["errors"]
        ]
        if measured["asked"]:
            asked = ", ".join(map(str, measured["asked"]))[:200]
            issues.append(Issue(story.file, "", "ETK987", {"found": asked}))
        if not measured["chinese"]:
            issues.append(Issue("", "", "ETK989"))
        found = self._say(
            "play_found",
            n=len(scenes),
            opened=measured["opened_ms"],
            slowest=max((scene["ms"] for scene in scenes), default=0),
            offline="" if measured["asked"] else self._say("play_offline"),
        )
        return Check(self._say("play", story=name), found, tuple(issues))

"""Story files read and checked: what is wrong is named with file, scene and mend, the rest plays.

A wrong scene never keeps the others from being played, and a wrong file never the other stories.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from etk_geo.errors import DataError
from etk_geo.i18n import severity
from etk_geo.model import LANGS, REGION_BOUNDS, Issue, Lang, LonLat, LonLatBounds, Severity
from etk_geo.store import read_text
from etk_geo.stories.figures import draw_figure
from etk_geo.stories.filling import Filling, Unfilled
from etk_geo.stories.material import Material
from etk_geo.stories.model import (
    FIGURE_KINDS,
    FIRST_YEAR,
    FOLDER,
    LAST_YEAR,
    LEAST_SECONDS,
    LEAST_ZOOM,
    MOST_SECONDS,
    MOST_ZOOM,
    SUFFIX,
    Camera,
    FigureSpec,
    Saying,
    Scene,
    Story,
)

STORY_ID = re.compile(r"[a-z][a-z0-9_]{0,40}")
TOML_PLACE = re.compile(r"at line (\d+)")
STORY_MEMBERS = ("title", "about", "scene")
CAMERA_MEMBERS = ("features", "bounds", "centre", "zoom")
FIGURE_MEMBERS = ("kind", "targets", "layers", "subject", "attributes")
SECONDS = 25
"""How long a scene stays when the story plays by itself and the scene does not say."""

MOST_LETTERS: Mapping[Lang, int] = {"zh": 190, "en": 520}
"""Longer words do not fit beside a figure in type that a hall can read (measured at 1280 x 720)."""


@dataclass(frozen=True)
class Reading:
    """A story file as read: the scenes that can be played and what is wrong with the file.

    ``story`` is ``None`` where no scene can be played.
    """

    id: str
    file: str
    story: Story | None
    issues: tuple[Issue, ...]


def read_stories(material: Material) -> list[Reading]:
    """Read every story file of the project folder, the longest story first, then by name."""
    folder = material.workspace.root / FOLDER
    names = sorted(path.name for path in folder.glob(f"*{SUFFIX}") if path.is_file())
    readings = [read_story(material, name.removesuffix(SUFFIX)) for name in names]
    return sorted(readings, key=lambda each: -len(each.story.scenes) if each.story else 0)


def read_story(material: Material, name: str) -> Reading:
    """Read one story file by its id."""
    file = f"{FOLDER}/{name}{SUFFIX}"
    try:
        content = read_text(material.workspace.root, file)
    except DataError as error:
        return Reading(name, file, None, tuple(Issue.all_of(error)))
    return parse_story(material, name, content)


def parse_story(material: Material, name: str, content: str) -> Reading:
    """Check the text of a story and return what of it can be played.

    Parameters
    ----------
    material
        What its words and ids refer to.
    name
        Id of the story, which its file is named after.
    content
        TOML, as docs/stories.md tells.
    """
    file = f"{FOLDER}/{name}{SUFFIX}"
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        line = TOML_PLACE.search(str(error))
        number = line[1] if line else str(len(content.splitlines()))
        return Reading(name, file, None, (Issue(file, f"line {number}", "ETK960"),))
    issues: list[Issue] = []
    reader = _Reader(material, file, "", issues)
    if not STORY_ID.fullmatch(name):
        reader.wrong("ETK961", found=name)
    reader.known_members(document, STORY_MEMBERS)
    title = reader.saying(document, "title")
    about = reader.saying(document, "about", needed=False)
    entries = document.get("scene")
    if not isinstance(entries, list) or not entries:
        reader.wrong("ETK962")
        entries = []
    scenes = tuple(_scenes(material, file, entries, issues))
    story = Story(name, file, title, about, scenes) if scenes else None
    return Reading(name, file, story, tuple(issues))


def _scenes(
    material: Material, file: str, entries: Iterable[Any], issues: list[Issue]
) -> Iterator[Scene]:
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        found: list[Issue] = []
        scene = _scene(material, file, number, entry, found)
        if scene and scene.id in seen:
            found.append(Issue(file, f"scene {number} {scene.id}", "ETK963"))
        issues.extend(found)
        if scene and not any(severity(issue) is Severity.ERROR for issue in found):
            seen.add(scene.id)
            yield scene


def _scene(
    material: Material, file: str, number: int, entry: Any, issues: list[Issue]
) -> Scene | None:
    if not isinstance(entry, Mapping):
        issues.append(Issue(file, f"scene {number}", "ETK962"))
        return None
    identifier = entry.get("id")
    named = isinstance(identifier, str) and bool(STORY_ID.fullmatch(identifier))
    reader = _Reader(
        material, file, f"scene {number} {identifier if named else ''}".strip(), issues
    )
    if not named:
        reader.wrong("ETK964", member="id", found=identifier)
    reader.known_members(entry, SCENE_MEMBERS)
    highlight = reader.placed(entry.get("highlight", []), "highlight")
    scene = Scene(
        id=str(identifier),
        number=number,
        title=reader.saying(entry, "title"),
        words=reader.saying(entry, "words"),
        notes=reader.saying(entry, "notes", needed=False),
        camera=reader.camera(entry.get("camera", {})),
        layers=reader.layers(entry.get("layers", []), "layers"),
        without=reader.layers(entry.get("without", []), "without"),
        highlight=highlight,
        figure=reader.figure(entry.get("figure")),
        year=reader.whole(entry, "year", FIRST_YEAR, LAST_YEAR, None),
        cite=reader.ids(entry.get("cite", []), "cite", material.citations, "ETK970"),
        sources=reader.ids(entry.get("sources", []), "sources", material.sources, "ETK971"),
        seconds=reader.whole(entry, "seconds", LEAST_SECONDS, MOST_SECONDS, SECONDS) or SECONDS,
    )
    if any(severity(issue) is Severity.ERROR for issue in issues):
        return scene
    return reader.speaks(scene)


SCENE_MEMBERS = tuple(name for name in Scene.__dataclass_fields__ if name != "number")


class _Reader:
    """Checks the members of one scene, or of the story itself, and notes what is wrong."""

    def __init__(self, material: Material, file: str, where: str, issues: list[Issue]) -> None:
        self.material = material
        self.file = file
        self.where = where
        self.issues = issues

    def wrong(self, code: str, **detail: object) -> None:
        """Note an issue at this scene."""
        said = {name: str(value)[:80] for name, value in detail.items()}
        self.issues.append(Issue(self.file, self.where, code, said))

    def known_members(
        self, entry: Mapping[str, Any], members: Iterable[str], inside: str = ""
    ) -> None:
        """Name members that do not exist: a slip of the pen would otherwise do nothing."""
        known = tuple(members)
        for name in entry:
            if name not in known:
                near = difflib.get_close_matches(str(name), known, 1)
                self.wrong("ETK965", member=inside + name, near=near[0] if near else known[0])

    def saying(self, entry: Mapping[str, Any], member: str, *, needed: bool = True) -> Saying:
        """Return a text in both languages; one that lacks a language is shown in the other."""
        value = entry.get(member)
        empty = value is None or (isinstance(value, Mapping) and not any(value.values()))
        if empty and not needed:
            return dict.fromkeys(LANGS, "")
        texts = value if isinstance(value, Mapping) else {}
        said: dict[Lang, str] = {
            lang: texts[lang].strip()
            for lang in LANGS
            if isinstance(texts.get(lang), str) and texts[lang].strip()
        }
        if not said or not set(texts) <= set(LANGS):
            self.wrong("ETK964", member=member, found="" if value is None else value)
            return dict.fromkeys(LANGS, "")
        for lang in LANGS:
            if lang not in said:
                self.wrong("ETK966", member=f"{member}.{lang}")
                said[lang] = next(iter(said.values()))
        return said

    def texts(self, value: Any, member: str) -> tuple[str, ...]:
        """Return a list of texts."""
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(dict.fromkeys(value))
        self.wrong("ETK964", member=member, found=value)
        return ()

    def ids(self, value: Any, member: str, known: Iterable[str], code: str) -> tuple[str, ...]:
        """Return a list of known ids; an unknown one is named with the nearest known one."""
        ids = set(known)
        found = self.texts(value, member)
        for identifier in found:
            if identifier not in ids:
                near = difflib.get_close_matches(identifier, sorted(ids), 1)
                self.wrong(code, found=identifier, near=near[0] if near else "—")
        return found

    def layers(self, value: Any, member: str) -> tuple[str, ...]:
        """Return ids of layers; one that may not be shown, or did not open, is left out."""
        found = self.texts(value, member)
        for layer in set(found) & self.material.restricted:
            self.wrong("ETK968", found=layer)
        shown = tuple(layer for layer in found if layer not in self.material.restricted)
        self.ids(list(shown), member, self.material.layers, "ETK967")
        return shown

    def placed(self, value: Any, member: str) -> tuple[str, ...]:
        """Return ids of features that have a position; one without is named and left out."""
        placed = []
        for identifier in self.ids(value, member, self.material.features, "ETK972"):
            feature = self.material.features.get(identifier)
            if feature and feature["geometry"] is None:
                self.wrong("ETK973", found=identifier)
            elif feature:
                placed.append(identifier)
        return tuple(placed)

    def whole(
        self, entry: Mapping[str, Any], member: str, least: int, most: int, default: int | None
    ) -> int | None:
        """Return a whole number within its limits, or the default where there is none."""
        value = entry.get(member, default)
        if value is not None and (type(value) is not int or not least <= value <= most):
            self.wrong("ETK974", member=member, found=value, least=least, most=most)
            return default
        return value

    def camera(self, value: Any) -> Camera:
        """Return where the scene looks."""
        if not isinstance(value, Mapping):
            self.wrong("ETK964", member="camera", found=value)
            return Camera()
        self.known_members(value, CAMERA_MEMBERS, "camera.")
        features = self.placed(value.get("features", []), "camera.features")
        camera = Camera(features=features)
        if "bounds" in value:
            numbers = self._degrees(value["bounds"], 4, "camera.bounds")
            if numbers:
                camera = replace(camera, bounds=LonLatBounds(*numbers))
        if "centre" in value:
            numbers = self._degrees(value["centre"], 2, "camera.centre")
            if numbers:
                camera = replace(camera, centre=LonLat(*numbers))
        zoom = value.get("zoom")
        if zoom is not None:
            good = isinstance(zoom, int | float) and LEAST_ZOOM <= zoom <= MOST_ZOOM
            if not good or isinstance(zoom, bool):
                limits = {"least": f"{LEAST_ZOOM:g}", "most": f"{MOST_ZOOM:g}"}
                self.wrong("ETK974", member="camera.zoom", found=zoom, **limits)
            else:
                camera = replace(camera, zoom=float(zoom))
        return camera

    def _degrees(self, value: Any, count: int, member: str) -> list[float]:
        """Return positions, longitude first, within the region; nothing where they are not."""
        numbers = (
            isinstance(value, list)
            and len(value) == count
            and all(isinstance(n, int | float) and not isinstance(n, bool) for n in value)
        )
        west, south, east, north = REGION_BOUNDS
        if (
            not numbers
            or not all(west <= lon <= east for lon in value[0::2])
            or not all(south <= lat <= north for lat in value[1::2])
            or (count == 4 and not (value[0] < value[2] and value[1] < value[3]))
        ):
            self.wrong("ETK975", member=member, found=value)
            return []
        return [float(number) for number in value]

    def figure(self, value: Any) -> FigureSpec | None:
        """Return what the figure shows, or ``None`` where the scene has none."""
        if value is None:
            return None
        kind = value.get("kind") if isinstance(value, Mapping) else None
        if kind not in FIGURE_KINDS:
            self.wrong("ETK976", found=kind, kinds=", ".join(FIGURE_KINDS))
            return None
        self.known_members(value, FIGURE_MEMBERS, "figure.")
        targets = value.get("targets", [])
        subject = value.get("subject", "")
        attributes = self.texts(value.get("attributes", []), "figure.attributes")
        spec = FigureSpec(
            kind=kind,
            targets=self.ids(targets, "figure.targets", self.material.targets, "ETK969"),
            layers=self.layers(value.get("layers", []), "figure.layers"),
            subject=str(subject),
            attributes=attributes,
        )
        if kind == "targets" and not spec.targets:
            self.wrong("ETK964", member="figure.targets", found=targets)
        if kind == "facts":
            self._check_facts(spec)
        return spec

    def _check_facts(self, spec: FigureSpec) -> None:
        published = self.material.published.get(spec.subject, [])
        held = {row["attribute"] for row in published if row["value"]}
        if not spec.attributes:
            self.wrong("ETK964", member="figure.attributes", found="[]")
        for attribute in spec.attributes:
            if attribute not in held:
                self.wrong("ETK977", found=f"{{fact:{spec.subject}.{attribute}}}")

    def speaks(self, scene: Scene) -> Scene | None:
        """Return the scene if its words can be filled in both languages, and note long ones."""
        for lang in LANGS:
            filling = Filling(self.material, lang)
            try:
                for said in (scene.title, scene.notes):
                    filling.fill(said[lang])
                length = len(filling.fill(scene.words[lang]))
            except Unfilled as place:
                self.wrong("ETK977", found=place)
                return None
            if length > MOST_LETTERS[lang]:
                self.wrong("ETK978", member=f"words.{lang}", n=length, most=MOST_LETTERS[lang])
            if scene.figure:
                draw_figure(scene.figure, filling)
        return scene

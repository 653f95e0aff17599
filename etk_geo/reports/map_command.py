"""``python -m etk_geo slides | print``: a story as PPTX, a map as PDF or PNG."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from etk_geo.errors import UsageError
from etk_geo.model import Lang
from etk_geo.reports.printed import FORMS, PAPERS, Sheet, extent_of, layers_of, print_map
from etk_geo.reports.slides import story_slides
from etk_geo.stories.find import find_layers, find_story, split_ids, write_file
from etk_geo.stories.material import Material
from etk_geo.stories.model import Camera, Story
from etk_geo.stories.options import add_command, add_options, help_of, material_of
from etk_geo.wording import Words


def add_arguments(commands: Any) -> tuple[argparse.ArgumentParser, ...]:
    """Add the commands to a parser's commands; the caller adds ``--root`` and ``--lang``."""
    slides = add_command(commands, "slides", run_slides)
    slides.add_argument("--story", required=True, metavar="ID", help=help_of("story"))
    add_options(slides, "out")
    printed = add_command(commands, "print", run_print)
    add_options(printed, "story", "layers", "title", "out")
    printed.add_argument("--scene", metavar="N", type=int, default=1, help=help_of("scene"))
    printed.add_argument("--features", metavar="IDS", help=help_of("features"))
    printed.add_argument("--paper", choices=PAPERS, default="a4", help=help_of("paper"))
    printed.add_argument("--portrait", action="store_true", help=help_of("portrait"))
    return slides, printed


def run_slides(arguments: argparse.Namespace) -> int:
    """Write a story as PPTX."""
    material = material_of(arguments)
    story = find_story(material, arguments.story)
    write_file(arguments.out, story_slides(story, material, arguments.lang), arguments.lang)
    return 0


def run_print(arguments: argparse.Namespace) -> int:
    """Write a map as PDF or PNG, by the name of the file."""
    material, lang = material_of(arguments), arguments.lang
    form = next((f for f in FORMS if arguments.out.suffix.lower() == f".{f}"), None)
    if form is None:
        raise UsageError("ETK982", found=arguments.out.name, known="*.pdf, *.png")
    words = Words(material.workspace.plan, lang)
    sheet = Sheet(
        title=arguments.title or words.say("print_page.map_title"),
        paper=arguments.paper,
        landscape=not arguments.portrait,
    )
    if arguments.story:
        story = find_story(material, arguments.story)
        sheet = scene_sheet(story, arguments.scene, sheet, material, lang)
    layers = find_layers(material, arguments.layers)
    if layers:
        sheet = replace(sheet, layers=frozenset(layers))
    if arguments.features:
        features = split_ids(arguments.features)
        for name in features:
            feature = material.features.get(name)
            if feature is None or feature["geometry"] is None:
                raise UsageError("ETK972", found=name, near="—")
        camera = Camera(features=features)
        sheet = replace(sheet, extent=extent_of(camera, material), highlight=frozenset(features))
    write_file(arguments.out, print_map(sheet, material, lang, form, material.as_of), lang)
    return 0


def scene_sheet(story: Story, number: int, sheet: Sheet, material: Material, lang: Lang) -> Sheet:
    """Return a sheet that shows the ``number``-th scene of a story, from 1.

    Raises
    ------
    UsageError
        If the story has no such scene.
    """
    if not 1 <= number <= len(story.scenes):
        raise UsageError("ETK982", found=number, known=f"1–{len(story.scenes)}")
    scene = story.scenes[number - 1]
    return replace(
        sheet,
        title=scene.title[lang],
        subtitle=story.title[lang],
        layers=layers_of(scene, material),
        extent=extent_of(scene.camera, material),
        highlight=frozenset(scene.highlight),
    )

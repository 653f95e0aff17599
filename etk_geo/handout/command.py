"""``python -m etk_geo handout``: a story, a map or a screening as one file."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import Any

from etk_geo.handout.content import Addition, View, handout_document
from etk_geo.handout.link import view_of_link
from etk_geo.handout.page import handout_page
from etk_geo.handout.screened import screening_addition
from etk_geo.model import Lang
from etk_geo.rules import read_rules
from etk_geo.screening.projects import plan_projects
from etk_geo.store import project_root
from etk_geo.stories.find import find_layers, find_story, write_file
from etk_geo.stories.material import Material
from etk_geo.stories.model import Story
from etk_geo.stories.options import add_command, add_options, help_of, material_of
from etk_geo.wording import Words


def add_arguments(commands: Any) -> tuple[argparse.ArgumentParser, ...]:
    """Add the commands to a parser's commands; the caller adds ``--root`` and ``--lang``."""
    handout = add_command(commands, "handout", run_handout)
    what = handout.add_mutually_exclusive_group()
    add_options(what, "story")
    what.add_argument("--screening", action="store_true", help=help_of("screening"))
    what.add_argument("--link", metavar="ADDRESS", help=help_of("link"))
    add_options(handout, "layers", "title", "out")
    return (handout,)


def run_handout(arguments: argparse.Namespace) -> int:
    """Write a story, a view of the map or the screening of the plan's projects as one file."""
    material, lang = material_of(arguments), arguments.lang
    addition = None
    shown: Story | View
    if arguments.story:
        shown = find_story(material, arguments.story)
    elif arguments.screening:
        shown, addition = screening_handout(material, lang)
    else:
        shown = view_of_link(arguments.link, material) if arguments.link else View()
    if isinstance(shown, View):
        layers = find_layers(material, arguments.layers)
        shown = replace(shown, title=arguments.title, layers=layers or shown.layers)
    document = handout_document(material, lang, shown, addition=addition)
    write_file(arguments.out, handout_page(document, project_root()), lang)
    for line in document["left_out"]:
        sys.stdout.write(f"{line}\n")
    return 0


def screening_handout(material: Material, lang: Lang) -> tuple[View, Addition]:
    """Return the view and the addition of a hand-out of the plan's projects, screened."""
    workspace = material.workspace
    addition = screening_addition(
        material.screening,
        plan_projects(workspace.catalog, workspace.plan),
        read_rules(workspace.root),
        lang,
        Words(workspace.plan, lang),
    )
    zones = ("townships", "nature_reserves", "yellow_river_corridor", "mining_remediation")
    layers = tuple(name for name in (*material.ground, *zones) if name in material.layers)
    return View(layers=layers), addition

"""What the commands that give stories and maps away have in common: options, and the material."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from etk_geo.i18n import text
from etk_geo.model import LANGS
from etk_geo.store import project_root
from etk_geo.stories.material import Material, open_material
from etk_geo.workspace import open_workspace

OPTIONS: dict[str, dict[str, Any]] = {
    "story": {"metavar": "ID"},
    "layers": {"metavar": "IDS"},
    "title": {"default": ""},
    "out": {"type": Path, "required": True, "metavar": "FILE"},
}


def add_command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """Add a command to a parser's commands, with its help in both languages."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_of(name))
    parser.set_defaults(run=run)
    return parser


def add_options(parser: Any, *names: str) -> None:
    """Add options that several commands have, by their names in ``OPTIONS``."""
    for name in names:
        parser.add_argument(f"--{name}", help=help_of(name), **OPTIONS[name])


def help_of(name: str) -> str:
    """Return the help of a command or an option in both languages."""
    return " · ".join(text(f"handout.cli.{name}", lang) for lang in LANGS)


def material_of(arguments: argparse.Namespace) -> Material:
    """Return what stories and maps are made of, from the project folder that is named."""
    root = arguments.root or project_root()
    return open_material(open_workspace(root), date.today())  # noqa: DTZ011 - the day of the place

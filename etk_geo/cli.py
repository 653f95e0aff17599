"""The command line: ``python -m etk_geo build | validate | screen | supply | inspect | …``.

Exit codes: 0 clean, 1 findings, 2 bad input or usage, 3 an error of the program itself.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from etk_geo import intake_command
from etk_geo.build.compile import write_layers
from etk_geo.errors import EtkGeoError
from etk_geo.handout import command as handout_command
from etk_geo.i18n import issue_message, issue_remedy, severity, text
from etk_geo.model import LANGS, Issue, Lang, Severity
from etk_geo.preflight import command as preflight_command
from etk_geo.reports import command as report_command
from etk_geo.reports import evaluation_command, map_command
from etk_geo.screening import command as screening_command
from etk_geo.store import project_root
from etk_geo.stories.material import Material
from etk_geo.stories.reading import read_stories
from etk_geo.supply import command as supply_command
from etk_geo.workspace import open_workspace

EXIT_CLEAN, EXIT_FINDINGS, EXIT_BAD_INPUT, EXIT_INTERNAL = 0, 1, 2, 3

logger = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A Chinese Windows console may not be able to show every character.
            stream.reconfigure(errors="replace")
    parser = build_parser()
    arguments = parser.parse_args(argv)
    lang: Lang = arguments.lang
    try:
        code: int = arguments.run(arguments)
    except EtkGeoError as error:
        print_issues(Issue.all_of(error), lang, sys.stderr)
        return EXIT_BAD_INPUT
    except Exception:
        logger.exception("internal error")
        print(text("cli.internal_error", lang), file=sys.stderr)
        return EXIT_INTERNAL
    return code


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(prog="python -m etk_geo", description=_both("cli.about"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = commands.add_parser("build", help=_both("cli.build"))
    build.set_defaults(run=run_build)
    validate = commands.add_parser("validate", help=_both("cli.validate"))
    validate.set_defaults(run=run_validate)
    screening = screening_command.add_arguments(commands)
    supply = supply_command.add_arguments(commands)
    meeting = (
        *handout_command.add_arguments(commands),
        *map_command.add_arguments(commands),
        *preflight_command.add_arguments(commands),
    )
    reports = (
        report_command.add_arguments(commands),
        evaluation_command.add_arguments(commands),
    )
    for command in (build, validate, *screening, supply, *reports, *meeting):
        command.add_argument("--root", type=Path, default=None, help=_both("cli.root"))
        command.add_argument("--lang", choices=LANGS, default="zh", help=_both("cli.lang"))
    intake_command.add_arguments(commands)
    return parser


def _both(key: str) -> str:
    return f"{text(key, 'zh')} · {text(key, 'en')}"


def _root(arguments: argparse.Namespace) -> Path:
    return arguments.root or project_root()


def run_build(arguments: argparse.Namespace) -> int:
    """Compile the tables into layers and say which files changed."""
    changed = write_layers(_root(arguments))
    for file in changed:
        print(file)
    print(text("cli.built", arguments.lang, n=len(changed)))
    return EXIT_CLEAN


def run_validate(arguments: argparse.Namespace) -> int:
    """Lint the data set and the stories; any error makes the exit code 1, warnings alone do not."""
    workspace = open_workspace(_root(arguments))
    today = date.today()  # noqa: DTZ011 - stories are checked as they would be played now
    readings = read_stories(Material(workspace, today))
    issues = [*workspace.issues, *(issue for reading in readings for issue in reading.issues)]
    print_issues(issues, arguments.lang, sys.stdout)
    errors = sum(severity(issue) is Severity.ERROR for issue in issues)
    print(text("cli.linted", arguments.lang, errors=errors, warnings=len(issues) - errors))
    return EXIT_FINDINGS if errors else EXIT_CLEAN


def print_issues(issues: Sequence[Issue], lang: Lang, stream: TextIO) -> None:
    """Print issues one a block: code, file, place, what is wrong, what to do."""
    for issue in issues:
        place = f" [{issue.where}]" if issue.where else ""
        print(f"{issue.code} {issue.file}{place}", file=stream)
        print(f"    {issue_message(issue, lang)}", file=stream)
        print(f"    → {issue_remedy(issue, lang)}", file=stream)

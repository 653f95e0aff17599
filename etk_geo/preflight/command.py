"""``python -m etk_geo preflight``: every check as a line; 0 ready, 1 something is wrong."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

from etk_geo.i18n import issue_message, issue_remedy, text
from etk_geo.model import LANGS, Lang
from etk_geo.preflight.checks import Check, Preflight
from etk_geo.store import project_root
from etk_geo.stories.material import open_material
from etk_geo.workspace import open_workspace


def add_arguments(commands: Any) -> tuple[argparse.ArgumentParser, ...]:
    """Add the command to a parser's commands; the caller adds ``--root`` and ``--lang``."""
    both = " · ".join(text("preflight.cli", lang) for lang in LANGS)
    parser: argparse.ArgumentParser = commands.add_parser("preflight", help=both)
    parser.set_defaults(run=run_preflight)
    return (parser,)


def run_preflight(arguments: argparse.Namespace) -> int:
    """Run the checks and say each as soon as it is done."""
    lang: Lang = arguments.lang
    root = arguments.root or project_root()
    today = date.today()  # noqa: DTZ011 - the day of the place where the meeting is held
    material = open_material(open_workspace(root), today)
    failed = 0
    for check in Preflight(material, project_root(), lang).run():
        failed += not check.passed
        sys.stdout.write("\n".join(lines_of(check, lang)) + "\n")
        sys.stdout.flush()
    sys.stdout.write(
        text("preflight.failed" if failed else "preflight.ready", lang, n=failed) + "\n"
    )
    return 1 if failed else 0


def lines_of(check: Check, lang: Lang) -> list[str]:
    """Return a check as lines of text: what was found, then each problem with its mend."""
    mark = text("preflight.good" if check.passed else "preflight.bad", lang)
    lines = [f"{mark} {check.name}  {check.found}".rstrip()]
    for issue in check.issues:
        place = " ".join(part for part in (issue.file, issue.where) if part)
        lines.append(f"    {issue.code} {place}".rstrip())
        lines.append(f"    {issue_message(issue, lang)}")
        lines.append(f"    → {issue_remedy(issue, lang)}")
    return lines

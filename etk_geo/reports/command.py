"""``python -m etk_geo report RECORD``: the report without the app."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from etk_geo.background import Tell
from etk_geo.catalog import open_catalog
from etk_geo.errors import DataError, UsageError
from etk_geo.i18n import text
from etk_geo.model import Lang
from etk_geo.plan import open_plan
from etk_geo.reports.rendering import FORMS, render_report
from etk_geo.reports.source import ReportFacts, ReportParts, read_source
from etk_geo.rules import read_rules
from etk_geo.store import project_root, read_bytes, write_atomic

NAMES = {**{form: f"report.{form}" for form in FORMS}, "geojson": "overlaps.geojson"}


def add_arguments(commands: Any) -> argparse.ArgumentParser:
    """Add the command to a parser's commands; the caller adds ``--root`` and ``--lang``."""
    parser: argparse.ArgumentParser = commands.add_parser("report", help=_both("report"))
    parser.set_defaults(run=run_report)
    parser.add_argument("record", type=Path, metavar="RECORD", help=_both("record"))
    for form in FORMS:
        parser.add_argument(f"--{form}", action="store_true", help=_both(form))
    parser.add_argument("--out", type=Path, metavar="DIR", help=_both("out"))
    parser.add_argument("--number", default="", help=_both("number"))
    parser.add_argument("--author", default="", help=_both("author"))
    parser.add_argument("--date", metavar="DATE", help=_both("date"))
    systems = ("EPSG:4545", "EPSG:4524")
    parser.add_argument("--annex", choices=systems, default=systems[0], help=_both("annex"))
    parser.add_argument("--no-maps", action="store_true", help=_both("no_maps"))
    return parser


def _both(name: str) -> str:
    return f"{text(f'reports.cli.{name}', 'zh')} · {text(f'reports.cli.{name}', 'en')}"


def run_report(arguments: argparse.Namespace) -> int:
    """Write the forms asked for, all of them where none is named; 0 when done."""
    lang: Lang = arguments.lang
    root: Path = arguments.root or project_root()
    record: Path = arguments.record
    content = read_bytes(record.parent, record.name)
    source = read_source(content, open_catalog(root), open_plan(root), read_rules(root))
    facts = ReportFacts(_day(arguments.date), number=arguments.number, author=arguments.author)
    asked = [form for form in FORMS if getattr(arguments, form)] or list(FORMS)
    made = render_report(
        source,
        facts,
        lang,
        asked,
        ReportParts(arguments.annex, maps=not arguments.no_maps),
        _progress(lang) if sys.stderr.isatty() else None,
    )
    folder: Path = arguments.out or record.parent
    written = []
    for form, content in made.items():
        try:
            write_atomic(folder / NAMES[form], content)
        except OSError as error:
            raise DataError("ETK722", file=NAMES[form], reason=error.strerror or "?") from error
        written.append(NAMES[form])
    said = text("reports.cli.written", lang, folder=folder, files=", ".join(written))
    sys.stdout.write(said + "\n")
    return 0


def _progress(lang: Lang) -> Tell:
    def show(done: int, total: int, what: str) -> None:
        end = "\n" if done == total else ""
        line = text("reports.cli.progress", lang, done=done, total=total, what=what)
        sys.stderr.write(f"\r\x1b[K{line}{end}")
        sys.stderr.flush()

    return show


def _day(value: str | None) -> date:
    if value is None:
        return date.today()  # noqa: DTZ011 - a report is dated by the calendar of its place
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError("ETK718", found=value) from None

"""``python -m etk_geo evaluate``: the evaluation of a year as DOCX, PDF and XLSX."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from etk_geo.database import open_database
from etk_geo.documents.pdf import pdf
from etk_geo.documents.word import docx
from etk_geo.errors import UsageError
from etk_geo.evaluation import evaluate, open_rules
from etk_geo.i18n import text
from etk_geo.model import Lang
from etk_geo.progress import Journal
from etk_geo.reports.evaluation_report import Report
from etk_geo.reports.evaluation_workbook import workbook
from etk_geo.store import project_root, write_atomic
from etk_geo.wording import Words
from etk_geo.workspace import open_workspace

FORMS = {"docx": lambda r: docx(r.document()), "pdf": lambda r: pdf(r.document()), "xlsx": workbook}
"""How a report is written, by the ending of its file."""


def add_arguments(commands: Any) -> argparse.ArgumentParser:
    """Add the command to a parser's commands; the caller adds ``--root`` and ``--lang``."""
    parser: argparse.ArgumentParser = commands.add_parser("evaluate", help=_both("command"))
    parser.set_defaults(run=run_evaluate)
    parser.add_argument("--year", type=int, required=True, help=_both("command_year"))
    parser.add_argument("--as-of", metavar="DATE", help=_both("command_as_of"))
    parser.add_argument("--midterm", action="store_true", help=_both("command_midterm"))
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=_both("command_out"))
    for form in FORMS:
        parser.add_argument(f"--{form}", action="store_true", help=_both(f"command_{form}"))
    return parser


def _both(key: str) -> str:
    return f"{text(f'evaluation.{key}', 'zh')} · {text(f'evaluation.{key}', 'en')}"


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Write the report in the forms asked for, in all of them where none is named."""
    lang: Lang = arguments.lang
    root = arguments.root or project_root()
    today = datetime.now(UTC).astimezone().date()
    as_of = _day(arguments.as_of) or min(today, date(arguments.year, 12, 31))
    workspace = open_workspace(root)
    journal = Journal(open_database(root), workspace.plan, lambda: datetime.now(UTC))
    found = evaluate(workspace.plan, journal.book(), open_rules(root), arguments.year, as_of)
    report = Report(
        found,
        workspace.catalog,
        Words(workspace.plan, lang),
        "midterm" if arguments.midterm else "yearly",
        today,
    )
    wanted = [form for form in FORMS if getattr(arguments, form)] or list(FORMS)
    for form in wanted:
        path = arguments.out / f"evaluation_{arguments.year}.{form}"
        write_atomic(path, FORMS[form](report))
        sys.stdout.write(text("evaluation.written", lang, file=path) + "\n")
    return 0


def _day(given: str | None) -> date | None:
    try:
        return None if given is None else date.fromisoformat(given)
    except ValueError:
        raise UsageError("ETK912", where="--as-of", column="--as-of", found=given or "") from None

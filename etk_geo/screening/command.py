"""``python -m etk_geo screen | verify | compare | key``: the only part that reads and writes files.

Exit codes: 0 nothing found, 1 findings, 2 bad input (raised as an error), 3 an internal error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from etk_geo.catalog import Catalog, open_catalog
from etk_geo.errors import DataError, UsageError
from etk_geo.i18n import text
from etk_geo.model import BANNER_BOUNDS, Lang
from etk_geo.plan import open_plan
from etk_geo.rules import RULE_CATEGORIES, Effect, RuleBook, read_rules
from etk_geo.screening.comparison import compare_screenings, comparison_lines
from etk_geo.screening.findings import Screening, screen_projects
from etk_geo.screening.folders import Order, screen_in_folders, screen_to_folder, write_files
from etk_geo.screening.overview import Overview, is_long
from etk_geo.screening.projects import plan_projects, read_projects
from etk_geo.screening.record import Parameters
from etk_geo.screening.signature import key_fingerprint, new_key
from etk_geo.screening.verify import Verification, verify_record
from etk_geo.screening.zones import ZoneSet, collect_zones
from etk_geo.store import project_root, read_bytes

if TYPE_CHECKING:
    from etk_geo.screening.pairs import Progress

EXIT_CLEAN, EXIT_FINDINGS = 0, 1
BAR_WIDTH = 30
MOST_MOVE_M = 100_000.0
"""Farthest move looked for; half the banner's length."""
PRIVATE_MODE = 0o600

Commands = Any
"""The object that ``ArgumentParser.add_subparsers`` returns; its class is private in argparse."""


def add_arguments(commands: Commands) -> tuple[argparse.ArgumentParser, ...]:
    """Add the commands of screening to a parser's commands, with ``run`` set on each.

    The caller adds ``--root`` and ``--lang``, which every command of the program has.
    """
    screen = _command(commands, "screen", run_screen)
    screen.add_argument(
        "projects", nargs="?", type=Path, metavar="PROJECTS", help=_both("projects")
    )
    _zone_options(screen)
    screen.add_argument("--as-of", metavar="DATE", help=_both("as_of"))
    screen.add_argument("--out", type=Path, required=True, metavar="DIR", help=_both("out"))
    screen.add_argument("--move-limit", metavar="METRES", help=_both("move_limit"))
    screen.add_argument("--sign", type=Path, metavar="KEY", help=_both("sign"))
    verify = _command(commands, "verify", run_verify)
    verify.add_argument("record", type=Path, metavar="RECORD", help=_both("record"))
    verify.add_argument("--public-key", type=Path, metavar="KEY", help=_both("public_key"))
    compare = _command(commands, "compare", run_compare)
    compare.add_argument(
        "projects", nargs="?", type=Path, metavar="PROJECTS", help=_both("projects")
    )
    _zone_options(compare)
    compare.add_argument("--as-of", required=True, metavar="A", help=_both("compare_as_of"))
    compare.add_argument(
        "--and", dest="other", required=True, metavar="B", help=_both("compare_and")
    )
    key = _command(commands, "key", run_key)
    key.add_argument("file", type=Path, metavar="FILE", help=_both("key_out"))
    return screen, verify, compare, key


def _command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=_both(name))
    parser.set_defaults(run=run)
    return parser


def _zone_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--layers", metavar="IDS", help=_both("layers"))


def _both(name: str) -> str:
    key = f"screening.cli.{name}"
    return f"{text(key, 'zh')} · {text(key, 'en')}"


def run_screen(arguments: argparse.Namespace) -> int:
    """Screen a list of projects and write CSV, GeoJSON, record and summary."""
    lang: Lang = arguments.lang
    root = _root(arguments)
    as_of = _day(arguments.as_of)
    catalog, book, zones = _open(root, arguments.layers, as_of)
    projects = _projects(arguments.projects, root, catalog, book)
    private_key = None if arguments.sign is None else _read(arguments.sign)
    limit_m = None if arguments.move_limit is None else _metres(arguments.move_limit)
    parameters = Parameters(as_of.isoformat(), _layer_ids(arguments.layers), BANNER_BOUNDS)
    order = Order(
        as_of, catalog, book, zones, open_plan(root), parameters, lang, private_key, limit_m
    )
    if is_long(projects, zones):
        bar = progress_bar(lang)
        found, lines = screen_in_folders(order, projects, arguments.out, bar)
        _say([*lines, text("screening.written_parts", lang, folder=arguments.out)])
        return exit_code(found)
    written = screen_to_folder(order, projects, arguments.out, _then_writing(lang))
    files = ", ".join(written.files)
    _say([*written.lines, text("screening.written", lang, folder=arguments.out, files=files)])
    return exit_code(written.screening)


def run_verify(arguments: argparse.Namespace) -> int:
    """Check a record; 0 if all of it holds, 1 if anything does not."""
    lang: Lang = arguments.lang
    root = _root(arguments)
    content = _read(arguments.record)
    asked = None if arguments.public_key is None else key_fingerprint(_read(arguments.public_key))
    verification = verify_record(content, open_catalog(root), read_rules(root))
    good = verification.holds and (asked is None or asked == verification.signed_by)
    _say(_verification_lines(verification, asked, lang))
    return EXIT_CLEAN if good else EXIT_FINDINGS


def _verification_lines(found: Verification, asked: str | None, lang: Lang) -> list[str]:
    passed = sum(check.holds for check in found.checks)
    lines = [text("screening.verify.passed", lang, n=len(found.checks), good=passed)]
    if found.holds:
        lines.append(text("screening.verify.holds", lang))
    else:
        lines.append(text("screening.verify.fails", lang, n=len(found.failures)))
    for key, checks in (("line", found.failures), ("environment", found.environment_differs)):
        lines += [
            text(
                f"screening.verify.{key}",
                lang,
                **{("field" if key == "line" else "name"): check.field},
                stated=check.stated,
                found=check.found,
            )
            for check in checks
        ]
    if found.signed_by:
        lines.append(text("screening.verify.signed", lang, fingerprint=found.signed_by))
        if asked is not None and asked != found.signed_by:
            lines.append(text("screening.verify.other_key", lang))
    else:
        lines.append(text("screening.verify.unsigned", lang))
    return [*lines, text("screening.record_hash", lang, hash=found.record_hash)]


def run_compare(arguments: argparse.Namespace) -> int:
    """Compare the law and the findings of two days; 1 if anything differs."""
    lang: Lang = arguments.lang
    root = _root(arguments)
    days = [_day(arguments.as_of), _day(arguments.other)]
    catalog, book, zones = _open(root, arguments.layers, None)
    projects = _projects(arguments.projects, root, catalog, book)
    before, after = (screen_projects(projects, zones, book, day) for day in days)
    compared = compare_screenings(before, after, book)
    _say([*comparison_lines(compared, after, book, lang)])
    law = compared.law
    same = not (len(compared.pairs) or law.ended or law.begun)
    return EXIT_CLEAN if same else EXIT_FINDINGS


def run_key(arguments: argparse.Namespace) -> int:
    """Make a pair of keys; an existing file is never overwritten."""
    private: Path = arguments.file
    public = private.with_name(private.name + ".pub")
    for path in (private, public):
        if path.exists():
            raise DataError("ETK726", file=path.name)
    secret, open_half = new_key()
    write_files(private.parent, {private.name: secret, public.name: open_half})
    private.chmod(PRIVATE_MODE)
    _say(
        [
            text(
                "screening.cli.key_written",
                arguments.lang,
                private=private.name,
                public=public.name,
            )
        ]
    )
    return EXIT_CLEAN


def exit_code(screening: Screening | Overview) -> int:
    """Return 0 if nothing follows from any pair, otherwise 1; what is unknown is a finding."""
    clean = (screening.projects["consequence"] == str(Effect.NONE)).all()
    return EXIT_CLEAN if clean else EXIT_FINDINGS


def progress_bar(lang: Lang) -> Progress | None:
    """Return a progress bar on the error stream, or ``None`` where nobody watches it."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        filled = BAR_WIDTH * done // total
        bar = "█" * filled + "·" * (BAR_WIDTH - filled)
        end = "\n" if done == total else ""
        sys.stderr.write(f"\r{bar} {text('screening.progress', lang, done=done, total=total)}{end}")
        sys.stderr.flush()

    return show


def _then_writing(lang: Lang) -> Progress | None:
    """Return a progress bar that says at its end that the results are being written."""
    bar = progress_bar(lang)
    if bar is None:
        return None

    def show(done: int, total: int) -> None:
        bar(done, total)
        if done == total:
            tell_writing(lang)

    return show


def tell_writing(lang: Lang) -> None:
    """Say on the error stream, where somebody watches it, that the results are being written."""
    if sys.stderr.isatty():
        sys.stderr.write(text("screening.writing", lang) + "\n")
        sys.stderr.flush()


def _root(arguments: argparse.Namespace) -> Path:
    root: Path | None = arguments.root
    return root or project_root()


def _open(root: Path, layers: str | None, on: date | None) -> tuple[Catalog, RuleBook, ZoneSet]:
    catalog = open_catalog(root)
    book = read_rules(root)
    asked = _layer_ids(layers)
    known = {*catalog.layers, *catalog.former, *(source.layer for source in book.zone_sources)}
    for name in asked or ():
        if name not in known:
            raise UsageError("ETK717", found=name)
    return catalog, book, collect_zones(catalog, book, layers=asked, on=on)


def _layer_ids(layers: str | None) -> tuple[str, ...] | None:
    if layers is None:
        return None
    return tuple(sorted({name.strip() for name in layers.split(",") if name.strip()}))


def _projects(path: Path | None, root: Path, catalog: Catalog, book: RuleBook) -> gpd.GeoDataFrame:
    plan = open_plan(root)
    if path is None:
        return plan_projects(catalog, plan)
    categories = plan.categories
    stated = categories[categories["extent_m"].notna()]
    extents = dict(zip(stated["id"], stated["extent_m"].astype(float), strict=True))
    return read_projects(path, categories={*book.categories, *RULE_CATEGORIES}, extents=extents)


def _day(value: str | None) -> date:
    if value is None:
        return date.today()  # noqa: DTZ011 - a law holds by the calendar of the place it is read in
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError("ETK718", found=value) from None


def _metres(value: str) -> float:
    try:
        metres = float(value)
    except ValueError:
        metres = -1.0
    if not 0 < metres <= MOST_MOVE_M:
        raise UsageError("ETK719", column="--move-limit", found=value)
    return metres


def _read(path: Path) -> bytes:
    return read_bytes(path.parent, path.name)


def _say(lines: list[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")

"""``python -m etk_geo supply``: a file as an official layer, and the layers that were supplied."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from etk_geo.catalog import open_catalog
from etk_geo.errors import SupplyError, UsageError
from etk_geo.i18n import issue_message, issue_remedy, text
from etk_geo.intake.confirm import Choice, Taken, confirm
from etk_geo.intake.from_path import choose_candidate, choose_layer, open_path, read_layer
from etk_geo.intake.understanding import understand
from etk_geo.measure import ha_to_mu
from etk_geo.model import Completeness, Issue, Lang
from etk_geo.register import Register, State, read_register
from etk_geo.rules import RuleBook, read_rules
from etk_geo.store import project_root
from etk_geo.supply.assessment import Assessment, assess_supply
from etk_geo.supply.keeping import list_supplied, remove_layer, restore_layer, supply_layer
from etk_geo.supply.statement import Statement, field_issue, find_zone_type, parse_area

EXIT_CLEAN, EXIT_FINDINGS = 0, 1

Commands = Any
"""The object that ``ArgumentParser.add_subparsers`` returns; its class is private in argparse."""


def add_arguments(commands: Commands) -> argparse.ArgumentParser:
    """Add ``supply`` to a parser's commands; the caller adds ``--root`` and ``--lang``."""
    command: argparse.ArgumentParser = commands.add_parser("supply", help=_both("supply"))
    command.set_defaults(run=run_supply)
    command.add_argument("file", nargs="?", type=Path, help=text("intake.command.file", "zh"))
    for name in (
        "type", "valid-from", "valid-to", "holder", "version", "title", "title-en", "licence",
        "complete", "gazetted", "accuracy", "accept", "supersedes", "stands-for", "why",
    ):  # fmt: skip
        command.add_argument(f"--{name}", default="", help=_both(name.replace("-", "_")))
    for name in ("restricted", "beside"):
        command.add_argument(f"--{name}", action="store_true", help=_both(name))
    for name in ("layer", "encoding", "columns", "vertices"):
        command.add_argument(f"--{name}", default="", help=_intake(name))
    command.add_argument("--shape", choices=("polygon", "line"), help=_intake("shape"))
    command.add_argument("--as", dest="candidate", default="", help=_intake("as"))
    command.add_argument("--yes", action="store_true", help=_intake("yes"))
    command.add_argument("--list", action="store_true", help=_both("list"))
    command.add_argument("--remove", default="", metavar="ID", help=_both("remove"))
    command.add_argument("--restore", default="", metavar="ID", help=_both("restore"))
    return command


def _both(name: str) -> str:
    key = f"supply.command.{name}"
    return f"{text(key, 'zh')} · {text(key, 'en')}".replace("%", "%%")


def _intake(name: str) -> str:
    key = f"intake.command.{name}"
    return f"{text(key, 'zh')} · {text(key, 'en')}".replace("%", "%%")


def run_supply(arguments: argparse.Namespace) -> int:
    """Supply, list, remove or restore an official layer.

    Returns
    -------
    code
        0, or 1 where a layer was supplied with warnings.
    """
    root: Path = arguments.root or project_root()
    lang: Lang = arguments.lang
    if arguments.list:
        _say(_list_lines(root, lang))
        return EXIT_CLEAN
    if arguments.remove or arguments.restore:
        _say(_moved(root, arguments, lang))
        return EXIT_CLEAN
    if arguments.file is None:
        raise UsageError("ETK888", field_zh="文件", field_en="file", found="—")
    return _supply(root, arguments, lang)


def _supply(root: Path, arguments: argparse.Namespace, lang: Lang) -> int:
    book = read_rules(root)
    statement = _statement(arguments, book)
    taken = _take(arguments.file, arguments, lang)
    register = read_register(root)
    assessment = assess_supply(taken, statement, open_catalog(root), book, register)
    _say(_area_lines(assessment, lang))
    entry = supply_layer(root, taken, statement, date.today())  # noqa: DTZ011 - local calendar
    _print_issues(assessment.issues, lang)
    accuracy = taken.frame["accuracy_m"].max()
    _say(
        [
            text(
                "supply.command.supplied",
                lang,
                id=entry.id,
                type=_type_name(book, entry.zone_type, lang),
                count=assessment.features,
                ha=f"{assessment.digitised_ha:,.2f}",
                mu=f"{ha_to_mu(assessment.digitised_ha):,.1f}",
                accuracy=f"{accuracy:g}",
            )
        ]
    )
    return EXIT_FINDINGS if assessment.issues else EXIT_CLEAN


def _vertices(arguments: argparse.Namespace) -> tuple[str, str]:
    return arguments.vertices, arguments.shape or ""


def _take(path: Path, arguments: argparse.Namespace, lang: Lang) -> Taken:
    with open_path(path) as upload:
        layer = choose_layer(upload, arguments.layer)
        raw = read_layer(upload, layer, arguments.encoding, arguments.columns, _vertices(arguments))
    understanding = understand(raw)
    candidate = choose_candidate(
        raw, understanding, arguments.candidate, lang, accept=arguments.yes
    )
    return confirm(raw, understanding, Choice(candidate, accuracy_m=_metres(arguments)))


def _statement(arguments: argparse.Namespace, book: RuleBook) -> Statement:
    file = arguments.file.name
    code = find_zone_type(book, arguments.type)
    if code is None:
        raise SupplyError("ETK885", file=file, found=arguments.type[:60] or "—")
    gazetted = parse_area(arguments.gazetted) if arguments.gazetted else None
    if arguments.gazetted and gazetted is None:
        raise _wrong("gazetted", arguments.gazetted, file)
    complete, area = _complete(arguments.complete, arguments)
    kind = book.zone_types[code]
    valid_to = _day(arguments.valid_to, "valid_to", file) if arguments.valid_to else None
    return Statement(
        zone_type=code,
        valid_from=_day(arguments.valid_from, "valid_from", file),
        valid_to=valid_to,
        holder=arguments.holder,
        version=arguments.version,
        title_zh=arguments.title or kind.name_zh,
        title_en=arguments.title_en or (arguments.title or kind.name_en),
        licence=arguments.licence,
        restricted=arguments.restricted,
        complete=complete,
        area=area,
        gazetted=gazetted,
        supersedes=_supersedes(arguments),
        stands_for=_ids(arguments.stands_for),
        accepted=arguments.accept,
    )


def _supersedes(arguments: argparse.Namespace) -> tuple[str, ...] | None:
    if arguments.beside:
        return ()
    return _ids(arguments.supersedes) or None


def _complete(stated: str, arguments: argparse.Namespace) -> tuple[Completeness | None, Any]:
    """Return where a layer is complete: a word, or the polygons of a file."""
    if not stated:
        return None, None
    if stated in (Completeness.BANNER, Completeness.NOWHERE):
        return Completeness(stated), None
    plain = argparse.Namespace(
        layer="",
        encoding="",
        columns="",
        vertices="",
        shape="",
        candidate="",
        yes=arguments.yes,
        accuracy="",
    )
    taken = _take(Path(stated), plain, arguments.lang)
    return Completeness.AREA, taken.frame.geometry.union_all()


def _ids(names: str) -> tuple[str, ...]:
    return tuple(sorted({name.strip() for name in names.split(",") if name.strip()}))


def _metres(arguments: argparse.Namespace) -> float | None:
    if not arguments.accuracy:
        return None
    try:
        metres = float(arguments.accuracy)
    except ValueError:
        metres = -1.0
    if not 0 <= metres < 1e6:
        raise UsageError("ETK719", column="--accuracy", found=arguments.accuracy)
    return metres


def _day(value: str, field: str, file: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _wrong(field, value, file) from None


def _wrong(field: str, found: str, file: str) -> SupplyError:
    issue = field_issue(field, found, file)
    return SupplyError(issue.code, file=issue.file, where=issue.where, **issue.detail)


def _type_name(book: RuleBook, code: str, lang: Lang) -> str:
    kind = book.zone_types.get(code)
    return code if kind is None else (kind.name_zh if lang == "zh" else kind.name_en)


def _area_lines(assessment: Assessment, lang: Lang) -> list[str]:
    area = assessment.area
    if area is None:
        return []
    return [
        text(
            "supply.command.area_line",
            lang,
            digitised=f"{area.digitised_ha:,.2f}",
            gazetted=f"{area.gazetted_ha:,.2f}",
            difference=f"{area.difference_percent:+.2f}",
            tolerance=f"{area.tolerance_percent:.2f}",
            boundary=f"{area.boundary_percent:.2f}",
            rounding=f"{area.rounding_percent:.2f}",
            projection=f"{area.projection_percent:.2f}",
        )
    ]


def _list_lines(root: Path, lang: Lang) -> list[str]:
    book = read_rules(root)
    holders = {
        layer.id: layer.provenance.supplied.holder
        for catalog in [open_catalog(root)]
        for layer in (*catalog.layers.values(), *catalog.former.values())
        if layer.provenance.supplied is not None
    }
    lines = [
        text(
            "supply.command.list_line",
            lang,
            id=entry.id,
            type=_type_name(book, entry.zone_type, lang),
            version=entry.version,
            holder=holders.get(entry.id, "—"),
            **{"from": entry.valid_from},
            to=last or text("supply.command.open_end", lang),
            state=text(f"supply.state.{state.value}", lang),
        )
        for entry, state, last in list_supplied(root)
    ]
    return lines or [text("supply.command.none", lang)]


def _moved(root: Path, arguments: argparse.Namespace, lang: Lang) -> list[str]:
    """Remove or restore a layer, and say which layers are in force now that were not."""
    before = read_register(root)
    named = arguments.remove or arguments.restore
    if arguments.remove:
        today = date.today()  # noqa: DTZ011 - local calendar
        after = remove_layer(root, named, today, arguments.why)
        lines = [text("supply.command.removed_line", lang, id=named)]
    else:
        after = restore_layer(root, named)
        lines = []
    back = _in_force(after) - _in_force(before)
    return [*lines, *(text("supply.command.again_line", lang, id=name) for name in sorted(back))]


def _in_force(register: Register) -> set[str]:
    return {entry.id for entry in register.of(State.IN_FORCE)}


def _print_issues(issues: Sequence[Issue], lang: Lang) -> None:
    for issue in issues:
        place = f" [{issue.where}]" if issue.where else ""
        sys.stderr.write(f"{issue.code} {issue.file}{place}\n    {issue_message(issue, lang)}\n")
        sys.stderr.write(f"    → {issue_remedy(issue, lang)}\n")


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")

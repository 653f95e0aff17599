"""The commands ``inspect`` and ``convert``: what a file holds, and the same in another form.

Nothing is chosen in silence: where the file leaves a question open, ``convert`` lists the
candidates and stops until ``--as`` names one or ``--yes`` accepts the one that is suggested.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from etk_geo.errors import IntakeError
from etk_geo.i18n import issue_message, issue_remedy, severity, text
from etk_geo.intake.confirm import Choice, Taken, confirm
from etk_geo.intake.export.target import ExportCrs, ExportFormat
from etk_geo.intake.export.write import export_frame
from etk_geo.intake.from_path import (
    choose_candidate,
    choose_layer,
    layer_names,
    open_path,
    read_layer,
)
from etk_geo.intake.problems import apply_repairs, list_problems, offer_repairs
from etk_geo.intake.raw_layer import RawLayer, VertexGrouping
from etk_geo.intake.readers.answer import LayerSummary
from etk_geo.intake.understanding import Understanding, understand
from etk_geo.intake.upload import Upload
from etk_geo.intake.wording import (
    candidate_reasons,
    geometry_title,
    question_titles,
    reading_title,
    reason_title,
    transformation_title,
    worded,
)
from etk_geo.model import LANGS, Issue, Lang, Severity
from etk_geo.store import write_atomic

EXIT_CLEAN, EXIT_FINDINGS = 0, 1
MOST_ISSUES = 50

ENDINGS = {
    ".geojson": ExportFormat.GEOJSON,
    ".json": ExportFormat.GEOJSON,
    ".gpkg": ExportFormat.GEOPACKAGE,
    ".zip": ExportFormat.SHAPEFILE,
    ".kml": ExportFormat.KML,
    ".csv": ExportFormat.CSV,
    ".xlsx": ExportFormat.XLSX,
    ".txt": ExportFormat.BOUNDARY_TXT,
}


def add_arguments(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``inspect`` and ``convert`` to the commands of a parser."""
    inspect = subparsers.add_parser("inspect", help=_both("inspect"))
    inspect.set_defaults(run=run_inspect)
    convert = subparsers.add_parser("convert", help=_both("convert"))
    convert.set_defaults(run=run_convert)
    for command in (inspect, convert):
        command.add_argument("file", type=Path, help=_both("file"))
        command.add_argument("--layer", default="", help=_both("layer"))
        command.add_argument("--encoding", default="", help=_both("encoding"))
        command.add_argument("--columns", default="", help=_both("columns"))
        command.add_argument("--vertices", default="", help=_both("vertices"))
        command.add_argument("--shape", choices=("polygon", "line"), help=_both("shape"))
        command.add_argument("--lang", choices=LANGS, default="zh", help=_both("lang"))
    convert.add_argument("--to", type=Path, required=True, help=_both("to"))
    convert.add_argument(
        "--crs", choices=[c.value for c in ExportCrs], default="EPSG:4326", help=_both("crs")
    )
    convert.add_argument("--as", dest="candidate", default="", help=_both("as"))
    convert.add_argument("--yes", action="store_true", help=_both("yes"))
    convert.add_argument("--repair", action="store_true", help=_both("repair"))


def _both(key: str) -> str:
    both = f"{text(f'intake.command.{key}', 'zh')} · {text(f'intake.command.{key}', 'en')}"
    return both.replace("%", "%%")


def _read(upload: Upload, layer: LayerSummary, arguments: argparse.Namespace) -> RawLayer:
    vertices = (arguments.vertices, arguments.shape or "")
    return read_layer(upload, layer, arguments.encoding, arguments.columns, vertices)


def run_inspect(arguments: argparse.Namespace) -> int:
    """Show the layers of a file and, of the chosen ones, what they can mean.

    Returns
    -------
    code
        0 if everything is clear, 1 if there are questions or errors in the data.
    """
    lang: Lang = arguments.lang
    code = EXIT_CLEAN
    with open_path(arguments.file) as upload:
        layers = upload.survey()
        for layer in layers:
            _print_layer(layer, lang)
            if arguments.layer and arguments.layer not in layer_names(layer):
                continue
            try:
                raw = _read(upload, layer, arguments)
            except IntakeError as error:
                _print_issues(Issue.all_of(error), lang)
                code = EXIT_FINDINGS
                continue
            understanding = understand(raw)
            _print_understanding(raw, understanding, lang)
            issues = [*raw.issues, *understanding.issues]
            _print_issues(issues, lang)
            if understanding.questions or any(severity(i) is Severity.ERROR for i in issues):
                code = EXIT_FINDINGS
    return code


def run_convert(arguments: argparse.Namespace) -> int:
    """Write a layer of a file in another format or coordinate system.

    Returns
    -------
    code
        0 if all went over, 1 if it was written with errors in the data.

    Raises
    ------
    IntakeError
        ETK818 several layers, ETK822 the coordinate system is open, ETK849 an unknown ending, and
        whatever reading and writing raise.
    """
    lang: Lang = arguments.lang
    target = ENDINGS.get(arguments.to.suffix.lower())
    if target is None:
        known = " ".join(ENDINGS)
        raise IntakeError("ETK849", file=arguments.to.name, found=arguments.to.suffix, known=known)
    with open_path(arguments.file) as upload:
        layer = choose_layer(upload, arguments.layer)
        raw = _read(upload, layer, arguments)
    understanding = understand(raw)
    candidate = choose_candidate(
        raw, understanding, arguments.candidate, lang, accept=arguments.yes
    )
    taken = confirm(raw, understanding, Choice(candidate))
    problems = list_problems(taken.frame, taken.labels, raw.origin.upload)
    if arguments.repair:
        taken = _repaired(taken, lang)
        problems = list_problems(taken.frame, taken.labels, raw.origin.upload)
    crs = ExportCrs(arguments.crs)
    exported = export_frame(taken.frame, target, crs, arguments.to.stem)
    write_atomic(arguments.to, exported.content)
    issues = [*taken.issues, *problems, *exported.issues]
    _print_issues(issues, lang)
    provenance = taken.provenance
    print(
        text(
            "intake.command.written",
            lang,
            file=arguments.to.name,
            count=len(taken.frame),
            crs=crs.value,
            reading=provenance.reading,
            transformation=transformation_title(provenance.transformation, lang),
            accuracy=f"{provenance.transformation_accuracy_m:g}",
        )
    )
    return EXIT_FINDINGS if any(severity(i) is Severity.ERROR for i in issues) else EXIT_CLEAN


def _repaired(taken: Taken, lang: Lang) -> Taken:
    """Return the layer with every repair applied, and list them."""
    repairs = offer_repairs(taken.frame, taken.labels)
    for repair in repairs:
        print(
            text(
                "intake.command.repaired",
                lang,
                label=repair.label,
                reason=reason_title(repair.reason, lang),
                before=f"{repair.before_m2:.1f}",
                after=f"{repair.after_m2:.1f}",
            )
        )
    frame = apply_repairs(taken.frame, repairs, {repair.row for repair in repairs})
    return Taken(frame, taken.labels, taken.provenance, taken.issues)


def _print_layer(layer: LayerSummary, lang: Lang) -> None:
    count = layer.feature_count
    print(
        text(
            "intake.command.layer_line",
            lang,
            source=layer.source,
            layer=layer.layer,
            format=layer.format.value,
            count=text("intake.command.unknown_count", lang) if count is None else count,
            geometry=geometry_title(layer.geometry_type, lang),
        )
    )
    _print_indented("fields_line", lang, fields=", ".join(layer.fields))


def _print_indented(key: str, lang: Lang, **values: object) -> None:
    print("  " + text(f"intake.command.{key}", lang, **values))


def _print_understanding(raw: RawLayer, understanding: Understanding, lang: Lang) -> None:
    for encoding in raw.encodings.candidates if raw.encodings else ():
        _print_indented(
            "encoding_line",
            lang,
            encoding=encoding.encoding,
            share=f"{encoding.plausibility * 100:.0f}",
            preview=" / ".join(encoding.preview),
        )
    if raw.columns:
        names = " | ".join(", ".join(c.names) for c in raw.columns)
        _print_indented("columns_line", lang, names=names)
    if raw.vertices:
        _print_indented("vertices_line", lang, ways=" | ".join(_way(w) for w in raw.vertices))
    for candidate in understanding.candidates:
        _print_indented(
            "candidate_line",
            lang,
            mark="*" if candidate is understanding.suggested else "-",
            id=candidate.id,
            title=reading_title(candidate.reading, lang),
            reasons=candidate_reasons(candidate, lang),
            accuracy=f"{candidate.shift.accuracy_m:g}",
            transformation=transformation_title(candidate.shift.name, lang),
            offset=f"{candidate.offset_m:.0f}",
        )
    if understanding.questions:
        titles = question_titles(understanding, lang)
        _print_indented("questions_line", lang, questions=titles)
    elif understanding.is_decided:
        _print_indented("decided_line", lang)


def _way(grouping: VertexGrouping) -> str:
    """Return a grouping as ``--vertices`` and ``--shape`` take it."""
    columns = ",".join([grouping.group or "-", grouping.order, grouping.ring]).rstrip(",")
    return f"--vertices {columns} --shape {grouping.shape}"


def _print_issues(issues: list[Issue], lang: Lang) -> None:
    """Print issues one a block: code, file, place, what is wrong, what to do."""
    for issue in (worded(issue, lang) for issue in issues[:MOST_ISSUES]):
        place = f" [{issue.where}]" if issue.where else ""
        print(f"{issue.code} {issue.file}{place}", file=sys.stderr)
        print(f"    {issue_message(issue, lang)}", file=sys.stderr)
        print(f"    → {issue_remedy(issue, lang)}", file=sys.stderr)
    if len(issues) > MOST_ISSUES:
        rest = Issue(
            issues[0].file, "", "ETK863", {"code": "…", "count": str(len(issues) - MOST_ISSUES)}
        )
        print(f"    {issue_message(rest, lang)}", file=sys.stderr)

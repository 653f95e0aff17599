"""A request answered: each source by the reader of its format, its errors kept apart."""

from __future__ import annotations

from etk_geo.errors import IntakeError
from etk_geo.intake.formats import FileFormat, Source
from etk_geo.intake.readers import boundary_points, gdal, parquet, spreadsheet
from etk_geo.intake.readers.answer import Answer, Finding, LayerSummary, ReadLayer, Request


def answer_request(request: Request) -> Answer:
    """Survey the sources of a request, or read the one layer it names."""
    answer = Answer()
    for source in request.sources:
        if request.source and source.name != request.source:
            continue
        try:
            if request.source:
                answer.read = _read(source, request, answer)
            else:
                _survey(source, request, answer)
        except IntakeError as error:
            answer.add_error(error)
        except MemoryError:
            answer.add_error(IntakeError("ETK814", file=source.name))
        except RecursionError:
            answer.add_error(
                IntakeError(
                    "ETK812", file=source.name, format=source.format.value, reason="nesting"
                )
            )
    return answer


def _survey(source: Source, request: Request, answer: Answer) -> None:
    layers: list[LayerSummary]
    findings: list[Finding] = []
    if source.format in gdal.FORMATS:
        layers, findings = gdal.survey(source)
    elif source.format is FileFormat.PARQUET:
        layers = parquet.survey(source)
    elif source.format is FileFormat.BOUNDARY_TXT:
        layers = boundary_points.survey(source, request.encoding)
    else:
        layers = spreadsheet.survey(source, request.limits, request.encoding)
    if source.suffix_differs:
        findings.append(Finding("ETK830", source.name, {"format": source.format.value}))
    if not layers:
        raise IntakeError("ETK820", file=source.name)
    answer.layers.extend(layers)
    answer.findings.extend(findings)


def _read(source: Source, request: Request, answer: Answer) -> ReadLayer:
    out, limits, encoding = request.out, request.limits, request.encoding
    findings: list[Finding] = []
    if source.format in gdal.FORMATS:
        read, findings = gdal.read(source, request)
    elif source.format is FileFormat.PARQUET:
        read, findings = parquet.read(source, out, limits)
    elif source.format is FileFormat.BOUNDARY_TXT:
        read, findings = boundary_points.read(source, out, limits, encoding)
    else:
        read = spreadsheet.read(source, request.number, out, limits, encoding)
    answer.findings.extend(findings)
    return read

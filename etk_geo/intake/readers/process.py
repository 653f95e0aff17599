"""The reading process: one request on standard input, one answer in its folder, then gone.

Run by ``child.py`` as ``python -m etk_geo.intake.readers.process``. Ends when its parent does.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType


class _WithoutFrames(MetaPathFinder):
    """Hides what pyogrio and pyarrow import when they can.

    A reading process has no use for frames and starts in a third of the time without.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in ("geopandas", "pandas", "pyproj"):
            raise ModuleNotFoundError(fullname)
        return None


sys.meta_path.insert(0, _WithoutFrames())

from etk_geo.errors import IntakeError  # noqa: E402
from etk_geo.intake.formats import FileFormat, Source  # noqa: E402
from etk_geo.intake.readers import boundary_points, gdal, parquet, spreadsheet  # noqa: E402
from etk_geo.intake.readers.answer import (  # noqa: E402
    ANSWER_FILE,
    Answer,
    Finding,
    LayerSummary,
    ReadLayer,
    Request,
)


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
                IntakeError("ETK812", file=source.name, format=source.format.value, reason="nesting")
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
        read, findings = gdal.read(source, request.number, out, limits, encoding)
    elif source.format is FileFormat.PARQUET:
        read, findings = parquet.read(source, out, limits)
    elif source.format is FileFormat.BOUNDARY_TXT:
        read, findings = boundary_points.read(source, out, limits, encoding)
    else:
        read = spreadsheet.read(source, request.number, out, limits, encoding)
    answer.findings.extend(findings)
    return read


def _limit_resources(memory_bytes: int, seconds: float) -> None:
    """Bound memory, processor time and core dumps where the system can (POSIX)."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    for kind, limit in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, int(seconds) + 5),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or limit <= hard:
            resource.setrlimit(kind, (limit, hard))


def _end_with_parent(read: Callable[[], bytes]) -> None:
    read()
    os._exit(1)


def main() -> int:
    """Answer one request."""
    line = sys.stdin.buffer.readline().decode("utf-8")
    request = Request.load(line)
    threading.Thread(
        target=_end_with_parent, args=(sys.stdin.buffer.read,), daemon=True
    ).start()
    _limit_resources(request.limits.memory_bytes, request.limits.seconds)
    answer = answer_request(request)
    Path(request.out, ANSWER_FILE).write_text(answer.dump(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    code = 1
    try:
        code = main()
    except Exception:  # noqa: BLE001 - the edge of the process; the parent logs what it says
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    # Nothing is left to tidy, and a daemon thread blocked on standard input would hold up the end.
    os._exit(code)

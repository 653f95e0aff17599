"""Reading in a process of its own, which can be stopped, can crash, and sees no network.

The child gets the folder of the upload and the drivers it needs; nothing of the parent's
environment that could point GDAL elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyogrio

from etk_geo.errors import IntakeError
from etk_geo.intake.formats import GDAL_DRIVERS
from etk_geo.intake.readers.answer import ANSWER_FILE, Answer, Request
from etk_geo.own_process import Program, Stop, run_apart

MODULE = "etk_geo.intake.readers.process"

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with rows read and rows expected, from the thread that called :func:`run_reader`."""


def run_reader(
    request: Request, name: str, progress: Progress | None = None, stop: Stop | None = None
) -> Answer:
    """Run one reading process to its end.

    Parameters
    ----------
    request
        What to do; ``request.limits.seconds`` is the wall time it may take.
    name
        The upload, named in errors.
    progress
        Told how far reading is.
    stop
        Lets another thread end the reading.

    Raises
    ------
    IntakeError
        ETK813 too slow and stopped, ETK814 crashed or ran out of memory, ETK872 ended by ``stop``.
    """
    program = Program(MODULE, _environment(request.out), request.limits.seconds)
    ended = run_apart(program, request.dump(), request.out, _heard(progress), stop)
    if stop is not None and stop.asked:
        raise IntakeError("ETK872", file=name)
    answer = request.out / ANSWER_FILE
    if ended.code == 0 and answer.is_file():
        return Answer.load(answer.read_text(encoding="utf-8"))
    if ended.too_late:
        raise IntakeError("ETK813", file=name, seconds=f"{request.limits.seconds:g}")
    logger.error("reading process ended with %s: %s", ended.code, ended.log)
    raise IntakeError("ETK814", file=name)


def _heard(progress: Progress | None) -> Callable[[Mapping[str, Any]], None]:
    def hear(told: Mapping[str, Any]) -> None:
        if progress is not None and {"done", "of"} <= told.keys():
            progress(int(told["done"]), int(told["of"]))

    return hear


def _environment(out: Path) -> Mapping[str, str]:
    return {
        "GDAL_SKIP": ",".join(_skipped_drivers()),
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
        "GDAL_HTTP_TIMEOUT": "1",
        "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
        "SHAPE_RESTORE_SHX": "YES",
        "OGR_ARC_STEPSIZE": "1",
        "CPL_TMPDIR": str(out),
        "CPL_DEBUG": "OFF",
        # Arrow's own pools reserve address space, which the memory limit would count.
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }


@cache
def _skipped_drivers() -> tuple[str, ...]:
    return tuple(sorted(set(pyogrio.list_drivers()) - set(GDAL_DRIVERS)))

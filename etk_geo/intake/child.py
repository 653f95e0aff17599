"""Reading in a process of its own, which can be stopped, can crash, and sees no network.

The child gets the folder of the upload and the drivers it needs; nothing of the parent's
environment that could point GDAL elsewhere.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import IO

import pyogrio

import etk_geo
from etk_geo.errors import IntakeError
from etk_geo.intake.formats import GDAL_DRIVERS
from etk_geo.intake.readers.answer import ANSWER_FILE, Answer, Request

MODULE = "etk_geo.intake.readers.process"
KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL")
LOG_FILE = "reader.log"
LOG_TAIL = 3000

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with rows read and rows expected, from the thread that called :func:`run_reader`."""


class Stop:
    """A way for another thread to end reading: asked once, it stays so."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = False

    @property
    def asked(self) -> bool:
        """Whether reading is to end."""
        return self._asked

    def ask(self) -> None:
        """End the reading process, now or as soon as it starts."""
        with self._lock:
            self._asked = True
            if self._process is not None:
                self._process.kill()

    def watch(self, process: subprocess.Popen[bytes]) -> None:
        """Take over the process that is to be ended."""
        with self._lock:
            self._process = process
            if self._asked:
                process.kill()


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
    log = (request.out / LOG_FILE).open("wb")
    process = subprocess.Popen(  # noqa: S603 - our own module, no shell, no word of the user's
        [sys.executable, "-B", "-m", MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=_environment(request.out),
        cwd=request.out,
    )
    started = time.monotonic()  # before the deadline begins, or a busy computer counts too little
    deadline = threading.Timer(request.limits.seconds, process.kill)
    deadline.start()
    if stop is not None:
        stop.watch(process)
    try:
        _converse(process, request, progress)
        code = process.wait()
    finally:
        deadline.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, log):
            _close(pipe)
    if stop is not None and stop.asked:
        raise IntakeError("ETK872", file=name)
    answer = request.out / ANSWER_FILE
    if code == 0 and answer.is_file():
        return Answer.load(answer.read_text(encoding="utf-8"))
    if time.monotonic() - started >= request.limits.seconds:
        raise IntakeError("ETK813", file=name, seconds=f"{request.limits.seconds:g}")
    told = (request.out / LOG_FILE).read_text(encoding="utf-8", errors="replace")
    logger.error("reading process ended with %s: %s", code, told[-LOG_TAIL:])
    raise IntakeError("ETK814", file=name)


def _converse(
    process: subprocess.Popen[bytes], request: Request, progress: Progress | None
) -> None:
    if process.stdin is None or process.stdout is None:
        return
    try:
        process.stdin.write(request.dump().encode() + b"\n")
        process.stdin.flush()
    except OSError:
        return  # it ended before it listened; its exit code says so
    for line in process.stdout:
        if progress is None:
            continue
        try:
            told = json.loads(line)
            progress(int(told["done"]), int(told["of"]))
        except (ValueError, KeyError, TypeError):
            continue


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        try:
            pipe.close()
        except OSError:
            return


def _environment(out: Path) -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(Path(etk_geo.__file__).resolve().parent.parent),
        "PYTHONUTF8": "1",
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

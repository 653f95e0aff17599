"""A report in the making in a process of its own: watched, and ended at once when asked.

Setting a PDF and drawing maps holds the interpreter for seconds at a time: in the app's own process
every page would wait for it. The files lie in a folder that nobody else can read until they are
read back, and then, or when the report is stopped or breaks off, they are gone.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from etk_geo.background import Background, StoppedError, Tell
from etk_geo.errors import EtkGeoError, ReportError
from etk_geo.i18n import text
from etk_geo.own_process import Ended, Program, Stop, run_apart
from etk_geo.private_folder import PrivateFolder
from etk_geo.reports.order import ReportOrder
from etk_geo.reports.rendering import FORMS, Form

MODULE = "etk_geo.reports.process"
HOME_VARIABLES = (
    *("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
    *("MPLCONFIGDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
)
"""Where fonts, matplotlib's list of them and libraries are found, as on the command line. What
else the app knows, the password of its database among it, does not go along."""

KILLED = -int(getattr(signal, "SIGKILL", 9))

AT_ONCE = 2
"""Reports made at the same time, whoever asks for them: each takes some 530 MB and a core."""

WAIT_S = 0.2
_turns = threading.BoundedSemaphore(AT_ONCE)

logger = logging.getLogger(__name__)

Files = dict[Form, bytes]


def report_run(order: ReportOrder) -> Background[Files]:
    """Return the making of a report in a process of its own, not yet started.

    Its files are those of :func:`etk_geo.reports.rendering.render_report`, byte for byte. Stopping
    it ends the process at once.

    Errors of its result, besides those of reading a record and of rendering: ``ReportError`` with
    ETK771 where the process broke off, ETK772 where memory ran out, ETK773 where no process or
    folder could be made.
    """
    stop = Stop()

    def work(tell: Tell) -> Files:
        with _turn(order, tell, stop):
            return _made_apart(order, tell, stop)

    run = Background(work, when_stopped=stop.ask)
    run.what = text("reports.making.begin", order.lang)
    return run


@contextmanager
def _turn(order: ReportOrder, tell: Tell, stop: Stop) -> Iterator[None]:
    """Wait until fewer than ``AT_ONCE`` reports are in the making, and say so."""
    waited = False
    while not _turns.acquire(timeout=WAIT_S):
        waited = True
        tell(0, 0, text("reports.making.queue", order.lang))
        if stop.asked:
            raise StoppedError
    try:
        if waited:
            tell(0, 0, text("reports.making.begin", order.lang))
        yield
    finally:
        _turns.release()


def _made_apart(order: ReportOrder, tell: Tell, stop: Stop) -> Files:
    said: list[EtkGeoError] = []

    def hear(told: Mapping[str, Any]) -> None:
        if "issues" in told:
            said.append(_error(told["issues"]))
        elif {"done", "total", "what"} <= told.keys():
            tell(int(told["done"]), int(told["total"]), str(told["what"]))

    if stop.asked:
        raise StoppedError
    try:
        place = PrivateFolder()
    except OSError as error:
        raise ReportError("ETK773", reason=error.strerror or "?") from error
    try:
        ended = run_apart(_program(order), order.dump(), place.path, hear, stop)
        if stop.asked:
            raise StoppedError
        if said:
            raise said[0]
        _check_end(ended)
        return _files(place.path)
    except OSError as error:
        raise ReportError("ETK773", reason=error.strerror or "?") from error
    finally:
        place.close()


def _program(order: ReportOrder) -> Program:
    kept = {name: os.environ[name] for name in HOME_VARIABLES if name in os.environ}
    return Program(MODULE, {**kept, "ETK_ROOT": str(order.root.resolve())})


def _check_end(ended: Ended) -> None:
    """Raise what an end that was not asked for means."""
    if ended.code == 0:
        return
    logger.error("process of a report ended with %s: %s", ended.code, ended.log)
    # Nobody here sends this signal without ``Stop``: it is the system, short of memory.
    raise ReportError("ETK772" if ended.code == KILLED else "ETK771")


def _files(folder: Path) -> Files:
    return {form: (folder / form).read_bytes() for form in FORMS if (folder / form).is_file()}


def _error(issues: list[Mapping[str, Any]]) -> EtkGeoError:
    """Return one error that reports some issues, as the process told them."""
    first, *more = [
        ReportError(issue["code"], file=issue["file"], where=issue["where"], **issue["detail"])
        for issue in issues
    ]
    first.more = tuple(more)
    return first

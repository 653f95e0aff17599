"""Work in a process of its own: it can be ended at any moment, and may crash alone.

The process is a fresh Python that runs one module of this package; nothing of the app's memory, its
``__main__`` or its threads goes along. It is asked by one line of JSON on standard input, tells how
far it is by lines of JSON on standard output, and leaves its answer as files in its folder. It ends
when the program that started it does: standard input is then at its end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import etk_geo

KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL")
LOG_FILE = "process.log"
LOG_TAIL = 3000

Hear = Callable[[Mapping[str, Any]], None]
"""Called with what the process tells, from the thread that waits for it. What it raises ends the
process."""


class Stop:
    """A way for another thread to end a process: asked once, it stays so."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = False

    @property
    def asked(self) -> bool:
        """Whether the work is to end."""
        return self._asked

    def ask(self) -> None:
        """End the process, now or as soon as it starts."""
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


@dataclass(frozen=True)
class Program:
    """What to run.

    ``module`` is one of this package, run as ``python -m``; ``environment`` what it sees besides
    ``KEPT_VARIABLES``; ``seconds`` the wall time it may take, ``None`` for any.
    """

    module: str
    environment: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None


@dataclass(frozen=True)
class Ended:
    """How a process ended.

    ``code`` is its exit code (negative: the signal), ``log`` the end of what it wrote on standard
    error, ``too_late`` whether it had used up its time.
    """

    code: int
    log: str
    too_late: bool


def run_apart(
    program: Program, request: str, folder: Path, hear: Hear, stop: Stop | None = None
) -> Ended:
    """Run a program in a process of its own to its end.

    Parameters
    ----------
    program
        What to run.
    request
        JSON without a line break, put to its standard input.
    folder
        Where it runs, and where its temporary files go. Who gives it removes it.
    hear
        Told what the process tells; lines that are no JSON object are passed over.
    stop
        Lets another thread end it.

    Raises
    ------
    OSError
        If no process can be started.
    """
    with (folder / LOG_FILE).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own module, no shell, no word of the user's
            # -P: the folder may hold what users brought; nothing is imported from there.
            [sys.executable, "-B", "-P", "-m", program.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment_of(program, folder),
            cwd=folder,
        )
        # Before the deadline begins, or a busy computer counts too little.
        started = time.monotonic()
        if stop is not None:
            stop.watch(process)
        with _ended(process, program.seconds):
            _converse(process, request, hear)
            code = process.wait()
    late = program.seconds is not None and time.monotonic() - started >= program.seconds
    told = (folder / LOG_FILE).read_text(encoding="utf-8", errors="replace")
    return Ended(code, told[-LOG_TAIL:], late)


@contextmanager
def _ended(process: subprocess.Popen[bytes], seconds: float | None) -> Iterator[None]:
    """See that a process is over at the end, and at the end of its time."""
    deadline = None if seconds is None else threading.Timer(seconds, process.kill)
    if deadline is not None:
        deadline.start()
    try:
        yield
    finally:
        if deadline is not None:
            deadline.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _converse(process: subprocess.Popen[bytes], request: str, hear: Hear) -> None:
    if process.stdin is None or process.stdout is None:
        return
    try:
        process.stdin.write(request.encode() + b"\n")
        process.stdin.flush()
    except OSError:
        return  # it ended before it listened; its exit code says so
    for line in process.stdout:
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict):
            hear(told)


def environment_of(program: Program, folder: Path) -> dict[str, str]:
    """Return all that a program sees of the environment."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(Path(etk_geo.__file__).resolve().parent.parent),
        "PYTHONUTF8": "1",
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)),
        **program.environment,
    }


def take_request() -> str:
    """Return the request, in the process itself, which from then on ends with its parent."""
    line = sys.stdin.buffer.readline().decode("utf-8")
    _leave_no_core()
    _go_first_without_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return line


def run_main(main: Callable[[], int]) -> NoReturn:
    """Run what a process is for, and end it with the code that is returned; 1 if it fails."""
    code = 1
    try:
        code = main()
    except Exception:  # noqa: BLE001 - the edge of the process; the parent logs what it says
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    # Nothing is left to tidy, and a daemon thread blocked on standard input would hold up the end.
    os._exit(code)


def tell(**told: object) -> None:
    """Tell the parent something, in the process itself."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _leave_no_core() -> None:
    """Let no dump of memory hold what users brought, where the system makes any (POSIX)."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _go_first_without_memory() -> None:
    """Where memory runs out (Linux), let the system end this process and not the app."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")

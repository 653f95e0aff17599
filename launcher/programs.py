"""Running other programs (pip, npm): their words go to a log, their end is explained."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TICK_SECONDS = 2.0
_STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Outcome:
    """How a program ended, and all that it said."""

    code: int
    output: str


def child_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for programs of the virtual environment.

    Settings that would lead them to other packages than the pinned ones are left out; the user's
    package index, proxy and certificates stay.
    """
    dropped = {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    fixed = {"PYTHONUTF8": "1", "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return {**kept, **fixed, **(extra or {})}


def run_logged(
    command: Sequence[str | Path],
    *,
    folder: Path,
    log: Path,
    on_line: Callable[[str], None] = lambda _line: None,
    on_tick: Callable[[], None] = lambda: None,
) -> Outcome:
    """Run a program to its end, write what it says to a log, and report each line.

    ``on_tick`` is called every few seconds while the program says nothing. If the launcher is
    interrupted, the program is ended too.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    said: list[str] = []
    with log.open("a", encoding="utf-8") as record:
        record.write(f"\n$ {' '.join(str(word) for word in command)}\n")
        with subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process:
            try:
                for line in _lines(process, on_tick):
                    said.append(line)
                    record.write(line)
                    on_line(line.rstrip())
                code = process.wait()
            except BaseException:
                stop(process)
                raise
    return Outcome(code, "".join(said))


def _lines(process: subprocess.Popen[str], on_tick: Callable[[], None]) -> Iterator[str]:
    said: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        if process.stdout is not None:
            for line in process.stdout:
                said.put(line)
        said.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = said.get(timeout=TICK_SECONDS)
        except queue.Empty:
            on_tick()
            continue
        if line is None:
            return
        yield line


def stop(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """End a program: asked first, forced after a while."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

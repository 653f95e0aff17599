"""The reading process: one request on standard input, one answer in its folder, then gone.

Run by ``child.py`` as ``python -m etk_geo.intake.readers.process``. Ends when its parent does.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType


class _WithoutFrames(MetaPathFinder):
    """Hides what pyogrio and pyarrow import when they can.

    A reading process has no use for frames and starts in a third of the time without.
    """

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the protocol's
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in ("geopandas", "pandas", "pyproj"):
            raise ModuleNotFoundError(fullname)
        return None


sys.meta_path.insert(0, _WithoutFrames())

from etk_geo.intake.readers.answer import ANSWER_FILE, Request  # noqa: E402
from etk_geo.intake.readers.answering import answer_request  # noqa: E402
from etk_geo.own_process import run_main, take_request  # noqa: E402


def _limit_resources(memory_bytes: int, seconds: float) -> None:
    """Bound memory and processor time where the system can (POSIX)."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    for kind, limit in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, int(seconds) + 5),
    ):
        _, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or limit <= hard:
            resource.setrlimit(kind, (limit, hard))


def main() -> int:
    """Answer one request."""
    request = Request.load(take_request())
    _limit_resources(request.limits.memory_bytes, request.limits.seconds)
    answer = answer_request(request)
    Path(request.out, ANSWER_FILE).write_text(answer.dump(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    run_main(main)

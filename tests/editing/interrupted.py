"""Run by test_killed.py: edits in children that are killed after so many steps of the program.

A step is a call inside the modules that write, or one from them into the system, or its return.
Prints a line of JSON per child.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from shapely.geometry import Point

from etk_geo.build.compile import compile_layer
from etk_geo.build.edits import read_edits
from etk_geo.catalog import open_catalog
from etk_geo.editing import Change, LayerEditor, finish_interrupted

LAYER, FEATURE = "industrial_parks", "qipanjing_east"
WATCHED = ("editor.py", "store.py", "exclusive.py", "tempfile.py")
AT = datetime(2026, 3, 1, tzinfo=UTC)


def clock() -> datetime:
    return AT


def edit(root: Path, number: int) -> None:
    editor = LayerEditor(root, LAYER, clock)
    place = {"bound": "position", "accuracy_m": number}
    change = Change(Point(107 + number / 1000, 39.4), has_geometry=True, properties=place)
    seen = editor.feature(FEATURE).seen
    editor.edit(FEATURE, change, author="a", reason="c", source="b", seen=seen)


def child(root: Path, steps: int, told: int) -> None:
    """Edit and say so; be killed at the given step of the writing."""
    left = steps
    counts = 0
    writing = False

    def count(frame, event, argument) -> None:
        nonlocal left, counts, writing
        writing = writing or frame.f_code.co_name == "write_atomic"
        if writing and Path(frame.f_code.co_filename).name in WATCHED:
            left -= 1
            if event == "return" and frame.f_code.co_name == "write_atomic":
                counts = steps - left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    edit(root, 2)
    sys.setprofile(None)
    os.write(told, b".")
    os.write(told, f"{counts} {steps - left}".encode())
    os._exit(0)


def run(root: Path, steps: int) -> tuple[int, str]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        child(root, steps, writing)
    os.close(writing)
    with os.fdopen(reading) as stream:
        told = stream.read()
    _, status = os.waitpid(pid, 0)
    return status, told


def main(original: Path, work: Path, points: int) -> None:
    edit(original, 1)
    whole = work / "whole"
    shutil.copytree(original, whole)
    _, told = run(whole, 10**9)
    counts, total = map(int, told.strip(".").split())
    # Evenly, and each one from shortly before the edit counts, its file being the last, to the end.
    evenly = {1 + number * (total - 1) // points for number in range(points)}
    for steps in sorted(evenly | set(range(counts - 2, total + 1))):
        root = work / f"at-{steps}"
        shutil.copytree(original, root)
        status, told = run(root, steps)
        mended = finish_interrupted(root)
        edits = read_edits(root, LAYER)
        row = open_catalog(root).layers[LAYER].gdf.set_index("id").loc[FEATURE]
        made = compile_layer(root, LAYER, edits)
        current = all((root / file).read_bytes() == content for file, content in made.items())
        left = [p.name for p in (root / "data/edits").glob("*") if p.name != ".lock"]
        left += [p.name for p in (root / "layers").glob(".*")]
        print(
            json.dumps(
                {
                    "steps": steps,
                    "killed": os.WIFSIGNALED(status),
                    "acknowledged": told.count("."),
                    "edits": len(edits),
                    "shown": None if row.geometry is None else row.accuracy_m,
                    "mended": bool(mended),
                    "current": current,
                    "left": sorted(left),
                }
            )
        )
        shutil.rmtree(root)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))

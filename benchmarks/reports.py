"""What a report of 100 projects costs, against another checkout of this project.

The record is one of 100 synthetic projects (points, roads, areas) screened against the layers of
the repository. Each run is a process of its own that makes the document with its figures, DOCX,
PDF and XLSX, and tells the processor time of each and the size of the files. With ``--against`` the
two checkouts take turns, and the ratios of the pairs are printed: they hold better than times.

Run: ``PYTHONPATH=. python benchmarks/reports.py [--projects 100] [--pairs 3] [--against FOLDER]``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from screening_synthetic import projects

from etk_geo.catalog import open_catalog
from etk_geo.crs import to_lonlat
from etk_geo.model import BANNER_BOUNDS
from etk_geo.rules import read_rules
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.measures import passages
from etk_geo.screening.projects import project_frame
from etk_geo.screening.record import Parameters, build_record, canonical
from etk_geo.screening.zones import collect_zones

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2026, 11, 25)
ONE_RUN = """
import json, sys, time
from datetime import date
from pathlib import Path
from etk_geo.catalog import open_catalog
from etk_geo.documents.pdf import pdf
from etk_geo.documents.word import docx
from etk_geo.plan import open_plan
from etk_geo.reports.screening_report import screening_document
from etk_geo.reports.source import ReportFacts, read_source
from etk_geo.reports.workbook import screening_workbook
from etk_geo.rules import read_rules
from etk_geo.store import project_root

took, size, began = {}, {}, time.perf_counter()

def measured(name, make):
    start = time.process_time()
    made = make()
    took[name] = time.process_time() - start
    if isinstance(made, bytes):
        size[name] = len(made) / 1e6
    return made

root = project_root()
content = Path(sys.argv[1]).read_bytes()
opened = open_catalog(root), open_plan(root), read_rules(root)
source = measured("read", lambda: read_source(content, *opened))
facts = ReportFacts(date(2026, 11, 25), number="2026-0001", author="bench")
document = measured("document", lambda: screening_document(source, facts, "zh"))
measured("docx", lambda: docx(document))
measured("pdf", lambda: pdf(document))
measured("xlsx", lambda: screening_workbook(source, facts, "zh"))
took["all"] = sum(took.values())
print(json.dumps({"took": took, "size": size, "wall": time.perf_counter() - began}))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--against", type=Path, help="another checkout, set up")
    asked = parser.parse_args()
    trees = [ROOT] if asked.against is None else [asked.against.resolve(), ROOT]
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "record.json"
        record.write_bytes(record_of(asked.projects))
        runs = [[run(tree, record) for tree in trees] for _ in range(asked.pairs)]
    for number, tree in enumerate(trees):
        print(tree)
        for name in runs[0][number]["took"]:
            took = statistics.median(pair[number]["took"][name] for pair in runs)
            size = runs[0][number]["size"].get(name)
            print(f"  {name:9}{took:7.1f} s" + (f"{size:8.1f} MB" if size else ""))
        wall = statistics.median(pair[number]["wall"] for pair in runs)
        print(f"  wall     {wall:7.1f} s, load {os.getloadavg()[0]:.1f}")
    if len(trees) == 2:
        ratios = [pair[0]["took"]["all"] / pair[1]["took"]["all"] for pair in runs]
        print("ratios of the pairs:", " ".join(f"{ratio:.2f}" for ratio in sorted(ratios)))


def run(tree: Path, record: Path) -> dict[str, dict[str, float]]:
    """Make the report once with the program of a checkout."""
    done = subprocess.run(
        [sys.executable, "-c", ONE_RUN, str(record)],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def record_of(count: int) -> bytes:
    """Return the record of synthetic projects, the same every time."""
    catalog, book = open_catalog(ROOT), read_rules(ROOT)
    zones = collect_zones(catalog, book)
    known = {"decided_on": None, "bound": "exact", "accuracy_m": 10.0, "extent_m": 0.0}
    rows = [
        {
            "project_id": f"p{number:03}",
            "name_zh": f"合成项目{number}",
            "name_en": f"Synthetic {number}",
            "category": "chemical",
            "extent_basis": "",
            "known_zh": "",
            "known_en": "",
            "geometry": to_lonlat(geometry),
            **known,
        }
        for number, geometry in enumerate(projects(count).geometry)
    ]
    frame = project_frame(rows)
    screening = screen_projects(frame, zones, book, DAY)
    parameters = Parameters(DAY.isoformat(), None, BANNER_BOUNDS)
    found = passages(screening, frame, zones)
    return canonical(build_record(screening, frame, catalog, book, parameters, found))


if __name__ == "__main__":
    main()

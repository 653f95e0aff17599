"""Take in and screen 200,000 polygons (100 MB and more) against plain ``geopandas.read_file``.

``python -m benchmarks.intake`` writes the files to a temporary folder, runs each way in a process
of its own, and prints wall time and peak memory. The intake's own processes are counted with it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from etk_geo.catalog import open_catalog
from etk_geo.intake.confirm import Choice, confirm
from etk_geo.intake.problems import list_problems
from etk_geo.intake.understanding import understand
from etk_geo.intake.upload import open_upload
from etk_geo.model import Completeness
from etk_geo.plan import open_plan
from etk_geo.rules import read_rules
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.projects import plan_projects
from etk_geo.screening.taken import taken_projects
from etk_geo.screening.zones import collect_zones
from etk_geo.store import project_root
from etk_geo.supply.assessment import survey_layer
from etk_geo.supply.keeping import supply_layer
from etk_geo.supply.statement import Statement

PARCELS = 200_000
VERTICES = 41


def parcels(count: int) -> gpd.GeoDataFrame:
    """Return parcels of 41 vertices over the banner, EPSG:4490, Chinese names."""
    rng = np.random.default_rng(4)
    centres = np.column_stack([rng.uniform(106.9, 108.8, count), rng.uniform(38.4, 40.1, count)])
    angle = np.linspace(0, 2 * np.pi, VERTICES - 1, endpoint=False)
    radius = rng.uniform(0.0003, 0.0012, (count, 1)) * (1 + rng.uniform(-0.2, 0.2, (count, 40)))
    x = centres[:, :1] + radius * np.cos(angle)
    y = centres[:, 1:] + radius * np.sin(angle)
    rings = np.stack([np.column_stack([x, x[:, :1]]), np.column_stack([y, y[:, :1]])], axis=2)
    names = [f"地块{i}" for i in range(count)]
    data = {"名称": names, "地类": ["天然牧草地"] * count, "编号": range(count)}
    return gpd.GeoDataFrame(data, geometry=shapely.polygons(rings), crs=4490)


def plain(path: Path) -> dict[str, float]:
    started = time.perf_counter()
    gdf = gpd.read_file(path)
    read_s = time.perf_counter() - started
    return {"rows": len(gdf), "read_s": read_s, "total_s": read_s}


def taken_in(path: Path) -> dict[str, float]:
    started = time.perf_counter()
    parts = [p for p in path.parent.iterdir() if p.stem == path.stem]
    with open_upload([(p.name, p) for p in parts]) as upload:
        upload.survey()
        surveyed_s = time.perf_counter() - started
        told: list[float] = []
        raw = upload.read(progress=lambda _done, _of: told.append(time.perf_counter()))
    read_s = time.perf_counter() - started
    understanding = understand(raw)
    understood_s = time.perf_counter() - started
    taken = confirm(raw, understanding, Choice(understanding.suggested.id))
    confirmed_s = time.perf_counter() - started
    issues = list_problems(taken.frame, taken.labels, path.name)
    total_s = time.perf_counter() - started
    gaps = np.diff(told)
    return {
        "rows": len(taken.frame), "survey_s": surveyed_s, "read_s": read_s - surveyed_s,
        "understand_s": understood_s - read_s, "confirm_s": confirmed_s - understood_s,
        "check_s": total_s - confirmed_s, "total_s": total_s, "issues": len(issues),
        "progress_calls": len(told), "longest_silence_s": float(gaps.max()) if len(gaps) else 0.0,
    }  # fmt: skip


def take(path: Path):
    parts = [p for p in path.parent.iterdir() if p.stem == path.stem]
    with open_upload([(p.name, p) for p in parts]) as upload:
        raw = upload.read(upload.survey()[0])
    understanding = understand(raw)
    return confirm(raw, understanding, Choice(understanding.suggested.id, accuracy_m=5.0))


def as_projects(path: Path) -> dict[str, float]:
    """Take in and screen every polygon as a project against the zones of the plan."""
    started = time.perf_counter()
    taken = take(path)
    taken_s = time.perf_counter() - started
    catalog, book = open_catalog(project_root()), read_rules(project_root())
    zones = collect_zones(catalog, book, on=TODAY)
    listed = taken_projects(taken, name="parcels", categories={"": "building"}, extents={})
    _ = listed.key
    frame = listed.frame
    handed_s = time.perf_counter() - started - taken_s
    totals: Counter[str] = Counter()
    for start in range(0, len(frame), SCREENED_AT_ONCE):
        part = frame.iloc[start : start + SCREENED_AT_ONCE]
        totals.update(screen_projects(part, zones, book, TODAY).totals)
    total_s = time.perf_counter() - started
    assert sum(totals.values()) == len(frame) * len(zones.zones)
    return {
        "rows": len(frame), "zones": len(zones.zones), "take_s": taken_s,
        "hand_over_s": handed_s, "total_s": total_s,
    }  # fmt: skip


def as_official(path: Path) -> dict[str, float]:
    """Supply as an official layer of a copy of the project, and screen the plan's projects."""
    started = time.perf_counter()
    taken = take(path)
    times = {"take_s": time.perf_counter() - started}
    statement = Statement(
        "permanent_basic_farmland", date(2025, 1, 1), "holder", "1", "title", "internal",
        restricted=True, complete=Completeness.BANNER,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("data", "layers", "rules"):
            ignored = shutil.ignore_patterns("supplied")
            shutil.copytree(project_root() / name, root / name, ignore=ignored)

        def lap(name: str) -> None:
            times[name] = time.perf_counter() - started - sum(times.values())

        survey = survey_layer(taken, open_catalog(root))
        lap("survey_s")
        entry = supply_layer(root, taken, statement, TODAY, survey=survey)
        lap("supply_s")
        del taken
        catalog, book = open_catalog(root), read_rules(root)
        lap("open_s")
        zones = collect_zones(catalog, book, on=TODAY)
        lap("collect_s")
        projects = plan_projects(catalog, open_plan(root))
        screening = screen_projects(projects, zones, book, TODAY)
        lap("screen_s")
        again = time.perf_counter()
        screen_projects(projects, zones, book, TODAY)
        times["screen_again_s"] = time.perf_counter() - again
    rows = screening.findings[screening.findings["zone_id"] == entry.id]
    counts = rows["verdict"].value_counts()
    return {
        "rows": len(catalog.layers[entry.id].gdf),
        **times,
        **{k: int(v) for k, v in counts.items()},
    }


TODAY = date(2026, 6, 1)
SCREENED_AT_ONCE = 5000

WAYS = {
    "geopandas.read_file": plain,
    "intake": taken_in,
    "screened as projects": as_projects,
    "official layer": as_official,
}


def measure(way: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.intake", "--way", way, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--parcels", type=int, default=PARCELS)
    parser.add_argument("path", type=Path, nargs="?")
    arguments = parser.parse_args()
    if arguments.way:
        figures = WAYS[arguments.way](arguments.path)
        figures["cpu_s"] = time.process_time()
        figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        figures["child_peak_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(json.dumps(figures))
        return
    with tempfile.TemporaryDirectory() as folder:
        gdf = parcels(arguments.parcels)
        for name, options in (("a.shp", {"encoding": "GBK"}), ("b.gpkg", {}), ("c.geojson", {})):
            path = Path(folder, name)
            gdf.to_file(path, engine="pyogrio", **options)
            size = sum(p.stat().st_size for p in path.parent.iterdir() if p.stem == path.stem)
            print(f"{name}: {len(gdf)} polygons, {size / 1e6:.0f} MB")
            for way in WAYS if name == "b.gpkg" else ("geopandas.read_file", "intake"):
                figures = measure(way, path)
                print(f"  {way:20}", "  ".join(f"{k} {v:.2f}" for k, v in figures.items()))


if __name__ == "__main__":
    main()

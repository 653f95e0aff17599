"""Take in 200,000 polygons (100 MB and more) against plain ``geopandas.read_file``.

``python -m benchmarks.intake`` writes the files to a temporary folder, runs each way in a process
of its own, and prints wall time and peak memory. The intake's own processes are counted with it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from etk_geo.intake.confirm import Choice, confirm
from etk_geo.intake.problems import list_problems
from etk_geo.intake.understanding import understand
from etk_geo.intake.upload import open_upload

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


WAYS = {"geopandas.read_file": plain, "intake": taken_in}


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
            for way in WAYS:
                figures = measure(way, path)
                print(f"  {way:20}", "  ".join(f"{k} {v:.2f}" for k, v in figures.items()))


if __name__ == "__main__":
    main()

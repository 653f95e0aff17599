"""Screening of 10,000 projects against ten heavy zones, and what the same costs elsewhere.

    python -m benchmarks.screening [--projects 10000] [--growth 100,1000,10000,100000]

All engines answer the same question in one run: overlap, length inside and distance of every pair
that meets or is nearer than 1,000 m (``screening_rivals`` tells what each does). Pairs and sums
must agree before any ratio is printed. PostGIS (apt: postgresql-15-postgis-3) and SedonaDB (PyPI:
sedonadb, geoarrow-pyarrow) take part where they are installed; PostGIS is started here, in a
temporary folder. Either side of a ratio is run in turn, and the median of the turns' ratios is
given, of wall time and of processor time, since wall time depends on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import screening_rivals as rivals  # noqa: E402
import screening_synthetic as synthetic  # noqa: E402

from etk_geo.catalog import open_catalog  # noqa: E402
from etk_geo.plan import open_plan  # noqa: E402
from etk_geo.rules import read_rules  # noqa: E402
from etk_geo.screening.findings import screen_projects  # noqa: E402
from etk_geo.screening.projects import plan_projects  # noqa: E402
from etk_geo.screening.relation import prepare_projects, prepare_zones, relate  # noqa: E402
from etk_geo.screening.zones import collect_zones  # noqa: E402

WITHIN_M = 1_000.0
PROJECT_ACCURACY_M, ZONE_ACCURACY_M = 30.0, 5.0
TURNS = 3
THREADS = min(2, os.cpu_count() or 1)
ALONE = 200


class Results:
    """Times as they are taken, and the ratios between them with their goals."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, float, str, str]] = []

    def measure(self, name, work, turns=TURNS, clock=time.process_time):
        """Time a piece of work, print its best turn, return its last answer and its watches."""
        watches = []
        for _ in range(turns):
            with rivals.Stopwatch(clock) as watch:
                answer = work()
            watches.append(watch)
        self._say(name, watches)
        return answer, watches[-1]

    def compare(self, name, theirs, ours, turns=TURNS, clock=time.process_time):
        """Run two things in turn; returns the last answer of theirs, and both lists of watches."""
        slow, fast = [], []
        for _ in range(turns):
            with rivals.Stopwatch(clock) as watch:
                answer = theirs()
            slow.append(watch)
            with rivals.Stopwatch() as watch:
                ours()
            fast.append(watch)
        self._say(name, slow)
        self._say("  here, in turn with it", fast)
        return answer, slow, fast

    @staticmethod
    def _say(name, watches):
        wall, cpu = (min(getattr(watch, kind) for watch in watches) for kind in ("wall", "cpu"))
        print(f"{name:<56} {wall:9.3f} s wall {cpu:9.3f} s cpu", flush=True)

    def ratio(self, said, slow, fast, goal, *, most=False):
        """Keep the medians of how many times one thing takes as long as another."""
        wall, cpu = (
            statistics.median(
                getattr(one, kind) / getattr(two, kind) for one, two in zip(slow, fast, strict=True)
            )
            for kind in ("wall", "cpu")
        )
        good = [None if goal is None else (value <= goal) is most for value in (wall, cpu)]
        words = {None: "", True: "met", False: "missed"}
        text = "" if goal is None else f"{'at most' if most else 'at least'} {goal:g}"
        self.rows.append((said, wall, cpu, text, " / ".join(words[one] for one in good)))

    def table(self):
        """Print all ratios."""
        print(f"\n{'ratio':<56} {'wall':>8} {'cpu':>8}   {'goal':<14} wall / cpu")
        for said, wall, cpu, goal, met in self.rows:
            print(f"{said:<56} {wall:8.2f} {cpu:8.2f}   {goal:<14} {met if goal else ''}")


def together(first, second):
    """Return the watches of two pieces of work as if they were one, turn by turn."""
    return [one + two for one, two in zip(first, second, strict=True)]


def answer_of(rows):
    """Return the answer of this program in the form that all engines give."""
    kept = rows[rows["distance_least_m"] <= WITHIN_M]
    return rivals.answers(
        pd.DataFrame(
            {
                "project_id": kept["project_id"],
                "zone_id": kept["zone_id"],
                "overlap_m2": kept["overlap_planar_m2"],
                "length_m": kept["length_least_m"],
                "distance_m": kept["distance_least_m"],
            }
        )
    )


def agree(name, ours, theirs):
    """Hold an answer against ours: the same pairs, the same sums.

    Lengths and distances are on the ground here and planar there: 0.02 % apart at most. Pairs
    within that of the distance asked may be on either side.
    """
    pairs = [set(map(tuple, rows[rivals.COLUMNS[:2]].to_numpy())) for rows in (ours, theirs)]
    edge = {
        (row.project_id, row.zone_id)
        for rows in (ours, theirs)
        for row in rows.itertuples()
        if row.distance_m > WITHIN_M * (1 - 5e-4)
    }
    odd = (pairs[0] ^ pairs[1]) - edge
    if odd:
        raise SystemExit(f"{name}: {len(odd)} pairs differ, {sorted(odd)[:3]}")
    both = ours.merge(theirs, on=rivals.COLUMNS[:2], suffixes=("", "_theirs"))
    for column, tolerance in (("overlap_m2", 1e-9), ("length_m", 5e-4), ("distance_m", 5e-4)):
        sums = both[column].sum(), both[f"{column}_theirs"].sum()
        if not np.isclose(*sums, rtol=tolerance):
            raise SystemExit(f"{name}: {column} {sums[0]} here, {sums[1]} there")
    print(
        f"  agrees with {name}: {len(both)} pairs, {both['overlap_m2'].sum() / 1e6:.6f} km2, "
        f"{both['length_m'].sum() / 1e3:.3f} km, {both['distance_m'].sum() / 1e3:.1f} km apart",
        flush=True,
    )


class Bench:
    """The projects and zones of one run, and this program's answers."""

    def __init__(self, results, count) -> None:
        self.results = results
        self.zones = synthetic.zones().assign(accuracy_m=0.0)
        self.frame = synthetic.projects(count)
        self.prepared, self.preparing = results.measure(
            "here: zones prepared", lambda: prepare_zones(self.zones), 1
        )
        self.projects = prepare_projects(self.frame)
        self.relations = self.all()
        self.answer = answer_of(self.relations)

    def all(self):
        """Measure overlap, length and distance."""
        return relate(
            self.projects, self.prepared, reach_m=WITHIN_M, exact_within_m=WITHIN_M, threads=THREADS
        )

    def overlaps(self):
        """Measure overlap and length."""
        return relate(self.projects, self.prepared, exact_within_m=0.0, threads=THREADS)

    @property
    def meets(self):
        """The answer's pairs that share a point."""
        return self.answer[self.answer["distance_m"] == 0].reset_index(drop=True)


def egg_and_yolk(bench):
    """Compare the bounds for vague projects and zones with the plain answer."""
    unsure = prepare_zones(bench.zones.assign(accuracy_m=ZONE_ACCURACY_M))
    vague = prepare_projects(bench.frame.assign(accuracy_m=PROJECT_ACCURACY_M))

    def bounds():
        return relate(vague, unsure, reach_m=WITHIN_M, exact_within_m=WITHIN_M, threads=THREADS)

    rows, slow, fast = bench.results.compare("here, egg and yolk (30 m and 5 m)", bounds, bench.all)
    for found in (bench.relations, rows):
        print(
            "  " + ", ".join(f"{name} {n}" for name, n in found["verdict"].value_counts().items())
        )
    bench.results.ratio("egg and yolk / plain", slow, fast, 2, most=True)


def against_overlay(bench):
    """Compare with ``geopandas.overlay``."""
    results = bench.results
    found, slow, fast = results.compare(
        "geopandas.overlay", lambda: rivals.overlay(bench.frame, bench.zones), bench.all, 1
    )
    agree("geopandas.overlay", bench.meets, found)
    results.ratio("geopandas.overlay / here, zones prepared", slow, fast, 60)
    counted = together(fast, [bench.preparing])
    results.ratio("geopandas.overlay / here with preparation", slow, counted, 8)


def against_servers(bench):
    """Compare with PostGIS and SedonaDB on subdivided zones."""
    results = bench.results
    with rivals.postgis() as (connection, clock, reason):
        if connection is None:
            print(f"PostGIS: skipped, {reason}; SedonaDB: skipped, its zones are cut by PostGIS")
            return
        rivals.load_postgis(connection, bench.frame, bench.zones, WITHIN_M)
        _, cutting = results.measure(
            "PostGIS: ST_Subdivide and index", lambda: rivals.subdivide(connection), 1, clock
        )
        results.ratio("ST_Subdivide / preparation here", [cutting], [bench.preparing], None)
        against_one(
            bench,
            "PostGIS",
            lambda: rivals.postgis_overlaps(connection),
            lambda: rivals.postgis_distances(connection, WITHIN_M),
            (clock, 2.0, TURNS),
        )
        pieces = rivals.pieces_of(connection)
    sedona = rivals.Sedona()
    if sedona.reason:
        print(f"SedonaDB: skipped, {sedona.reason}")
        return
    sedona.load(bench.frame, bench.zones, pieces, WITHIN_M)
    against_one(
        bench,
        "SedonaDB",
        sedona.overlaps,
        lambda: sedona.distances(WITHIN_M),
        (time.process_time, 1.0, 1),
    )


def against_one(bench, name, overlaps, distances, how):
    """Compare overlap and length with an engine, then all of it."""
    clock, goal, turns = how
    results = bench.results
    met, slow, fast = results.compare(
        f"{name}: overlap and length", overlaps, bench.overlaps, TURNS, clock
    )
    near, more, whole = results.compare(
        f"{name}: distance up to 1,000 m", distances, bench.all, turns, clock
    )
    agree(name, bench.answer, rivals.answers(pd.concat([met, near])))
    results.ratio(f"{name} / here: overlap and length", slow, fast, goal)
    total = together(slow[:turns], more)
    results.ratio(f"{name} / here: overlap, length and distance", total, whole, goal)


def one_by_one(bench):
    """Screen single projects against all zones, warm, and the same by join and overlay."""
    results = bench.results
    areal = bench.frame[bench.frame.geometry.geom_type != "Point"].iloc[:ALONE]
    ones = [areal.iloc[[number]] for number in range(len(areal))]

    def ask(one):
        return relate(one, bench.prepared, reach_m=WITHIN_M, exact_within_m=WITHIN_M)

    each("one project against the ten zones", [lambda one=one: ask(one) for one in ones])
    slow, fast = [], []
    for one in ones[:: ALONE // 20]:
        with rivals.Stopwatch() as watch:
            rivals.join_and_overlay(one, bench.zones)
        slow.append(watch)
        with rivals.Stopwatch() as watch:
            ask(one)
        fast.append(watch)
    slow, fast = [sum(slow, rivals.Stopwatch.zero())], [sum(fast, rivals.Stopwatch.zero())]
    results.ratio("one project: sjoin and overlay / here", slow, fast, 10)


def each(name, questions):
    """Time questions one by one and print the median and the slowest."""
    watches = []
    for ask in questions:
        with rivals.Stopwatch() as watch:
            ask()
        watches.append(watch)
    wall, cpu = (
        sorted(getattr(watch, kind) * 1e3 for watch in watches) for kind in ("wall", "cpu")
    )
    print(
        f"{name}, {len(wall)} times: median {statistics.median(wall):.2f} ms wall, "
        f"{statistics.median(cpu):.2f} ms cpu; least {wall[0]:.2f}, most {wall[-1]:.2f} ms wall "
        "(goal: below 5 ms)",
        flush=True,
    )


def moved_on_the_map(results):
    """Screen the plan, and each of its projects moved, with the shipped layers and rules."""
    catalog, book = open_catalog(ROOT), read_rules(ROOT)
    zones = collect_zones(catalog, book)
    projects = plan_projects(catalog, open_plan(ROOT))
    day = date(2026, 6, 1)
    located = projects[projects.geometry.notna()]
    screen_projects(located.iloc[[0]], zones, book, day)
    ones = []
    for number in range(len(located)):
        one = located.iloc[[number]].copy()
        one.geometry = one.geometry.translate(0.001, 0.001)
        ones.append(one)
    each(
        "one project, shipped layers and rules",
        [lambda one=one: screen_projects(one, zones, book, day) for one in ones * 4],
    )
    results.measure(
        f"the plan: {len(projects)} projects, {len(zones.zones)} zones, all findings",
        lambda: screen_projects(projects, zones, book, day),
    )


def growth(results, counts, prepared):
    """Show what more projects cost."""
    for count in counts:
        projects = prepare_projects(synthetic.projects(count))
        results.measure(
            f"{count} projects",
            lambda projects=projects: relate(
                projects, prepared, reach_m=WITHIN_M, exact_within_m=WITHIN_M, threads=THREADS
            ),
            TURNS if count <= 10_000 else 1,
        )
        print(f"  peak memory so far {peak_gb():.2f} GB", flush=True)


def peak_gb():
    """Return the most memory that this process held (GB); the other engines' in it counts too."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--growth", default="100,1000,10000,100000")
    arguments = parser.parse_args()
    say_load("at the start")
    results = Results()
    moved_on_the_map(results)
    bench = Bench(results, arguments.projects)
    results.measure(f"here: {arguments.projects} projects, all figures", bench.all)
    results.measure(f"here: {arguments.projects} projects, overlap and length", bench.overlaps)
    egg_and_yolk(bench)
    one_by_one(bench)
    growth(results, [int(count) for count in arguments.growth.split(",") if count], bench.prepared)
    against_overlay(bench)
    against_servers(bench)
    results.table()
    say_load("at the end")


def say_load(when):
    """Print how busy the machine is."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} processors, load averages {when}: {load}", flush=True)


if __name__ == "__main__":
    main()

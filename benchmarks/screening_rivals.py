"""The same question put to other engines: plain overlay, PostGIS and SedonaDB.

Each answers with one row per pair that meets or is nearer than the distance asked: planar overlap
(m2), planar length inside (m) and planar distance (m), EPSG:4545. PostGIS and SedonaDB get zones
cut by ST_Subdivide, which is how either is used well. Other engines get data of this benchmark
only; a PostgreSQL cluster is made in a temporary folder, listens on loopback and is removed.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

PIECE_VERTICES = 256
COLUMNS = ["project_id", "zone_id", "overlap_m2", "length_m", "distance_m"]
POSTGRES_OPTIONS = (
    "-c shared_buffers=1GB -c work_mem=256MB -c jit=off -c fsync=off -c synchronous_commit=off "
    "-c max_parallel_workers_per_gather=2 -c parallel_setup_cost=0 -c parallel_tuple_cost=0 "
    "-c min_parallel_table_scan_size=0"
)
QUESTION = """
SELECT p.id AS project_id, s.id AS zone_id,
       SUM(CASE WHEN p.kind = 2 AND ST_Intersects(p.geom, s.geom)
                THEN ST_Area(ST_Intersection(p.geom, s.geom)) ELSE 0.0 END) AS overlap_m2,
       SUM(CASE WHEN p.kind = 1 AND ST_Intersects(p.geom, s.geom)
                THEN ST_Length(ST_Intersection(p.geom, s.geom)) ELSE 0.0 END) AS length_m,
       MIN(ST_Distance(p.geom, s.geom)) AS distance_m
FROM projects p JOIN pieces s ON ST_DWithin(p.geom, s.geom, {within})
GROUP BY p.id, s.id
"""


class Stopwatch:
    """Wall seconds and processor seconds of a stretch of work."""

    def __init__(self, cpu=time.process_time) -> None:
        self._cpu = cpu
        self.wall = self.cpu = float("nan")

    def __enter__(self):
        self._begin = time.perf_counter(), self._cpu()
        return self

    def __exit__(self, *_):
        self.wall = time.perf_counter() - self._begin[0]
        self.cpu = self._cpu() - self._begin[1]


def answers(rows: pd.DataFrame) -> pd.DataFrame:
    """Return an answer in one order, whoever gave it."""
    rows = rows[COLUMNS].fillna({"overlap_m2": 0.0, "length_m": 0.0})
    return rows.sort_values(COLUMNS[:2], ignore_index=True).astype(
        dict.fromkeys(COLUMNS[2:], float)
    )


def overlay(projects: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Ask ``geopandas.overlay`` for overlap and length; it has no distances.

    Points and pairs that do not meet are not asked for.
    """
    kind = shapely.get_dimensions(projects.geometry.to_numpy())
    found = []
    for dimension in (1, 2):
        chosen = projects.loc[kind == dimension, ["id", "geometry"]]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parts = gpd.overlay(chosen, zones[["id", "geometry"]], how="intersection")
        parts["overlap_m2"] = parts.area
        parts["length_m"] = parts.length if dimension == 1 else 0.0
        found.append(parts.groupby(["id_1", "id_2"])[["overlap_m2", "length_m"]].sum())
    rows = pd.concat(found).reset_index()
    rows.columns = COLUMNS[:4]
    return answers(rows.assign(distance_m=0.0))


def join_and_overlay(project: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Ask about one project as one does by hand: join by place, then overlay with what it met."""
    met = gpd.sjoin(zones[["id", "geometry"]], project[["id", "geometry"]], how="inner")
    return overlay(project, zones.loc[met.index.unique()])


@contextmanager
def postgis():
    """Start a cluster of our own; yields a connection and a processor clock, or why there is none.

    Yields
    ------
    connection, clock, reason
        ``connection`` is ``None`` where PostgreSQL or PostGIS is not installed.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found:
        yield None, None, "PostgreSQL is not installed"
        return
    import psycopg  # noqa: PLC0415 - only where there is a server

    folder = Path(tempfile.mkdtemp(prefix="etk-postgis-"))
    owner = "postgres" if os.geteuid() == 0 else None
    if owner:
        shutil.chown(folder, owner)

    def run(name, *words):
        command = [str(found[-1].with_name(name)), *words]
        if owner:
            command = ["runuser", "-u", owner, "--", *command]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = str(folder / "data")
    listen = f"-p {port} -h 127.0.0.1 -k {folder} {POSTGRES_OPTIONS}"
    try:
        run("initdb", "-D", data, "-U", "etk", "-A", "trust")
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", listen, "start")
        try:
            address = f"host=127.0.0.1 port={port} user=etk dbname=postgres"
            with psycopg.connect(address, autocommit=True) as connection:
                try:
                    connection.execute("CREATE EXTENSION postgis")
                except psycopg.Error as error:
                    yield None, None, f"PostGIS is not installed: {error}".strip()
                    return
                postmaster = int((folder / "data/postmaster.pid").read_text().splitlines()[0])
                yield connection, lambda: _family_seconds(postmaster), ""
        finally:
            run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _family_seconds(process: int) -> float:
    """Return the processor seconds of a process and its children, those that ended too."""
    seconds = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(stat.parent.name) == process:
            seconds += sum(map(int, words[11:15]))
        elif int(words[1]) == process:
            seconds += sum(map(int, words[11:13]))
    return seconds / os.sysconf("SC_CLK_TCK")


def load_postgis(connection, projects: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> None:
    """Load projects and zones, and index the projects."""
    for name, frame in (("projects", projects), ("zones", zones)):
        connection.execute(
            f"CREATE TABLE {name} (id text, kind int, geom geometry)"  # names of our own
        )
        kinds = shapely.get_dimensions(frame.geometry.to_numpy())
        with connection.cursor().copy(f"COPY {name} (id, kind, geom) FROM STDIN") as copy:
            written = shapely.to_wkb(frame.geometry.to_numpy(), hex=True)
            for row in zip(frame["id"], map(int, kinds), written, strict=True):
                copy.write_row(row)
    connection.execute("CREATE INDEX ON projects USING gist (geom)")
    connection.execute("ANALYZE projects")


def subdivide(connection) -> None:
    """Cut the zones, the way PostGIS does it, and index the pieces."""
    connection.execute(
        f"CREATE TABLE pieces AS SELECT id, ST_Subdivide(geom, {PIECE_VERTICES}) AS geom FROM zones"
    )
    connection.execute("CREATE INDEX ON pieces USING gist (geom)")
    connection.execute("ANALYZE pieces")


def ask_postgis(connection, within_m: float) -> pd.DataFrame:
    """Ask PostGIS."""
    rows = connection.execute(QUESTION.format(within=within_m)).fetchall()
    return answers(pd.DataFrame(rows, columns=COLUMNS))


def pieces_of(connection) -> tuple[list[str], list[bytes]]:
    """Return the pieces that PostGIS cut, as ids and WKB."""
    rows = connection.execute("SELECT id, ST_AsBinary(geom) FROM pieces").fetchall()
    return [row[0] for row in rows], [bytes(row[1]) for row in rows]


class Sedona:
    """SedonaDB in this process, or why it is not there."""

    def __init__(self) -> None:
        self.reason = ""
        try:
            import sedonadb  # noqa: PLC0415 - only this benchmark uses it
        except ImportError:
            self.reason = "SedonaDB (PyPI: sedonadb) is not installed"
        else:
            self._context = sedonadb.connect()

    def load(self, projects: gpd.GeoDataFrame, ids: list[str], pieces: list[bytes]) -> None:
        """Load projects and pieces of zones into memory."""
        geometry = projects.geometry.to_numpy()
        self._table(
            "projects",
            list(projects["id"]),
            shapely.to_wkb(geometry),
            shapely.get_dimensions(geometry),
        )
        self._table("pieces", ids, pieces, [2] * len(ids))

    def _table(self, name, ids, written, kinds) -> None:
        import pyarrow as pa  # noqa: PLC0415

        table = pa.table(
            {
                "id": pa.array(ids, pa.string()),
                "kind": pa.array([int(kind) for kind in kinds], pa.int32()),
                "wkb": pa.array([bytes(one) for one in written], pa.binary()),
            }
        )
        self._context.create_data_frame(table).to_view(f"{name}_raw", overwrite=True)
        read = self._context.sql(f"SELECT id, kind, ST_GeomFromWKB(wkb) AS geom FROM {name}_raw")
        read.to_memtable().to_view(name, overwrite=True)

    def ask(self, within_m: float) -> pd.DataFrame:
        """Ask SedonaDB."""
        found = self._context.sql(QUESTION.format(within=within_m))
        return answers(found.to_pandas())

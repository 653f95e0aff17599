"""The same question put to other engines: plain overlay, PostGIS and SedonaDB.

Each answers with one row per pair that meets or is nearer than the distance asked: planar overlap
(m2), planar length inside (m) and planar distance (m), EPSG:4545. Work on each side:

- here: every pair of 10,000 projects and ten zones; overlap, length, distance up to the limit, and
  besides them verdicts, shares, and all of it on the ellipsoid;
- ``geopandas.overlay``: overlap and length, on one processor; it has no distances;
- PostGIS and SedonaDB: overlap and length on zones cut by ``ST_Subdivide``, found by an index;
  then, of pairs that do not meet, the least distance to the pieces within a box that the limit
  makes. ``ST_DWithin`` there and distances of pairs that meet cost either several times as much.

Other engines get data of this benchmark only; a PostgreSQL cluster is made in a temporary folder,
listens on loopback and is removed.
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
import numpy as np
import pandas as pd
import shapely

PIECE_VERTICES = 256
COLUMNS = ["project_id", "zone_id", "overlap_m2", "length_m", "distance_m"]
POSTGRES_OPTIONS = (
    "-c shared_buffers=1GB -c work_mem=256MB -c jit=off -c fsync=off -c synchronous_commit=off "
    "-c max_parallel_workers_per_gather=2 -c parallel_setup_cost=0 -c parallel_tuple_cost=0 "
    "-c min_parallel_table_scan_size=0"
)
OVERLAPS = """
SELECT p.id AS project_id, s.id AS zone_id,
       SUM(CASE WHEN p.kind = 2 THEN ST_Area(ST_Intersection(p.geom, s.geom)) ELSE 0.0 END)
           AS overlap_m2,
       SUM(CASE WHEN p.kind = 1 THEN ST_Length(ST_Intersection(p.geom, s.geom)) ELSE 0.0 END)
           AS length_m
FROM projects p JOIN pieces s ON ST_Intersects(p.geom, s.geom)
GROUP BY p.id, s.id
"""
NEAR_ZONES = """
SELECT p.id AS id, z.id AS zone, p.geom AS geom, p.grown AS grown
FROM projects p JOIN boxes z ON ST_Intersects(p.grown, z.geom)
LEFT JOIN meets m ON m.project_id = p.id AND m.zone_id = z.id
WHERE m.project_id IS NULL
"""
POSTGIS_DISTANCES = """
SELECT p.id AS project_id, p.zone AS zone_id, MIN(ST_Distance(p.geom, s.geom)) AS distance_m
FROM near_zones p JOIN pieces s ON s.id = p.zone AND s.geom && p.grown
GROUP BY p.id, p.zone
HAVING MIN(ST_Distance(p.geom, s.geom)) <= {within}
"""
SEDONA_DISTANCES = """
SELECT p.id AS project_id, p.zone AS zone_id,
       MIN(CASE WHEN p.zone = s.id THEN ST_Distance(p.geom, s.geom) END) AS distance_m
FROM near_zones p JOIN pieces s ON ST_Intersects(p.grown, s.geom)
GROUP BY p.id, p.zone
"""


class Stopwatch:
    """Wall seconds and processor seconds of a stretch of work."""

    def __init__(self, cpu=time.process_time) -> None:
        self._cpu = cpu
        self.wall = self.cpu = float("nan")

    @classmethod
    def zero(cls):
        """Return a watch that has measured nothing yet, to add others to."""
        watch = cls()
        watch.wall = watch.cpu = 0.0
        return watch

    def __add__(self, other):
        """Return both stretches as one."""
        watch = Stopwatch.zero()
        watch.wall, watch.cpu = self.wall + other.wall, self.cpu + other.cpu
        return watch

    def __enter__(self):
        self._begin = time.perf_counter(), self._cpu()
        return self

    def __exit__(self, *_):
        self.wall = time.perf_counter() - self._begin[0]
        self.cpu = self._cpu() - self._begin[1]


def answers(rows: pd.DataFrame) -> pd.DataFrame:
    """Return an answer in one order, whoever gave it; what it does not say is 0."""
    rows = rows.reindex(columns=COLUMNS).fillna(dict.fromkeys(COLUMNS[2:], 0.0))
    return rows.sort_values(COLUMNS[:2], ignore_index=True).astype(
        dict.fromkeys(COLUMNS[2:], float)
    )


def overlay(projects: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Ask ``geopandas.overlay`` for overlap and length, and which points lie in which zone.

    Points, lines and polygons one after the other, since it does not take them together.
    """
    kind = shapely.get_dimensions(projects.geometry.to_numpy())
    found = []
    for dimension in np.unique(kind):
        chosen = projects.loc[kind == dimension, ["id", "geometry"]]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parts = gpd.overlay(chosen, zones[["id", "geometry"]], how="intersection")
        parts["overlap_m2"] = parts.area
        parts["length_m"] = parts.length if dimension == 1 else 0.0
        found.append(parts.groupby(["id_1", "id_2"])[["overlap_m2", "length_m"]].sum())
    rows = pd.concat(found).reset_index()
    rows.columns = COLUMNS[:4]
    return answers(rows)


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


def grown_boxes(geoms: np.ndarray, within_m: float) -> np.ndarray:
    """Return the box of each geometry, grown by a distance."""
    return shapely.box(*(shapely.bounds(geoms) + within_m * np.array([-1, -1, 1, 1])).T)


def load_postgis(
    connection, projects: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, within_m: float
) -> None:
    """Load projects with their grown boxes, zones and the boxes of zones, and index them."""
    for name, frame in (("projects", projects), ("zones", zones)):
        connection.execute(
            f"CREATE TABLE {name} (id text, kind int, geom geometry, grown geometry)"
        )
        geoms = frame.geometry.to_numpy()
        kinds = shapely.get_dimensions(geoms)
        boxes = shapely.to_wkb(grown_boxes(geoms, within_m), hex=True)
        with connection.cursor().copy(f"COPY {name} (id, kind, geom, grown) FROM STDIN") as copy:
            for row in zip(
                frame["id"], map(int, kinds), shapely.to_wkb(geoms, hex=True), boxes, strict=True
            ):
                copy.write_row(row)
    connection.execute("CREATE TABLE boxes AS SELECT id, ST_Envelope(geom) AS geom FROM zones")
    connection.execute("CREATE INDEX ON projects USING gist (geom)")
    connection.execute("CREATE INDEX ON projects USING gist (grown)")
    connection.execute("ANALYZE projects, boxes")


def subdivide(connection) -> None:
    """Cut the zones, the way PostGIS does it, and index the pieces."""
    connection.execute(
        f"CREATE TABLE pieces AS SELECT id, ST_Subdivide(geom, {PIECE_VERTICES}) AS geom FROM zones"
    )
    connection.execute("CREATE INDEX ON pieces USING gist (geom)")
    connection.execute("ANALYZE pieces")


def postgis_overlaps(connection) -> pd.DataFrame:
    """Ask PostGIS for overlap and length, and keep them there for the question that follows."""
    connection.execute("DROP TABLE IF EXISTS meets")
    connection.execute(f"CREATE UNLOGGED TABLE meets AS {OVERLAPS}")
    return answers(_asked(connection, "SELECT * FROM meets"))


def postgis_distances(connection, within_m: float) -> pd.DataFrame:
    """Ask PostGIS how far pairs are apart that do not meet."""
    connection.execute("ANALYZE meets")
    connection.execute("DROP TABLE IF EXISTS near_zones")
    connection.execute(f"CREATE UNLOGGED TABLE near_zones AS {NEAR_ZONES}")
    connection.execute("ANALYZE near_zones")
    return answers(_asked(connection, POSTGIS_DISTANCES.format(within=within_m)))


def _asked(connection, question: str) -> pd.DataFrame:
    cursor = connection.execute(question)
    return pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description])


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

    def load(
        self,
        projects: gpd.GeoDataFrame,
        zones: gpd.GeoDataFrame,
        pieces: tuple[list[str], list[bytes]],
        within_m: float,
    ) -> None:
        """Load projects, boxes of zones and their pieces into memory."""
        self._table("projects", projects["id"], projects.geometry.to_numpy(), within_m)
        self._table("boxes", zones["id"], shapely.envelope(zones.geometry.to_numpy()), within_m)
        self._table("pieces", pieces[0], shapely.from_wkb(pieces[1]), within_m)

    def _table(self, name, ids, geoms, within_m) -> None:
        import pyarrow as pa  # noqa: PLC0415

        columns = {
            "id": pa.array(list(ids), pa.string()),
            "kind": pa.array(shapely.get_dimensions(geoms), pa.int32()),
            "wkb": pa.array(list(shapely.to_wkb(geoms)), pa.binary()),
            "box": pa.array(list(shapely.to_wkb(grown_boxes(geoms, within_m))), pa.binary()),
        }
        self._context.create_data_frame(pa.table(columns)).to_view(f"{name}_raw", overwrite=True)
        self._keep(
            name,
            "SELECT id, kind, ST_GeomFromWKB(wkb) AS geom, ST_GeomFromWKB(box) AS grown "
            f"FROM {name}_raw",
        )

    def _keep(self, name, question):
        self._context.sql(question).to_memtable().to_view(name, overwrite=True)

    def overlaps(self) -> pd.DataFrame:
        """Ask SedonaDB for overlap and length, and keep them there."""
        self._keep("meets", OVERLAPS)
        return answers(self._context.sql("SELECT * FROM meets").to_pandas())

    def distances(self, within_m: float) -> pd.DataFrame:
        """Ask SedonaDB how far pairs are apart that do not meet."""
        self._keep("near_zones", NEAR_ZONES)
        rows = self._context.sql(SEDONA_DISTANCES).to_pandas()
        return answers(rows[rows["distance_m"] <= within_m])

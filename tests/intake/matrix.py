"""The cases of the corpus and what the intake makes of each; run by the tests and by hand.

``python -m tests.intake.matrix`` prints the counts of the whole matrix by format.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
import shapely

from etk_geo.crs import GEOD
from etk_geo.intake import upload as upload_module
from etk_geo.intake.confirm import Choice, Taken, confirm
from etk_geo.intake.pasted import read_pasted
from etk_geo.intake.raw_layer import RawLayer, choose_columns
from etk_geo.intake.readers import arrow_file
from etk_geo.intake.readers.answering import answer_request
from etk_geo.intake.understanding import Question, Understanding, understand
from etk_geo.intake.upload import open_upload
from tests.intake import corpus
from tests.intake.corpus import SYSTEMS, Crs, Files

TOLERANCE_M = 0.25
"""Text coordinates have four decimals of a metre or of a second (3 mm); DXF and KML fewer."""


@dataclass(frozen=True)
class Case:
    """One file of the matrix."""

    format: str
    id: str
    make: Callable[[Path], Files]
    truth: np.ndarray
    tolerance_m: float = TOLERANCE_M
    names: bool = True


def in_order(raw: RawLayer) -> np.ndarray:
    """The rows in the order of the corpus: FlatGeobuf sorts by place."""
    if "序号" in raw.attributes:
        return np.argsort(raw.attributes["序号"].astype(int).to_numpy(), kind="stable")
    return np.arange(len(raw.attributes))


def read_here(request, name, progress=None, stop=None):
    """Answer a request without a process of its own: the same code, sooner."""
    return answer_request(request)


def read_case(case: Case, folder: Path) -> RawLayer:
    files = case.make(folder)
    if files[0][0] == "pasted":
        return read_pasted(files[0][1].decode(), "points")
    with (
        mock.patch.object(upload_module, "run_reader", read_here),
        mock.patch.object(arrow_file, "tell_progress", return_value=None),
        open_upload(files) as upload,
    ):
        raw = upload.read()
    return choose_columns(raw) if raw.is_table else raw


def outcome(case: Case) -> str:
    """Return ``recovered``, ``asked``, ``lost`` or ``wrong``."""
    with tempfile.TemporaryDirectory() as folder:
        raw = read_case(case, Path(folder))
    understanding = understand(raw)
    if case.names and not names_are_right(raw):
        if Question.ENCODING not in understanding.questions:
            return "wrong"
        return "asked" if encoding_is_offered(raw) else "lost"
    if understanding.is_decided:
        taken = confirm(raw, understanding, Choice(understanding.suggested.id))
        return "recovered" if is_true(raw, taken, case) else "wrong"
    return "asked" if true_candidates(raw, understanding, case) else "lost"


def true_candidates(raw: RawLayer, understanding: Understanding, case: Case) -> list[str]:
    return [
        c.id
        for c in understanding.candidates
        if is_true(raw, confirm(raw, understanding, Choice(c.id)), case)
    ]


def is_true(raw: RawLayer, taken: Taken, case: Case) -> bool:
    got = taken.frame.geometry.to_numpy()[in_order(raw)]
    if len(got) != len(case.truth) or shapely.is_missing(got).any():
        return False
    return all(distance_m(a, b) <= case.tolerance_m for a, b in zip(got, case.truth, strict=True))


def distance_m(one, other) -> float:
    """Metres between two geometries: of their centres and of their farthest vertices."""
    a, b = shapely.centroid(one), shapely.centroid(other)
    centres = GEOD.inv(a.x, a.y, b.x, b.y)[2]
    if abs(shapely.area(one) - shapely.area(other)) > 1e-4 * max(shapely.area(other), 1e-9):
        return float("inf")
    degrees = shapely.hausdorff_distance(one, other)
    return max(centres, degrees * 111_320)


def names_are_right(raw: RawLayer) -> bool:
    column = next((c for c in raw.attributes.columns if c in ("名称", "地块名称")), None)
    if column is None:
        return False
    return list(raw.attributes[column].iloc[in_order(raw)]) == corpus.NAMES


def encoding_is_offered(raw: RawLayer) -> bool:
    return raw.encodings is not None and len(raw.encodings.candidates) > 1


def cases() -> Iterator[Case]:
    """Every case of the matrix."""
    yield from _vector_cases()
    yield from _shapefile_encodings()
    yield from _table_cases()
    yield from _text_cases()
    yield from _pasted_cases()


def _vector_cases() -> Iterator[Case]:
    for suffix in (".gpkg", ".geojson", ".fgb", ".parquet", ".shp.zip", ".shp"):
        for crs in SYSTEMS.values():
            for north_first in (False, True):
                for declared in ("right", "none", "wrong"):
                    if suffix == ".geojson" and declared == "none" and not crs.geographic:
                        continue  # without the crs member GeoJSON is WGS 84: that is "wrong"
                    epsg = {"right": crs.epsg, "none": None, "wrong": 4326}[declared]
                    if declared == "right" and epsg is None:
                        continue
                    axis = "north-first" if north_first else "east-first"
                    yield Case(
                        suffix,
                        f"{suffix} {crs.id} {axis} declared-{declared}",
                        _vector_maker(suffix, crs, epsg, north_first),
                        corpus.areas(),
                    )
    for suffix in (".kml", ".kmz"):
        for crs in SYSTEMS.values():
            for north_first in (False, True):
                if crs.geographic:
                    make = _vector_maker(suffix, crs, 4326, north_first)
                    label = f"{suffix} {crs.id} {'north' if north_first else 'east'}-first"
                    yield Case(suffix, label, make, corpus.areas())
    for crs in SYSTEMS.values():
        for north_first in (False, True):
            make = _vector_maker(".dxf", crs, None, north_first)
            label = f".dxf {crs.id} {'north' if north_first else 'east'}-first"
            # A hatch has no parts: the feature of two becomes two.
            yield Case(".dxf", label, make, shapely.get_parts(corpus.areas()), names=False)


def _vector_maker(suffix: str, crs: Crs, epsg: int | None, north_first: bool):
    def make(folder: Path) -> Files:
        shapes = corpus.encoded(crs, corpus.areas(), north_first=north_first)
        gdf = corpus.frame(shapes, epsg)
        if suffix.startswith(".shp"):
            return corpus.shapefile(gdf, folder, zipped=suffix == ".shp.zip")
        return corpus.vector(gdf, folder, suffix)

    return make


def _shapefile_encodings() -> Iterator[Case]:
    for encoding in ("UTF-8", "GBK", "GB18030"):
        for cpg in (True, False):
            for ldid in (0, 0x4D, 0x57):
                for zipped in (True, False):

                    def make(folder, encoding=encoding, cpg=cpg, ldid=ldid, zipped=zipped):
                        gdf = corpus.frame(corpus.areas(), 4490)
                        return corpus.shapefile(
                            gdf, folder, encoding, cpg=cpg, ldid=ldid, zipped=zipped
                        )

                    label = f"encoding {encoding} cpg={cpg} ldid={ldid:#x} zip={zipped}"
                    yield Case("shapefile encodings", label, make, corpus.areas())


HEADINGS = {
    True: (("经度", "纬度"), ("lon", "lat"), ("X", "Y")),
    False: (("X", "Y"), ("Y坐标", "X坐标"), ("east", "north")),
}


def _table_cases() -> Iterator[Case]:
    for crs in SYSTEMS.values():
        for north_first in (False, True):
            for words in dict.fromkeys(("", crs.words)):
                yield from _tables_of(crs, north_first, words)


def _tables_of(crs: Crs, north_first: bool, words: str) -> Iterator[Case]:
    styles = ["decimal", "wkt"]
    if crs.geographic:
        styles += ["dms", "dms_zh", "dms_ascii", "dms_colon", "packed", "full_width"]
    axis = "north-first" if north_first else "east-first"
    for number, style in enumerate(styles):
        headings = HEADINGS[crs.geographic][number % 3]
        encodings = (
            ("utf-8", "utf-8-sig", "gb18030", "utf-16") if style == "decimal" else ("gb18030",)
        )
        for kind in ("csv", "xlsx"):
            for encoding in encodings if kind == "csv" else ("",):

                def make(folder, style=style, headings=headings, encoding=encoding, kind=kind):
                    shapes = corpus.encoded(crs, corpus.points(), north_first=north_first)
                    data = corpus.table(shapes, headings, style, words)
                    if kind == "csv":
                        return corpus.csv_file(data, encoding)
                    return corpus.xlsx_file(data, numbers=style == "decimal")

                label = f"{kind} {crs.id} {axis} {style} {encoding} said={bool(words)}"
                yield Case(kind, label, make, corpus.points())


def _text_cases() -> Iterator[Case]:
    for crs in SYSTEMS.values():
        for north_first in (True, False):
            for encoding in ("gb18030", "utf-8", "utf-8-sig"):
                for header in _headers(crs):

                    def make(
                        folder, header=header, encoding=encoding, north_first=north_first, crs=crs
                    ):
                        shapes = corpus.encoded(crs, corpus.areas(), north_first=north_first)
                        return corpus.boundary_text(shapes, header, encoding)

                    axis = "north-first" if north_first else "east-first"
                    label = f"txt {crs.id} {axis} {encoding} header={len(header)}"
                    yield Case("txt", label, make, corpus.areas())


def _headers(crs: Crs) -> Iterator[dict[str, str]]:
    """Yield an empty attribute section and, where the CRS is one the format can say, a full one."""
    yield {"数据产生单位": ""}
    datum = {
        "cgcs2000": "2000国家大地坐标系",
        "xian80": "80西安坐标系",
        "beijing54": "54北京坐标系",
    }
    name, _, projection = crs.id.partition("-")
    if name in datum and projection:
        width = "6" if "gk6" in projection else "3"
        tail = projection.rpartition("-")[2] if "-" in projection else ""
        zone = tail or str(int(projection.removeprefix("gk")) // 3)
        yield {"坐标系": datum[name], "几度分带": width, "计量单位": "米", "带号": zone}
    elif crs.geographic and crs.words:
        yield {"坐标系": crs.words, "计量单位": "度"}


def _pasted_cases() -> Iterator[Case]:
    for crs in SYSTEMS.values():
        for north_first in (False, True):
            styles = [
                "decimal",
                *(["dms", "dms_zh", "full_width", "packed"] if crs.geographic else []),
            ]
            for style in styles:
                for joint in (",", " ", "，", "\t"):

                    def make(folder, crs=crs, style=style, joint=joint, north_first=north_first):
                        shapes = corpus.encoded(crs, corpus.points(), north_first=north_first)
                        write = corpus.STYLES[style]
                        lines = (f"{write(s.x)}{joint}{write(s.y)}" for s in shapes)
                        return [("pasted", "\n".join(lines).encode())]

                    axis = "north-first" if north_first else "east-first"
                    label = f"pasted {crs.id} {axis} {style} {joint!r}"
                    yield Case("pasted", label, make, corpus.points(), names=False)


def run(chosen: Iterator[Case]) -> tuple[Counter, list[str]]:
    counts: Counter = Counter()
    failures = []
    for case in chosen:
        result = outcome(case)
        counts[case.format, result] += 1
        if result not in ("recovered", "asked"):
            failures.append(f"{result}: {case.id}")
    return counts, failures


def report(counts: Counter) -> str:
    lines = [f"{'format':22}{'recovered':>10}{'asked':>8}{'lost':>6}{'wrong':>7}{'total':>7}"]
    kinds = ("recovered", "asked", "lost", "wrong")
    formats = dict.fromkeys(key[0] for key in counts)
    for name in formats:
        row = [counts[name, kind] for kind in kinds]
        lines.append(f"{name:22}{row[0]:>10}{row[1]:>8}{row[2]:>6}{row[3]:>7}{sum(row):>7}")
    row = [sum(counts[name, kind] for name in formats) for kind in kinds]
    lines.append(f"{'total':22}{row[0]:>10}{row[1]:>8}{row[2]:>6}{row[3]:>7}{sum(row):>7}")
    return "\n".join(lines)


if __name__ == "__main__":
    found, failed = run(cases())
    print(report(found))
    print("\n".join(failed))

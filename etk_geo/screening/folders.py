"""A screening written to a folder: tables, map layer, record and summary; a long list in parts.

The findings of 200,000 projects fill some 8 GB of memory at once. Written in parts, each part is a
screening with a record of its own that can be verified, and the folder above has one row for every
project and the sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd

from etk_geo.catalog import Catalog
from etk_geo.errors import DataError
from etk_geo.exports import table_csv
from etk_geo.i18n import text
from etk_geo.model import Lang
from etk_geo.plan import Plan
from etk_geo.rules import RuleBook
from etk_geo.screening.conclusions import conclusions_csv
from etk_geo.screening.findings import Screening, screen_projects
from etk_geo.screening.measures import approaches_csv, moves_csv, passages, passages_csv
from etk_geo.screening.outputs import (
    conclusion_lines,
    findings_csv,
    findings_geojson,
    opening_lines,
    summary_lines,
    words,
)
from etk_geo.screening.overview import Overview, joined_overviews, overview_of
from etk_geo.screening.pairs import Progress
from etk_geo.screening.record import Parameters, build_record, canonical
from etk_geo.screening.signature import sign_record
from etk_geo.screening.zones import ZoneSet
from etk_geo.store import write_atomic

RECORD_FILE = "record.json"
SUMMARY_FILE = "summary.txt"
PART = 5000
"""Projects of a part: some 2 GB of memory and 170 MB of files."""


@dataclass(frozen=True)
class Order:
    """What is screened with what, and how it is written.

    ``private_key`` signs the record; ``move_limit_m`` asks for the shortest moves, metres.
    """

    as_of: date
    catalog: Catalog
    book: RuleBook
    zones: ZoneSet
    plan: Plan
    parameters: Parameters
    lang: Lang
    private_key: bytes | None = None
    move_limit_m: float | None = None


@dataclass(frozen=True)
class Written:
    """A screening in a folder: what was found, its summary, the hash of its record, its files."""

    screening: Screening
    lines: tuple[str, ...]
    record_hash: str
    files: tuple[str, ...]


def screen_to_folder(
    order: Order, projects: gpd.GeoDataFrame, folder: Path, progress: Progress | None = None
) -> Written:
    """Screen projects and write CSV, GeoJSON, record and summary.

    Raises
    ------
    DataError
        ETK722 a file cannot be written.
    ScreeningError
        As :func:`etk_geo.screening.findings.screen_projects`.
    """
    book, zones, lang = order.book, order.zones, order.lang
    screening = screen_projects(projects, zones, book, order.as_of, progress=progress)
    passed = passages(screening, projects, zones)
    record = build_record(screening, projects, order.catalog, book, order.parameters, passed)
    if order.private_key is not None:
        record = sign_record(record, order.private_key)
    digest = record["hashes"]["content"]
    lines = (*summary_lines(screening, book, lang), _hash_line(digest, lang))
    files = {
        "findings.csv": findings_csv(screening, projects, book, order.plan, lang),
        "findings.geojson": findings_geojson(screening, projects),
        "passages.csv": passages_csv(passed, projects, screening.zones, lang),
        "approaches.csv": approaches_csv(projects, zones, lang),
        RECORD_FILE: canonical(record),
        SUMMARY_FILE: _as_text(lines),
    }
    if order.move_limit_m is not None:
        files["moves.csv"] = moves_csv(screening, projects, zones, book, order.move_limit_m, lang)
    write_files(folder, files)
    return Written(screening, lines, digest, tuple(files))


def screen_in_folders(
    order: Order, projects: gpd.GeoDataFrame, folder: Path, progress: Progress | None = None
) -> tuple[Overview, tuple[str, ...]]:
    """Screen a long list and write it part by part, each into a folder of its own.

    Besides the parts, the folder gets ``conclusions.csv`` with one row per project, ``parts.csv``
    with the projects and the record's hash of each part, and ``summary.txt``.

    Returns
    -------
    overview, lines
        Of all projects; the summary.

    Raises
    ------
    DataError, ScreeningError
        As :func:`screen_to_folder`. Parts that were written before stay.
    """
    ordered = projects.sort_values("project_id", kind="stable").reset_index(drop=True)
    found: list[Overview] = []
    rows: list[Mapping[str, object]] = []
    count = -(-len(ordered) // PART)
    for number, begin in enumerate(range(0, len(ordered), PART), start=1):
        part = ordered.iloc[begin : begin + PART]
        name = f"part-{number:0{len(str(count))}}"
        told = None if progress is None else _shifted(progress, begin, len(ordered))
        written = screen_to_folder(order, part, folder / name, told)
        found.append(overview_of(written.screening, part, order.zones, order.book))
        ids = part["project_id"]
        rows.append(
            {
                "part": name,
                "first": ids.iloc[0],
                "last": ids.iloc[-1],
                "projects": len(part),
                "record": written.record_hash,
            }
        )
        del written
    overview = joined_overviews(found, order.zones)
    lines = tuple(_overview_lines(overview, count, order.lang))
    parts = pd.DataFrame(rows)
    headings = [text(f"screening.part.{name}", order.lang) for name in parts.columns]
    write_files(
        folder,
        {
            "conclusions.csv": conclusions_csv(overview, order.book, order.plan, order.lang),
            "parts.csv": table_csv(parts, headings),
            SUMMARY_FILE: _as_text(lines),
        },
    )
    return overview, lines


def _shifted(progress: Progress, begin: int, total: int) -> Progress:
    """Return a progress of a part that tells how far the whole list is."""
    return lambda done, _of: progress(begin + done, total)


def _overview_lines(found: Overview, parts: int, lang: Lang) -> Iterator[str]:
    """Say what was found of a long list; the numbers add up."""
    yield from opening_lines(found, lang)
    for verdict, count in found.totals.items():
        name = words("verdict", verdict, lang)
        yield "  " + text("screening.total_line", lang, name=name, n=count)
    yield from conclusion_lines(found, lang)
    yield text("screening.in_parts", lang, n=parts)
    yield text("screening.not_an_approval", lang)


def _hash_line(digest: str, lang: Lang) -> str:
    return text("screening.record_hash", lang, hash=digest)


def _as_text(lines: Sequence[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, which is made where there is none.

    Raises
    ------
    DataError
        ETK722 a file cannot be written.
    """
    for name, content in files.items():
        try:
            write_atomic(folder / name, content)
        except OSError as error:
            raise DataError("ETK722", file=name, reason=error.strerror or "?") from error

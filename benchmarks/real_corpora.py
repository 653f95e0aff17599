"""Run files that nobody here wrote through the intake: each loads, or is answered in words.

``python -m benchmarks.real_corpora FOLDER [--out FILE]`` takes every readable-looking file below a
folder (test data of GDAL, pyshp, ezdxf and the like), opens, surveys and reads each layer, compares
the geometries with what pyogrio reads of it, and takes it in where it lands near the banner.
Prints counts by outcome; ``wrong`` and ``crash`` must be none.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from etk_geo.errors import EtkGeoError
from etk_geo.i18n import issue_message, issue_remedy
from etk_geo.intake.confirm import Choice, confirm
from etk_geo.intake.formats import FileFormat
from etk_geo.intake.from_path import open_path
from etk_geo.intake.limits import Limits
from etk_geo.intake.problems import list_problems, offer_repairs
from etk_geo.intake.raw_layer import choose_columns
from etk_geo.intake.understanding import understand
from etk_geo.model import Issue

SUFFIXES = (
    ".shp", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".fgb", ".parquet", ".dxf", ".csv",
    ".txt", ".xlsx", ".zip", ".dbf", ".shz",
)  # fmt: skip
LIMITS = Limits(seconds=30)
COMPARED = (FileFormat.SHAPEFILE, FileFormat.GEOPACKAGE, FileFormat.FLATGEOBUF, FileFormat.GEOJSON)
CLOSE = 1e-9


@dataclass
class Outcome:
    """What became of one file: ``layers`` maps each layer to loaded, taken, a code, or a fault."""

    file: str
    seconds: float = 0.0
    error: str = ""
    fault: str = ""
    layers: dict[str, str] = field(default_factory=dict)


def run(path: Path, root: Path) -> Outcome:
    outcome = Outcome(path.relative_to(root).as_posix())
    started = time.perf_counter()
    try:
        _take(path, outcome)
    except EtkGeoError as error:
        outcome.error = error.code
        _say_all(Issue.all_of(error))
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        outcome.fault = f"{type(error).__name__}: {error}"[:200]
    outcome.seconds = time.perf_counter() - started
    return outcome


def _take(path: Path, outcome: Outcome) -> None:
    with open_path(path, LIMITS) as upload:
        for layer in upload.survey():
            name = f"{layer.source}:{layer.layer}"
            try:
                raw = upload.read(layer)
                outcome.layers[name] = "loaded"
                if raw.is_table:
                    raw = choose_columns(raw)
                elif layer.format in COMPARED and path.suffix.lower() not in (".zip", ".shz"):
                    wrong = _differs(path, layer.layer, raw.geometry)
                    if wrong:
                        outcome.fault = f"{name}: {wrong}"
                understanding = understand(raw)
                _say_all([*raw.issues, *understanding.issues])
                if understanding.candidates:
                    taken = confirm(raw, understanding, Choice(understanding.candidates[0].id))
                    problems = list_problems(taken.frame, taken.labels, path.name)
                    _say_all([*taken.issues, *problems])
                    offer_repairs(taken.frame, taken.labels)
                    outcome.layers[name] = "taken"
            except EtkGeoError as error:
                outcome.layers[name] = error.code
                _say_all(Issue.all_of(error))
        _say_all(upload.issues)


def _say_all(issues: list[Issue]) -> None:
    """Every finding has its words; a missing detail raises."""
    for issue in issues:
        for lang in ("zh", "en"):
            issue_message(issue, lang)
            issue_remedy(issue, lang)


def _differs(path: Path, layer: str, geometry: np.ndarray) -> str:
    """Compare with pyogrio; what that cannot read is no measure."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            frame = pyogrio.read_dataframe(path, layer=layer, fid_as_index=False)
        except Exception:  # noqa: BLE001 - it cannot read the file
            return ""
    if not hasattr(frame, "geometry") or frame.geometry is None:
        return ""
    theirs = shapely.force_2d(frame.geometry.to_numpy())
    if len(theirs) != len(geometry):
        return f"{len(geometry)} rows, pyogrio {len(theirs)}"
    ours = shapely.force_2d(geometry)
    gone = (shapely.is_missing(theirs) | shapely.is_empty(theirs)) != (
        shapely.is_missing(ours) | shapely.is_empty(ours)
    )
    if gone.any():
        row = int(np.flatnonzero(gone)[0])
        return f"row {row}: {ours[row]} for {theirs[row]}"[:160]
    held = np.flatnonzero(~shapely.is_missing(theirs) & ~shapely.is_empty(theirs))
    for row in held:
        if not shapely.equals_exact(ours[row], theirs[row], tolerance=CLOSE):
            far = shapely.hausdorff_distance(ours[row], theirs[row])
            if not far < CLOSE:
                return f"row {row}: {far:g} apart"
    return ""


def files_below(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix.lower() in SUFFIXES:
            beside = path.with_suffix(".shp")
            if path.suffix.lower() == ".dbf" and beside.exists():
                continue
            yield path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    # Curves in the same steps as the intake straightens them.
    pyogrio.set_gdal_config_options({"OGR_ARC_STEPSIZE": "1"})
    paths = list(files_below(arguments.folder))
    with ThreadPoolExecutor(arguments.threads) as pool:
        outcomes = list(pool.map(lambda path: run(path, arguments.folder), paths))
    by_file: Counter[str] = Counter()
    by_layer: Counter[str] = Counter()
    for outcome in outcomes:
        by_layer.update(outcome.layers.values())
        if outcome.fault:
            by_file["wrong or crash"] += 1
            print(f"{outcome.file}: {outcome.fault}", file=sys.stderr)
        elif outcome.error:
            by_file[f"answered {outcome.error}"] += 1
        elif set(outcome.layers.values()) & {"loaded", "taken"}:
            by_file["loaded"] += 1
        else:
            by_file["answered by layer"] += 1
    print(f"{len(outcomes)} files, {sum(by_layer.values())} layers")
    print("files:", dict(by_file.most_common()))
    print("layers:", dict(by_layer.most_common()))
    slowest = max(outcomes, key=lambda outcome: outcome.seconds)
    print(f"slowest: {slowest.file} {slowest.seconds:.1f} s")
    if arguments.out:
        lines = "\n".join(json.dumps(asdict(o), ensure_ascii=False) for o in outcomes)
        arguments.out.write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

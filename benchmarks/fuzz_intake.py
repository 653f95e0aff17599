"""Fuzz every parser of the intake that is our own: ``python -m benchmarks.fuzz_intake``.

Each input is either made from a known value, which the parser must give back or refuse, or mutated
from such a text, which the parser must survive. Counts, the slowest input and every failure are
printed; the same ``--seed`` gives the same inputs.
"""

from __future__ import annotations

import argparse
import math
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
import shapely

from etk_geo.errors import IntakeError
from etk_geo.intake.angles import parse_angle
from etk_geo.intake.attributes import parse_accuracy_m, parse_date
from etk_geo.intake.columns import find_columns
from etk_geo.intake.declarations import Declaration, from_words
from etk_geo.intake.encodings import decode_document, find_encoding
from etk_geo.intake.formats import FileFormat, _by_content
from etk_geo.intake.numerals import half_last_digit, parse_number
from etk_geo.intake.pasted import parse_pairs
from etk_geo.intake.raw_layer import Origin, RawLayer, VertexGrouping, parse_coordinate
from etk_geo.intake.readers.boundary_points import layer_of, parse_boundary_text
from etk_geo.intake.readers.spreadsheet import _is_second_heading, _two_headings
from etk_geo.intake.vertices import find_groupings, join_vertices
from etk_geo.supply.statement import parse_area

HANG_SECONDS = 2.0
WIDE_DIGITS = "".join(chr(0xFF10 + digit) for digit in range(10))
ALPHABET = WIDE_DIGITS + (
    "0123456789.,，。;；:：°′″'\"度分秒dms+-－−–eE ①½٣\t\n\r　()（）[]【】{}=＝@|/\\"
    "NSEWnsewXYxy东西南北经纬点界址地块坐标属性描述面线Jj\u0000\u200b\ufeff\ud7ff"
)
WORDS = ("2000国家大地坐标系", "西安80", "北京54", "GCJ-02", "BD09", "WGS84", "EPSG:4545", "经度")


@dataclass
class Tally:
    """What happened to the inputs of one parser."""

    counts: Counter = field(default_factory=Counter)
    slowest_s: float = 0.0
    slowest: str = ""
    failures: list[str] = field(default_factory=list)


class HangError(Exception):
    """An input took longer than ``HANG_SECONDS``."""


def mutate(rng: random.Random, text: str) -> str:
    characters = list(text)
    for _ in range(rng.randint(1, 6)):
        at = rng.randint(0, len(characters))
        kind = rng.random()
        if kind < 0.4:
            characters[at:at] = rng.choices(ALPHABET, k=rng.randint(1, 3))
        elif kind < 0.7 and characters:
            del characters[at : at + rng.randint(1, 3)]
        elif kind < 0.85 and characters:
            end = min(len(characters), at + rng.randint(1, 8))
            characters[at:at] = characters[at:end] * rng.randint(1, 20)
        else:
            characters[at:at] = list(rng.choice(WORDS))
    return "".join(characters)[:4000]


def widen(rng: random.Random, text: str) -> str:
    if rng.random() < 0.8:
        return text
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.,-"})


def angle_text(rng: random.Random) -> tuple[str, float, float]:
    """Return a text, its degrees and half of its last digit."""
    decimals = rng.randint(0, 5)
    total = rng.randint(0, 179 * 3600 * 10**decimals)
    whole, rest = divmod(total, 3600 * 10**decimals)
    minutes, last = divmod(rest, 60 * 10**decimals)
    seconds = f"{last / 10**decimals:.{decimals}f}"
    marks = rng.choice(
        ["°′″", "°'\"", "度分秒", "dms", "::", "  ", "--", "°’”", "ddd", ["°", "′", "′′"]]
    )
    if marks == "ddd":
        value = total / 3600 / 10**decimals
        text = f"{value:.7f}"
        return widen(rng, text), float(text), 0.5e-7
    end = marks[2] if len(marks) > 2 else ""
    side = rng.choice([("", ""), ("E", ""), ("", "E"), ("东经", ""), ("N", ""), ("", "北")])
    text = f"{side[0]}{whole}{marks[0]}{minutes:02d}{marks[1]}{seconds}{end}{side[1]}"
    return widen(rng, text), total / 3600 / 10**decimals, 0.5 * 10.0**-decimals / 3600


def coordinate_text(rng: random.Random) -> tuple[str, float]:
    kind = rng.random()
    if kind < 0.4:
        text = f"{rng.uniform(0, 180):.{rng.randint(1, 9)}f}"
        return widen(rng, text), float(text)
    if kind < 0.7:
        text = f"{rng.uniform(1e5, 4e7):.{rng.randint(1, 4)}f}"
        return widen(rng, text), float(text)
    text, value, _ = angle_text(rng)
    return text, value


def check_number(rng: random.Random, tally: Tally) -> None:
    value = f"{rng.uniform(-1e8, 1e8):.{rng.randint(0, 9)}f}"
    if rng.random() < 0.5:
        assert parse_number(widen(rng, value)) == float(value)
        assert half_last_digit(value) > 0
        tally.counts["known"] += 1
        return
    text = mutate(rng, value)
    found = parse_number(text)
    tally.counts["refused" if found is None else "read"] += 1
    if found is not None:
        half_last_digit(text)


def check_angle(rng: random.Random, tally: Tally) -> None:
    text, value, half = angle_text(rng)
    if rng.random() < 0.5:
        found = parse_angle(text)
        assert found is not None
        assert abs(found.degrees - value) <= half + 1e-9
        tally.counts["known"] += 1
        return
    found = parse_angle(mutate(rng, text))
    tally.counts["refused" if found is None else "read"] += 1
    assert found is None or abs(found.degrees) <= 360


def check_pasted(rng: random.Random, tally: Tally) -> None:
    pairs = [(coordinate_text(rng), coordinate_text(rng)) for _ in range(rng.randint(1, 5))]
    # Blanks inside an angle are told from blanks between two only with a comma or tab.
    joint = rng.choice([",", "，", "\t", ", "])
    label = rng.choice(["", "", "{}、", "J{},", "点{}："])
    end = rng.choice(["\n", "\r\n", ";", "；"])
    text = end.join(
        label.format(i) + a[0] + joint + b[0] for i, (a, b) in enumerate(pairs, start=1)
    )
    if rng.random() < 0.5:
        try:
            found = parse_pairs(text)
        except IntakeError:
            tally.counts["refused"] += 1
            return
        assert len(found) == len(pairs), f"{len(found)} pairs of {len(pairs)}"
        for point, (a, b) in zip(found, pairs, strict=True):
            assert abs(point.first - a[1]) < 1e-6 * max(1, abs(a[1]))
            assert abs(point.second - b[1]) < 1e-6 * max(1, abs(b[1]))
        tally.counts["known"] += 1
        return
    try:
        parse_pairs(mutate(rng, text))
        tally.counts["read"] += 1
    except IntakeError:
        tally.counts["refused"] += 1


def check_boundary_text(rng: random.Random, tally: Tally) -> None:
    lines = ["[属性描述]", "坐标系=2000国家大地坐标系", "带号=36", "[地块坐标]"]
    squares = []
    for number in range(1, rng.randint(2, 5)):
        x, y, r = rng.uniform(4.2e6, 4.4e6), number * 1e5 + 3.6e7, rng.uniform(10, 900)
        ring = [(x, y), (x + r, y), (x + r, y + r), (x, y + r), (x, y)]
        hole = [(x + r / 4, y + r / 4), (x + r / 2, y + r / 4), (x + r / 2, y + r / 2)]
        rings = [ring, [*hole, hole[0]]] if rng.random() < 0.4 else [ring]
        squares.append(shapely.Polygon(rings[0], rings[1:]).area)
        joint = rng.choice([",", "，", "\t"])
        count = sum(map(len, rings))
        lines.append(joint.join([str(count), "1", str(number), "甲", "面", "", "", "", "@"]))
        for ring_number, one in enumerate(rings, start=1):
            lines += [
                joint.join([f"J{i}", str(ring_number), f"{a:.4f}", f"{b:.4f}"])
                for i, (a, b) in enumerate(one)
            ]
    text = rng.choice(["\n", "\r\n"]).join(lines)
    if rng.random() < 0.5:
        table, _ = layer_of(parse_boundary_text(text))
        areas = shapely.area(shapely.from_wkb(table.column("__etk_wkb__").to_pylist()))
        assert len(areas) == len(squares)
        assert all(abs(a - b) < 0.01 + 1e-5 * b for a, b in zip(areas, squares, strict=True))
        tally.counts["known"] += 1
        return
    parsed = parse_boundary_text(mutate(rng, text))
    layer_of(parsed)
    tally.counts["read" if parsed.plots else "refused"] += 1


def check_columns(rng: random.Random, tally: Tally) -> None:
    rows = [(coordinate_text(rng)[0], f"{rng.uniform(38, 40):.6f}") for _ in range(3)]
    lon = [f"{rng.uniform(106.7, 108.9):.6f}" for _ in rows]
    names = rng.sample(["名称", "经度", "纬度", "X", "Y", "wkt", "", "a", mutate(rng, "坐标X")], 4)
    table = pd.DataFrame(
        [[mutate(rng, "甲"), lon[i], rows[i][1], rows[i][0]] for i in range(3)], columns=names
    )
    found = find_columns(table.loc[:, ~table.columns.duplicated()])
    tally.counts["read" if found else "refused"] += 1
    if len(set(names)) == 4:
        # The plain pair of lon and lat is always among the choices, whatever the names say.
        pair = {str(names[1]), str(names[2])}
        assert any(set(c.names) == pair for c in found), names
        tally.counts["known"] += 1


def check_values(rng: random.Random, tally: Tally) -> None:
    date = f"{rng.randint(1950, 2049)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    assert parse_date(widen(rng, date)) == date
    metres = rng.randint(0, 5000)
    assert parse_accuracy_m(rng.choice(["{}", "±{}m", "{}米", "约{} m"]).format(metres)) == metres
    parse_date(mutate(rng, date))
    parse_accuracy_m(mutate(rng, f"±{metres}米"))
    parse_coordinate(mutate(rng, date))
    from_words(mutate(rng, rng.choice(WORDS)))
    tally.counts["known"] += 1


def check_encoding(rng: random.Random, tally: Tally) -> None:
    words = ["鄂托克旗", "棋盘井工业园区", "乌兰镇", "水源地保护", "联通", "煤矿整治", "光伏"]
    text = "".join(rng.choices(words, k=rng.randint(1, 6)))
    encoding = rng.choice(["utf-8", "gb18030"])
    raw = text.encode(encoding)
    if rng.random() < 0.5:
        found = find_encoding([raw], {})
        assert encoding in [c.encoding for c in found.candidates]
        assert not found.decided or found.best == encoding, (text, encoding)
        tally.counts["known" if found.decided else "asked"] += 1
        return
    noise = bytes(rng.choices(range(256), k=rng.randint(0, 40)))
    find_encoding([noise, raw], {"cpg": rng.choice(["utf-8", "gb18030", "big5"])})
    decode_document(noise + raw)
    _by_content(noise + raw, None)
    tally.counts["read"] += 1


def check_corners(rng: random.Random, tally: Tally) -> None:
    """Plots of known corners, with merged cells, closing rows and shuffling, come back as made."""
    rows, wanted = [], {}
    for plot in range(rng.randint(1, 3)):
        east, north = rng.uniform(107, 108), rng.uniform(38.5, 39.8)
        count = rng.randint(3, 7)
        turns = [2 * math.pi * i / count for i in range(count)]
        ring = [
            (round(east + 0.01 * math.cos(t), 7), round(north + 0.01 * math.sin(t), 7))
            for t in turns
        ]
        wanted[f"地块{plot}"] = shapely.Polygon(ring)
        corners = [(f"J{i + 1}", *xy) for i, xy in enumerate(ring)]
        how = rng.choice(["open", "closed", "shuffled"])
        if how == "closed":
            corners.append(corners[0])
        elif how == "shuffled":
            rng.shuffle(corners)
        merged = rng.random() < 0.5
        rows += [
            (f"地块{plot}" if i == 0 or not merged else None, *c) for i, c in enumerate(corners)
        ]
    mutated = rng.random() < 0.5
    if mutated:
        at = rng.randrange(len(rows))
        rows[at] = (rows[at][0], mutate(rng, rows[at][1]), *rows[at][2:])
    table = pd.DataFrame(rows, columns=["地块编号", "点号", "经度", "纬度"])
    geometry = shapely.points(table["经度"].to_numpy(float), table["纬度"].to_numpy(float))
    origin = Origin("a.csv", "a.csv", "a", FileFormat.CSV, "")
    labels = tuple(f"row {i}" for i in range(len(rows)))
    raw = RawLayer(origin, table, geometry, labels, Declaration())
    find_groupings(raw)
    joined = join_vertices(raw, VertexGrouping("地块编号", "点号"))
    if mutated:
        tally.counts["read"] += 1
        return
    assert list(joined.labels) == list(wanted)
    for found, made in zip(joined.geometry, wanted.values(), strict=True):
        assert found.normalize().equals_exact(made.normalize(), 1e-12), rows
    tally.counts["known"] += 1


def check_areas(rng: random.Random, tally: Tally) -> None:
    figure = f"{rng.uniform(0.1, 1e6):.{rng.randint(0, 4)}f}"
    unit, hectares = rng.choice([("公顷", 1), ("ha", 1), ("亩", 1 / 15), ("km2", 100)])
    area = parse_area(widen(rng, figure) + rng.choice(["", " "]) + unit)
    assert area is None or abs(area.ha - float(figure) * hectares) <= 1e-9 * area.ha
    assert area is not None or float(figure) == 0
    parse_area(mutate(rng, figure + unit))
    cells = [mutate(rng, c) for c in ("地块编号", "", "坐标", "")]
    below = [mutate(rng, c) for c in ("", "", "X", "Y")]
    if _is_second_heading(cells, below):
        assert len(_two_headings(cells, below)) == len(cells)
    tally.counts["known"] += 1


CHECKS: dict[str, tuple[Callable[[random.Random, Tally], None], float]] = {
    "numbers": (check_number, 0.20),
    "angles": (check_angle, 0.25),
    "pasted lists": (check_pasted, 0.20),
    "exchange texts": (check_boundary_text, 0.10),
    "columns": (check_columns, 0.05),
    "values": (check_values, 0.10),
    "encodings": (check_encoding, 0.10),
    "corners": (check_corners, 0.05),
    "areas, headings": (check_areas, 0.10),
}
"""Parsers and their share of the inputs."""


def run(name: str, inputs: int, seed: int) -> Tally:
    """Give one parser its inputs. A hang is counted by CPU time: others use the computer too."""
    check, tally = CHECKS[name][0], Tally()
    for index in range(inputs):
        rng = random.Random(f"{seed} {name} {index}")
        started = time.process_time()
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, HANG_SECONDS)
        try:
            check(rng, tally)
        except Exception as error:  # noqa: BLE001 - every failure is counted and printed
            tally.failures.append(f"{name} #{index}: {type(error).__name__} {error}"[:300])
        finally:
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_PROF, 0)
        took = time.process_time() - started
        if took > tally.slowest_s:
            tally.slowest_s, tally.slowest = took, f"#{index}"
    return tally


def _hang(_signal: int, _frame: object) -> None:
    raise HangError


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="part of a parser's name")
    arguments = parser.parse_args()
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, _hang)
    started = time.perf_counter()
    kinds = ("known", "read", "asked", "refused")
    heads = "".join(f"{head:>9}" for head in ("inputs", *kinds, "failed"))
    print(f"{'parser':16}{heads}  slowest (CPU)", flush=True)
    total, failed = 0, False
    for name, (_, share) in CHECKS.items():
        if arguments.only not in name:
            continue
        inputs = round(arguments.inputs * share)
        tally = run(name, inputs, arguments.seed)
        figures = (inputs, *(tally.counts[kind] for kind in kinds), len(tally.failures))
        cells = "".join(f"{figure:>9}" for figure in figures)
        print(f"{name:16}{cells}  {tally.slowest_s * 1000:.0f} ms {tally.slowest}", flush=True)
        for failure in tally.failures[:20]:
            print(failure, flush=True)
        total += inputs
        failed = failed or bool(tally.failures)
    wall, cpu = time.perf_counter() - started, time.process_time()
    print(f"{total} inputs, {wall:.0f} s, {cpu:.0f} s CPU, seed {arguments.seed}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

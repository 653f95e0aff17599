"""Still maps: the scale is true, what is shown is in the legend, names are text, same bytes."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pypdf
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from etk_geo.catalog import open_catalog
from etk_geo.crs import to_lonlat, to_metric
from etk_geo.figures.canvas import Canvas
from etk_geo.figures.draw import draw_map, map_source
from etk_geo.figures.furniture import angle, nice_length
from etk_geo.figures.labels import FACES, Name, Obstacle, fold, place_names
from etk_geo.figures.layers import Shown, look_at, styles_seen
from etk_geo.figures.legend import legend_entries, set_legend
from etk_geo.figures.marks import Marker, set_apart
from etk_geo.figures.model import FigureSize, MapFigure, Overlay
from etk_geo.figures.overlays import LOOKS
from etk_geo.figures.view import Box, fit
from etk_geo.i18n import text
from etk_geo.maps.symbols import MARKERS
from etk_geo.model import BANNER_BOUNDS, LonLatBounds
from etk_geo.plan import open_plan
from etk_geo.store import project_root

DAY = date(2026, 11, 25)
SMALL = FigureSize(520, 360)
QIPANJING = LonLatBounds(106.98, 39.35, 107.14, 39.46)


@pytest.fixture(scope="module")
def source():
    root = project_root()
    return map_source(open_catalog(root), open_plan(root), "zh")


def figure(**parts) -> MapFigure:
    return MapFigure(**{"title": "图", "lang": "zh", "dated": DAY, "size": SMALL, **parts})


def pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)


def circle(lon: float, lat: float, radius_m: float):
    return to_lonlat(shapely.buffer(to_metric(shapely.Point(lon, lat)), radius_m))


def pdf_text(content: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_png_is_twice_the_design_size_and_pdf_has_the_paper_size(source):
    drawing = draw_map(figure(size=FigureSize(400, 300)), source)
    assert Image.open(io.BytesIO(drawing.bytes())).size == (800, 600)
    size = FigureSize.page("a4", landscape=True)
    assert (size.width_mm, size.height_mm) == pytest.approx((297, 210))
    page = pypdf.PdfReader(io.BytesIO(drawing.bytes("pdf"))).pages[0].mediabox
    assert (float(page.width), float(page.height)) == pytest.approx((240, 180))


def test_few_colours_change_no_pixel_that_can_be_seen(source):
    drawing = draw_map(figure(extent=QIPANJING), source)
    full, few = (
        np.asarray(Image.open(io.BytesIO(drawing.bytes(form))).convert("RGB"), dtype=int)
        for form in ("png", "png8")
    )
    off = np.abs(full - few).max(axis=2)
    assert full.shape == few.shape
    assert np.quantile(off, 0.9) <= 8
    assert off.max() <= 64
    assert len(drawing.bytes("png8")) < 0.5 * len(drawing.bytes("png"))


def test_no_band_is_drawn_along_the_edges_of_what_was_cut_off():
    view = fit(LonLatBounds(107.999, 39.199, 108.001, 39.201), Box(0, 0, 200, 200))
    around, beside = (
        view.cut(shapely.box(*bounds))
        for bounds in ((-5_000, -5_000, 5_000, 5_000), (100, -5_000, 5_000, 5_000))
    )
    assert view.outline(around).is_empty
    left, _, right, _ = view.outline(beside).bounds
    assert (left, right) == (100, 100)


def test_closer_frame_shows_its_part_larger_and_both_legends_are_one(source):
    plot = shapely.box(107.0, 39.4, 107.002, 39.402)
    asked = figure(
        size=FigureSize.millimetres(256, 92),
        extent=LonLatBounds(106.9, 39.3, 107.1, 39.5),
        closer=LonLatBounds(106.999, 39.399, 107.003, 39.403),
        overlays=(
            Overlay(plot, "project", "地块"),
            Overlay(shapely.Point(100.0, 30.0), "mark", "K1+000"),
        ),
    )
    said = written(draw_map(asked, source).canvas)
    assert said.count("地块") == 2
    assert "右图放大的范围" in said
    assert text("figures.role.project", "zh") in said
    assert text("figures.role.mark", "zh") not in said, "what neither frame shows is not explained"
    assert "右图放大的范围" not in written(draw_map(replace(asked, closer=None), source).canvas)


def test_scale_is_true_to_the_metre():
    frame = Box(20, 20, 420, 320)
    view = fit(QIPANJING, frame)
    a, b = shapely.Point(107.0, 39.4), shapely.Point(107.1, 39.4)
    apart = view.pixels(a).distance(view.pixels(b)) * view.metres_per_px
    assert apart == pytest.approx(to_metric(a).distance(to_metric(b)), abs=0.5)
    # 120 design pixels are an inch, 25.4 mm, on paper.
    assert view.scale == pytest.approx(view.metres_per_px * 120 / 0.0254)
    corners = view.pixels(shapely.box(*QIPANJING))
    assert frame.holds(Box(*corners.bounds))


def test_every_format_has_the_same_bytes_each_time_and_in_another_process(source, tmp_path):
    asked = figure(extent=QIPANJING, overlays=(Overlay(circle(107.05, 39.4, 900), "egg", "甲"),))
    first, second = draw_map(asked, source), draw_map(asked, source)
    for form in ("png", "png8", "pdf", "svg"):
        assert first.bytes(form) == second.bytes(form)
    script = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1])\n"
        "from test_figures import *\n"
        "root = project_root(); s = map_source(open_catalog(root), open_plan(root), 'zh')\n"
        "asked = figure(extent=QIPANJING,"
        " overlays=(Overlay(circle(107.05, 39.4, 900), 'egg', '甲'),))\n"
        "d = draw_map(asked, s)\n"
        "sys.stdout.write(' '.join(hashlib.sha256(d.bytes(f)).hexdigest()"
        " for f in ('png', 'png8', 'pdf', 'svg')))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(project_root())}
    here = str(Path(__file__).parent)
    run = subprocess.run(
        [sys.executable, "-c", script, here],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    digests = [
        hashlib.sha256(first.bytes(form)).hexdigest() for form in ("png", "png8", "pdf", "svg")
    ]
    assert run.stdout.split() == digests


def test_pdf_embeds_its_fonts_and_carries_title_review_and_sources(source):
    content = draw_map(figure(title="鄂托克旗规划"), source).bytes("pdf")
    found = pdf_text(content)
    assert "鄂托克旗规划" in found
    assert "未经地图审核" in found
    assert "2026-11-25" in found
    assert "Global Energy Monitor" in found
    fonts = pypdf.PdfReader(io.BytesIO(content)).pages[0]["/Resources"]["/Font"].values()
    for font in fonts:
        kind = font.get_object()
        for descendant in kind.get("/DescendantFonts", [font]):
            assert "/FontFile2" in descendant.get_object()["/FontDescriptor"].get_object()


@pytest.mark.parametrize("name", ["$x_1^2$ \\frac{a}{b}", "<img src=x onerror=alert(1)>", "$"])
def test_names_are_never_mathematics_or_markup(source, name):
    asked = figure(title=name, overlays=(Overlay(shapely.Point(108, 39), "mark", name),))
    assert name in pdf_text(draw_map(asked, source).bytes("pdf"))
    assert b"<img" not in draw_map(asked, source).bytes("svg")


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(codec=None), max_size=80))
def test_any_name_is_drawn(name):
    canvas = Canvas(FigureSize(200, 120))
    box = Box(0, 0, 200, 120)
    place_names(
        canvas, [Name(name, "small", "#000000", 1, "marker", shapely.Point(100, 60))], [], box
    )
    assert canvas.bytes("png", DAY).startswith(b"\x89PNG")


def test_ten_thousand_characters_are_cut_and_stay_in_the_picture(source):
    long = "长名" * 5000
    asked = figure(title=long, overlays=(Overlay(shapely.Point(108, 39), "mark", long),))
    assert "…" in pdf_text(draw_map(asked, source).bytes("pdf"))


def test_legend_names_what_the_frame_shows_and_nothing_else(source):
    everything = replace(
        figure(), layers=frozenset(d.entry["id"] for d in source.documents), title="t"
    )
    found = pdf_text(draw_map(replace(everything, size=FigureSize(1000, 700)), source).bytes("pdf"))
    assert "周边旗县" in found
    # The Yellow River lies 25 km west of this extent.
    east = replace(everything, extent=LonLatBounds(108.0, 39.0, 108.4, 39.3))
    found = pdf_text(draw_map(replace(east, size=FigureSize(1000, 700)), source).bytes("pdf"))
    assert "沿黄生态廊道" not in found
    assert "鄂托克旗" in found


def test_legend_agrees_with_the_map_of_the_browser(source):
    seen = look_at(
        fit(BANNER_BOUNDS, Box(0, 0, 600, 500)), [source.ground(d) for d in source.documents]
    )
    for item in seen:
        assert item.style in item.document.entry["styles"]
    assert {style["marker"] for d in source.documents for style in d.entry["styles"]} <= set(
        MARKERS
    )


def test_overlays_have_their_entry_and_their_colour(source):
    zone = circle(107.05, 39.4, 1500)
    plain = figure(extent=QIPANJING, layers=frozenset(), legend=False, credits=False, title="")
    with_zone = replace(plain, overlays=(Overlay(zone, "overlap", legend="与水源地重叠"),))
    before, after = (pixels(draw_map(f, source).bytes()) for f in (plain, with_zone))
    reddish = lambda image: ((image[..., 0] - image[..., 2]) > 60).sum()  # noqa: E731
    assert reddish(before) == 0
    assert reddish(after) > 500
    shown = replace(with_zone, legend=True, size=FigureSize(900, 500))
    assert "与水源地重叠" in pdf_text(draw_map(shown, source).bytes("pdf"))


@pytest.mark.parametrize("role", list(LOOKS))
def test_every_role_has_words(role):
    for lang in ("zh", "en"):
        assert text(f"figures.role.{role}", lang)


def test_outer_extents_are_hatched_without_an_outline(source):
    box = shapely.box(107.03, 39.39, 107.08, 39.42)
    asked = figure(
        extent=QIPANJING,
        layers=frozenset(),
        legend=False,
        credits=False,
        title="",
        overlays=(Overlay(box, "zone_outer"),),
    )
    image = pixels(draw_map(asked, source).bytes())
    green = (image[..., 1] - image[..., 0]) > 25
    rows = green[green.any(axis=1)]
    assert 0.05 < green[green.any(axis=1)].mean() / max(rows.any(axis=0).mean(), 1e-9) < 0.6
    # An outline would fill a row from side to side.
    assert rows.mean(axis=1).max() < 0.6 * rows.any(axis=0).mean()


def names(*texts, at=(100, 60)):
    return [
        Name(word, "small", "#000000", rank, "marker", shapely.Point(*at), reach=5)
        for rank, word in enumerate(texts)
    ]


def written(canvas) -> list[str]:
    return [artist.get_text() for artist in canvas._figure.artists if isinstance(artist, Text)]


def test_names_do_not_overlap_and_the_lowest_rank_comes_first():
    canvas = Canvas(FigureSize(120, 60))
    place_names(canvas, names(*"一二三四五六七八九十", at=(60, 30)), [], Box(0, 0, 120, 60))
    found = written(canvas)
    assert "一" in found
    assert found == sorted(found, key="一二三四五六七八九十".index)
    extents = [
        artist.get_window_extent(canvas._figure.canvas.get_renderer())
        for artist in canvas._figure.artists
        if isinstance(artist, Text)
    ]
    for number, box in enumerate(extents):
        assert not any(box.overlaps(other) for other in extents[number + 1 :])


def test_names_leave_obstacles_free_and_stay_in_the_frame():
    canvas = Canvas(FigureSize(200, 120))
    everywhere = [Obstacle(Box(0, 0, 200, 120))]
    place_names(canvas, names("甲"), everywhere, Box(0, 0, 200, 120))
    place_names(canvas, names("乙", at=(100, 60)), [], Box(95, 55, 105, 65))
    assert written(canvas) == []


def test_same_name_is_written_once():
    canvas = Canvas(FigureSize(300, 300))
    both = names("甲") + names("甲", at=(200, 200))
    place_names(canvas, both, [], Box(0, 0, 300, 300))
    assert written(canvas) == ["甲"]


def test_the_name_of_a_zone_too_small_for_it_stands_beside_it():
    frame = Box(0, 0, 300, 200)
    small = shapely.box(140, 90, 160, 110)
    name = Name("核心保护区", "area", "#00795A", -1, "area", small, outside=True)
    for asked, found in ((name, ["核心保护区"]), (replace(name, outside=False), [])):
        canvas = Canvas(FigureSize(300, 200))
        place_names(canvas, [asked], [], frame)
        assert written(canvas) == found
    canvas = Canvas(FigureSize(300, 200))
    place_names(canvas, [name], [Obstacle(Box(0, 100, 300, 200))], frame)
    (label,) = (a for a in canvas._figure.artists if isinstance(a, Text))
    box = label.get_window_extent(canvas._figure.canvas.get_renderer())
    assert not box.overlaps(Bbox([[140, 90], [160, 110]]))


def test_sources_of_overlays_are_named_where_they_are_in_sight(source):
    near = Overlay(circle(107.05, 39.4, 1500), "zone", credit="甲局《红线》（2025）")
    far = Overlay(circle(108.5, 38.9, 1500), "zone", credit="乙局《农田》（2024）")
    asked = figure(extent=QIPANJING, overlays=(near, far), size=FigureSize(900, 500))
    said = pdf_text(draw_map(asked, source).bytes("pdf"))
    assert "甲局《红线》（2025）" in said
    assert "乙局" not in said


def test_fold_breaks_lines_by_width_and_never_before_a_full_stop():
    assert fold("一二三四五六", len, 3) == ["一二三", "四五六"]
    assert fold("一二三，四五", len, 3) == ["一二三，", "四五"]
    assert fold("one two three", len, 7) == ["one two", "three"]
    assert fold("一二三四五六七", len, 2, most_lines=2) == ["一二", "三四…"]


STYLE = {"size": 16, "z": 80, "colour": "#000000", "marker": "circle"}


def test_markers_that_would_hide_each_other_are_set_apart():
    markers = [Marker(STYLE, 50, 50), Marker(STYLE, 52, 50), Marker({**STYLE, "size": 12}, 50, 50)]
    places = set_apart(markers)
    assert places[2] == (50, 50)
    for number, (x, y) in enumerate(places):
        for other in places[number + 1 :]:
            assert max(abs(x - other[0]), abs(y - other[1])) >= 14


def test_highlight_changes_the_picture_only_where_the_feature_is(source):
    document = next(d for d in source.documents if d.entry["id"] == "townships")
    lit = document.drawn[0].features[0]["id"]
    plain = figure(legend=False)
    images = [pixels(draw_map(f, source).bytes()) for f in (plain, replace(plain, highlight={lit}))]
    changed = (images[0] != images[1]).any(axis=-1)
    assert 0 < changed.mean() < 0.2
    unknown = draw_map(replace(plain, highlight=frozenset({"nobody"})), source)
    assert (pixels(unknown.bytes()) == images[0]).all()


def test_scale_bar_and_degrees_are_round_numbers():
    assert [nice_length(most) for most in (999, 1000, 4999, 5000.0, 0.7)] == [
        500,
        1000,
        2000,
        5000,
        0.5,
    ]
    assert angle(107 * 60, "E") == "107°E"
    assert angle(39 * 60 + 5, "N") == "39°05′N"
    assert angle(39 * 60 + 5.25, "N") == "39°05′15″N"


def test_legend_keeps_a_heading_with_what_follows(source):
    seen = look_at(
        fit(BANNER_BOUNDS, Box(0, 0, 600, 500)), [source.ground(d) for d in source.documents]
    )
    canvas = Canvas(FigureSize(700, 500))
    shown = Shown(styles_seen(seen), moved=True, halos=True)
    entries = legend_entries(source.documents, shown, (), "zh")
    for columns in (1, 2, 3, 4):
        legend = set_legend(canvas, entries, 700, columns)
        assert len(legend.rows) <= columns
        assert [e for column in legend.rows for e, _ in column] == entries
        assert not any(column[-1][0].strong for column in legend.rows)


def test_faces_exist_for_every_kind_of_name_in_symbols(source):
    kinds = {style["label_style"] for d in source.documents for style in d.entry["styles"]}
    assert kinds - {"none"} <= set(FACES)


def test_layers_marked_as_restricted_are_not_drawn(source):
    root = project_root()
    catalog = open_catalog(root)
    layer = catalog.layers["nature_reserves"]
    hidden = replace(layer, provenance=replace(layer.provenance, restricted=True))
    catalog = replace(catalog, layers={**catalog.layers, "nature_reserves": hidden})
    shown = map_source(catalog, open_plan(root), "zh")
    assert "nature_reserves" not in {d.entry["id"] for d in shown.documents}

"""Maps on paper: every paper both ways, complete, with embedded fonts, the same bytes each time."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from PIL import Image

from etk_geo.cli import main
from etk_geo.figures.model import PX_PER_INCH
from etk_geo.model import LANGS
from etk_geo.reports import map_command
from etk_geo.reports.printed import Sheet, print_map
from etk_geo.store import project_root
from etk_geo.stories.material import Material
from etk_geo.workspace import open_workspace

DAY = date(2026, 11, 25)
SIZES_MM = {"a4": (297, 210), "a3": (420, 297)}
MM_PER_POINT = 25.4 / 72


@pytest.fixture(scope="module")
def material() -> Material:
    return Material(open_workspace(project_root()), DAY)


def pages(content: bytes) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("landscape", [True, False], ids=["landscape", "portrait"])
@pytest.mark.parametrize("paper", SIZES_MM)
def test_sheet_has_its_paper_and_everything_that_belongs_on_it(material, paper, landscape):
    sheet = Sheet(title="鄂托克旗规划图", paper=paper, landscape=landscape)
    content = print_map(sheet, material, "zh", "pdf", DAY)
    (page,) = pages(content)
    long, short = SIZES_MM[paper]
    width, height = (long, short) if landscape else (short, long)
    assert float(page.mediabox.width) * MM_PER_POINT == pytest.approx(width, abs=0.5)
    assert float(page.mediabox.height) * MM_PER_POINT == pytest.approx(height, abs=0.5)
    said = page.extract_text()
    for part in ("鄂托克旗规划图", "图例", "北", "公里", "2026-11-25"):
        assert part in said, part
    assert re.search(r"\d°(\d\d′)?E", said)
    assert re.search(r"\d°(\d\d′)?N", said)
    assert "未经地图审核" in said
    assert "Global Energy Monitor" in said
    for font in page["/Resources"]["/Font"].values():
        kind = font.get_object()
        for descendant in kind.get("/DescendantFonts", [font]):
            assert "/FontFile2" in descendant.get_object()["/FontDescriptor"].get_object()


def test_picture_is_twice_the_size_it_is_designed_for(material):
    picture = Image.open(io.BytesIO(print_map(Sheet(title="图"), material, "zh", "png", DAY)))
    width, height = picture.size
    assert width == pytest.approx(2 * 297 / 25.4 * PX_PER_INCH, abs=2)
    assert height == pytest.approx(2 * 210 / 25.4 * PX_PER_INCH, abs=2)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("form", ["pdf", "png"])
def test_command_line_gives_the_same_bytes_as_the_page(material, lang, form, tmp_path, monkeypatch):
    monkeypatch.setattr(map_command, "material_of", lambda _: material)
    out = tmp_path / f"map.{form}"
    words = ["--story", "roads_rail", "--scene", "4", "--paper", "a3", "--portrait"]
    assert main(["print", *words, "--out", str(out), "--lang", lang]) == 0
    story = map_command.find_story(material, "roads_rail")
    plain = Sheet(title="", paper="a3", landscape=False)
    sheet = map_command.scene_sheet(story, 4, plain, material, lang)
    assert out.read_bytes() == print_map(sheet, material, lang, form, DAY)


def test_restricted_layer_is_on_no_paper(material):
    catalog = material.workspace.catalog
    layer = catalog.layers["power_plants"]
    hidden = replace(layer, provenance=replace(layer.provenance, restricted=True))
    closed = replace(catalog, layers={**catalog.layers, "power_plants": hidden})
    other = Material(replace(material.workspace, catalog=closed), DAY)
    wanted = Sheet(title="图", layers=frozenset({"banner", "power_plants"}))
    (shown,) = pages(print_map(wanted, material, "zh", "pdf", DAY))
    (kept,) = pages(print_map(wanted, other, "zh", "pdf", DAY))
    assert "燃煤电厂" in shown.extract_text()
    assert "燃煤电厂" not in kept.extract_text()

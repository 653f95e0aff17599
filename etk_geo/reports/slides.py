"""A story as slides: one a scene, with text that can be edited, the map as a picture, and notes.

The same story gives the same bytes.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu, Inches, Pt

from etk_geo.documents.word import repacked
from etk_geo.figures.draw import MapSource, draw_map, map_source
from etk_geo.figures.model import PX_PER_INCH, FigureSize, MapFigure
from etk_geo.model import Lang
from etk_geo.reports.printed import extent_of, layers_of
from etk_geo.stories.document import story_document
from etk_geo.stories.material import Material
from etk_geo.stories.model import Scene, Story
from etk_geo.wording import Words

FONTS: Mapping[Lang, tuple[str, str]] = {
    "zh": ("Arial", "Microsoft YaHei"),
    "en": ("Arial", "Microsoft YaHei"),
}
"""Latin and East Asian typeface; the latter is on every Windows and replaced elsewhere."""

WIDE, HIGH = 13.333, 7.5
EDGE, TEXT_WIDE, MAP_WIDE, MAP_HIGH = 0.45, 4.95, 7.35, 6.35
INK, SOFT, MARK, WARN = "1F2A30", "5B6A72", "0B5D7A", "8A3B00"
BLANK_LAYOUT = 6
POINTS_PER_INCH = 72
LARGEST_PT, SMALLEST_PT = 17, 11
TITLE_PT = (27, 16)
BOLD_NARROWER = 0.82
"""Bold letters are wider: a box of a title takes as many as a narrower one of plain letters."""

MOST_ROWS = 8

Run = tuple[str, float, str, bool]
"""Text, size in points, colour, bold."""


def story_slides(story: Story, material: Material, lang: Lang) -> bytes:
    """Return a story as PPTX, one slide a scene.

    Raises
    ------
    AssetError
        If there is no Chinese font for the map pictures.
    """
    words = Words(material.workspace.plan, lang)
    told = story_document(story, material, lang)
    source = map_source(material.workspace.catalog, material.workspace.plan, lang)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    _describe(deck, told["title"], material)
    for number, (scene, said) in enumerate(zip(story.scenes, told["scenes"], strict=True), start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[BLANK_LAYOUT])
        picture = _picture(scene, material, lang, source)
        left = Inches(WIDE - EDGE - MAP_WIDE)
        slide.shapes.add_picture(
            io.BytesIO(picture), left, Inches(EDGE), Inches(MAP_WIDE), Inches(MAP_HIGH)
        ).name = words.say("slides.map", title=said["title"])
        _words(slide, said, lang, f"{told['title']}  {number} / {len(story.scenes)}")
        _figure(slide, said["figure"], lang, words)
        _foot(slide, said, lang, words)
        slide.notes_slide.notes_text_frame.text = said["notes"]
    stream = io.BytesIO()
    deck.save(stream)
    return repacked(stream.getvalue())


def _describe(deck: Any, title: str, material: Material) -> None:
    moment = datetime.combine(material.as_of, time())
    properties = deck.core_properties
    properties.title, properties.author, properties.last_modified_by = title, "", ""
    properties.created = properties.modified = moment
    properties.revision = 1


def _picture(scene: Scene, material: Material, lang: Lang, source: MapSource) -> bytes:
    figure = MapFigure(
        title="",
        lang=lang,
        dated=material.as_of,
        size=FigureSize(MAP_WIDE * PX_PER_INCH, MAP_HIGH * PX_PER_INCH),
        extent=extent_of(scene.camera, material),
        layers=layers_of(scene, material),
        highlight=frozenset(scene.highlight),
        credits=False,
    )
    return draw_map(figure, source).bytes("png")


def _words(slide: Any, said: Mapping[str, Any], lang: Lang, place: str) -> None:
    size = _fitting(said["words"], TEXT_WIDE, 2.45, (LARGEST_PT, SMALLEST_PT))
    title = _fitting([said["title"]], TEXT_WIDE * BOLD_NARROWER, 1.0, TITLE_PT)
    _box(slide, (EDGE, 0.3, TEXT_WIDE, 0.35), [[(place, 11, SOFT, False)]], lang)
    _box(slide, (EDGE, 0.62, TEXT_WIDE, 1.0), [[(said["title"], title, INK, True)]], lang)
    paragraphs = [[(part, size, INK, False)] for part in said["words"]]
    _box(slide, (EDGE, 1.62, TEXT_WIDE, 2.5), paragraphs, lang)


def _fitting(paragraphs: Sequence[str], width: float, height: float, sizes: tuple[int, int]) -> int:
    """Return a size in points at which paragraphs surely fit a box, in inches.

    ``sizes`` are the largest and the smallest to take; the largest that fits is returned.
    """
    largest, smallest = sizes
    for size in range(largest, smallest, -1):
        letters = width * POINTS_PER_INCH / size
        lines = sum(math.ceil(_ems(part) / (letters - 1)) for part in paragraphs)
        if (lines * 1.25 * size + 6 * len(paragraphs)) <= height * POINTS_PER_INCH:
            return size
    return smallest


def _ems(text: str) -> float:
    """Return about how wide a text is, in sizes of its type; a Chinese letter is one."""
    return sum(1.0 if letter > "\u2e7f" else 0.54 for letter in text)


def _figure(slide: Any, figure: Mapping[str, Any] | None, lang: Lang, words: Words) -> None:
    """Write the figure as a table, which can be edited as the words can."""
    if figure is None:
        return
    rows = [(row["label"], _row_text(row, words)) for row in figure["rows"][:MOST_ROWS]]
    _box(slide, (EDGE, 4.12, TEXT_WIDE, 0.3), [[(figure["title"], 11, SOFT, True)]], lang)
    shape = slide.shapes.add_table(
        len(rows), 2, Inches(EDGE), Inches(4.44), Inches(TEXT_WIDE), Inches(0.26 * len(rows))
    )
    table = shape.table
    table.first_row = table.horz_banding = False
    _plain_style(shape)
    table.columns[0].width, table.columns[1].width = Inches(1.75), Inches(TEXT_WIDE - 1.75)
    for number, texts in enumerate(rows):
        for column, text in enumerate(texts):
            cell = table.cell(number, column)
            cell.margin_top = cell.margin_bottom = Emu(12_000)
            cell.margin_left = cell.margin_right = Emu(45_000)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            run = cell.text_frame.paragraphs[0].add_run()
            _set(
                run,
                (text, 11 if lang == "zh" else 9.5, MARK if column else INK, bool(column)),
                lang,
            )


def _row_text(row: Mapping[str, Any], words: Words) -> str:
    gap = words.say("slides.gap")
    if "parts" in row:
        return gap.join(f"{part['label']} {part['n']:,}" for part in row["parts"])
    texts = []
    for value in row["values"]:
        when = words.say(f"player.of_{value['of']}", year=value["year"]) if value["year"] else ""
        texts.append(f"{when} {value['text']}".strip())
    return gap.join(texts) or words.say("player.none_stated")


def _plain_style(shape: Any) -> None:
    """Take the built-in style of a table out: no coloured header, no bands."""
    no_style_no_grid = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
    properties = shape._element.graphic.graphicData.tbl.tblPr  # noqa: SLF001 - no public way
    for child in properties.findall(qn("a:tableStyleId")):
        properties.remove(child)
    style = OxmlElement("a:tableStyleId")
    style.text = no_style_no_grid
    properties.append(style)


def _foot(slide: Any, said: Mapping[str, Any], lang: Lang, words: Words) -> None:
    gap = words.say("player.list")
    cites = []
    if said["citations"]:
        cites.append(f"{words.say('player.cited')} {gap.join(said['citations'])}")
    if said["sources"]:
        cites.append(f"{words.say('player.source')} {gap.join(said['sources'])}")
    lines: list[list[Run]] = [[(words.say("player.review"), 9, WARN, False)]]
    lines += [[(cite, 9, SOFT, False)] for cite in cites]
    _box(slide, (EDGE, 6.86, WIDE - 2 * EDGE, 0.55), lines, lang, gap=0)


def _box(
    slide: Any,
    place: tuple[float, float, float, float],
    paragraphs: Sequence[Sequence[Run]],
    lang: Lang,
    *,
    gap: float = 6,
) -> None:
    """Write paragraphs into a text box; ``place`` is left, top, width, height in inches."""
    frame = slide.shapes.add_textbox(*map(Inches, place)).text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for number, runs in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(gap)
        for run in runs:
            _set(paragraph.add_run(), run, lang)


def _set(run: Any, said: Run, lang: Lang) -> None:
    """Set the text of a run and its fonts; ``a:ea`` is what Chinese is set in."""
    run.text, size, colour, bold = said
    latin, chinese = FONTS[lang]
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, latin
    run.font.color.rgb = RGBColor(*bytes.fromhex(colour))  # type: ignore[no-untyped-call]
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 - python-pptx cannot set a:ea
    properties.set("lang", "zh-CN" if lang == "zh" else "en-US")
    face = OxmlElement("a:ea")
    face.set("typeface", chinese)
    properties.find(qn("a:latin")).addnext(face)

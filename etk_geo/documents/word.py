"""A document as DOCX: styles that a word processor knows, the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import cache
from typing import Any

import docx as python_docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.image.exceptions import UnrecognizedImageError
from docx.oxml.ns import qn
from docx.oxml.shape import CT_Inline
from docx.section import Section as WordSection
from docx.shared import Mm

from etk_geo.documents.characters import printable
from etk_geo.documents.layout import (
    column_widths_mm,
    figure_size_mm,
    splittable,
)
from etk_geo.documents.model import (
    MARGIN_MM,
    PAPER_MM,
    Block,
    Bullets,
    Cell,
    Document,
    Figure,
    Heading,
    KeyValues,
    Note,
    PageBreak,
    Paragraph,
    Section,
    Table,
)
from etk_geo.documents.styles import (
    BORDER,
    HEADING_FILL,
    LOCALES,
    NAME_FILL,
    element,
    set_styles,
    style_id,
)
from etk_geo.documents.words import page_of
from etk_geo.errors import DataError

TWIPS_PER_MM = 1440 / 25.4
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""Time of every part in the archive, the first that the format knows."""


def docx(document: Document) -> bytes:
    """Return a document as DOCX.

    Raises
    ------
    DataError
        If a figure is not a picture.
    """
    word = python_docx.Document()
    set_styles(word, document.lang)
    _properties(word, document)
    writer = _Writer(word, document)
    for number, section in enumerate(document.sections):
        writer.begin(section, first=number == 0)
        for block in section.blocks:
            writer.write(block)
    writer.describe_pictures()
    stream = io.BytesIO()
    word.save(stream)
    return repacked(stream.getvalue())


def _properties(word: WordDocument, document: Document) -> None:
    properties = word.core_properties
    moment = datetime.combine(document.dated, time(), tzinfo=UTC).replace(tzinfo=None)
    properties.title = printable(document.title)[:255]
    properties.author = printable(document.author)[:255]
    properties.last_modified_by = properties.author
    properties.subject = printable(document.subtitle)[:255]
    properties.comments = ""
    properties.language = LOCALES[document.lang]
    properties.created = properties.modified = moment
    properties.revision = 1


def repacked(content: bytes) -> bytes:
    """Return the archive with the times of its parts taken out."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = zipfile.ZipInfo(name, EARLIEST)
            packed = name.endswith(".png")  # a picture is compressed already
            part.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            target.writestr(part, source.read(name))
    return stream.getvalue()


class _Writer:
    """Writes blocks at the end of a word processor's document."""

    def __init__(self, word: WordDocument, document: Document) -> None:
        self._word = word
        self._body = word.element.body
        self._document = document
        self._section = document.sections[0]
        self._pictures = 0

    def begin(self, section: Section, *, first: bool) -> None:
        """Begin a section on a new page."""
        self._section = section
        own = self._word.sections[0] if first else self._word.add_section(WD_SECTION.NEW_PAGE)
        if not first:
            self._end_in_gap()
        _lay_out(own, section, self._document)
        if first:
            _header(own, self._document)
            _footer(own, self._document)
            self._title_block()

    def _end_in_gap(self) -> None:
        """Let the section before end in the gap below its last table.

        The paragraph that python-docx adds for it is a line high: below a table that fills its
        page it would stand alone on an empty one.
        """
        gap, ending = self._body[-3], self._body[-2]
        style = gap.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if style is None or style.get(qn("w:val")) != style_id("Gap") or len(gap) > 1:
            return
        gap.find(qn("w:pPr")).append(ending.find(f"{qn('w:pPr')}/{qn('w:sectPr')}"))
        self._body.remove(ending)

    def write(self, block: Block) -> None:
        """Write one block."""
        if isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, Paragraph):
            style = {"plain": "Normal", "strong": "Normal", "small": "Small"}[block.tone]
            self._paragraph(block.text, style, lead=block.lead, strong=block.tone == "strong")
        elif isinstance(block, Bullets):
            for item in block.items:
                self._paragraph(item, "List Bullet")
        elif isinstance(block, Note):
            self._paragraph(block.text, "Remark", lead=block.lead)
        elif isinstance(block, KeyValues):
            self._key_values(block)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Figure):
            self._figure(block)
        elif isinstance(block, PageBreak):
            paragraph = self._paragraph("", "Gap")
            _sub(_sub(paragraph, "w:r"), "w:br", type="page")

    def _title_block(self) -> None:
        document = self._document
        self._paragraph(document.title, "Title")
        if document.subtitle:
            self._paragraph(document.subtitle, "Subtitle")
        if document.facts:
            self._key_values(KeyValues(document.facts))

    def _heading(self, heading: Heading) -> None:
        paragraph = self._paragraph(heading.text, f"Heading {heading.level}")
        if heading.new_page:
            _sub(paragraph.find(qn("w:pPr")), "w:pageBreakBefore")

    def _paragraph(self, text: str, style: str, *, lead: str = "", strong: bool = False) -> Any:
        """Write a paragraph at the end of the body; return its element."""
        paragraph = element("w:p")
        _sub(_sub(paragraph, "w:pPr"), "w:pStyle", val=style_id(style))
        if lead:
            _run(paragraph, lead, strong=True)
        if text:
            _run(paragraph, text, strong=strong)
        return self._put(paragraph)

    def _put(self, made: Any) -> Any:
        """Put an element at the end of the body, before its last section's properties."""
        self._body.insert(len(self._body) - 1, made)
        return made

    def _key_values(self, block: KeyValues) -> None:
        width, _ = self._section.text_size_mm(self._document.paper)
        widths = [width * block.share, width * (1 - block.share)]
        table = _table_element(widths)
        for name, value in block.rows:
            row = _row(split=False)
            row.append(_cell(name, widths[0], "Cell", strong=True, fill=NAME_FILL))
            row.append(_cell(value, widths[1], "Cell"))
            table.append(row)
        self._append(table)

    def _table(self, block: Table) -> None:
        width, height = self._section.text_size_mm(self._document.paper)
        widths = column_widths_mm(block.columns, width)
        style = "Cell small" if block.small else "Cell"
        if block.caption:
            self._paragraph(block.caption, "Table caption")
        table = _table_element(widths)
        heading = _row(split=False)
        heading.find(qn("w:trPr")).append(element("w:tblHeader"))
        for column, column_width in zip(block.columns, widths, strict=True):
            heading.append(
                _cell(
                    column.heading,
                    column_width,
                    style,
                    align="center",
                    strong=True,
                    fill=HEADING_FILL,
                )
            )
        table.append(heading)
        for cells, split in zip(block.rows, splittable(block, widths, height), strict=True):
            row = _row(split=split)
            for cell, column, column_width in zip(cells, block.columns, widths, strict=True):
                own = Cell(cell) if isinstance(cell, str) else cell
                row.append(
                    _cell(
                        own.text,
                        column_width,
                        style,
                        align=column.align,
                        strong=own.strong,
                        fill=own.fill.lstrip("#").upper(),
                    )
                )
            table.append(row)
        self._append(table)

    def _append(self, table: Any) -> None:
        self._put(table)
        self._paragraph("", "Gap")

    def _figure(self, figure: Figure) -> None:
        width, height = figure_size_mm(figure, self._section, self._document.paper)
        style = "Picture with caption" if figure.caption else "Picture"
        paragraph = self._paragraph("", style)
        try:
            relation, _ = self._word.part.get_or_add_image(io.BytesIO(figure.png))
        except UnrecognizedImageError as error:
            raise DataError("ETK931", reason="PNG") from error
        self._pictures += 1
        # Made by hand: python-docx looks through the whole document for a free number each time.
        inline = CT_Inline.new_pic_inline(
            self._pictures, relation, f"picture-{self._pictures}.png", Mm(width), Mm(height)
        )
        _sub(_sub(paragraph, "w:r"), "w:drawing").append(inline)
        if figure.caption:
            self._paragraph(figure.caption, "Figure caption")

    def describe_pictures(self) -> None:
        """Give each picture its number and the words for people who do not see it."""
        drawn = self._word.element.body.iter(qn("wp:docPr"))
        for number, (picture, figure) in enumerate(
            zip(drawn, self._document.figures(), strict=True)
        ):
            picture.set("name", f"Picture {number + 1}")
            picture.set("descr", printable(figure.described or figure.caption))


def _lay_out(own: WordSection, section: Section, document: Document) -> None:
    width, height = PAPER_MM[document.paper]
    if section.landscape:
        width, height = height, width
    own.orientation = WD_ORIENT.LANDSCAPE if section.landscape else WD_ORIENT.PORTRAIT
    own.page_width, own.page_height = Mm(width), Mm(height)
    own.top_margin, own.bottom_margin = Mm(MARGIN_MM["top"]), Mm(MARGIN_MM["bottom"])
    own.left_margin, own.right_margin = Mm(MARGIN_MM["left"]), Mm(MARGIN_MM["right"])
    own.header_distance = own.footer_distance = Mm(10)


def _header(section: WordSection, document: Document) -> None:
    section.header.paragraphs[0].add_run(printable(document.running))


def _footer(section: WordSection, document: Document) -> None:
    before, between, after = page_of(document.lang)
    paragraph = section.footer.paragraphs[0]
    paragraph.add_run(before).element.addnext(_field("PAGE"))
    paragraph.add_run(between).element.addnext(_field("NUMPAGES"))
    paragraph.add_run(after)


def _field(name: str) -> Any:
    field = element("w:fldSimple", instr=name)
    run = element("w:r")
    shown = element("w:t")
    shown.text = "1"
    run.append(shown)
    field.append(run)
    return field


def _table_element(widths_mm: Sequence[float]) -> Any:
    table = element("w:tbl")
    properties = element("w:tblPr")
    total = sum(round(width * TWIPS_PER_MM) for width in widths_mm)
    properties.append(element("w:tblW", w=str(total), type="dxa"))
    borders = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color=BORDER))
    properties.append(borders)
    properties.append(element("w:tblLayout", type="fixed"))
    margins = element("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        margins.append(
            element(f"w:{side}", w="80" if side in ("left", "right") else "30", type="dxa")
        )
    properties.append(margins)
    table.append(properties)
    grid = element("w:tblGrid")
    for width in widths_mm:
        grid.append(element("w:gridCol", w=str(round(width * TWIPS_PER_MM))))
    table.append(grid)
    return table


def _row(*, split: bool) -> Any:
    row = element("w:tr")
    properties = element("w:trPr")
    if not split:
        properties.append(element("w:cantSplit"))
    row.append(properties)
    return row


def _cell(
    text: str,
    width_mm: float,
    style: str,
    *,
    align: str = "left",
    strong: bool = False,
    fill: str = "",
) -> Any:
    cell = element("w:tc")
    properties = _sub(cell, "w:tcPr")
    _sub(properties, "w:tcW", w=str(round(width_mm * TWIPS_PER_MM)), type="dxa")
    if fill:
        _sub(properties, "w:shd", val="clear", color="auto", fill=fill)
    _sub(properties, "w:vAlign", val="center")
    paragraph = _sub(cell, "w:p")
    layout = _sub(paragraph, "w:pPr")
    _sub(layout, "w:pStyle", val=style_id(style))
    if align != "left":
        _sub(layout, "w:jc", val=align)
    _run(paragraph, text, strong=strong)
    return cell


def _run(paragraph: Any, text: str, *, strong: bool = False) -> None:
    run = _sub(paragraph, "w:r")
    if strong:
        _sub(_sub(run, "w:rPr"), "w:b")
    for number, line in enumerate(printable(text).split("\n")):
        if number:
            _sub(run, "w:br")
        shown = _sub(run, "w:t")
        shown.text = line
        shown.set(SPACE, "preserve")


SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_name = cache(qn)


def _sub(parent: Any, name: str, **attributes: str) -> Any:
    """Append an element; python-docx's own ways are too slow for tables of ten thousand cells."""
    made = parent.makeelement(_name(name))
    parent.append(made)
    for attribute, value in attributes.items():
        made.set(_name(f"w:{attribute}"), value)
    return made

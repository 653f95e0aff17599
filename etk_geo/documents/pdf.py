"""A document as PDF, set by Typst: fonts embedded, the same bytes every time.

The template ``document.typ`` belongs to the program; the document reaches it as JSON. It lies
in a private folder for as long as that takes.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from matplotlib.ft2font import FT2Font

from etk_geo.documents.characters import opened, printable, spelled_out
from etk_geo.documents.fonts import Fonts, chinese_fonts
from etk_geo.documents.indexed import indexed_page
from etk_geo.documents.layout import (
    CELL_PADDING_MM,
    MM_PER_PT,
    SIZE_PT,
    column_widths_mm,
    figure_size_mm,
    splittable,
)
from etk_geo.documents.model import (
    FACTS_SHARE,
    MARGIN_MM,
    Block,
    Bullets,
    Cell,
    Document,
    Figure,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Section,
    Table,
)
from etk_geo.documents.words import page_of
from etk_geo.errors import DataError

TEMPLATE = "document.typ"
DATA = "document.json"
MOST_TAGGED = 10_000
"""Cells of tables up to which the file holds a tree of its structure for screen readers: a larger
one would take more room than all the rest, and more time than setting the pages."""
TITLE_PT, HEADING_PT = 19.0, 15.0
"""Sizes of type that the template sets the title and the largest headings in."""


def pdf(document: Document, fonts: Fonts | None = None) -> bytes:
    """Return a document as PDF.

    Parameters
    ----------
    document
        What to set.
    fonts
        The font to set it in; by default the program's own, or the system's.

    Raises
    ------
    AssetError
        If there is no Chinese font.
    DataError
        If a figure is not a picture.
    """
    chosen = fonts or chinese_fonts()
    charmap = _charmap(chosen.regular, chosen.face)
    sources = {
        TEMPLATE: files("etk_geo.documents").joinpath(TEMPLATE).read_bytes(),
        DATA: json.dumps(_document(document, chosen, charmap)).encode(),
        **dict(_picture(number, figure) for number, figure in enumerate(document.figures())),
    }
    moment = datetime.combine(document.dated, time(), tzinfo=UTC)
    with TemporaryDirectory(prefix="etk-pdf-") as folder:
        for name, content in sources.items():
            Path(folder, name).write_bytes(content)
        try:
            result: bytes = typst.compile(
                Path(folder, TEMPLATE),
                root=Path(folder),
                format="pdf",
                font_paths=sorted({chosen.regular.parent, chosen.bold.parent}),
                ignore_system_fonts=True,
                timestamp=int(moment.timestamp()),
                pdf_tags=_cells(document) <= MOST_TAGGED,
            )
        except typst.TypstError as error:
            raise DataError("ETK931", reason=error.message[:200]) from error
    return result


@cache
def _charmap(font: Path, face: int) -> Container[int]:
    return FT2Font(str(font), face_index=face).get_charmap().keys()


def _picture(number: int, figure: Figure) -> tuple[str, bytes]:
    page = indexed_page(figure.png)
    return (f"figure_{number}.png", figure.png) if page is None else (f"figure_{number}.pdf", page)


def _cells(document: Document) -> int:
    blocks = (block for section in document.sections for block in section.blocks)
    return sum(len(b.rows) * len(b.columns) for b in blocks if isinstance(b, Table))


def _document(document: Document, fonts: Fonts, charmap: Container[int]) -> dict[str, Any]:
    words = _Words(charmap)
    names = iter([_picture(n, figure)[0] for n, figure in enumerate(document.figures())])
    width, _ = document.sections[0].text_size_mm(document.paper)
    day = document.dated
    return {
        "title": words.say(document.title, width, TITLE_PT),
        "subtitle": words.say(document.subtitle, width, TITLE_PT),
        "author": words.plain(document.author),
        "name": words.plain(document.title),
        "running": words.say(document.running, width),
        "facts": _pairs(document.facts, words, width, FACTS_SHARE),
        "facts_share": FACTS_SHARE,
        "dated": [day.year, day.month, day.day],
        "lang": document.lang,
        "region": "cn" if document.lang == "zh" else "us",
        "font": fonts.family,
        "paper": document.paper,
        "margin": MARGIN_MM,
        "sizes": SIZE_PT,
        "page_of": page_of(document.lang),
        "sections": [
            {
                "landscape": section.landscape,
                "blocks": list(_blocks(section, document, words, names)),
            }
            for section in document.sections
        ],
    }


@dataclass(frozen=True)
class _Words:
    """Turns strings of the document into what the font can print and a column can hold."""

    charmap: Container[int]

    def plain(self, text: str) -> str:
        return spelled_out(printable(text), self.charmap)

    def say(self, text: str, width_mm: float, size_pt: float = SIZE_PT["body"]) -> str:
        return opened(self.plain(text), width_mm / (size_pt * MM_PER_PT))


def _blocks(
    section: Section, document: Document, words: _Words, names: Iterator[str]
) -> Iterator[dict[str, Any]]:
    width, height = section.text_size_mm(document.paper)
    for block in section.blocks:
        if isinstance(block, Table):
            yield _table(block, width, height, words)
        elif isinstance(block, Figure):
            figure_width, figure_height = figure_size_mm(block, section, document.paper)
            yield {
                "kind": "figure",
                "file": next(names),
                "width": figure_width,
                "height": figure_height,
                "caption": words.say(block.caption, width),
                "described": words.plain(block.described or block.caption),
            }
        else:
            yield _plain(block, width, words)


def _plain(block: Block, width: float, words: _Words) -> dict[str, Any]:
    if isinstance(block, Heading):
        text = words.say(block.text, width, HEADING_PT)
        return {"kind": "heading", "level": block.level, "new": block.new_page, "text": text}
    if isinstance(block, Paragraph):
        texts = {"text": words.say(block.text, width), "lead": words.say(block.lead, width)}
        return {"kind": "paragraph", "tone": block.tone, **texts}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [words.say(item, width) for item in block.items]}
    if isinstance(block, Note):
        texts = {"text": words.say(block.text, width), "lead": words.say(block.lead, width)}
        return {"kind": "note", **texts}
    if isinstance(block, KeyValues):
        rows = _pairs(block.rows, words, width, block.share)
        return {"kind": "key_values", "rows": rows, "share": block.share}
    return {"kind": "page_break"}


def _pairs(
    rows: Sequence[tuple[str, str]], words: _Words, width: float, share: float
) -> list[list[str]]:
    size = SIZE_PT["table"]
    widths = [width * part - CELL_PADDING_MM for part in (share, 1 - share)]
    return [
        [words.say(text, own, size) for text, own in zip(row, widths, strict=True)] for row in rows
    ]


def _table(table: Table, width: float, height: float, words: _Words) -> dict[str, Any]:
    widths = column_widths_mm(table.columns, width)
    split = splittable(table, widths, height)
    size = SIZE_PT["small" if table.small else "table"]
    inner = [own - CELL_PADDING_MM for own in widths]

    def cell(value: str | Cell, room: float) -> Mapping[str, Any]:
        own = Cell(value) if isinstance(value, str) else value
        return {"text": words.say(own.text, room, size), "strong": own.strong, "fill": own.fill}

    return {
        "kind": "table",
        "caption": words.say(table.caption, width),
        "small": table.small,
        "widths": widths,
        "columns": [
            {"heading": words.say(column.heading, room, size), "align": column.align}
            for column, room in zip(table.columns, inner, strict=True)
        ],
        "rows": [
            {
                "split": may_split,
                "cells": [cell(value, room) for value, room in zip(row, inner, strict=True)],
            }
            for row, may_split in zip(table.rows, split, strict=True)
        ],
    }

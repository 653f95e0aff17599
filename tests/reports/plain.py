"""A document as plain text, one line a statement, without what changes with every build."""

from __future__ import annotations

import re
from collections.abc import Iterator

from etk_geo import __version__
from etk_geo.documents.model import (
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

_CHANGES = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (re.compile(r"\b(?=\d*[a-f])[0-9a-f]{10,16}\b"), "<hash>"),
    (re.compile(re.escape(__version__)), "<version>"),
    (re.compile(r"\b(GEOS|PROJ|EPSG|shapely|pyproj) v?[0-9][0-9.]*", re.IGNORECASE), r"\1 <v>"),
)


def plain_text(document: Document) -> str:
    """Return everything a reader of the document reads, in its order."""
    text = "\n".join(_lines(document)) + "\n"
    for pattern, name in _CHANGES:
        text = pattern.sub(name, text)
    return text


def _lines(document: Document) -> Iterator[str]:
    yield f"# {document.title}"
    if document.subtitle:
        yield document.subtitle
    yield from (f"{name}: {value}" for name, value in document.facts)
    for section in document.sections:
        yield "---- landscape" if section.landscape else "----"
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    for block in section.blocks:
        match block:
            case Heading():
                yield f"{'#' * (block.level + 1)} {block.text}"
            case Paragraph() | Note():
                yield " ".join(part for part in (block.lead, block.text) if part)
            case Bullets():
                yield from (f"- {item}" for item in block.items)
            case KeyValues():
                yield from (f"{name}: {value}" for name, value in block.rows)
            case Table():
                yield f"[table] {block.caption}".rstrip()
                yield " | ".join(column.heading for column in block.columns)
                for row in block.rows:
                    cells = (cell.text if isinstance(cell, Cell) else cell for cell in row)
                    yield " | ".join(cell.replace("\n", " / ") for cell in cells)
            case Figure():
                yield f"[figure] {block.caption}"
            case PageBreak():
                yield "----"

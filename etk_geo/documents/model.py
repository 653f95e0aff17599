"""What a document holds, as plain values; how it looks is the business of the writers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from etk_geo.model import Lang

Align = Literal["left", "center", "right"]
Tone = Literal["plain", "strong", "small"]
Paper = Literal["a4", "a3"]

PAPER_MM: dict[Paper, tuple[float, float]] = {"a4": (210.0, 297.0), "a3": (297.0, 420.0)}
"""Width and height of an upright sheet in millimetres (ISO 216)."""

MARGIN_MM = {"top": 22.0, "bottom": 20.0, "left": 20.0, "right": 20.0}
FACTS_SHARE = 0.24
"""Part of the width that the names of facts take."""

LEVELS = (1, 2, 3)
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Heading:
    """A heading; it never stands alone at the foot of a page, and may begin a new one."""

    text: str
    level: int = 1
    new_page: bool = False

    def __post_init__(self) -> None:
        """Refuse a level that no style is made for."""
        if self.level not in LEVELS:
            raise ValueError(self.level)


@dataclass(frozen=True)
class Paragraph:
    """Running text, after ``lead`` in bold; a line feed breaks the line."""

    text: str
    lead: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True)
class Bullets:
    """Points, one paragraph each."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Note:
    """A framed remark that must not be overlooked."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class KeyValues:
    """Names and values in two columns, without a heading row; ``share`` is the width of the first.

    Parameters
    ----------
    rows
        Name and value.
    share
        Part of the width that the names take, 0 to 1.
    """

    rows: tuple[tuple[str, str], ...]
    share: float = FACTS_SHARE


@dataclass(frozen=True)
class Cell:
    """A cell that is set off: bold, or on a ground of colour ``fill`` (``#rrggbb``)."""

    text: str
    strong: bool = False
    fill: str = ""

    def __post_init__(self) -> None:
        """Refuse what is not a colour."""
        if self.fill and not COLOUR.fullmatch(self.fill):
            raise ValueError(self.fill)


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its width as a share of the sum of all, its alignment."""

    heading: str
    width: float = 1.0
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """A table whose heading row is repeated on each page and whose rows are not split.

    Parameters
    ----------
    columns
        At least one.
    rows
        As many cells in each as there are columns.
    caption
        Stands above it.
    small
        Whether it is set in the small type of wide tables.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    caption: str = ""
    small: bool = False

    def __post_init__(self) -> None:
        """Refuse rows that do not fit the columns."""
        if not self.columns or any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(len(self.columns))


@dataclass(frozen=True)
class Figure:
    """A picture with a caption below it.

    Parameters
    ----------
    png
        The picture.
    width_mm, height_mm
        Its size on paper; it is made smaller where the page is.
    caption
        Stands below it.
    described
        What it shows, for people who do not see it.
    """

    png: bytes
    width_mm: float
    height_mm: float
    caption: str = ""
    described: str = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Bullets | Note | KeyValues | Table | Figure | PageBreak


@dataclass(frozen=True)
class Section:
    """Pages of one orientation; a section begins on a new page."""

    blocks: tuple[Block, ...]
    landscape: bool = False

    def text_size_mm(self, paper: Paper) -> tuple[float, float]:
        """Return width and height of the part of a page that holds text."""
        width, height = PAPER_MM[paper]
        if self.landscape:
            width, height = height, width
        return (
            width - MARGIN_MM["left"] - MARGIN_MM["right"],
            height - MARGIN_MM["top"] - MARGIN_MM["bottom"],
        )


@dataclass(frozen=True)
class Document:
    """A document with its title block.

    Parameters
    ----------
    title, subtitle
        Head of the first page.
    lang
        Language of its hyphenation, its page numbers and its properties.
    dated
        Its date; also the date of creation in the file, so that the same document has the same
        bytes.
    sections
        At least one.
    facts
        Names and values below the title: number, author, dates.
    running
        Head of every page.
    author
        For the properties of the file.
    paper
        Size of its sheets.
    """

    title: str
    lang: Lang
    dated: date
    sections: tuple[Section, ...]
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    running: str = ""
    author: str = ""
    paper: Paper = "a4"

    def figures(self) -> Iterator[Figure]:
        """Yield the figures in their order."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, Figure))

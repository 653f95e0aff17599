"""What both writers have to know of the space that text takes."""

from __future__ import annotations

from collections.abc import Sequence

from etk_geo.documents.characters import width_em
from etk_geo.documents.model import Cell, Column, Figure, Paper, Section, Table

SIZE_PT = {"body": 10.5, "table": 9.0, "small": 7.5}
MM_PER_PT = 25.4 / 72
LINE_FACTOR = 1.45
"""Height of a line as a multiple of the size of its type."""

CELL_PADDING_MM = 3.0
MOST_OF_PAGE = 0.4
"""A row that takes more of a page than this may be split: moving it would leave a hole."""


def column_widths_mm(columns: Sequence[Column], width_mm: float) -> list[float]:
    """Return the widths of columns that share a width by their weights."""
    total = sum(column.width for column in columns)
    return [width_mm * column.width / total for column in columns]


def cell_text(cell: str | Cell) -> str:
    """Return the text of a cell."""
    return cell if isinstance(cell, str) else cell.text


def splittable(table: Table, widths_mm: Sequence[float], page_height_mm: float) -> list[bool]:
    """Return for each row whether it is so tall that it has to be split across pages."""
    size_pt = SIZE_PT["small" if table.small else "table"]
    line_mm = size_pt * LINE_FACTOR * MM_PER_PT
    most_lines = MOST_OF_PAGE * page_height_mm / line_mm
    return [
        max(
            _lines(cell_text(cell), width - CELL_PADDING_MM, size_pt)
            for cell, width in zip(row, widths_mm, strict=True)
        )
        > most_lines
        for row in table.rows
    ]


def _lines(text: str, width_mm: float, size_pt: float) -> float:
    """Return about how many lines a text takes."""
    size_mm = size_pt * MM_PER_PT
    return sum(
        max(1.0, width_em(line) * size_mm / max(width_mm, size_mm)) for line in text.split("\n")
    )


def figure_size_mm(figure: Figure, section: Section, paper: Paper) -> tuple[float, float]:
    """Return the size of a figure on its page, made smaller where the page is."""
    width, height = section.text_size_mm(paper)
    caption = 12.0
    scale = min(1.0, width / figure.width_mm, (height - caption) / figure.height_mm)
    return figure.width_mm * scale, figure.height_mm * scale

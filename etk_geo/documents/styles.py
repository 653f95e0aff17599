"""The styles of DOCX documents: typefaces for Latin and for Chinese, sizes, distances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from etk_geo.documents.layout import SIZE_PT
from etk_geo.model import Lang

TEXT_FONTS = ("Times New Roman", "宋体")
HEADING_FONTS = ("Arial", "黑体")
"""Latin and Chinese typefaces that offices in China have on every computer."""

INK = "1F2A30"
GREY = "5A6570"
BORDER = "9AA5AB"
HEADING_FILL = "E3E9EC"
NAME_FILL = "F1F4F5"
NOTE_EDGE = "B45F06"
NOTE_FILL = "FDF6EC"
LOCALES: dict[Lang, str] = {"zh": "zh-CN", "en": "en-GB"}


@dataclass(frozen=True)
class Look:
    """A paragraph style: size of type and distances in points, lines as multiples of the size."""

    size: float
    bold: bool = False
    before: float = 0
    after: float = 0
    line: float = 1.0
    keep: bool = False
    centred: bool = False
    colour: str = INK


LOOKS: dict[str, Look] = {
    "Normal": Look(SIZE_PT["body"], after=6, line=1.35),
    "Title": Look(20, bold=True, after=8, centred=True),
    "Subtitle": Look(12, after=10, centred=True, colour=GREY),
    "Heading 1": Look(15, bold=True, before=14, after=6, keep=True),
    "Heading 2": Look(12.5, bold=True, before=14, after=6, keep=True),
    "Heading 3": Look(11, bold=True, before=14, after=6, keep=True),
    "List Bullet": Look(SIZE_PT["body"], after=4, line=1.3),
    "Header": Look(8, colour=GREY),
    "Footer": Look(8, centred=True, colour=GREY),
    "Cell": Look(SIZE_PT["table"], line=1.15),
    "Cell small": Look(SIZE_PT["small"], line=1.15),
    "Small": Look(SIZE_PT["table"], after=4, line=1.25, colour=GREY),
    "Remark": Look(SIZE_PT["body"], before=6, after=8, line=1.3),
    "Table caption": Look(SIZE_PT["body"], bold=True, before=10, after=4, keep=True),
    "Picture": Look(SIZE_PT["body"], before=6, after=2, centred=True),
    "Picture with caption": Look(SIZE_PT["body"], before=6, after=2, centred=True, keep=True),
    "Figure caption": Look(SIZE_PT["table"], after=10, centred=True, colour=GREY),
    "Gap": Look(5),
}
"""Every style that documents use; those that the template of python-docx lacks are added."""


def set_styles(word: WordDocument, lang: Lang) -> None:
    """Set the styles of a document: body, headings, lists, cells, captions, header and footer."""
    _language(word, lang)
    known = {style.name for style in word.styles}
    for name, look in LOOKS.items():
        if name not in known:
            word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = word.styles["Normal"]
        style = word.styles[name]
        if isinstance(style, ParagraphStyle):
            _set(style, look)
    header, remark = (word.styles[name].element.get_or_add_pPr() for name in ("Header", "Remark"))
    _border(header, "w:bottom", size="4", space="4", color=BORDER)
    _border(remark, "w:left", size="20", space="8", color=NOTE_EDGE)
    remark.append(element("w:shd", val="clear", color="auto", fill=NOTE_FILL))


def style_id(name: str) -> str:
    """Return the id of a style, by which paragraphs name it."""
    return name.replace(" ", "")


def element(name: str, **attributes: str) -> Any:
    """Return an element of WordprocessingML with attributes of its namespace."""
    made = OxmlElement(name)
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def _border(properties: Any, side: str, *, size: str, space: str, color: str) -> None:
    borders = element("w:pBdr")
    borders.append(element(side, val="single", sz=size, space=space, color=color))
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _language(word: WordDocument, lang: Lang) -> None:
    defaults = word.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = properties.find(qn("w:lang"))
    language.set(qn("w:val"), LOCALES[lang])
    language.set(qn("w:eastAsia"), LOCALES["zh"])


def _set(style: ParagraphStyle, look: Look) -> None:
    _typeface(style, *(HEADING_FONTS if look.bold else TEXT_FONTS))
    style.font.size = Pt(look.size)
    style.font.bold = look.bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(look.colour)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.line_spacing = look.line
    layout.keep_with_next = look.keep
    layout.widow_control = True
    if look.centred:
        layout.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _without_border(style)


def _without_border(style: ParagraphStyle) -> None:
    """Take out the rule below titles that the template of python-docx draws."""
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _typeface(style: ParagraphStyle, latin: str, chinese: str) -> None:
    """Name the typefaces of a style; those of the theme, which would win, are taken out."""
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    if fonts is not None:
        properties.remove(fonts)
    fonts = element("w:rFonts", ascii=latin, hAnsi=latin, cs=latin, eastAsia=chinese)
    properties.insert(0, fonts)

"""Documents as DOCX and PDF: every string stays text, nothing is lost, the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import docx as python_docx
import pypdf
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from etk_geo.documents.characters import BREAK, REPLACEMENT, opened, printable, spelled_out
from etk_geo.documents.fonts import chinese_fonts
from etk_geo.documents.indexed import indexed_page
from etk_geo.documents.model import (
    Bullets,
    Cell,
    Column,
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
from etk_geo.documents.pdf import MOST_TAGGED, pdf
from etk_geo.documents.word import docx
from etk_geo.errors import AssetError, DataError

DAY = date(2026, 11, 25)
HOSTILE = (
    "#eval[*bold*] <img src=x onerror=alert(1)>",
    "$x^2$ \\alpha @cite `raw` #(1 + 1) // comment",
    '=HYPERLINK("http://x")',
    "]}} #pagebreak() [[",
    "</w:t></w:p><w:p> & &amp; &#x41;",
)


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "#cfe3d2").save(stream, "PNG")
    return stream.getvalue()


def document(*blocks, lang="zh", landscape=False, **parts) -> Document:
    parts = {"title": "筛查报告", **parts}
    return Document(lang=lang, dated=DAY, sections=(Section(blocks, landscape),), **parts)


EVERY_BLOCK = (
    Heading("一、结论"),
    Paragraph("未取得数据，不能判断。", lead="结论："),
    Bullets(("第一点", "第二点")),
    Note("须按规定送地图审核。", lead="注意："),
    KeyValues((("编号", "2026-007"),)),
    Table(
        (Column("序号", 1, "center"), Column("区域", 4)),
        (("1", Cell("不能判断", strong=True, fill="#F0E442")),),
        caption="逐项核查",
    ),
    Figure(picture(), 60, 40, "位置示意", "一张地图"),
    PageBreak(),
    Paragraph("另一页", tone="small"),
)
WORDS = (
    "筛查报告",
    "一、结论",
    "结论：",
    "未取得数据，不能判断。",
    "第二点",
    "注意：",
    "2026-007",
    "逐项核查",
    "不能判断",
    "位置示意",
    "另一页",
)


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def docx_text(content: bytes) -> str:
    body = python_docx.Document(io.BytesIO(content)).element.body
    return "\n".join(
        "".join(
            node.text or "" if node.tag == qn("w:t") else "\n"
            for node in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:cr"))
        )
        for paragraph in body.iter(qn("w:p"))
    )


def squeezed(text: str) -> str:
    """Text without white space, which line breaks add and take away."""
    return "".join(text.replace(BREAK, "").split())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_block_reaches_both_files(lang):
    made = document(*EVERY_BLOCK, lang=lang, facts=(("编制", "环境科"),), running="一张图")
    for found in (squeezed(pdf_text(pdf(made))), squeezed(docx_text(docx(made)))):
        for word in (*WORDS, "编制", "环境科"):
            assert squeezed(word) in found


def test_same_document_has_the_same_bytes():
    made = document(*EVERY_BLOCK)
    assert pdf(made) == pdf(made)
    assert docx(made) == docx(made)
    other = replace(made, dated=date(2026, 11, 26))
    assert pdf(other) != pdf(made)
    assert docx(other) != docx(made)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_stays_text(text):
    blocks = (
        Heading(text),
        Paragraph(text, lead=text),
        Bullets((text,)),
        Note(text),
        KeyValues(((text, text),)),
        Table((Column(text), Column("b")), ((text, Cell(text)),), caption=text),
        Figure(picture(), 60, 40, text),
    )
    made = document(*blocks, title=text, subtitle=text, facts=((text, text),), running=text)
    expected = squeezed(text)
    # Title, subtitle, two facts, heading, twice the paragraph, point, note, two values, caption,
    # column, two cells and the figure's caption; the PDF has the running head besides.
    assert squeezed(docx_text(docx(made))).count(expected) == 16
    assert squeezed(pdf_text(pdf(made))).count(expected) >= 16


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_gives_a_word_file_that_opens(text):
    made = document(Paragraph(text), KeyValues(((text, text),)), title=text, author=text)
    content = docx(made)
    expected = squeezed(printable(text))
    assert squeezed(docx_text(content)).count(expected) >= (4 if expected else 0)


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_gives_a_pdf_that_opens(text):
    made = document(Paragraph(text), Table((Column(text),), ((text,),)), title=text)
    assert len(pypdf.PdfReader(io.BytesIO(pdf(made))).pages) >= 1


def test_control_characters_and_surrogates_are_shown_as_replaced():
    assert printable("a\x00b\ud800c\u202ed\ufffe") == REPLACEMENT.join(["a", "b", "c", "d", ""])
    assert printable("a\r\nb\x0bc\u2028d") == "a\nb\nc\nd"
    assert printable("一\t二") == "一\t二"


def test_what_the_font_lacks_is_spelled_out_in_the_pdf():
    text = pdf_text(pdf(document(Paragraph("厂\U0001f600房 \u1821"))))
    assert "厂[U+1F600]房 [U+1821]" in text
    assert spelled_out("\ufffd", {0x25A1}) == "□"


def test_ten_thousand_characters_without_a_break_stay_on_the_page():
    long = "A1" * 5000
    made = document(Paragraph(long), Table((Column("a"), Column("b", 9)), (("x", long),)))
    reader = pypdf.PdfReader(io.BytesIO(pdf(made)))
    found = squeezed("".join(page.extract_text() for page in reader.pages))
    assert found.count("A1") == 10_000
    right = []

    def visit(text, _cm, matrix, _font, size):
        if "A" in text:
            right.append(matrix[4])

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    assert max(right) < float(reader.pages[0].mediabox.width)
    assert len(reader.pages) > 4
    assert squeezed(docx_text(docx(made))).count("A1") == 10_000


def test_a_run_is_opened_only_where_it_does_not_fit():
    digest = "0123456789abcdef" * 4
    assert opened(digest, 40) == digest
    assert opened(digest, 20).split(BREAK) == list(digest)
    assert opened("短字 short words", 1) == "短字 short words"


def long_table(rows=120):
    columns = (Column("序号甲", 1), Column("区域", 5))
    return Table(columns, tuple((str(n), f"区域{n}") for n in range(rows)))


def test_heading_row_is_repeated_and_rows_are_not_split_in_pdf():
    reader = pypdf.PdfReader(io.BytesIO(pdf(document(long_table()))))
    assert len(reader.pages) > 2
    assert all("序号甲" in page.extract_text() for page in reader.pages)


def test_heading_row_is_repeated_and_rows_are_not_split_in_docx():
    table = python_docx.Document(io.BytesIO(docx(document(long_table(5))))).tables[0]
    rows = table._tbl.findall(qn("w:tr"))
    assert [row.find(f".//{qn('w:tblHeader')}") is not None for row in rows] == [True] + [False] * 5
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)


def test_only_a_row_taller_than_a_page_may_be_split():
    table = Table((Column("a"),), (("短",), ("长" * 3000,)))
    rows = python_docx.Document(io.BytesIO(docx(document(table)))).tables[0]._tbl
    split = [row.find(f".//{qn('w:cantSplit')}") is None for row in rows.findall(qn("w:tr"))]
    assert split == [False, False, True]


def test_column_widths_are_shared_by_their_weights():
    table = python_docx.Document(io.BytesIO(docx(document(long_table(1))))).tables[0]
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.iter(qn("w:gridCol"))]
    assert widths[1] / widths[0] == pytest.approx(5, rel=0.01)
    assert sum(widths) / 1440 * 25.4 == pytest.approx(170, abs=0.1)


def test_landscape_sections_turn_the_page():
    sections = (Section((Paragraph("a"),)), Section((Paragraph("b"),), landscape=True))
    made = replace(document(), sections=sections)
    pages = pypdf.PdfReader(io.BytesIO(pdf(made))).pages
    assert [page.mediabox.width > page.mediabox.height for page in pages] == [False, True]
    word = python_docx.Document(io.BytesIO(docx(made)))
    assert [s.page_width > s.page_height for s in word.sections] == [False, True]


def test_section_ends_in_the_gap_below_its_last_table():
    table = Table((Column("a", 1),), (("1",),))
    sections = (Section((table,)), Section((Paragraph("b"),)), Section((Paragraph("c"),)))
    word = python_docx.Document(io.BytesIO(docx(replace(document(), sections=sections))))
    assert len(word.sections) == 3
    ending = [
        p for p in word.paragraphs if p._p.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
    ]
    assert [(p.style.name, p.text) for p in ending] == [("Gap", ""), ("Normal", "")]
    assert [p.text for p in word.paragraphs if p.text][-2:] == ["b", "c"]


def test_pages_are_numbered_in_the_language_of_the_document():
    made = document(Paragraph("a"), PageBreak(), Paragraph("b"))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(made))).pages]
    assert [squeezed("第 2 页，共 2 页") in squeezed(page) for page in pages] == [False, True]
    english = replace(made, lang="en")
    assert "Page 1 of 2" in pdf_text(pdf(english))
    with zipfile.ZipFile(io.BytesIO(docx(english))) as archive:
        footer = next(n for n in archive.namelist() if "footer" in n)
        markup = archive.read(footer).decode()
    assert 'w:instr="PAGE"' in markup
    assert 'w:instr="NUMPAGES"' in markup


def test_pdf_embeds_its_fonts_and_tells_what_it_is():
    reader = pypdf.PdfReader(io.BytesIO(pdf(document(Paragraph("鄂托克旗"), author="环境科"))))
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for font in reader.pages[0]["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
    assert (reader.metadata.title, reader.metadata.author) == ("筛查报告", "环境科")
    assert reader.metadata.creation_date.date() == DAY


def test_docx_names_chinese_typefaces_in_every_style_it_uses():
    word = python_docx.Document(io.BytesIO(docx(document(*EVERY_BLOCK))))
    used = {paragraph.style.name for paragraph in word.paragraphs}
    assert {"Heading 1", "Title", "Remark"} <= used
    for name in used:
        fonts = word.styles[name].element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        assert fonts.get(qn("w:eastAsia")) in ("宋体", "黑体")
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_a_figure_that_is_no_picture_is_refused_with_a_code():
    made = document(Figure(b"no picture", 10, 10))
    for write in (pdf, docx):
        with pytest.raises(DataError) as caught:
            write(made)
        assert caught.value.code == "ETK931"


def test_a_figure_larger_than_the_page_is_made_smaller():
    word = python_docx.Document(io.BytesIO(docx(document(Figure(picture(), 600, 400)))))
    (shape,) = word.inline_shapes
    assert shape.width.mm == pytest.approx(170, abs=0.1)
    assert shape.width / shape.height == pytest.approx(1.5, rel=0.001)


def test_font_of_the_system_stands_in_and_none_at_all_is_a_clear_error(tmp_path):
    system = tmp_path / "system"
    system.mkdir()
    with pytest.raises(AssetError) as caught:
        chinese_fonts(tmp_path / "none", [system])
    assert caught.value.code == "ETK930"
    (system / "NotoSansCJKsc-Regular.otf").write_bytes(b"")
    fonts = chinese_fonts(tmp_path / "none", [system])
    assert (fonts.family, fonts.bold) == ("Noto Sans CJK SC", fonts.regular)


def test_table_refuses_rows_that_do_not_fit():
    with pytest.raises(ValueError, match="2"):
        Table((Column("a"), Column("b")), (("x",),))
    with pytest.raises(ValueError, match="red"):
        Cell("a", fill="red")


def pictures(resources):
    """Every picture that resources hold, also inside of others."""
    for entry in (resources.get("/XObject") or {}).values():
        held = entry.get_object()
        if held["/Subtype"] == "/Image":
            yield held
        else:
            yield from pictures(held["/Resources"])


def few_colours(**options) -> tuple[Image.Image, bytes]:
    image = Image.effect_mandelbrot((90, 50), (-3, -2.5, 2, 2.5), 100).convert("P")
    stream = io.BytesIO()
    image.save(stream, "PNG", **options)
    return image, stream.getvalue()


def test_a_picture_of_few_colours_is_the_very_same_pixels_in_the_pdf():
    image, png = few_colours()
    content = pdf(document(Figure(png, 60, 40, "图")))
    (held,) = pictures(pypdf.PdfReader(io.BytesIO(content)).pages[0]["/Resources"])
    assert (held["/Width"], held["/Height"]) == image.size
    assert held.get_data() == image.tobytes()
    palette = held["/ColorSpace"][3]
    palette = palette.get_object() if hasattr(palette, "get_object") else palette
    stored = palette.get_data() if hasattr(palette, "get_data") else palette.original_bytes
    assert stored == bytes(image.getpalette("RGB"))[: len(stored)]


@pytest.mark.parametrize("png", [b"", b"GIF89a", few_colours(transparency=3)[1], picture()])
def test_other_pictures_are_left_to_the_typesetter(png):
    assert indexed_page(png) is None


def test_pdf_of_moderate_length_has_a_structure_for_screen_readers_and_a_huge_one_has_none():
    columns = (Column("一", 1), Column("二", 1))
    for rows, tagged in ((3, True), (MOST_TAGGED // 2 + 1, False)):
        content = pdf(document(Table(columns, (("a", "b"),) * rows)))
        assert (
            "/StructTreeRoot" in pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]
        ) == tagged

"""Slides of a story: one a scene, text that can be edited, Chinese set in a Chinese typeface."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageFont
from pptx import Presentation
from pptx.oxml.ns import qn

from etk_geo.documents.fonts import chinese_fonts
from etk_geo.model import LANGS
from etk_geo.reports import slides
from etk_geo.reports.slides import story_slides
from etk_geo.stories.document import story_document
from etk_geo.stories.reading import read_story


def _white() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(stream, "PNG")
    return stream.getvalue()


PICTURE = _white()


def test_one_slide_a_scene_with_text_picture_and_notes(material):
    story = read_story(material, "roads_rail").story
    deck = Presentation(io.BytesIO(story_slides(story, material, "zh")))
    told = story_document(story, material, "zh")["scenes"]
    assert len(deck.slides) == len(told) == 7
    for slide, scene in zip(deck.slides, told, strict=True):
        said = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert scene["title"] in said
        assert "\n".join(scene["words"]) in said
        assert any("未经地图审核" in text for text in said)
        assert slide.notes_slide.notes_text_frame.text == scene["notes"]
        assert sum(shape.shape_type == 13 for shape in slide.shapes) == 1
        for run in slide.shapes._spTree.iter(qn("a:rPr")):
            assert run.find(qn("a:ea")).get("typeface") == "Microsoft YaHei"


def wrapped(text: str, width: float, measure) -> int:
    """Return how many lines a text takes, broken at spaces, or anywhere in Chinese."""
    words = list(text) if any(letter > "\u2e7f" for letter in text) else text.split(" ")
    gap = "" if len(words) == len(text) else " "
    lines, line = 1, words[0]
    for word in words[1:]:
        longer = f"{line}{gap}{word}"
        if measure(longer) > width:
            lines, line = lines + 1, word
        else:
            line = longer
    return lines


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["plan", "river_ecology", "roads_rail"])
def test_title_and_words_stay_in_their_boxes(material, name, lang, monkeypatch):
    """Measured in the program's bold face, which is wider than Arial and as wide as YaHei."""
    monkeypatch.setattr(slides, "_picture", lambda *_: PICTURE)
    deck = Presentation(io.BytesIO(story_slides(read_story(material, name).story, material, lang)))
    fonts = chinese_fonts()
    for slide in deck.slides:
        for shape in [shape for shape in slide.shapes if shape.has_text_frame]:
            needed = 0.0
            for paragraph in shape.text_frame.paragraphs:
                (run,) = paragraph.runs
                size = run.font.size.pt
                face = ImageFont.truetype(fonts.bold if run.font.bold else fonts.regular, 100)
                width = shape.width.pt * 100 / size
                needed += wrapped(run.text, width, face.getlength) * size * 1.2
                needed += paragraph.space_after.pt
            assert needed <= shape.height.pt + 8, shape.text_frame.text

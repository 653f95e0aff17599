"""Slides of a story: one a scene, text that can be edited, Chinese set in a Chinese typeface."""

from __future__ import annotations

import io

from pptx import Presentation
from pptx.oxml.ns import qn

from etk_geo.reports.slides import story_slides
from etk_geo.stories.document import story_document
from etk_geo.stories.reading import read_story


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

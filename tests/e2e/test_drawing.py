"""Drawing on the map in a real browser: draw, move, delete, and what comes back."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from etk_geo.i18n import text
from tests.app.conftest import CJK

pytestmark = pytest.mark.e2e
SCRIPT = "drawing_app.py"
TOOL = "drawing.tool."
HAND_MS = 120
"""Leaflet.draw takes no second corner within 50 ms of the first: no hand is faster."""


@pytest.fixture
def drawing_url(project, start_app):
    shutil.copy(Path(__file__).with_name(SCRIPT), project / SCRIPT)
    return start_app(project, SCRIPT)


def count(page, number):
    """Wait until so many features have come back, read where they are written."""
    page.wait_for_function(
        "([selector, count]) => JSON.parse("
        "document.querySelector(selector)?.innerText || '[]').length === count",
        arg=['[data-testid="stCode"]', number],
    )


def drawn(page):
    return json.loads(page.get_by_test_id("stCode").inner_text())


def tool(frame, name, lang="zh"):
    frame.get_by_title(text(f"{TOOL}{name}", lang), exact=True).click()


def press(frame, name, lang="zh"):
    frame.get_by_text(text(f"{TOOL}{name}", lang), exact=True).click()


def click(page, *points):
    box = page.locator("iframe").bounding_box()
    for x, y in points:
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.click(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(HAND_MS)


def drag(page, start, end):
    box = page.locator("iframe").bounding_box()
    page.mouse.move(box["x"] + start[0], box["y"] + start[1])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0], box["y"] + end[1], steps=5)
    page.mouse.up()


def draw_each(page, frame):
    """Draw a point, a line and an area beside the one that is there."""
    tool(frame, "draw.toolbar.buttons.marker")
    click(page, (520, 420))
    count(page, 2)
    tool(frame, "draw.toolbar.buttons.polyline")
    click(page, (300, 400), (360, 440))
    press(frame, "draw.toolbar.finish.text")
    count(page, 3)
    tool(frame, "draw.toolbar.buttons.polygon")
    click(page, (300, 200), (420, 200), (420, 320), (300, 320), (300, 200))
    count(page, 4)


def test_draw_move_and_delete(drawing_url, page, open_map):
    frame = open_map(drawing_url)
    count(page, 1)
    expect(page.get_by_test_id("stCode")).not_to_contain_text("MultiPolygon")
    (start,) = drawn(page)
    assert start["geometry"]["type"] == "Polygon"
    assert start["properties"] == {"name": "<img src=x onerror=alert(1)>"}
    draw_each(page, frame)
    kinds = [feature["geometry"]["type"] for feature in drawn(page)]
    assert kinds == ["Polygon", "Point", "LineString", "Polygon"]
    assert all(f["properties"]["metres_per_pixel"] > 100 for f in drawn(page)[1:])

    before = drawn(page)[3]["geometry"]["coordinates"][0]
    tool(frame, "edit.toolbar.buttons.edit")
    drag(page, (340, 260), (380, 290))
    press(frame, "edit.toolbar.actions.save.text")
    expect(page.get_by_test_id("stCode")).not_to_contain_text(json.dumps(before[0]))
    after = drawn(page)[3]["geometry"]["coordinates"][0]
    east = {round(b[0] - a[0], 2) for a, b in zip(before, after, strict=True)}
    north = {round(b[1] - a[1], 4) for a, b in zip(before, after, strict=True)}
    assert min(east) > 0
    assert max(east) - min(east) < 0.02  # its width in metres stays, so in degrees it does not
    assert len(north) == 1
    assert max(north) < 0

    tool(frame, "edit.toolbar.buttons.remove")
    click(page, (380, 250))
    press(frame, "edit.toolbar.actions.save.text")
    count(page, 3)
    page.goto(f"{drawing_url}/?lang=en")
    count(page, 3)
    assert [f["geometry"]["type"] for f in drawn(page)] == kinds[:3]


def test_edges_that_cross_are_refused_in_words(drawing_url, page, open_map):
    frame = open_map(drawing_url)
    tool(frame, "draw.toolbar.buttons.polygon")
    click(page, (300, 200), (420, 200), (300, 320), (420, 300), (330, 100))
    expect(frame.locator(".leaflet-error-draw-tooltip")).to_have_text("边线不能相交")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tools_speak_the_language_and_names_stay_text(drawing_url, page, open_map, lang):
    frame = open_map(f"{drawing_url}/?lang={lang}")
    count(page, 1)
    assert page.evaluate("document.querySelectorAll('img[onerror]').length") == 0
    said = []
    for name in ("draw.toolbar.buttons.polygon", "edit.toolbar.buttons.edit"):
        tool(frame, name, lang)
        click(page, (300, 200))
        said += frame.locator(".leaflet-draw-tooltip, .leaflet-draw-actions").all_inner_texts()
        tool(frame, f"{name.split('.')[0]}.toolbar.actions.{_cancel(name)}", lang)
    for element in frame.locator(".leaflet-draw a[title]").all():
        said.append(element.get_attribute("title"))
    words = " ".join(said)
    assert (CJK if lang == "zh" else re.compile("[A-Za-z]{4}")).search(words)
    assert not (re.compile("[A-Za-z]{3}") if lang == "zh" else CJK).search(words), words


def _cancel(name):
    return "title" if name.startswith("draw") else "cancel.title"


def test_accuracy_follows_the_view_until_the_user_says_it(drawing_url, page, open_map):
    frame = open_map(drawing_url)
    field = page.get_by_test_id("stNumberInputField")
    expect(field).to_have_value("500")
    tool(frame, "draw.toolbar.buttons.marker")
    click(page, (520, 420))
    # Before the map has found its place its views count less; the whole banner is 1,000 m and more.
    expect(field).to_have_value(re.compile(r"^[1-9]\d{3,}"))
    field.fill("35")
    field.press("Enter")
    tool(frame, "draw.toolbar.buttons.marker")
    click(page, (420, 420))
    count(page, 3)
    expect(field).to_have_value("35")

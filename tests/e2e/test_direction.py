"""The channel between a page and the plan map: directions one way, picks the other."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.test_map import in_map, seen_view

pytestmark = pytest.mark.e2e

DIRECTED_APP = Path(__file__).with_name("directed_app.py")
HOSTILE = '<img src=x onerror="window.top.hurt=1">'


@pytest.fixture
def directed(project, start_app, open_map, page):
    """Open the directed page; return the map's frame and a function that chooses a direction."""
    shutil.copy(DIRECTED_APP, project / "directed_app.py")
    frame = open_map(start_app(project, "directed_app.py"))
    container = frame.locator(".etk-map")
    expect(container).to_have_attribute("data-direction", "1")
    in_map(page, "(window.sameFrame = true, 1)")

    def ask(name):
        before = int(container.get_attribute("data-direction"))
        page.get_by_role("radio", name=name, exact=True).or_(
            page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True)
        ).first.click()
        expect(container).not_to_have_attribute("data-direction", str(before))

    return frame, ask


def test_selection_fades_the_rest_marks_the_chosen_and_comes_into_view(directed, page, watch):
    frame, ask = directed
    park = frame.locator('.etk-marker[data-feature="qipanjing_park"]')
    other = frame.locator('.etk-marker[data-feature="wulan_town"]')
    watch.forget()
    ask("park")
    expect(park).to_have_class(re.compile("etk-marked"))
    expect(park).not_to_have_class(re.compile("etk-faded"))
    expect(frame.locator('.etk-marker[data-feature="mengxi_park"]')).to_have_class(
        re.compile("etk-faded")
    )
    expect(other).not_to_have_class(re.compile("etk-faded"))
    expect(frame.get_by_role("dialog")).to_contain_text("棋盘井")
    assert in_map(page, "map.getBounds().contains([39.3941, 107.037])")
    assert in_map(page, "map.getZoom()") > 9
    assert in_map(page, "window.sameFrame") is True
    assert not [address for address in watch.fetched if address.endswith(".geojson")]
    assert sum(map(len, watch.frames)) < 15_000
    ask("nothing")
    expect(park).not_to_have_class(re.compile("etk-marked"))
    expect(frame.locator(".etk-faded")).to_have_count(0)
    expect(frame.get_by_role("dialog")).to_be_hidden()


def test_layers_are_switched_once_and_then_left_to_the_reader(directed):
    frame, ask = directed
    switch = frame.locator('[data-layer="power_plants"]')
    expect(switch).not_to_be_checked()
    ask("plants on")
    expect(switch).to_be_checked()
    switch.uncheck()
    ask("park")
    expect(switch).not_to_be_checked()


def test_camera_moves_when_asked_and_never_on_a_mere_rerun(directed, page):
    _, ask = directed
    ask("far")
    assert seen_view(page) == pytest.approx([39, 108.5, 11], abs=1e-3)
    in_map(page, "(map.setView([39.4, 107.2], 9, {animate: false}), 1)")
    ask("overlay")
    assert seen_view(page) == pytest.approx([39.4, 107.2, 9], abs=1e-3)
    ask("far again")
    assert seen_view(page) == pytest.approx([39, 108.5, 11], abs=1e-3)


def test_overlay_is_drawn_named_explained_and_stays_text(directed, page):
    frame, ask = directed
    ask("overlay")
    expect(frame.locator('[data-overlay="s"]')).to_be_visible()
    legend = frame.locator(".etk-overlay-legend")
    expect(legend).to_contain_text("筛查")
    expect(legend).to_contain_text("冲突")
    expect(legend.locator(".etk-style")).to_have_count(3)
    expect(frame.locator(".etk-label", has_text=HOSTILE)).to_be_visible()
    frame.locator('[data-overlay="s"]').hover()
    expect(frame.locator(".etk-tip")).to_have_text(HOSTILE)
    assert page.evaluate("window.hurt") is None
    ask("nothing")
    expect(frame.locator("[data-overlay]")).to_have_count(0)
    expect(legend).to_be_hidden()


def test_pick_reaches_python_and_moving_does_not(directed, page):
    frame, _ = directed
    expect(page.get_by_text("runs: 1", exact=True)).to_be_visible()
    frame.locator('[data-feature="qipanjing_park"]').first.dispatch_event("click")
    expect(page.get_by_text("picked: industrial_parks/qipanjing_park")).to_be_visible()
    expect(page.get_by_text("runs: 2", exact=True)).to_be_visible()
    in_map(page, "(map.setView([39.1, 107.9], 10, {animate: false}), 1)")
    in_map(page, "(map.panBy([40, 40], {animate: false}), 1)")
    frame.locator('[data-layer="highways"]').uncheck()
    expect(frame.get_by_role("dialog")).to_be_visible()
    frame.get_by_role("dialog").get_by_role("button").click()
    expect(page.get_by_text("picked:", exact=True)).to_be_visible()
    expect(page.get_by_text("runs: 3", exact=True)).to_be_visible()


def test_pick_of_a_shared_marker_names_all_its_features(directed, page):
    frame, _ = directed
    badge = frame.locator(".etk-marker", has=frame.locator(".etk-badge")).first
    count = int(badge.locator(".etk-badge").inner_text())
    badge.dispatch_event("click")
    picked = page.get_by_text(re.compile("^picked: .+"))
    expect(picked).to_be_visible()
    assert len(picked.inner_text().removeprefix("picked: ").split()) == count


def test_link_with_view_and_layers_reopens_them(app_url, open_map, page):
    frame = open_map(f"{app_url}/?lang=zh&view=107.5,39.25,10.5&layers=industrial_parks,banner")
    assert seen_view(page) == pytest.approx([39.25, 107.5, 10.5], abs=1e-3)
    expect(frame.locator('[data-layer="industrial_parks"]')).to_be_checked()
    expect(frame.locator('[data-layer="highways"]')).not_to_be_checked()
    frame.locator('[data-layer="highways"]').check()
    expect(page).to_have_url(re.compile("layers=[a-z_,]*highways"))


def test_view_stays_in_the_address_when_the_page_writes_its_own(app_url, open_map, page):
    open_map(app_url)
    page.frame_locator("iframe").locator(".etk-map").press("ArrowRight")
    expect(page).to_have_url(re.compile("[?&]view="))
    page.get_by_text("English", exact=True).click()
    page.frame_locator("iframe").last.locator(".etk-map[data-ready]:lang(en)").wait_for()
    expect(page).to_have_url(re.compile(r"\?(?=.*lang=en)(?=.*view=)"))

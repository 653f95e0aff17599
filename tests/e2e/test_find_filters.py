"""Every filter and way of typing on the finding page: count, table, map and link.

That a link reopens each filter is shown without a browser, by tests/app/test_find.py.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from etk_geo.i18n import text
from etk_geo.maps.direction import FeatureRef
from etk_geo.model import LayerGroup
from etk_geo.progress import shipped_entries
from etk_geo.progress.book import merged
from etk_geo.search import Facet, SearchIndex, Selection, list_items, select
from etk_geo.search.facets import UNKNOWN
from etk_geo.store import project_root
from etk_geo.targets import join_targets
from etk_geo.ui.find_filters import value_words
from etk_geo.ui.find_selection import refs_of
from etk_geo.ui.missing import KEPT
from etk_geo.wording import Words
from etk_geo.workspace import open_workspace
from tests.e2e.choosing import choose
from tests.e2e.conftest import MAP_FRAME, PATIENCE_MS, Watch
from tests.e2e.test_pages import settled

pytestmark = pytest.mark.e2e
VIEW = {"width": 1280, "height": 900}
DAY = "2026-06-01"
CHOICES = {
    Facet.KIND: "project",
    Facet.SECTOR: "energy",
    Facet.CATEGORY: "agriculture",
    Facet.LAYER: "railways",
    Facet.TOWNSHIP: "mukainaoer_town",
    Facet.STATUS: "done",
    Facet.CITATION: "3.1.1",
    Facet.MEASURE: "cumulative",
}
"""A choice of every filter that leaves some and takes away others."""

ROWS = """(table) => [...table.querySelectorAll('[role="row"]')].slice(1).map(
  (row) => row.querySelector('[role="gridcell"]:not(:empty)')?.textContent)"""
MARKERS = """(body) => [...body.querySelectorAll('.etk-marker[data-feature]')].map((node) => [
  node.dataset.feature, node.classList.contains('etk-faded'),
  Boolean(node.querySelector('.etk-badge')),
])"""
"""Feature, whether it is faded, and whether its marker stands for others too."""


class Seen:
    """One window on the finding page, and what it shows."""

    def __init__(self, context, address) -> None:
        context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        self.page = context.new_page()
        self.watch = Watch(self.page)
        self.page.goto(address)
        self.map.locator(".etk-map[data-ready]").wait_for()
        settled(self.page)

    @property
    def map(self):
        return self.page.frame_locator(MAP_FRAME).last

    def counts(self, number, lang="zh"):
        """Wait until the page says how many it found and the table has as many rows."""
        said = text("find.count", lang, n=number, all="").replace("*", "").strip()
        main = self.page.get_by_test_id("stMain")
        expect(
            main.get_by_text(re.compile(rf"^{said.split(str(number))[0]}{number}\b"))
        ).to_be_visible()
        table = self.page.get_by_test_id("stDataFrame").locator('[role="grid"]')
        expect(table).to_have_attribute("aria-rowcount", str(number + 1))
        settled(self.page)

    def rows(self):
        """Return the names in the first rows of the table."""
        return self.page.get_by_test_id("stDataFrame").locator('[role="grid"]').evaluate(ROWS)

    def markers(self):
        """Return the faded features and those in full colour; of the latter no shared markers."""
        found = self.map.locator("body").evaluate(MARKERS)
        faded = {name for name, is_faded, _ in found if is_faded}
        return faded, {name for name, is_faded, shared in found if not (is_faded or shared)}


@pytest.fixture(scope="module")
def workspace():
    return open_workspace(project_root())


@pytest.fixture(scope="module")
def index(workspace):
    """What the page can find, with the statuses that the program ships."""
    book = merged(shipped_entries(workspace.plan), ())
    names = workspace.plan.projects["id"]
    entered = {name: book.status(name, date.fromisoformat(DAY)) for name in names}
    statuses = {name: str(entry.said.status) for name, entry in entered.items() if entry}
    items = list_items(workspace.plan, workspace.catalog.layers, statuses)
    return SearchIndex(items, workspace.plan)


@pytest.fixture(scope="module")
def opened(browser):
    """Return a function that opens an address in a window that knows nothing of the others."""
    contexts = []

    def run(address):
        contexts.append(browser.new_context(viewport=VIEW))
        return Seen(contexts[-1], address)

    yield run
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def desk(opened, app_url):
    """The window that the tests walk through, one filter after the other."""
    seen = opened(f"{app_url}/find?date={DAY}")
    yield seen
    assert not seen.watch.outside


@pytest.fixture(scope="module")
def check(workspace):
    """Return a function that checks count, table and map of a window against what was found."""
    layers = workspace.catalog.layers
    joins = join_targets(workspace.plan, layers)
    fading = {
        FeatureRef(layer.id, str(name)).id
        for layer in layers.values()
        if layer.provenance.group is LayerGroup.PLAN and layer.id not in KEPT
        for name in layer.gdf["id"]
    }

    def run(seen, items, lang="zh"):
        seen.counts(len(items), lang)
        names = [item.name_zh if lang == "zh" else item.name_en for item in items]
        rows = seen.rows()
        assert rows
        assert rows == names[: len(rows)]
        shown = {ref.id for item in items for ref in refs_of(item, joins)}
        faded, coloured = seen.markers()
        assert faded
        assert not faded & shown
        assert fading & coloured <= shown

    return run


@pytest.mark.parametrize("facet", CHOICES)
def test_filter_narrows_count_table_and_map(desk, check, index, workspace, facet):
    value = CHOICES[facet]
    left = select(index.items, Selection.of({facet: [value]}))
    assert 0 < len(left) < len(index.items)
    page, words = desk.page, Words(workspace.plan, "zh")
    box = page.get_by_role("combobox", name=words.say(f"search.facet.{facet}"), exact=True)
    if not box.is_visible():
        page.get_by_text(text("find.more", "zh")).click()
    name = value_words(facet, value, workspace, words)
    counted = words.say("find.counted", what=name, n=len(left))
    choose(box, page.get_by_role("option", name=counted, exact=True), name)
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(f"[?&]{facet}={re.escape(value)}(&|$)"))
    check(desk, left)
    page.get_by_label("全部清除").click()
    desk.counts(len(index.items))
    expect(page).not_to_have_url(re.compile(f"[?&]{facet}="))


@pytest.mark.parametrize("typed", ["qpj", "park", "yellow river", "棋盘井"])
def test_what_is_typed_narrows_count_table_and_map(desk, check, index, typed):
    found = [hit.item for hit in index.find(typed)]
    assert found
    box = desk.page.get_by_role("textbox", name=text("find.query", "zh"))
    box.fill(typed)
    box.press("Enter")
    expect(desk.page).to_have_url(re.compile("[?&]q="))
    check(desk, found)
    box.fill("")
    box.press("Enter")
    desk.counts(len(index.items))
    expect(desk.page).not_to_have_url(re.compile("[?&]q="))


LINKS = [
    ("zh", "棋盘井", {Facet.KIND: "project", Facet.STATUS: UNKNOWN, Facet.SECTOR: "industry"}),
    ("zh", "", {Facet.CATEGORY: "agriculture", Facet.TOWNSHIP: "arbas_sumu", Facet.CITATION: "4"}),
    ("en", "park", {Facet.KIND: "project", Facet.LAYER: "industrial_parks"}),
    ("en", "", {Facet.MEASURE: "share", Facet.SECTOR: "agriculture"}),
]


@pytest.mark.parametrize("link", LINKS)
def test_link_reopens_words_and_filters_together(opened, check, index, app_url, link):
    lang, typed, chosen = link
    found = [hit.item for hit in index.find(typed)] if typed else index.items
    left = select(found, Selection.of({facet: [value] for facet, value in chosen.items()}))
    assert 0 < len(left) < len(found)
    asked = urlencode({"lang": lang, "date": DAY, "q": typed, **chosen})
    seen = opened(f"{app_url}/find?{asked}")
    check(seen, left, lang)
    for facet, value in chosen.items():
        assert f"{facet}={value}" in seen.page.url
    assert not seen.watch.outside

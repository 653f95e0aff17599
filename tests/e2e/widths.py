"""Whether a page of the app fits windows of the sizes that users have."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

SIZES = ((1920, 1080), (1280, 800))
FOLLOWS_MS = 10_000

CUT = """(main) => {
  const wrong = [];
  if (main.scrollWidth > main.clientWidth + 1) wrong.push("the page must be scrolled across");
  const words = 'button p, [role="tab"] p, h1, h2, h3, [data-testid="stMetricValue"] > div';
  for (const node of main.querySelectorAll(words)) {
    if (!node.checkVisibility()) continue;
    const style = getComputedStyle(node);
    const cut = style.overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1;
    const box = node.getBoundingClientRect();
    if (cut) wrong.push(`cut: ${node.textContent}`);
    if (box.right > innerWidth + 1) wrong.push(`outside the window: ${node.textContent}`);
  }
  return wrong;
}"""
"""A page wider than its window; words of buttons, headings and figures that are cut."""


def misfits(page: Page) -> dict[int, Any]:
    """Return what does not fit, by the width of the window; the last size is kept."""
    found = {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        main = page.get_by_test_id("stMain")
        try:  # a map takes a moment to follow the window
            page.wait_for_function(
                f"(main) => ({CUT})(main).length === 0",
                arg=main.element_handle(),
                timeout=FOLLOWS_MS,
            )
        except PlaywrightTimeout:
            found[width] = main.evaluate(CUT)
    return found

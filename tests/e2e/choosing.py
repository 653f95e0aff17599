"""Choosing from a list as a user does, who opens it again if the page was drawn anew over it."""

from __future__ import annotations

from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as PlaywrightTimeout

TRIES = 12
EACH_MS = 5_000


def choose(box: Locator, option: Locator, typed: str = "") -> None:
    """Open a list by its box, type what narrows it, and click an option."""
    for number in range(1, TRIES + 1):
        try:
            box.click(timeout=EACH_MS)  # waits until it stands still: unfolding, it takes no words
            if typed:
                box.fill(typed, timeout=EACH_MS)
            option.click(timeout=EACH_MS)
        except PlaywrightTimeout:
            if number == TRIES:
                raise
        else:
            break

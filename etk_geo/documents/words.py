"""The few words that documents say by themselves."""

from __future__ import annotations

from etk_geo.i18n import text
from etk_geo.model import Lang

PAGE, PAGES = "\x01", "\x02"


def page_of(lang: Lang) -> tuple[str, str, str]:
    """Return what stands before, between and after a page's number and the number of pages."""
    line = text("documents.page_of", lang, page=PAGE, pages=PAGES)
    before, rest = line.split(PAGE)
    between, after = rest.split(PAGES)
    return before, between, after

"""The one place where a string of the data becomes HTML.

Everything else composes values of the type :data:`Html`, which only this module makes, so that the
type checker finds a string that was put into a page unescaped.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import NewType
from unicodedata import category

Html = NewType("Html", str)
"""Markup that is safe to insert: made by the functions of this module only."""

NOTHING = Html("")
REFUSED = ("Cc", "Cs")
"""Unicode categories that HTML or UTF-8 does not allow: control characters, lone surrogates."""


def html_text(value: object) -> Html:
    """Return any value as text for HTML, for content as well as for a quoted attribute.

    ``None`` gives nothing. Control characters, which HTML does not allow, are left out.
    """
    if value is None:
        return NOTHING
    kept = "".join(c for c in str(value) if c in "\t\n" or category(c) not in REFUSED)
    return Html(html.escape(kept, quote=True))


def element(name: str, *content: Html, css: str = "") -> Html:
    """Return an element of the given content.

    Parameters
    ----------
    name
        Tag name, a literal of the program.
    *content
        Children, already HTML.
    css
        Value of the ``class`` attribute.
    """
    attribute = f' class="{html_text(css)}"' if css else ""
    return Html(f"<{name}{attribute}>{''.join(content)}</{name}>")


def joined(parts: Iterable[Html], separator: str = "") -> Html:
    """Return parts in a row; ``separator`` is plain text, empty parts are left out."""
    return Html(html_text(separator).join(part for part in parts if part))

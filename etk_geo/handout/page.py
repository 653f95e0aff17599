"""The hand-out as a file: browser files, document and boot line in one HTML page.

The page asks for nothing: a content security policy in it forbids every request and every script
but its own, whose hash it names. The data is JSON in the page; a large document is packed with
gzip, which every browser since 2023 can open.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from etk_geo.errors import AssetError, DataError
from etk_geo.maps.escape import html_text
from etk_geo.maps.plan_map import LEAFLET_CSS, LEAFLET_JS, OWN_CSS, OWN_JS
from etk_geo.store import read_text

PLAYER_JS = ("etk/figure.js", "etk/sheets.js", "etk/player.js", "etk/boot.js")
CHECK_JS = "etk/check.js"
PLAYER_CSS = ("etk/player.css",)
CSS_ADDRESS = re.compile(r"url\([^)]*\)")
PLAIN_BYTES = 2_000_000
"""A document up to this size stays plain JSON, which browsers of any age read."""

POLICY = (
    "default-src 'none'; script-src '{script}'; style-src 'unsafe-inline'; img-src data:; "
    "connect-src {connect}; base-uri 'none'; form-action 'none'"
)
"""Leaflet and the symbols set styles on elements, hence ``unsafe-inline`` for styles alone."""


def handout_page(document: Mapping[str, Any], site: Path, *, checked: bool = False) -> bytes:
    """Return a hand-out as one HTML file, UTF-8; the same document gives the same bytes.

    Parameters
    ----------
    document
        As from :func:`etk_geo.handout.content.handout_document`.
    site
        The folder of the app, whose ``static`` folder holds the browser files.
    checked
        For the pre-flight alone: the page plays itself through and sends what it measured to the
        server that it came from.

    Raises
    ------
    AssetError
        If a browser file is not in place.
    """
    files = [*(file for _, file in (LEAFLET_JS, *OWN_JS)), *PLAYER_JS]
    script = "\n;".join(_read(site, file) for file in (*files, *([CHECK_JS] if checked else [])))
    script = script.replace("</script", "<\\/script")
    css = "\n".join(_read(site, f) for f in (*(f for _, f in (LEAFLET_CSS, *OWN_CSS)), *PLAYER_CSS))
    css = CSS_ADDRESS.sub("none", css).replace("</style", "<\\/style")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = POLICY.format(script=f"sha256-{digest}", connect="'self'" if checked else "'none'")
    lang = "zh-CN" if document["lang"] == "zh" else "en"
    texts = document["texts"]
    page = f"""<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{html_text(document["title"])}</title>
<style>
{css}
</style>
</head>
<body>
<main id="etk-player"><p>{html_text(texts["opening"])}</p></main>
<noscript>{html_text(texts["no_script"])}</noscript>
{_data(document)}
<script>{script}</script>
</body>
</html>
"""
    return page.encode()


def _data(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    content = text.encode(errors="replace")  # a lone surrogate has no UTF-8
    if len(content) > PLAIN_BYTES:
        packed = base64.b64encode(gzip.compress(content, mtime=0)).decode()
        too_old = html_text(document["texts"]["too_old"])
        return (
            f'<script type="application/gzip" id="etk-file" data-too-old="{too_old}">'
            f"{packed}</script>"
        )
    # Inside a script element only "<" can end it or open a comment.
    safe = content.decode().replace("<", "\\u003c")
    return f'<script type="application/json" id="etk-file">{safe}</script>'


def _read(site: Path, file: str) -> str:
    try:
        return read_text(site, f"static/{file}")
    except DataError:
        raise AssetError("ETK602", file=f"static/{file}") from None

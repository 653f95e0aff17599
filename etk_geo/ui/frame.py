"""What surrounds every page: language, title, data problems, and a clear word when one fails."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st

from etk_geo.errors import EtkGeoError
from etk_geo.i18n import issue_message, issue_remedy, severity, text, texts
from etk_geo.model import LANGS, Issue, Lang, Severity
from etk_geo.ui import cached, kiosk, state
from etk_geo.ui.grid import plain
from etk_geo.ui.missing import tell_empty_folder
from etk_geo.ui.rows import place_in_file
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

Show = Callable[[Workspace, Lang], None]

ICON = Path(__file__).with_name("icon.svg")
PAGE_WORDS = Path(__file__).with_name("page_words.js")
ISSUES_IN_NOTICE = 6
FILES_IN_NOTICE = 3
CHROME = """<style>
[data-testid="stElementToolbar"], [data-testid="stStatusWidget"],
[data-testid="stDataFrameColumnMenu"] { display: none; }
[data-testid="stMainBlockContainer"] { padding: 2.5rem 3rem 2rem; }
[data-testid="stMain"] h1 { font-size: 1.9rem; }
[data-testid="stMain"] h3 { font-size: 1.3rem; }
[data-testid="stTable"] td > [data-testid="stMarkdownContainer"] {
  max-width: none; min-width: 5.5rem;
}
[data-testid="stElementContainer"]:has(.etk-page-words) { display: none; }
[data-testid="stSidebarUserContent"] { position: absolute; top: 0.75rem; padding: 0; width: auto; }
[data-testid="stSidebarHeader"] { height: 3.25rem; }
[data-testid="stSidebarNav"] > ul > div { margin-top: 0.5rem; }
[data-testid="stSidebarNavItems"] li { margin: 0; }
[data-testid="stSidebarNavLink"] { margin: 0; height: 1.625rem; min-height: 0; }
</style>"""
"""Streamlit's own buttons speak English only; what they offer, the pages offer in words.

The language is chosen above the list of pages, and the list fits a window of 800 px.
"""

NARROW_QUOTES = """<style>
[data-testid="stApp"] { font-feature-settings: "pwid"; }
</style>"""
"""A Chinese typeface draws quotation marks as wide as a character; English wants them narrow."""

UPLOAD = """<style>
[data-testid="InputInstructions"] {{ display: none; }}
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] p,
[data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0; }}
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] p::after,
[data-testid="stFileUploaderDropzoneInstructions"] span::after {{ font-size: 0.875rem; }}
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] p::after {{
  content: "{choose}";
}}
[data-testid="stFileUploaderDropzoneInstructions"] span::after {{ content: "{drop}"; }}
[data-testid="stFileUploader"]:has([data-testid="stFileChipIconError"])::after {{
  content: "{failed}"; display: block; margin-top: 0.4rem; color: #a3261b;
}}
</style>"""
"""Puts our words in the place of those that Streamlit's file chooser and text boxes show."""

logger = logging.getLogger(__name__)


def choose_language() -> Lang:
    """Draw the language switch and return the choice, which the address keeps."""
    lang = state.language()
    with st.sidebar:
        # First of all: a calendar asks once, when it is drawn, which language it is to speak.
        st.html(page_words(lang), unsafe_allow_javascript=True)
        st.segmented_control(
            text("app.language", lang),
            LANGS,
            default=lang,
            required=True,
            format_func=lambda code: text(f"app.language_{code}", code),
            key=state.LANG_SWITCH,
            on_change=state.take_language,
            label_visibility="collapsed",
        )
    state.write_address(state.LANG, None if lang == "zh" else lang)
    return lang


def page(key: str, show: Show, lang: Lang, *, titled: bool = True) -> Callable[[], None]:
    """Return a page for ``st.Page``: ``show`` inside the frame.

    Parameters
    ----------
    key
        Names the page and its texts: ``<key>.title`` and ``<key>.about``.
    show
        Draws the content.
    lang
        Language of the frame and the content.
    titled
        Whether the frame draws title and introduction.
    """

    def draw() -> None:
        st.html(CHROME if lang == "zh" else CHROME + NARROW_QUOTES)
        st.html(upload_words(lang))
        if titled:
            st.title(text(f"{key}.title", lang), anchor=False)
            st.markdown(text(f"{key}.about", lang))
        try:
            workspace = cached.workspace()
            tell_empty_folder(workspace, Words(workspace.plan, lang))
            show_notice(workspace, lang)
            show(workspace, lang)
            if kiosk.is_kiosk() and key != kiosk.first_page():
                kiosk.watch()
        except EtkGeoError as error:
            for issue in Issue.all_of(error):
                st.error(describe(issue, lang))
        except Exception:
            # The user gets a number to quote, the log gets the rest.
            number = uuid.uuid4().hex[:8]
            logger.exception("page %s failed, number %s", key, number)
            st.error(text("frame.failed", lang, number=number))

    draw.__name__ = key
    return draw


@cache
def page_words(lang: Lang) -> str:
    """Return the script that puts our words in the place of what Streamlit says in English."""
    words = [
        [said["en"], said[lang]]
        for key, said in texts().items()
        if key.startswith("streamlit.") and said["en"] != said[lang]
    ]
    given = f"({json.dumps(lang)}, {json.dumps(words, ensure_ascii=False)})"
    script = PAGE_WORDS.read_text(encoding="utf-8").replace("(LANG, WORDS)", given)
    return f'<span class="etk-page-words" hidden></span><script>{script}</script>'


def upload_words(lang: Lang) -> str:
    """Return the style that gives the file chooser the words of the language."""
    limit = st.get_option("server.maxUploadSize")
    words = {
        name: text(f"frame.upload_{name}", lang, limit=limit)
        for name in ("choose", "drop", "failed")
    }
    return UPLOAD.format(**words)


def show_notice(workspace: Workspace, lang: Lang) -> None:
    """Say above the page which data files have problems, if any, and what to do."""
    errors = [issue for issue in causes_first(workspace) if severity(issue) is Severity.ERROR]
    if not errors:
        return
    files = list(dict.fromkeys(issue.file for issue in errors))
    named = text("mark.list", lang).join(files[:FILES_IN_NOTICE])
    label = text("frame.issues", lang, n=len(errors), files=plain(named), count=len(files))
    with st.expander(label, icon=":material/warning:"):
        # One of a kind in a file is enough here; the data page lists them all.
        kinds: dict[tuple[str, str], Issue] = {}
        for issue in errors:
            kinds.setdefault((issue.file, issue.code), issue)
        for issue in list(kinds.values())[:ISSUES_IN_NOTICE]:
            st.markdown(describe(issue, lang))
        st.caption(text("frame.more_issues", lang))


def causes_first(workspace: Workspace) -> list[Issue]:
    """Put what keeps a file from being read before what that drags along elsewhere."""
    causes = {*workspace.catalog.issues, *workspace.plan.issues}
    return sorted(workspace.issues, key=lambda issue: (severity(issue), issue not in causes, issue))


def describe(issue: Issue, lang: Lang) -> str:
    """Return an issue as Markdown: file and place, what is wrong, what to do."""
    place = place_in_file(issue.where, lang)
    head = text("mark.gap", lang).join(part for part in (issue.file, place) if part)
    said = f"{plain(issue_message(issue, lang))}  \n→ {plain(issue_remedy(issue, lang))}"
    return f"**{plain(head)}** ({issue.code})  \n{said}" if head else f"{said} ({issue.code})"

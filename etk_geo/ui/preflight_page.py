"""会前检查: one button that proves this computer can present now."""

from __future__ import annotations

import streamlit as st

from etk_geo.model import Lang
from etk_geo.preflight.checks import Check, Preflight
from etk_geo.ui import cached, staged
from etk_geo.ui.frame import describe
from etk_geo.ui.grid import plain
from etk_geo.wording import Words
from etk_geo.workspace import Workspace


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page: the button, then every check as soon as it is done."""
    words = Words(workspace.plan, lang)
    if not st.button(
        words.say("preflight.run"), type="primary", key="preflight_run", icon=":material/checklist:"
    ):
        return
    failed = 0
    with st.spinner(words.say("preflight.running")):
        for check in Preflight(staged.story_material(workspace, lang), cached.SITE, lang).run():
            failed += not check.passed
            _show_check(check, words)
    if failed:
        st.error(words.say("preflight.failed", n=failed))
    else:
        st.success(words.say("preflight.ready"))


def _show_check(check: Check, words: Words) -> None:
    icon = ":green[:material/check_circle:]" if check.passed else ":red[:material/error:]"
    st.markdown(f"{icon} **{plain(check.name)}**　{plain(check.found)}")
    for issue in check.issues:
        (st.warning if check.passed else st.error)(describe(issue, words.lang))

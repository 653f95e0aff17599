"""Streamlit entry of the plan map: page config and navigation."""

import streamlit as st

from etk_geo.i18n import text
from etk_geo.ui import frame, kiosk, links, map_page
from etk_geo.ui.sections import SECTIONS

st.set_page_config(layout="wide", menu_items={}, page_icon=str(frame.ICON))

lang = frame.choose_language()
pages = {
    text(f"app.section_{section}", lang): [
        st.Page(
            frame.page(key, module.show, lang, titled=module is not map_page),
            title=text(f"{key}.title", lang),
            icon=icon,
            url_path=key,
            default=key == kiosk.first_page(),
        )
        for key, module, icon in entries
    ]
    for section, entries in kiosk.offered(SECTIONS).items()
}
links.keep_pages(
    {page.url_path or kiosk.first_page(): page for group in pages.values() for page in group}
)
# Streamlit would fold a long list behind a button that speaks English only.
st.navigation(pages, expanded=True).run()

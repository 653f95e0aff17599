"""Streamlit entry of the plan map: page config and navigation."""

import streamlit as st

from etk_geo.i18n import text
from etk_geo.ui import (
    about_page,
    archive_page,
    coverage_page,
    evaluate_page,
    find_page,
    frame,
    handout_page,
    intake_page,
    kiosk,
    layers_page,
    links,
    map_page,
    preflight_page,
    project_page,
    screen_page,
    sectors_page,
    stories_page,
    structure_page,
    target_page,
    targets_page,
    unplaced_page,
)

st.set_page_config(layout="wide", menu_items={}, page_icon=str(frame.ICON))

# Pages by section: address, module with `show`, icon.
SECTIONS = {
    "look": (("map", map_page, ":material/map:"),),
    "plan": (
        ("find", find_page, ":material/search:"),
        ("project", project_page, ":material/construction:"),
        ("target", target_page, ":material/trending_up:"),
        ("targets", targets_page, ":material/flag:"),
        ("sectors", sectors_page, ":material/bar_chart:"),
        ("evaluate", evaluate_page, ":material/traffic:"),
        ("structure", structure_page, ":material/account_tree:"),
    ),
    "environment": (
        ("screen", screen_page, ":material/fact_check:"),
        ("archive", archive_page, ":material/folder_managed:"),
        ("coverage", coverage_page, ":material/inventory_2:"),
    ),
    "meeting": (
        ("stories", stories_page, ":material/slideshow:"),
        ("handout", handout_page, ":material/print:"),
        ("preflight", preflight_page, ":material/checklist:"),
    ),
    "data": (
        ("intake", intake_page, ":material/upload_file:"),
        ("layers", layers_page, ":material/layers:"),
        ("unplaced", unplaced_page, ":material/wrong_location:"),
        ("about", about_page, ":material/info:"),
    ),
}
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

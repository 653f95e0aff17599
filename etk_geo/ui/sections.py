"""The pages of the app by section of the sidebar."""

from __future__ import annotations

from types import ModuleType

from etk_geo.ui import (
    about_page,
    archive_page,
    compare_page,
    coverage_page,
    edit_page,
    entries_page,
    evaluate_page,
    find_page,
    handout_page,
    intake_page,
    layers_page,
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

SECTIONS: dict[str, tuple[tuple[str, ModuleType, str], ...]] = {
    "look": (("map", map_page, ":material/map:"),),
    "plan": (
        ("find", find_page, ":material/search:"),
        ("project", project_page, ":material/construction:"),
        ("target", target_page, ":material/trending_up:"),
        ("entries", entries_page, ":material/table_edit:"),
        ("targets", targets_page, ":material/flag:"),
        ("sectors", sectors_page, ":material/bar_chart:"),
        ("evaluate", evaluate_page, ":material/traffic:"),
        ("compare", compare_page, ":material/compare:"),
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
        ("edit", edit_page, ":material/edit_location_alt:"),
        ("unplaced", unplaced_page, ":material/wrong_location:"),
        ("about", about_page, ":material/info:"),
    ),
}
"""Address of the page, module with ``show``, icon."""

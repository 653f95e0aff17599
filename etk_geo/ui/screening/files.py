"""The result as files to take away."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from etk_geo.exports import table_csv
from etk_geo.screening.conclusions import conclusions_csv, projects_geopackage
from etk_geo.screening.findings import Screening
from etk_geo.screening.measures import passages, passages_csv
from etk_geo.screening.outputs import findings_csv, findings_geojson, zone_name
from etk_geo.screening.overview import Overview
from etk_geo.screening.record import canonical
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.keeping import record_of, show_keeping
from etk_geo.ui.screening.kept import Found, Inquiry
from etk_geo.ui.screening.opinion_words import opinions_table
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

LONG_COMMAND = "python run.py screen projects.gpkg --out results"
Makers = dict[str, tuple[str, str, Callable[[], bytes]]]
"""Name, media type and maker of each file, by the key of its words."""


def show_files(workspace: Workspace, inquiry: Inquiry, found: Found, words: Words) -> None:
    """Draw the way into the archive and one button per file, made when it is asked for."""
    if isinstance(found, Overview):
        _show_files_of_many(workspace, inquiry, found, words)
    else:
        _show_all_files(workspace, inquiry, found, words)


def _show_files_of_many(
    workspace: Workspace, inquiry: Inquiry, found: Overview, words: Words
) -> None:
    """Offer what there is of a long list, and say how the rest is made."""
    pairs = sum(found.totals.values())
    st.info(words.say("screen.long", projects=f"{len(found.projects):,}", pairs=f"{pairs:,}"))
    st.code(LONG_COMMAND, language=None)
    book, lang = kept.rule_book(workspace), words.lang

    def conclusions() -> bytes:
        return conclusions_csv(found, book, workspace.plan, lang)

    files: Makers = {
        "conclusions_csv": ("conclusions.csv", "text/csv", conclusions),
        "projects_gpkg": (
            "projects.gpkg",
            "application/geopackage+sqlite3",
            lambda: projects_geopackage(inquiry.projects),
        ),
    }
    _offer(files, words)


def _show_all_files(
    workspace: Workspace, inquiry: Inquiry, screening: Screening, words: Words
) -> None:
    show_keeping(workspace, inquiry, screening, words)
    st.markdown(f"**{words.say('screen.files')}**")
    book, lang = kept.rule_book(workspace), words.lang
    zones = kept.zone_set(workspace, inquiry.terms.as_of)

    def record() -> bytes:
        return canonical(record_of(workspace, inquiry, screening))

    def chainages() -> bytes:
        passed = passages(screening, inquiry.projects, zones)
        return passages_csv(passed, inquiry.projects, screening.zones, lang)

    files: Makers = {
        "findings_csv": (
            "findings.csv",
            "text/csv",
            lambda: findings_csv(screening, inquiry.projects, book, workspace.plan, lang),
        ),
        "findings_geojson": (
            "findings.geojson",
            "application/geo+json",
            lambda: findings_geojson(screening, inquiry.projects),
        ),
        "passages_csv": ("passages.csv", "text/csv", chainages),
        "record": ("record.json", "application/json", record),
    }
    if opinions := kept.opinions(inquiry.mark):
        names = _names(inquiry, screening, words)
        files["opinions_csv"] = (
            "opinions.csv",
            "text/csv",
            lambda: table_csv(opinions_table(opinions, names, words)),
        )
    _offer(files, words)


def _offer(files: Makers, words: Words) -> None:
    """Draw a button for each file."""
    for key, (name, mime, make) in files.items():
        st.download_button(
            words.say(f"screen.file_{key}"),
            make,
            name,
            mime,
            key=f"screen_file_{key}",
            on_click="ignore",
            icon=":material/download:",
        )
        st.caption(words.say(f"screen.file_{key}_about"))


def _names(inquiry: Inquiry, screening: Screening, words: Words) -> dict[str, str]:
    """Return the names of projects and zones by id."""
    projects = inquiry.projects
    names = zip(projects["project_id"], projects[f"name_{words.lang}"], strict=True)
    zones = {zone.id: zone_name(zone, words.lang) for zone in screening.zones}
    return {**{str(key): str(name) for key, name in names}, **zones}

"""A screening on the map of a hand-out: its projects by what follows, and its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
from shapely.geometry import mapping

from etk_geo.geojson import round_coordinates
from etk_geo.handout.content import Addition
from etk_geo.maps.escape import Html, element, html_text, joined
from etk_geo.maps.shapes import DECIMALS
from etk_geo.maps.symbols import Shape, Style, Symbol, style_of
from etk_geo.model import Bound, Lang, is_known
from etk_geo.plan import records
from etk_geo.rules import RuleBook
from etk_geo.screening.cards import findings_of, headline
from etk_geo.screening.findings import Screening
from etk_geo.screening.outputs import words, zone_name
from etk_geo.screening.pairs import NOT_CHECKED, VERDICTS
from etk_geo.wording import Words

LAYER = "screened_projects"
LOOKS: Mapping[str, tuple[str, str]] = {
    "prohibited": ("#A3123F", "square"),
    "needs_approval": ("#D55E00", "diamond"),
    "attention": ("#B08A00", "triangle"),
    "cannot_judge": ("#5B6A72", "circle"),
    "none": ("#00795A", "hexagon"),
}
"""Colour and shape by consequence, the gravest first: told apart without colour too."""

MOST_FINDINGS = 12
"""Findings listed on a card; the table has them all."""


def screening_addition(
    screening: Screening, projects: gpd.GeoDataFrame, book: RuleBook, lang: Lang, said: Words
) -> Addition:
    """Return a screening as a layer of projects and two tables, projects and findings.

    Parameters
    ----------
    screening, projects, book
        What was found, of which projects (WGS 84 degrees), by which rules.
    lang
        Language of every word.
    said
        The plan in that language.
    """
    rows = {str(row["project_id"]): row for row in records(screening.projects)}
    zones = {zone.id: zone_name(zone, lang) for zone in screening.zones}
    cards = {name: _card(name, row, screening, book, zones, lang) for name, row in rows.items()}
    return Addition(
        layers=[_layer(rows, projects, cards, lang, said)],
        tables=[
            _projects(rows, screening, book, lang, said),
            _findings(rows, screening, zones, lang, said),
        ],
        title=said.say("handout.screening_title"),
        about=said.say("handout.screening_about", date=screening.as_of.isoformat(), n=len(rows)),
    )


def _layer(
    rows: Mapping[str, Mapping[str, Any]],
    projects: gpd.GeoDataFrame,
    cards: Mapping[str, Html],
    lang: Lang,
    said: Words,
) -> dict[str, Any]:
    styles: list[dict[str, Any]] = []
    index: dict[Style, int] = {}
    features: list[dict[str, Any]] = []
    listed: list[dict[str, str]] = []
    located = projects[projects.geometry.notna() & ~projects.geometry.is_empty]
    for row in records(located):
        identifier = str(row["project_id"])
        consequence = str(rows[identifier]["consequence"])
        for part in _parts(row["geometry"]):
            look = _style(consequence, part, row)
            if look not in index:
                index[look] = len(styles)
                styles.append(_style_document(look, consequence, lang, said))
            style = index[look]
            styles[style]["count"] += 1
            values: dict[str, Any] = {
                "id": identifier,
                "name": str(row[f"name_{lang}"]),
                "card": len(listed),
                "style": style,
            }
            if look.shape == "marker" and is_known(row["accuracy_m"]):
                values["accuracy_m"] = row["accuracy_m"]
            tip = joined(
                (
                    element("b", html_text(row[f"name_{lang}"])),
                    element("div", html_text(words("consequence", consequence, lang))),
                )
            )
            listed.append({"tip": tip, "card": cards[identifier]})
            features.append({"type": "Feature", "properties": values, "geometry": _geojson(part)})
    return {
        "id": LAYER,
        "title": said.say("handout.screened"),
        "group": "plan",
        "on": True,
        "count": len(projects),
        "unlocated": len(projects) - len(located),
        "orientation": False,
        "credit": said.say("handout.screened_credit"),
        "styles": styles,
        "shapes": {"type": "FeatureCollection", "features": features},
        "cards": listed,
    }


def _style(consequence: str, part: Any, row: Mapping[str, Any]) -> Style:
    """Return how a part of a project is drawn: no surer than its position is."""
    colour, marker = LOOKS[consequence]
    symbol = Symbol(
        colour=colour, marker=marker, size=15, weight=4, dash="", fill=0.3, fill_colour="",
        edge_only=False, z=95, label_zoom=10.5, label_rank=8, label_style="small",
    )  # fmt: skip
    shapes: tuple[Shape, ...] = ("marker", "line", "area")
    return style_of(
        symbol,
        shapes[_dimension(part)],
        bound=row["bound"],
        accuracy_known=is_known(row["accuracy_m"]),
        indicative=row["bound"] == Bound.POSITION,
    )


def _style_document(style: Style, consequence: str, lang: Lang, said: Words) -> dict[str, Any]:
    shape = style.pattern or ("schematic" if style.schematic else style.shape)
    label = words("consequence", consequence, lang)
    return {
        **style.document(),
        "label": said.say("maps.style_label", kind=label, shape=said.say(f"maps.shape.{shape}")),
        "count": 0,
    }


def _parts(geometry: Any) -> list[Any]:
    if geometry.geom_type in ("MultiPoint", "GeometryCollection"):
        return [each for part in geometry.geoms for each in _parts(part)]
    return [geometry]


def _dimension(geometry: Any) -> int:
    return {"Point": 0, "LineString": 1, "LinearRing": 1, "MultiLineString": 1}.get(
        geometry.geom_type, 2
    )


def _geojson(geometry: Any) -> dict[str, Any]:
    parsed = mapping(geometry)
    coordinates = round_coordinates(parsed["coordinates"], DECIMALS)
    return {"type": parsed["type"], "coordinates": coordinates}


def _card(
    identifier: str,
    row: Mapping[str, Any],
    screening: Screening,
    book: RuleBook,
    zones: Mapping[str, str],
    lang: Lang,
) -> Html:
    found = findings_of(screening, identifier)
    told = found[found["verdict"] != NOT_CHECKED].head(MOST_FINDINGS)
    counts = [
        element("li", html_text(f"{words('verdict', name, lang)} {int(row[name])}"))
        for name in VERDICTS
        if int(row[name])
    ]
    lines = [
        element(
            "li",
            html_text(f"{zones[str(each['zone_id'])]}: "),
            html_text(words("verdict", str(each["verdict"]), lang)),
        )
        for each in records(told)
    ]
    return element(
        "article",
        element("h3", html_text(row[f"name_{lang}"])),
        element("p", html_text(headline(row, screening, book, lang)), css="etk-card-warning"),
        element("ul", *counts),
        element("h4", html_text(words("verdict", "INDETERMINATE", lang))) if lines else Html(""),
        element("ul", *lines),
        css="etk-card",
    )


def _projects(
    rows: Mapping[str, Mapping[str, Any]],
    screening: Screening,
    book: RuleBook,
    lang: Lang,
    said: Words,
) -> dict[str, Any]:
    columns = [said.say("handout.project"), said.say("handout.follows")]
    return {
        "id": "screened",
        "title": said.say("handout.projects"),
        "note": said.say("handout.projects_about"),
        "columns": [*columns, *(words("verdict", name, lang) for name in VERDICTS)],
        "rows": [
            [
                str(row[f"name_{lang}"]),
                headline(row, screening, book, lang),
                *(str(int(row[name])) for name in VERDICTS),
            ]
            for row in rows.values()
        ],
    }


def _findings(
    rows: Mapping[str, Mapping[str, Any]],
    screening: Screening,
    zones: Mapping[str, str],
    lang: Lang,
    said: Words,
) -> dict[str, Any]:
    """List what could be checked; what could not is counted, zone by zone, in the other table."""
    found = screening.findings
    told = found[found["verdict"] != NOT_CHECKED]
    names = ("project", "zone", "verdict", "reason", "follows")
    return {
        "id": "findings",
        "title": said.say("handout.findings"),
        "note": said.say("handout.findings_about", n=len(found) - len(told)),
        "columns": [said.say(f"handout.{name}") for name in names],
        "rows": [
            [
                str(rows[str(row["project_id"])][f"name_{lang}"]),
                zones[str(row["zone_id"])],
                words("verdict", str(row["verdict"]), lang),
                words("reason", str(row["reason"]), lang),
                words("consequence", str(row["consequence"]), lang),
            ]
            for row in records(told)
        ],
    }

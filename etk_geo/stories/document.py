"""A story, or a plain view of the map, as the document that the player in the browser plays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from etk_geo.model import BANNER_BOUNDS, Kind, Lang, LayerGroup
from etk_geo.plan import records
from etk_geo.stories.figures import draw_figure, target_row
from etk_geo.stories.filling import Filling
from etk_geo.stories.material import (
    BASELINE_YEAR,
    TARGET_YEAR,
    Material,
    began_year,
    year_of,
)
from etk_geo.stories.model import Camera, Scene, Story
from etk_geo.wording import Words

NEAR_ZOOM = 11.0
"""Zoom of a camera on a point that does not say its own: a town with its surroundings."""


def story_document(story: Story, material: Material, lang: Lang) -> dict[str, Any]:
    """Return a story with every place filled and every id joined, ready to be played."""
    filling = Filling(material, lang)
    return {
        "id": story.id,
        "title": filling.fill(story.title[lang]),
        "about": filling.fill(story.about[lang]),
        "scenes": [scene_document(scene, material, lang) for scene in story.scenes],
    }


def scene_document(scene: Scene, material: Material, lang: Lang) -> dict[str, Any]:
    """Return one scene; its citations and sources are those of all that it says or shows."""
    filling = Filling(material, lang)
    filling.citations.update(dict.fromkeys(scene.cite))
    filling.sources.update(dict.fromkeys(scene.sources))
    words = filling.fill(scene.words[lang])
    figure = draw_figure(scene.figure, filling) if scene.figure else None
    said = filling.words
    return {
        "id": scene.id,
        "title": filling.fill(scene.title[lang]),
        "words": [part.strip() for part in words.split("\n\n") if part.strip()],
        "notes": filling.fill(scene.notes[lang]),
        "direction": direction(scene, material),
        "figure": figure,
        "year": scene.year,
        "seconds": scene.seconds,
        "citations": [said.citation(number) for number in filling.citations],
        "sources": [said.name("sources", source) for source in filling.sources],
    }


def direction(scene: Scene, material: Material) -> dict[str, Any]:
    """Return what the map is to show for a scene, as ``maps.direction`` documents it."""
    return {
        "marked": [[material.features[name]["layer"], name] for name in scene.highlight],
        "layers": layers_on((*material.ground, *scene.layers), material, without=scene.without),
        "camera": camera_document(scene.camera, material),
    }


def layers_on(
    wanted: Iterable[str], material: Material, *, without: Iterable[str] = ()
) -> dict[str, bool]:
    """Return for every layer whether it is on."""
    on = set(wanted) - set(without)
    return {layer: layer in on for layer in material.layers}


def camera_document(camera: Camera, material: Material) -> dict[str, Any]:
    """Return where the map is to look; a scene that does not say looks at the whole banner."""
    if camera.features:
        return {"features": [[material.features[name]["layer"], name] for name in camera.features]}
    if camera.centre:
        return {"centre": list(camera.centre), "zoom": camera.zoom or NEAR_ZOOM}
    return {"bounds": list(camera.bounds or BANNER_BOUNDS)}


def times(material: Material, lang: Lang) -> dict[str, Any]:
    """Return the years for which layers or targets hold something, and what holds when.

    Returns
    -------
    times
        ``years`` (``year``, ``label``) in order, from the baseline or earlier where something was
        built earlier. ``features``: by id the ``layer``, ``since``, the year from which the plan
        names a project or in which something else began as published, and ``built``, the year in
        which a project was finished, where stated. ``undated``: how many features on the map
        (``n``) of which ``layer`` (``title``) have no date and are therefore always shown.
    """
    words = Words(material.workspace.plan, lang)
    marks = {
        BASELINE_YEAR: words.say("stories.year_base"),
        TARGET_YEAR: words.say("stories.year_goal"),
    }
    if material.plan_year:
        marks[material.plan_year] = words.say("stories.year_plan")
    features: dict[str, dict[str, Any]] = {}
    years = set(marks)
    for project in material.projects:
        year = year_of(project["status_date"])
        entry: dict[str, Any] = {
            "layer": project["layer"],
            "since": material.plan_year or year or min(marks),
        }
        built = material.built_year(project)
        if built:
            entry["built"] = built
            years.add(built)
        features[str(project["id"])] = entry
    for identifier, feature in material.features.items():
        began = began_year(feature)
        if identifier not in features and began:
            features[identifier] = {"layer": feature["layer"], "since": began}
    for target in material.targets:
        years.update(entry.said.year for entry in material.actuals(target))
    span = range(min(years), max(years) + 1)
    return {
        "years": [{"year": year, "label": marks.get(year, "")} for year in span],
        "features": features,
        "undated": _undated(material, features, words),
    }


def _undated(material: Material, dated: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """Count the features on the map without a date, by layer; base map and towns need none."""
    counts = Counter(
        feature["layer"]
        for identifier, feature in material.features.items()
        if identifier not in dated
        and feature["geometry"] is not None
        and feature["kind"] != Kind.TOWNSHIP
    )
    return [
        {"layer": layer.id, "title": words.layer(layer), "n": counts[layer.id]}
        for layer in material.layers.values()
        if counts[layer.id] and layer.provenance.group != LayerGroup.BASE
    ]


def targets_table(material: Material, lang: Lang) -> dict[str, Any]:
    """Return all figures of the plan as columns and rows of texts, for reading and searching."""
    filling = Filling(material, lang)
    words = filling.words
    columns = ("sector", "target", "baseline", "target_2025", "cited")
    rows = []
    for row in records(material.workspace.plan.targets):
        identifier = str(row["id"])
        values = target_row(identifier, filling)["values"]
        said = {value["of"]: value["text"] for value in values}
        rows.append(
            [
                words.code("sector", row["sector"]),
                words.of(row, "name"),
                said.get("base", words.say("stories.none_stated")),
                said.get("goal", words.say("stories.none_stated")),
                words.join(row["citation"]),
            ]
        )
    return {"columns": [words.say(f"stories.column_{name}") for name in columns], "rows": rows}


def source_list(ids: Iterable[str], material: Material, lang: Lang) -> list[dict[str, str]]:
    """Return sources with title, publisher, licence, attribution and date, for people."""
    words = Words(material.workspace.plan, lang)
    listed = []
    for identifier in ids:
        row = words.row("sources", identifier)
        if row is None:
            continue
        listed.append(
            {
                "title": words.of(row, "title"),
                "publisher": words.own("publisher", row["publisher"]),
                "licence": words.own("licence", row["licence"]),
                "attribution": words.own("publisher", row["attribution"]),
                "date": row["date_published"] or row["date_accessed"],
                "url": row["url"],
            }
        )
    return listed

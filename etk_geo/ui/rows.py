"""The tables of the pages: frames with headings and cells in the words of one language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from etk_geo.catalog import Layer
from etk_geo.i18n import issue_message, issue_remedy, severity, text
from etk_geo.model import Issue, Lang
from etk_geo.targets import TargetJoins
from etk_geo.wording import Row, Words

_ROW = re.compile(r"row (\d+)")
_LINE = re.compile(r"line (\d+)(?:, column (\d+))?(?:: .*)?")
_BYTE = re.compile(r"byte (\d+)")
_SCENE = re.compile(r"scene (\d+)(?: (\w+))?")


def place_in_file(where: str, lang: Lang) -> str:
    """Say where in a file an issue is: rows and lines in words, ids as they are."""
    if match := _ROW.fullmatch(where):
        return text("place.row", lang, n=match[1])
    if match := _LINE.fullmatch(where):
        return text("place.line", lang, n=match[1])
    if match := _BYTE.fullmatch(where):
        return text("place.byte", lang, n=match[1])
    if match := _SCENE.fullmatch(where):
        return text("place.scene", lang, n=match[1], name=match[2] or "").strip()
    return where


def feature_rows(layer: Layer, words: Words) -> pd.DataFrame:
    """Return the features of a layer; columns that are empty throughout are left out."""
    lang = words.lang
    rows = []
    for feature in layer.gdf.to_dict("records"):
        placed = feature["geometry"] is not None
        rows.append(
            {
                "name": feature[f"name_{lang}"],
                "bound": (
                    words.code("bound", feature["bound"])
                    if placed
                    else words.say("column.unlocated")
                ),
                "accuracy_m": feature["accuracy_m"],
                "known": feature[f"known_{lang}"],
                "status": words.code("status", feature["status"]),
                "status_date": feature["status_date"],
                "category": words.category(feature["category"]),
                "kind": words.code("kind", feature["kind"]),
                "places": words.names("places", feature["places"]),
                "targets": words.names("targets", feature["targets"]),
                "citations": words.citations(feature["citations"]),
                "siting": words.code("siting", feature["siting"]),
                "accuracy": feature[f"accuracy_{lang}"],
                "extent_m": feature["extent_m"],
                "extent_basis": words.code("extent_basis", feature["extent_basis"]),
                "orientation_only": words.say("mark.yes") if feature["orientation_only"] else "",
                "sources": words.names("sources", feature["sources"]),
                "as_of": feature["as_of"],
                "id": feature["id"],
            }
        )
    return _headed(filled(pd.DataFrame(rows)), lang)


def fact_rows(layer: Layer, words: Words) -> pd.DataFrame:
    """Return the published figures about a layer's features, those that disagree side by side."""
    lang = words.lang
    rows = [
        {
            "name": feature[f"name_{lang}"],
            "attribute": words.code("attribute", fact["attribute"]),
            "value": _fact_value(fact, words),
            "unit": words.code("unit", fact["unit"]),
            "note": fact[f"note_{lang}"],
            "date": fact["date"],
            "source": words.name("sources", fact["source"]),
            "confidence": words.code("confidence", fact["confidence"]),
        }
        for feature in layer.gdf.to_dict("records")
        for fact in feature["facts"]
    ]
    return _headed(pd.DataFrame(rows), lang)


def _fact_value(fact: Row, words: Words) -> str:
    """Return a published value: a code in words, a measured number with separators."""
    value = words.code(fact["attribute"], fact["value"])
    # Without a unit a number may be a year.
    if fact["unit"] and value.replace(".", "", 1).isdecimal():
        return words.amount(float(value))
    return value


def target_rows(targets: pd.DataFrame, layers: Mapping[str, Layer], words: Words) -> pd.DataFrame:
    """Return figures of the plan with what they join to; ``targets`` as ``TargetJoins.summary``."""
    lang = words.lang
    rows = [
        {
            "name": row[f"name_{lang}"],
            "baseline_2020": words.amount(row["baseline_2020"]),
            "target_2025": target_text(row, words),
            "unit": words.code("unit", row["unit"]),
            "citations": words.citations(row["citation"]),
            "places": words.names("places", row["place_ids"]),
            "layers": layer_titles(row["layer_ids"], layers, words),
            "projects": words.names("projects", row["project_ids"]),
            "sector": words.code("sector", row["sector"]),
            "measure": words.code("measure", row["measure"]),
            "note": row[f"note_{lang}"],
            "id": row["id"],
        }
        for row in targets.to_dict("records")
    ]
    return _headed(pd.DataFrame(rows), lang)


def target_text(row: Row, words: Words) -> str:
    """Return a 2025 target with its comparator, such as ``≥ 95``."""
    value = words.amount(row["target_2025"])
    sign = words.own("comparator", row["comparator"])
    return f"{sign} {value}".strip() if value else ""


def layer_titles(ids: Iterable[str], layers: Mapping[str, Layer], words: Words) -> str:
    """Return the titles of layers; one that did not open is named by its id."""
    return words.join(words.layer(layers[name]) if name in layers else name for name in ids)


def joined_rows(
    joins: TargetJoins, target: str, layers: Mapping[str, Layer], words: Words
) -> pd.DataFrame:
    """Return everything that one figure joins to, a row each."""
    rows = [
        *(
            {
                "relation": words.say("target.place"),
                "name": words.of(row, "name"),
                "through": _through(row, words),
                "position": _position(row, words),
                "accuracy_m": words.amount(row["accuracy_m"]),
            }
            for row in _of(joins.places, target)
        ),
        *(
            {
                "relation": words.say("target.layer"),
                "name": layer_titles([row["layer_id"]], layers, words),
                "through": _through(row, words),
                "position": "" if row["opened"] else words.say("position.withheld"),
            }
            for row in _of(joins.layers, target)
        ),
        *(
            {
                "relation": words.say("target.project"),
                "name": words.of(row, "name"),
                "position": _position(row, words),
            }
            for row in _of(joins.projects, target)
        ),
    ]
    columns = ["relation", "name", "through", "position", "accuracy_m"]
    return _headed(pd.DataFrame(rows, columns=columns).fillna(""), words.lang)


def _of(frame: pd.DataFrame, target: str) -> list[Row]:
    return list(frame[frame["target_id"] == target].to_dict("records"))


def _position(row: Row, words: Words) -> str:
    return words.say("position.none" if row["geometry"] is None else "position.known")


def _through(row: Row, words: Words) -> str:
    own = words.say("target.direct") if row["direct"] else ""
    return words.join([own, words.names("projects", row["projects"])])


def unplaced_rows(
    unplaced: pd.DataFrame, layers: Mapping[str, Layer], words: Words
) -> pd.DataFrame:
    """Return the features without a position; ``unplaced`` as ``list_unplaced`` returns it."""
    lang = words.lang
    rows = [
        {
            "name": row[f"name_{lang}"],
            "layer": layer_titles([row["layer_id"]], layers, words),
            "places": words.names("places", (name for name in row["places"] if name != row["id"])),
            "known": row[f"known_{lang}"],
            "missing": _missing(row["gaps"], words),
            "citations": words.citations(row["citations"]),
        }
        for row in unplaced.to_dict("records")
    ]
    return _headed(pd.DataFrame(rows), lang)


def _missing(gaps: Iterable[Row], words: Words) -> str:
    """Say what is missing and who holds it."""
    lang = words.lang
    parts = [
        words.say("unplaced.held", what=gap[f"what_{lang}"], holder=gap[f"holder_{lang}"])
        if gap[f"holder_{lang}"]
        else gap[f"what_{lang}"]
        for gap in gaps
    ]
    return words.join(dict.fromkeys(parts)) or words.say("unplaced.position")


def issue_rows(issues: Sequence[Issue], lang: Lang) -> pd.DataFrame:
    """Return issues: how bad, code, file, place, what is wrong, what to do."""
    rows = [
        {
            "severity": text(f"severity.{severity(issue)}", lang),
            "code": issue.code,
            "file": issue.file,
            "place": place_in_file(issue.where, lang),
            "message": issue_message(issue, lang),
            "remedy": issue_remedy(issue, lang),
        }
        for issue in issues
    ]
    return _headed(pd.DataFrame(rows), lang)


def source_rows(sources: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return sources with publisher, licence, attribution, dates and address."""
    lang = words.lang
    rows = [
        {
            "title": row[f"title_{lang}"],
            "publisher": words.own("publisher", row["publisher"]),
            "licence": words.own("licence", row["licence"]),
            "attribution": words.own("publisher", row["attribution"]),
            "date_published": row["date_published"],
            "date_accessed": row["date_accessed"],
            "url": row["url"],
            "note": row[f"note_{lang}"],
        }
        for row in sources.to_dict("records")
    ]
    return _headed(pd.DataFrame(rows), lang)


def layer_rows(layers: Iterable[Layer], words: Words) -> pd.DataFrame:
    """Return the opened layers with their counts, dates, licence and checksum."""
    rows = [
        {
            "layer": words.layer(layer),
            "group": words.code("group", layer.provenance.group),
            "features": len(layer.gdf),
            "unlocated": len(layer.unlocated),
            "as_of": layer.provenance.as_of,
            "licence": words.own("licence", layer.provenance.licence),
            "file": layer.provenance.file,
            "sha256": f"{layer.provenance.sha256[:12]}…",
        }
        for layer in layers
    ]
    return _headed(pd.DataFrame(rows), words.lang)


def licence_rows(layers: Iterable[Layer], words: Words) -> pd.DataFrame:
    """Return the licence and the attribution that each layer asks for."""
    rows = [
        {
            "layer": words.layer(layer),
            "licence": words.own("licence", layer.provenance.licence),
            "attribution": getattr(layer.provenance, f"attribution_{words.lang}"),
            "url": layer.provenance.licence_url,
        }
        for layer in layers
    ]
    return _headed(pd.DataFrame(rows), words.lang)


def lone_project_rows(
    projects: pd.DataFrame, layers: Mapping[str, Layer], words: Words
) -> pd.DataFrame:
    """Return projects of the plan; ``projects`` as ``Plan.projects``."""
    rows = [
        {
            "name": words.of(row, "name"),
            "category": words.name("categories", row["category"]),
            "layer": layer_titles([row["layer"]], layers, words),
            "places": words.names("places", row["places"]),
            "citations": words.citations(row["citation"]),
        }
        for row in projects.to_dict("records")
    ]
    return _headed(pd.DataFrame(rows), words.lang)


def lone_feature_rows(
    features: pd.DataFrame, layers: Mapping[str, Layer], words: Words
) -> pd.DataFrame:
    """Return features by name and layer; columns as ``Unmatched.features_without_target``."""
    rows = [
        {
            "name": words.of(row, "name"),
            "layer": layer_titles([row["layer_id"]], layers, words),
            "id": row["feature_id"],
        }
        for row in features.to_dict("records")
    ]
    return _headed(pd.DataFrame(rows), words.lang)


def filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the columns that are empty throughout."""
    return frame[[name for name in frame if (frame[name].notna() & (frame[name] != "")).any()]]


def _headed(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    return frame.rename(columns={name: text(f"column.{name}", lang) for name in frame.columns})

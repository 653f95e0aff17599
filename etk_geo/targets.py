"""What the plan's figures join to: places, layers, features and projects, and what joins nothing.

Joins ids and geometry only; whether a target is met, and by how much, is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from etk_geo.catalog import Layer
from etk_geo.crs import CRS_STORE
from etk_geo.model import LayerGroup
from etk_geo.plan import Plan

WHOLE_BANNER = "banner"
"""``places.kind`` of the banner itself: a figure for all of it singles out no feature."""

PLACE_COLUMNS = (
    "place_id",
    "name_zh",
    "name_en",
    "kind",
    "layer_id",
    "feature_id",
    "accuracy_m",
)
TARGET_PLACE_COLUMNS = ("target_id", "direct", "projects", *PLACE_COLUMNS)
TARGET_LAYER_COLUMNS = ("target_id", "layer_id", "direct", "projects", "opened")
TARGET_PROJECT_COLUMNS = ("target_id", "project_id", "name_zh", "name_en", "layer_id")
TARGET_FEATURE_COLUMNS = ("target_id", "layer_id", "feature_id", "name_zh", "name_en", "via")


@dataclass(frozen=True)
class TargetJoins:
    """The figures of the plan and everything they join to, in the plan's order.

    Attributes
    ----------
    summary
        One row per figure: the columns of ``data/targets.csv``, then ``place_ids``, ``layer_ids``,
        ``project_ids`` (lists: its own first, then those through its projects), ``located`` (a
        place or project has a position) and ``whole_banner`` (the banner is its only place).
    places
        One row per figure and place, WGS 84; geometry ``None`` where the place has no position.
        Columns ``TARGET_PLACE_COLUMNS``: ``direct`` where the figure itself names the place,
        ``projects`` the projects through which it is reached.
    layers
        One row per figure and layer, ``TARGET_LAYER_COLUMNS``: ``opened`` is false for a layer
        that is missing or withheld.
    projects
        One row per figure and project, ``TARGET_PROJECT_COLUMNS`` and the geometry of the
        project's feature, WGS 84, ``None`` where it has no position.
    features
        One row per figure and feature of a layer, ``TARGET_FEATURE_COLUMNS``: ``via`` is
        ``feature`` where the feature lists the figure, else ``place`` where both name one place
        (the banner as a whole does not count).
    """

    summary: pd.DataFrame
    places: gpd.GeoDataFrame
    layers: pd.DataFrame
    projects: gpd.GeoDataFrame
    features: pd.DataFrame


@dataclass(frozen=True)
class Unmatched:
    """What joins nothing, on either side.

    The first three are rows of ``TargetJoins.summary``; ``projects`` are rows of the plan's
    projects; ``features`` has one row per feature of a plan layer, columns ``layer_id``,
    ``feature_id``, ``name_zh``, ``name_en``.
    """

    targets_without_position: pd.DataFrame
    targets_without_layer: pd.DataFrame
    targets_without_project: pd.DataFrame
    projects_without_target: pd.DataFrame
    features_without_target: pd.DataFrame


def join_targets(plan: Plan, layers: Mapping[str, Layer]) -> TargetJoins:
    """Join every figure of the plan to places, layers, projects and features.

    Ids that the tables do not know are left out; the linter names them. Inputs are not changed.
    """
    located = locate_places(plan, layers)
    links = _project_links(plan)
    places = _join_places(plan, located, links)
    layer_rows = _join_layers(plan, layers, links)
    projects = _join_projects(plan, layers, links)
    features = _join_features(plan, layers, located)
    summary = plan.targets.copy()
    summary["place_ids"] = _grouped(summary["id"], places, "place_id")
    summary["layer_ids"] = _grouped(summary["id"], layer_rows, "layer_id")
    summary["project_ids"] = _grouped(summary["id"], projects, "project_id")
    with_position = {
        *places.loc[places.geometry.notna(), "target_id"],
        *projects.loc[projects.geometry.notna(), "target_id"],
    }
    narrower = set(places.loc[places["kind"] != WHOLE_BANNER, "target_id"])
    summary["located"] = summary["id"].isin(with_position)
    summary["whole_banner"] = summary["id"].isin(set(places["target_id"]) - narrower)
    return TargetJoins(summary, places, layer_rows, projects, features)


def find_unmatched(joins: TargetJoins, plan: Plan, layers: Mapping[str, Layer]) -> Unmatched:
    """List the figures, projects and features that the joins leave alone."""
    summary = joins.summary
    opened = set(joins.layers.loc[joins.layers["opened"], "target_id"])
    figures = set(summary["id"])
    serving = plan.projects["targets"].map(lambda names: bool(figures.intersection(names)))
    features = layer_features(
        layer for layer in layers.values() if layer.provenance.group is LayerGroup.PLAN
    )
    joined = pd.MultiIndex.from_frame(joins.features[["layer_id", "feature_id"]])
    lone = ~pd.MultiIndex.from_frame(features[["layer_id", "feature_id"]]).isin(joined)
    columns = ["layer_id", "feature_id", "name_zh", "name_en"]
    return Unmatched(
        targets_without_position=_rows(summary, ~summary["located"]),
        targets_without_layer=_rows(summary, ~summary["id"].isin(opened)),
        targets_without_project=_rows(summary, summary["project_ids"].map(len) == 0),
        projects_without_target=_rows(plan.projects, ~serving.astype(bool)),
        features_without_target=pd.DataFrame(features.loc[lone, columns]).reset_index(drop=True),
    )


def locate_places(plan: Plan, layers: Mapping[str, Layer]) -> gpd.GeoDataFrame:
    """Give every place of the plan its position: its own point, or the feature standing for it.

    Returns
    -------
    places
        One row per place in table order, columns ``PLACE_COLUMNS`` and ``geometry``, WGS 84,
        ``None`` where no position is known. ``accuracy_m`` is metres, NaN where unknown;
        ``layer_id`` and ``feature_id`` are empty where no feature of a layer stands for it.
    """
    places = plan.places
    points = gpd.GeoSeries.from_xy(places["lon"], places["lat"], crs=CRS_STORE)
    points[places["lon"].isna().to_numpy() | places["lat"].isna().to_numpy()] = None
    frame = gpd.GeoDataFrame(
        {
            "place_id": places["id"],
            "name_zh": places["name_zh"],
            "name_en": places["name_en"],
            "kind": places["kind"],
            "feature_id": places["feature"],
            "accuracy_m": places["accuracy_m"],
        },
        geometry=points,
        crs=CRS_STORE,
    )
    features = layer_features(layers.values()).drop_duplicates("feature_id")
    features = features[["feature_id", "layer_id", "accuracy_m", "geometry"]]
    merged = frame.merge(features, on="feature_id", how="left", suffixes=("", "_feature"))
    standing = merged.geometry.isna() & merged["geometry_feature"].notna()
    for name in ("geometry", "accuracy_m"):
        merged[name] = merged[name].where(~standing, merged[f"{name}_feature"])
    merged["layer_id"] = merged["layer_id"].fillna("")
    return merged[[*PLACE_COLUMNS, "geometry"]].set_crs(CRS_STORE)


def layer_features(layers: Iterable[Layer]) -> gpd.GeoDataFrame:
    """Return the features of layers in one frame.

    Columns ``layer_id``, ``feature_id``, ``name_zh``, ``name_en``, ``targets``, ``places``,
    ``accuracy_m``, ``geometry`` (WGS 84, ``None`` where unlocated), in legend order.
    """
    columns = ["name_zh", "name_en", "targets", "places", "accuracy_m", "geometry"]
    frames = [
        layer.gdf[["id", *columns]].rename(columns={"id": "feature_id"}).assign(layer_id=layer.id)
        for layer in layers
    ]
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        empty = pd.DataFrame(columns=["layer_id", "feature_id", *columns])
        empty["accuracy_m"] = empty["accuracy_m"].astype("float64")
        return gpd.GeoDataFrame(empty, geometry="geometry", crs=CRS_STORE)
    joined = pd.concat(frames, ignore_index=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=CRS_STORE)


def _project_links(plan: Plan) -> pd.DataFrame:
    """Return one row per project and figure that it serves, in project order."""
    links = plan.projects[["id", "name_zh", "name_en", "layer", "places", "targets"]]
    links = links.explode("targets").dropna(subset=["targets"])
    links = links[links["targets"].isin(set(plan.targets["id"]))]
    return links.rename(columns={"id": "project_id", "targets": "target_id", "layer": "layer_id"})


def _reached(own: pd.DataFrame, through: pd.DataFrame, name: str) -> pd.DataFrame:
    """Join what figures name to what their projects name: one row per figure and ``name``."""
    rows = pd.concat([own.assign(project_id=""), through], ignore_index=True)
    rows = rows[rows[name].notna() & (rows[name] != "")]
    grouped = rows.groupby(["target_id", name], sort=False)["project_id"]
    reached = grouped.agg(list).rename("projects").reset_index()
    reached["direct"] = [("" in names) for names in reached["projects"]]
    reached["projects"] = [[n for n in names if n] for names in reached["projects"]]
    return reached


def _in_plan_order(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    order = {target: place for place, target in enumerate(plan.targets["id"])}
    by_target = frame.assign(_order=frame["target_id"].map(order))
    by_target = by_target.sort_values("_order", kind="stable")
    return by_target.drop(columns="_order").reset_index(drop=True)


def _join_places(plan: Plan, located: gpd.GeoDataFrame, links: pd.DataFrame) -> gpd.GeoDataFrame:
    own = plan.targets[["id", "places"]].explode("places")
    own = own.rename(columns={"id": "target_id", "places": "place_id"})
    through = links[["target_id", "project_id", "places"]].explode("places")
    through = through.rename(columns={"places": "place_id"})
    reached = _reached(own, through, "place_id")
    joined = reached.merge(located, on="place_id", how="inner")
    joined = _in_plan_order(plan, joined)[[*TARGET_PLACE_COLUMNS, "geometry"]]
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=CRS_STORE)


def _join_layers(plan: Plan, layers: Mapping[str, Layer], links: pd.DataFrame) -> pd.DataFrame:
    own = plan.targets[["id", "layers"]].explode("layers")
    own = own.rename(columns={"id": "target_id", "layers": "layer_id"})
    through = links[["target_id", "project_id", "layer_id"]]
    reached = _in_plan_order(plan, _reached(own, through, "layer_id"))
    reached["opened"] = reached["layer_id"].isin(set(layers))
    return reached[list(TARGET_LAYER_COLUMNS)]


def _join_projects(
    plan: Plan, layers: Mapping[str, Layer], links: pd.DataFrame
) -> gpd.GeoDataFrame:
    features = layer_features(layers.values())[["layer_id", "feature_id", "geometry"]]
    features = features.rename(columns={"feature_id": "project_id"})
    rows = links.drop_duplicates(["target_id", "project_id"])
    joined = rows.merge(features, on=["layer_id", "project_id"], how="left")
    joined = _in_plan_order(plan, joined)[[*TARGET_PROJECT_COLUMNS, "geometry"]]
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=CRS_STORE)


def _join_features(
    plan: Plan, layers: Mapping[str, Layer], located: gpd.GeoDataFrame
) -> pd.DataFrame:
    features = pd.DataFrame(layer_features(layers.values()).drop(columns="geometry"))
    listed = features.explode("targets").rename(columns={"targets": "target_id"})
    listed = listed.assign(via="feature")
    whole = set(located.loc[located["kind"] == WHOLE_BANNER, "place_id"])
    named = plan.targets[["id", "places"]].explode("places").dropna()
    named = named[~named["places"].isin(whole)].rename(columns={"id": "target_id"})
    placed = features.drop(columns="targets").explode("places")
    placed = placed.merge(named, on="places", how="inner").assign(via="place")
    rows = pd.concat([listed, placed], ignore_index=True)[list(TARGET_FEATURE_COLUMNS)]
    rows = rows[rows["target_id"].isin(set(plan.targets["id"]))]
    rows = rows.drop_duplicates(["target_id", "layer_id", "feature_id"])
    return _in_plan_order(plan, rows)


def _grouped(ids: pd.Series[str], rows: pd.DataFrame, name: str) -> list[list[str]]:
    lists = rows.groupby("target_id", sort=False)[name].agg(list).to_dict()
    return [lists.get(target, []) for target in ids]


def _rows(frame: pd.DataFrame, chosen: pd.Series[bool]) -> pd.DataFrame:
    return pd.DataFrame(frame[chosen]).reset_index(drop=True)

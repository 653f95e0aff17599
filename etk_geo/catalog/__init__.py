"""Layers with their provenance: found in the project folder, checked, opened as frames.

A layer that cannot be trusted (missing, broken, changed by hand, without provenance) is withheld
and named; the others open.
"""

from etk_geo.catalog.layer import (
    Catalog,
    Layer,
    features_frame,
    invalid_geometries,
    layer_frame,
)
from etk_geo.catalog.opening import (
    LAYER_FOLDERS,
    REGISTRY,
    layer_files,
    open_catalog,
    open_layer,
    registered_ids,
)
from etk_geo.catalog.properties import check_properties
from etk_geo.catalog.provenance import CRS_NAME, dump_provenance, parse_provenance, record_path
from etk_geo.catalog.table import dump_table

__all__ = [
    "CRS_NAME",
    "LAYER_FOLDERS",
    "REGISTRY",
    "Catalog",
    "Layer",
    "check_properties",
    "dump_provenance",
    "dump_table",
    "features_frame",
    "invalid_geometries",
    "layer_files",
    "layer_frame",
    "open_catalog",
    "open_layer",
    "parse_provenance",
    "record_path",
    "registered_ids",
]

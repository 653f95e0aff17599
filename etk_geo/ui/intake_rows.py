"""The tables of the intake page: frames with headings and cells in the words of one language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from etk_geo.i18n import issue_message, issue_remedy, severity, text
from etk_geo.intake.attributes import FIELDS
from etk_geo.intake.candidates import Candidate
from etk_geo.intake.encodings import EncodingCandidate
from etk_geo.intake.problems import Repair
from etk_geo.intake.readers.answer import LayerSummary
from etk_geo.intake.wording import (
    candidate_reasons,
    geometry_title,
    reading_title,
    reason_title,
    transformation_title,
    worded,
)
from etk_geo.model import Issue, Lang
from etk_geo.ui.rows import place_in_file

PREVIEW_ROWS = 200


def _headed(rows: Sequence[dict[str, Any]], lang: Lang) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    headings = {name: text(f"intake.column.{name}", lang) for name in frame.columns}
    return frame.rename(columns=headings)


def format_title(code: str, lang: Lang) -> str:
    """Say in what form something was brought."""
    return text(f"intake.format.{code}", lang)


def layer_rows(layers: Sequence[LayerSummary], lang: Lang) -> pd.DataFrame:
    """Return the layers found: file, layer, form, features, geometry, columns."""
    unknown = text("mark.unknown", lang)
    rows = [
        {
            "source": layer.source,
            "layer": layer.layer,
            "format": format_title(layer.format.value, lang),
            "features": unknown if layer.feature_count is None else f"{layer.feature_count:,}",
            "geometry": geometry_title(layer.geometry_type, lang),
            "fields": text("mark.list", lang).join(layer.fields),
        }
        for layer in layers
    ]
    return _headed(rows, lang)


def encoding_rows(encodings: Sequence[EncodingCandidate], lang: Lang) -> pd.DataFrame:
    """Return the encodings that texts can be in, each with what it makes of them."""
    rows = [
        {
            "encoding": encoding_title(candidate.encoding),
            "plausible": f"{candidate.plausibility:.0%}",
            "declared": text(f"intake.encoding.{candidate.declared}", lang)
            if candidate.declared
            else "",
            "preview": text("mark.gap", lang).join(candidate.preview),
        }
        for candidate in encodings
    ]
    return _headed(rows, lang)


def encoding_title(encoding: str) -> str:
    """Return an encoding's usual name."""
    return {"gb18030": "GBK / GB18030", "utf-8": "UTF-8", "big5": "Big5"}.get(
        encoding, encoding.upper()
    )


def candidate_rows(candidates: Sequence[Candidate], lang: Lang) -> pd.DataFrame:
    """Return every reading that fits: what it takes the numbers for, why, and how good it is."""
    rows = [
        {
            "number": str(number),
            "reading": reading_title(candidate.reading, lang),
            "reasons": candidate_reasons(candidate, lang),
            "offset": text("intake.metres", lang, n=f"{candidate.offset_m:,.0f}"),
            "shift_accuracy": text("intake.plus_minus", lang, n=f"{candidate.shift.accuracy_m:g}"),
            "transformation": transformation_title(candidate.shift.name, lang),
        }
        for number, candidate in enumerate(candidates, start=1)
    ]
    return _headed(rows, lang)


def issue_rows(issues: Sequence[Issue], lang: Lang) -> pd.DataFrame:
    """Return what was noticed: how bad, which feature, what is wrong, what to do."""
    rows = [
        {
            "severity": text(f"severity.{severity(issue)}", lang),
            "feature": place_in_file(issue.where, lang),
            "message": issue_message(issue, lang),
            "remedy": issue_remedy(issue, lang),
            "code": issue.code,
        }
        for issue in (worded(issue, lang) for issue in issues)
    ]
    return _headed(rows, lang)


def repair_rows(repairs: Sequence[Repair], lang: Lang) -> pd.DataFrame:
    """Return what repairing would change: feature, fault, position, area before and after."""
    rows = [
        {
            "feature": place_in_file(repair.label, lang),
            "fault": reason_title(repair.reason, lang),
            "position": f"{repair.position.lon:.6f}, {repair.position.lat:.6f}",
            "before": f"{repair.before_m2:,.1f}",
            "after": f"{repair.after_m2:,.1f}",
        }
        for repair in repairs
    ]
    return _headed(rows, lang)


def taken_rows(frame: gpd.GeoDataFrame, labels: Sequence[str], lang: Lang) -> pd.DataFrame:
    """Return the first rows of a layer: our fields in words, then the file's own columns."""
    head = frame.drop(columns=frame.geometry.name).head(PREVIEW_ROWS)
    own = {name: text(f"intake.field.{name}", lang) for name in FIELDS}
    table = head.astype(object).where(head.notna(), "").map(str)
    table.insert(0, text("intake.column.feature", lang), _places(labels, lang))
    renamed: pd.DataFrame = table.rename(columns=_distinct(own, list(map(str, table.columns))))
    return renamed


def _places(labels: Sequence[str], lang: Lang) -> list[str]:
    return [place_in_file(label, lang) for label in labels[:PREVIEW_ROWS]]


def _distinct(own: dict[str, str], names: Sequence[str]) -> dict[str, str]:
    """Return our headings; one that a column of the file has already is marked as ours."""
    return {name: f"{head} *" if head in names else head for name, head in own.items()}

"""The figure of a scene: rows joined from targets, facts, projects or a screening, with words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from etk_geo.model import is_known
from etk_geo.stories.filling import Filling
from etk_geo.stories.material import BASELINE_YEAR, TARGET_YEAR
from etk_geo.stories.model import FigureKind, FigureSpec

Row = dict[str, Any]


def draw_figure(spec: FigureSpec, filling: Filling) -> dict[str, Any]:
    """Return a figure as it is drawn, in the language of ``filling``, which keeps its sources.

    Returns
    -------
    figure
        ``kind`` and ``title``; ``form`` is ``values`` (rows of ``label`` and ``values``: ``year``,
        ``text``, ``value``, ``of``) or ``parts`` (rows of ``label`` and ``parts``: ``code``,
        ``label``, ``n``). A value that is not known is not there.
    """
    form, rows = DRAWERS[spec.kind](spec, filling)
    return {
        "kind": spec.kind,
        "form": form,
        "title": filling.words.say(f"stories.figure_{spec.kind}"),
        "rows": rows,
    }


def _targets(spec: FigureSpec, filling: Filling) -> tuple[str, list[Row]]:
    return "values", [target_row(target, filling) for target in spec.targets]


def target_row(identifier: str, filling: Filling) -> Row:
    """Return a figure of the plan with every value known of it, in the order of the years."""
    row = filling.material.targets[identifier]
    filling.cite(row)
    words = filling.words
    values = []
    if is_known(row["baseline_2020"]):
        text = filling.base(identifier)
        values.append(_value(BASELINE_YEAR, text, row["baseline_2020"], "base"))
    for entry in filling.material.actuals(identifier):
        text = filling.amount(entry.said.value or 0.0, row["unit"])
        values.append(_value(entry.said.year, text, entry.said.value, "entry"))
        if entry.said.source:
            filling.sources[entry.said.source] = None
    if is_known(row["target_2025"]):
        sign = words.own("comparator", row["comparator"])
        text = f"{sign}{filling.amount(row['target_2025'], row['unit'])}"
        values.append(_value(TARGET_YEAR, text, row["target_2025"], "goal"))
    return {"id": identifier, "label": words.of(row, "name"), "values": values}


def _value(year: int | None, text: str, value: float | None, of: str) -> Row:
    return {"year": year, "text": text, "value": value, "of": of}


def _facts(spec: FigureSpec, filling: Filling) -> tuple[str, list[Row]]:
    rows = []
    for attribute in spec.attributes:
        values = []
        for fact in filling.material.published[spec.subject]:
            if fact["attribute"] == attribute and fact["value"]:
                filling.sources[fact["source"]] = None
                values.append(
                    {
                        **_value(None, filling.figure(fact), None, "fact"),
                        "date": fact["date"],
                        "source": filling.words.name("sources", fact["source"]),
                    }
                )
        rows.append({"label": filling.words.code("attribute", attribute), "values": values})
    return "values", rows


def _by_layer(spec: FigureSpec, filling: Filling) -> Iterable[tuple[str, list[Row]]]:
    """Group the projects by layer, in legend order; layers without a project are left out."""
    for layer in filling.material.layers.values():
        if spec.layers and layer.id not in spec.layers:
            continue
        members = [row for row in filling.material.projects if row["layer"] == layer.id]
        if members:
            yield filling.words.layer(layer), members


def _status(spec: FigureSpec, filling: Filling) -> tuple[str, list[Row]]:
    statuses = filling.material.statuses
    words = filling.words
    rows = []
    for label, members in _by_layer(spec, filling):
        counts = Counter(member["status"] for member in members)
        parts = [
            {"code": code, "label": words.code("status", code), "n": counts[code]}
            for code in statuses
            if counts[code]
        ]
        rows.append({"label": label, "parts": parts})
    return "parts", rows


def _located(spec: FigureSpec, filling: Filling) -> tuple[str, list[Row]]:
    rows = []
    for label, members in _by_layer(spec, filling):
        placed = sum(member["geometry"] is not None for member in members)
        parts = [
            {"code": code, "label": filling.words.say(f"stories.{code}"), "n": n}
            for code, n in (("located", placed), ("unlocated", len(members) - placed))
            if n
        ]
        rows.append({"label": label, "parts": parts})
    return "parts", rows


def _screening(_spec: FigureSpec, filling: Filling) -> tuple[str, list[Row]]:
    screening = filling.material.screening
    words = filling.words
    parts = [
        {"code": verdict, "label": words.say(f"screening.verdict.{verdict}"), "n": n}
        for verdict, n in screening.totals.items()
        if n
    ]
    label = words.say("stories.screened_on", date=screening.as_of.isoformat())
    return "parts", [{"label": label, "parts": parts}]


DRAWERS: Mapping[FigureKind, Callable[[FigureSpec, Filling], tuple[str, list[Row]]]] = {
    "targets": _targets,
    "status": _status,
    "located": _located,
    "facts": _facts,
    "screening": _screening,
}
"""What draws each kind of figure: its form and its rows."""

"""Members of a feature, their values and what is wrong with them, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from etk_geo.build.edits import GEOMETRY
from etk_geo.editing import VERSION, Act, Difference, Edit, Size, measure_geometry, moved_m
from etk_geo.i18n import texts
from etk_geo.intake.wording import worded as worded_reason
from etk_geo.measure import MU_PER_HA
from etk_geo.model import Issue
from etk_geo.wording import NamedTable, Words

LABEL = "edit.member."
NAMED: Mapping[str, NamedTable] = {
    "category": "categories",
    "places": "places",
    "targets": "targets",
    "sources": "sources",
}
CODED = ("status", "bound", "siting", "extent_basis", "kind")
METRES = ("accuracy_m", "extent_m")
M2_PER_HA = 10_000
FINE_HA = 1_000
"""Below it hectares have four decimals, as land documents do; no larger area is known so well."""


def member_label(name: str, words: Words) -> str:
    """Return what a member is called; the name itself where it is none."""
    key = f"{LABEL}{name}"
    return words.say(key) if key in texts() else name


def value_text(name: str, value: Any, words: Words) -> str:
    """Return the value of a member as it is read; unknown is said so."""
    if name == GEOMETRY:
        return geometry_text(measure_geometry(value), value, words)
    if value is None or value in ("", []):
        return words.say("edit.empty")
    if isinstance(value, list):
        return _list_text(name, value, words)
    if isinstance(value, bool):
        return words.say("mark.yes" if value else "edit.no")
    if name in METRES:
        return words.say("maps.metres", n=f"{value:,.12g}")
    return words.code(name, value) if name in CODED else _named(name, str(value), words)


def _list_text(name: str, values: list[Any], words: Words) -> str:
    if name == "facts":
        return words.say("edit.fact.count", n=len(values))
    if name == "citations":
        return words.citations(values)
    return words.join(_named(name, value, words) for value in values)


def _named(name: str, value: str, words: Words) -> str:
    """Return the name of what an id names; a text stays as it is."""
    return words.name(NAMED[name], value) if name in NAMED else value


def geometry_text(size: Size | None, geometry: Mapping[str, Any] | None, words: Words) -> str:
    """Return kind and size of a geometry; a single point also where it is."""
    if size is None or geometry is None:
        return words.say("column.unlocated")
    kind = str(geometry["type"]).removeprefix("Multi")
    if kind == "Polygon":
        ha = size.area_m2 / M2_PER_HA
        places = 4 if ha < FINE_HA else 1
        amount = words.say(
            "edit.area", ha=f"{ha:,.{places}f}", mu=f"{ha * MU_PER_HA:,.{places // 2}f}"
        )
    elif kind == "LineString":
        amount = words.say("edit.length", km=f"{size.length_m / 1000:,.3f}")
    else:
        lon, lat = size.middle
        amount = words.say("edit.at", lon=f"{lon:.6f}", lat=f"{lat:.6f}")
    said = words.say(f"edit.kind_{kind.lower()}", parts=size.parts, corners=size.corners)
    return f"{said}{words.say('mark.gap')}{amount}"


def difference_rows(differences: list[Difference], words: Words) -> pd.DataFrame:
    """Return differences as a table: member, before, after."""
    rows = []
    for one in differences:
        after = value_text(one.member, one.after, words)
        if one.member == GEOMETRY:
            metres = moved_m(measure_geometry(one.before), measure_geometry(one.after))
            if metres is not None and metres >= 1:
                after += words.say("edit.moved", m=words.metres(round(metres)))
        elif one.member == "facts":
            after = "\n".join(fact_lines(one.after or [], words)) or after
        before = (
            "\n".join(fact_lines(one.before or [], words))
            if one.member == "facts" and one.before
            else value_text(one.member, one.before, words)
        )
        rows.append((member_label(one.member, words), before, after))
    headings = [words.say(f"edit.column.{name}") for name in ("member", "before", "after")]
    return pd.DataFrame(rows, columns=headings)


def fact_lines(facts: list[Mapping[str, str]], words: Words) -> list[str]:
    """Return published figures, one in a line."""
    return [fact_line(fact, words) for fact in facts]


def fact_line(fact: Mapping[str, str], words: Words) -> str:
    """Return a published figure with its unit, date and source."""
    attribute = words.code("attribute", fact["attribute"])
    value = words.code(fact["attribute"], fact["value"])
    amount = words.quantity(value, fact["unit"]) if value else fact[f"note_{words.lang}"]
    source = words.name("sources", fact["source"])
    return words.join((f"{attribute} {amount}".strip(), fact["date"], source))


def act_text(edit: Edit, words: Words) -> str:
    """Say what an edit did."""
    if edit.undoes:
        return words.say("edit.act.undo", n=edit.undoes)
    if edit.act is Act.CHANGE and edit.source.startswith(VERSION):
        return words.say("edit.act.restore", n=edit.source.removeprefix(VERSION))
    return words.say(f"edit.act.{edit.act}")


def history_rows(edits: tuple[Edit, ...], held: frozenset[int], words: Words) -> pd.DataFrame:
    """Return edits as a table, the newest first."""
    rows = [
        {
            "number": str(edit.number),
            "at": edit.at[:16].replace("T", " "),
            "author": edit.author,
            "act": act_text(edit, words),
            "members": _members_text(edit, words),
            "reason": edit.reason,
            "source": "" if edit.source.startswith(VERSION) else edit.source,
            "counts": words.say("mark.yes" if edit.number in held else "edit.no"),
        }
        for edit in reversed(edits)
    ]
    frame = pd.DataFrame(rows)
    return frame.rename(columns={name: words.say(f"edit.column.{name}") for name in frame})


def _members_text(edit: Edit, words: Words) -> str:
    if edit.act is not Act.CHANGE:
        return words.say("edit.whole")
    return words.join(member_label(name, words) for name in edit.after)


def worded(issue: Issue, words: Words) -> Issue:
    """Return an issue that names members by their labels; the form has neither files nor ids."""
    reason = worded_reason(issue, words.lang)
    detail = {
        name: member_label(value, words) if name in ("member", "column") else value
        for name, value in reason.detail.items()
    }
    return replace(reason, file="", where="", detail=detail)

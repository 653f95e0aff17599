"""What can be edited of a feature, field by field: its kind, its choices and where they belong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from etk_geo.model import Bound, Siting
from etk_geo.plan import Plan


class FieldKind(StrEnum):
    """How a value is entered."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    """A year, a month or a day, as far as it is known."""
    METRES = "metres"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"


@dataclass(frozen=True)
class Field:
    """A property that is entered in the form.

    Parameters
    ----------
    name
        Of ``model.FEATURE_PROPERTIES``.
    kind
        How it is entered.
    domain
        Of a choice: what names its codes, see :func:`choices`.
    """

    name: str
    kind: FieldKind
    domain: str = ""


@dataclass(frozen=True)
class Section:
    """Fields that stand together under a heading."""

    name: str
    fields: tuple[Field, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        "what",
        (
            Field("name_zh", FieldKind.TEXT),
            Field("name_en", FieldKind.TEXT),
            Field("category", FieldKind.CHOICE, "categories"),
            Field("status", FieldKind.CHOICE, "status"),
            Field("status_date", FieldKind.DATE),
            Field("as_of", FieldKind.DATE),
            Field("known_zh", FieldKind.LONG_TEXT),
            Field("known_en", FieldKind.LONG_TEXT),
        ),
    ),
    Section(
        "belongs",
        (
            Field("places", FieldKind.CHOICES, "places"),
            Field("targets", FieldKind.CHOICES, "targets"),
            Field("citations", FieldKind.CHOICES, "outline"),
            Field("sources", FieldKind.CHOICES, "sources"),
        ),
    ),
    Section(
        "reach",
        (
            Field("extent_m", FieldKind.METRES),
            Field("extent_basis", FieldKind.CHOICE, "extent_basis"),
            Field("orientation_only", FieldKind.FLAG),
        ),
    ),
)
"""The form, but for the position."""

POSITION_FIELDS: tuple[Field, ...] = (
    Field("bound", FieldKind.CHOICE, "bound"),
    Field("accuracy_m", FieldKind.METRES),
    Field("siting", FieldKind.CHOICE, "siting"),
    Field("accuracy_zh", FieldKind.LONG_TEXT),
    Field("accuracy_en", FieldKind.LONG_TEXT),
)
"""What says how a geometry is to be understood; ``editing.meeting.POSITION`` keeps them with it."""

FACT_CHOICES: Mapping[str, str] = {
    "attribute": "attribute",
    "unit": "unit",
    "confidence": "confidence",
    "source": "sources",
}
"""Members of a published figure that are chosen, and what names their codes."""

TABLES: Mapping[str, str] = {
    "categories": "id",
    "places": "id",
    "targets": "id",
    "outline": "citation",
    "sources": "id",
}
"""Domains that are tables of the plan, with the column of their codes."""


def choices(domain: str, plan: Plan) -> tuple[str, ...]:
    """Return the codes of a domain, in the order of its table; unknown is none of them."""
    if domain in TABLES:
        return tuple(map(str, getattr(plan, domain)[TABLES[domain]]))
    if domain == "bound":
        return tuple(Bound)
    if domain == "siting":
        return tuple(Siting)
    rows = plan.vocabulary
    return tuple(map(str, rows.loc[rows["domain"] == domain, "code"]))

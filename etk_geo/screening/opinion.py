"""What an officer makes of a finding: confirmed or set aside, with reason, name and day.

It stands beside the computed verdict and never in its place; nothing computed is changed by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from etk_geo.errors import ScreeningError

WHOLE_PROJECT = ""
"""Zone of an opinion on the conclusion of a project as a whole."""

MOST_CHARACTERS = 2_000


class Ruling(StrEnum):
    """What the officer decided."""

    CONFIRMED = "confirmed"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class Opinion:
    """An officer's opinion on the finding of a project and a zone.

    ``verdict`` and ``consequence`` are the computed ones at the time, as codes: an opinion on
    something else than what is found today is seen to be one.
    """

    project_id: str
    zone_id: str
    ruling: Ruling
    reason: str
    officer: str
    day: date
    verdict: str
    consequence: str

    def __post_init__(self) -> None:
        """Refuse an opinion without a reason or a name, or with one that is too long."""
        for value, missing in ((self.reason, "ETK950"), (self.officer, "ETK951")):
            if not value.strip():
                raise ScreeningError(missing, where=self.project_id)
            if len(value) > MOST_CHARACTERS:
                raise ScreeningError("ETK952", where=self.project_id, most=MOST_CHARACTERS)

    def document(self) -> dict[str, str]:
        """Return the opinion as JSON values."""
        return {**self.__dict__, "ruling": str(self.ruling), "day": self.day.isoformat()}


def read_opinion(document: Mapping[str, Any]) -> Opinion:
    """Return the opinion that :meth:`Opinion.document` wrote.

    Raises
    ------
    KeyError, ValueError
        If a member is missing or makes no sense.
    ScreeningError
        If reason or name is missing.
    """
    values = {name: str(document[name]) for name in Opinion.__dataclass_fields__}
    return Opinion(
        **{
            **values,
            "ruling": Ruling(values["ruling"]),
            "day": date.fromisoformat(values["day"]),
        }  # type: ignore[arg-type]
    )


def opinions_by_pair(opinions: Iterable[Opinion]) -> dict[tuple[str, str], Opinion]:
    """Return the latest opinion on each project and zone; of one day, the one given last."""
    latest: dict[tuple[str, str], Opinion] = {}
    for opinion in opinions:
        key = (opinion.project_id, opinion.zone_id)
        known = latest.get(key)
        if known is None or known.day <= opinion.day:
            latest[key] = opinion
    return latest

"""A story as it was read: scenes in order, each with its words, its view and its figure.

A story is a file ``data/stories/<id>.toml`` (docs/stories.md tells every member). Its words hold
places such as ``{goal:park_output}``, which are filled from the tables when it is played: so a
story cannot say a figure that the tables do not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from etk_geo.model import Lang, LonLat, LonLatBounds

FOLDER = "data/stories"
SUFFIX = ".toml"

Saying = Mapping[Lang, str]
"""A text in both languages."""

FigureKind = Literal["targets", "status", "located", "facts", "screening"]
FIGURE_KINDS: tuple[FigureKind, ...] = ("targets", "status", "located", "facts", "screening")

FIRST_YEAR, LAST_YEAR = 2000, 2035
"""Years that a scene can show: the plan looks ahead to 2035."""

LEAST_ZOOM, MOST_ZOOM = 6.0, 17.0
"""Zoom levels that the map has (``maps.plan_map``)."""

LEAST_SECONDS, MOST_SECONDS = 3, 600


@dataclass(frozen=True)
class Camera:
    """Where a scene looks: at features, at a box or at a point; else at the whole banner.

    ``features`` are ids with a known position; ``bounds`` and ``centre`` are WGS 84 degrees.
    """

    features: tuple[str, ...] = ()
    bounds: LonLatBounds | None = None
    centre: LonLat | None = None
    zoom: float | None = None


@dataclass(frozen=True)
class FigureSpec:
    """What the figure of a scene shows.

    ``targets``: figures of the plan by id. ``status`` and ``located``: projects of ``layers`` (all
    where empty) by status, or by whether they are placed. ``facts``: published figures of
    ``subject`` named by ``attributes``. ``screening``: verdicts of the plan's projects.
    """

    kind: FigureKind
    targets: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    subject: str = ""
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """One picture of a story and what is said to it.

    ``layers`` are on besides the base map, ``without`` are off although the base map has them.
    ``seconds`` is how long it stays when the story plays by itself.
    """

    id: str
    number: int
    title: Saying
    words: Saying
    notes: Saying
    camera: Camera
    layers: tuple[str, ...]
    without: tuple[str, ...]
    highlight: tuple[str, ...]
    figure: FigureSpec | None
    year: int | None
    cite: tuple[str, ...]
    sources: tuple[str, ...]
    seconds: int


@dataclass(frozen=True)
class Story:
    """The scenes of a file that can be played, in order; ``file`` relative to the project."""

    id: str
    file: str
    title: Saying
    about: Saying
    scenes: tuple[Scene, ...]

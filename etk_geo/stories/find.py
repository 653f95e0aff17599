"""A story and layers by the words of a command line, and files written for it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from etk_geo.errors import DataError, EtkGeoError, UsageError
from etk_geo.i18n import text
from etk_geo.model import Lang
from etk_geo.store import write_atomic
from etk_geo.stories.material import Material
from etk_geo.stories.model import Story
from etk_geo.stories.reading import read_stories, read_story


def find_story(material: Material, name: str) -> Story:
    """Return a story that can be played.

    Raises
    ------
    EtkGeoError
        If there is none of this id, or no scene of it can be played: its first problem.
    """
    known = {reading.id for reading in read_stories(material)}
    if name not in known:
        raise UsageError("ETK982", found=name, known=", ".join(sorted(known)))
    reading = read_story(material, name)
    if reading.story is None:
        first, *more = [
            EtkGeoError(i.code, file=i.file, where=i.where, **i.detail) for i in reading.issues
        ]
        first.more = tuple(more)
        raise first
    return reading.story


def find_layers(material: Material, text_of_ids: str | None) -> tuple[str, ...]:
    """Return the layers named in a text, with the base map; nothing where none is named.

    Raises
    ------
    UsageError
        If a layer is not known or may not be given away.
    """
    if not text_of_ids:
        return ()
    named = split_ids(text_of_ids)
    for name in named:
        if name not in material.layers:
            raise UsageError("ETK982", found=name, known=", ".join(material.layers))
    return tuple(dict.fromkeys((*material.ground, *named)))


def split_ids(text_of_ids: str) -> tuple[str, ...]:
    """Return the ids of a text, separated by commas, in order."""
    parts: Iterable[str] = (part.strip() for part in text_of_ids.split(","))
    return tuple(part for part in parts if part)


def write_file(path: Path, content: bytes, lang: Lang) -> None:
    """Write a file in one step and say so.

    Raises
    ------
    DataError
        If it cannot be written.
    """
    try:
        write_atomic(path, content)
    except OSError as error:
        raise DataError("ETK980", file=path.name, reason=error.strerror or "?") from error
    said = text("handout.cli.written", lang, file=path.name, size=f"{len(content) / 1e6:.2f} MB")
    sys.stdout.write(f"{said}\n")

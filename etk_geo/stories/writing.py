"""Stories written back: as text in one fixed form, and to their file in one step.

What a person wrote in the file's first lines as a comment stays; comments between scenes do not
survive an edit by the form, only an edit of the text.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from etk_geo.errors import DataError, UsageError
from etk_geo.store import read_bytes, sha256, write_atomic
from etk_geo.stories.material import Material
from etk_geo.stories.model import FOLDER, SUFFIX
from etk_geo.stories.reading import STORY_ID, Reading, parse_story

LONG = 60
"""Longer texts, and those of several lines, are written over several lines."""


def story_file(name: str) -> str:
    """Return the path of a story's file, relative to the project folder."""
    return f"{FOLDER}/{name}{SUFFIX}"


def open_text(material: Material, name: str) -> tuple[str, str]:
    """Return the text of a story and the mark of its bytes, for :func:`save_story`.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    content = read_bytes(material.workspace.root, story_file(name))
    return content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n"), sha256(content)


def save_story(material: Material, name: str, text: str, mark: str) -> Reading:
    """Write a story in one step, if at least one of its scenes can be played.

    Parameters
    ----------
    material
        What its words and ids refer to.
    name
        Id of the story.
    text
        Its new text.
    mark
        The mark of the bytes it was opened with; empty for a story that is new.

    Returns
    -------
    reading
        The story as saved, with what is wrong with single scenes. Where no scene can be played
        (``story`` is ``None``) nothing was written.

    Raises
    ------
    UsageError
        If the name is no id of a story.
    DataError
        If the file was changed by someone else meanwhile, or cannot be written.
    """
    file = story_file(name)
    if not STORY_ID.fullmatch(name):
        raise UsageError("ETK961", file=file, found=name)
    reading = parse_story(material, name, text)
    if reading.story is None:
        return reading
    root = material.workspace.root
    try:
        found = sha256(read_bytes(root, file))
    except DataError:
        found = ""
    if found != mark:
        raise DataError("ETK979", file=file)
    try:
        write_atomic(root / file, text.encode())
    except OSError as error:
        raise DataError("ETK980", file=file, reason=error.strerror or "?") from error
    return reading


def edit_scene(text: str, number: int, values: Mapping[str, Any]) -> str:
    """Return the text of a story with some members of its ``number``-th scene (from 0) replaced.

    A member whose new value is ``None`` is taken out. The file's first comment lines stay.
    """
    document = tomllib.loads(text)
    scene = {**document["scene"][number], **values}
    document["scene"][number] = {name: value for name, value in scene.items() if value is not None}
    return leading_comment(text) + dump_story(document)


def leading_comment(text: str) -> str:
    """Return the comment lines at the very beginning of a text."""
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        if not line.startswith("#"):
            break
        lines.append(line)
    return "".join([*lines, "\n"]) if lines else ""


def dump_story(document: Mapping[str, Any]) -> str:
    """Return a story as TOML; reading it gives the same document."""
    top = {name: value for name, value in document.items() if name != "scene"}
    parts = ["\n".join(_members(top, "")) + "\n"]
    parts.extend(
        "\n".join(["[[scene]]", *_members(scene, "scene.")]) + "\n"
        for scene in document.get("scene", [])
    )
    return "\n".join(parts)


def _members(table: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Write plain members first: TOML reads what follows a sub-table as part of it."""
    nested = {
        name: value
        for name, value in table.items()
        if isinstance(value, Mapping) and _needs_lines(value)
    }
    for name, value in table.items():
        if name not in nested:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in nested.items():
        yield f"\n[{prefix}{_key(name)}]"
        for inner, held in value.items():
            yield f"{_key(inner)} = {_value(held)}"


def _needs_lines(table: Mapping[str, Any]) -> bool:
    return any(isinstance(v, str) and (len(v) > LONG or "\n" in v) for v in table.values())


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if plain else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _lines(value) if "\n" in value else _text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {_value(held)}" for name, held in value.items())
        return f"{{ {inner} }}"
    return repr(value) if isinstance(value, int | float) else _text(str(value))


def _text(value: str) -> str:
    # JSON escapes the same way as TOML's basic strings, but for the delete character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _lines(value: str) -> str:
    inner = "\n".join(_text(line)[1:-1] for line in value.split("\n"))
    return f'"""\n{inner}"""'


TEMPLATE = """\
# 新的故事。写法见 docs/stories.md。

title = { zh = "新的故事", en = "A new story" }
about = { zh = "", en = "" }

[[scene]]
id = "first"
title = { zh = "第一幕", en = "First scene" }
layers = ["townships"]

[scene.words]
zh = "在这里写这一幕要说的话。"
en = "Write here what this scene says."
"""
"""What a new story begins with."""

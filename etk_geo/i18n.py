"""Words in two languages: every text of the program comes from ``locale/*.toml``.

A text is one TOML entry ``key = {zh = "…", en = "…"}``, so that neither language can lack it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from etk_geo.model import LANGS, Issue, Lang, Severity

_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")


def _flatten(table: Mapping[str, Any], prefix: str) -> dict[str, dict[Lang, str]]:
    texts: dict[str, dict[Lang, str]] = {}
    for name, value in table.items():
        key = f"{prefix}{name}"
        if set(value) == set(LANGS):
            texts[key] = {lang: str(value[lang]) for lang in LANGS}
        else:
            texts.update(_flatten(value, f"{key}."))
    return texts


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("etk_geo").joinpath("locale", name).read_text(encoding="utf-8"))


@cache
def texts() -> Mapping[str, Mapping[Lang, str]]:
    """Return every text by key, without those of the issue codes."""
    merged: dict[str, dict[Lang, str]] = {}
    for entry in sorted(files("etk_geo").joinpath("locale").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml") and entry.name != "issues.toml":
            merged.update(_flatten(_read(entry.name), ""))
    return merged


def text(key: str, lang: Lang, **values: object) -> str:
    """Return the text of ``key`` with ``{name}`` replaced by ``values``.

    Raises
    ------
    KeyError
        If no such text exists: a slip in the program, found by the tests.
    """
    template = texts()[key][lang]
    return template.format(**values) if values else template


@cache
def issue_codes() -> Mapping[str, Mapping[str, Any]]:
    """Return the issue codes: ``severity``, ``message`` and ``remedy`` by language."""
    return _read("issues.toml")


def severity(issue: Issue) -> Severity:
    """Return how much an issue matters."""
    return Severity(issue_codes()[issue.code]["severity"])


def issue_message(issue: Issue, lang: Lang) -> str:
    """Say what is wrong; file and place are shown beside it by the caller."""
    return _fill(issue_codes()[issue.code]["message"][lang], issue, lang)


def issue_remedy(issue: Issue, lang: Lang) -> str:
    """Say what to do about it."""
    return _fill(issue_codes()[issue.code]["remedy"][lang], issue, lang)


def _fill(template: str, issue: Issue, lang: Lang) -> str:
    detail = dict(issue.detail)
    if "reason" in detail:
        detail["reason"] = invalid_reason(detail["reason"], lang) or detail["reason"]
    return template.format_map({"file": issue.file, "where": issue.where, **detail})


def invalid_reason(reason: str, lang: Lang) -> str | None:
    """Say in words why GEOS calls a geometry invalid; ``None`` for anything else it may say."""
    key = text_key("invalid", reason.split("[", maxsplit=1)[0])
    return text(key, lang) if key in texts() else None


def text_key(group: str, said: str) -> str:
    """Return the key under which what another program says would stand in a group of texts."""
    return f"{group}.{_NOT_IN_KEYS.sub('_', said.lower()).strip('_')}"

"""What was understood, in words: candidates, reasons and questions in Chinese or English."""

from __future__ import annotations

import re
from dataclasses import replace

from etk_geo.i18n import invalid_reason, text, text_key, texts
from etk_geo.intake.candidates import AnyReading, Candidate
from etk_geo.intake.readings import Reading
from etk_geo.intake.understanding import Understanding
from etk_geo.model import Issue, Lang

SEPARATOR = {"zh": "；", "en": "; "}
_HEIGHTS = re.compile(r"^2\.5D | (Z|M|ZM)$")


def reading_title(reading: AnyReading, lang: Lang) -> str:
    """Say what a reading takes coordinates for."""
    if not isinstance(reading, Reading):
        return text("intake.projection.declared", lang, name=reading.crs.name)
    projection = reading.projection
    kind = text(
        f"intake.projection.{projection.kind.value}", lang, meridian=projection.central_meridian
    )
    if projection.prefix:
        kind += text(
            "intake.projection.prefix", lang, prefix=projection.prefix, width=projection.zone_width
        )
    elif projection.central_meridian:
        kind += text("intake.projection.no_prefix", lang)
    axis = "north_first" if reading.north_first else "east_first"
    parts = [text(f"intake.datum.{reading.datum.value}", lang), kind]
    parts.append(text(f"intake.axis.{axis}", lang))
    unit = "m" if reading.unit.value == "degree" and not projection.is_geographic else reading.unit
    parts.append(text(f"intake.unit.{unit}", lang))
    return (", " if lang == "en" else "，").join(parts)


def candidate_reasons(candidate: Candidate, lang: Lang) -> str:
    """Say why a candidate is offered."""
    return SEPARATOR[lang].join(text(n.key, lang, **n.values) for n in candidate.reasons)


def question_titles(understanding: Understanding, lang: Lang) -> str:
    """Name what is left to the user."""
    titles = [text(f"intake.question.{q.value}", lang) for q in understanding.questions]
    return SEPARATOR[lang].join(titles)


def geometry_title(kind: str, lang: Lang) -> str:
    """Say what kind of geometry a layer holds: GDAL's name in words, an unknown one quoted."""
    if not kind:
        return text("intake.geometry.none", lang)
    flat = _HEIGHTS.sub("", kind)
    word = _known("intake.geometry", flat, lang)
    return text("intake.geometry.with_height", lang, kind=word) if flat != kind else word


def transformation_title(name: str, lang: Lang) -> str:
    """Say how a datum was taken to WGS 84: names of ``datums.py`` in words, PROJ's quoted."""
    return _known("intake.transformation", name, lang)


def reason_title(reason: str, lang: Lang) -> str:
    """Say why a geometry is invalid: GEOS's reason in words, an unknown one quoted."""
    return invalid_reason(reason, lang) or text("intake.quoted", lang, said=reason)


def _known(group: str, said: str, lang: Lang) -> str:
    key = text_key(group, said)
    return text(key, lang) if key in texts() else text("intake.quoted", lang, said=said)


def worded(issue: Issue, lang: Lang) -> Issue:
    """Return an issue whose details speak the language: reasons, and names of what has no file."""
    detail = dict(issue.detail)
    if "reason" in detail:
        detail["reason"] = reason_title(detail["reason"], lang)
    return replace(issue, file=source_title(issue.file, lang), detail=detail)


def source_title(name: str, lang: Lang) -> str:
    """Say where a layer comes from: the file's name, or that it was drawn or pasted."""
    key = f"intake.source.{name}"
    return text(key, lang) if key in texts() else name

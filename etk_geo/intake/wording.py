"""What was understood, in words: candidates, reasons and questions in Chinese or English."""

from __future__ import annotations

from etk_geo.i18n import text
from etk_geo.intake.candidates import AnyReading, Candidate
from etk_geo.intake.readings import Reading
from etk_geo.intake.understanding import Understanding
from etk_geo.model import Lang

SEPARATOR = {"zh": "；", "en": "; "}


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

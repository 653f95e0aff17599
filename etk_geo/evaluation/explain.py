"""The arithmetic of a result in words and figures, line by line, as a planner would check it."""

from __future__ import annotations

from etk_geo.evaluation.arithmetic import RUNNING, Result, Share
from etk_geo.wording import Words

NOT_KNOWN = "—"


def explain(result: Result, words: Words) -> list[str]:
    """Return the steps: direction, gap, needed pace, share reached, share of the time.

    Numbers are rounded for reading only, to four places after the point at most.
    """
    if result.actual is None or result.gap is None:
        return []
    return [
        *_direction(result, words),
        *_gap(result, words),
        *_pace(result, words),
        *_share(result, words),
    ]


def percent(share: float | None) -> str:
    """Return a share as per cent with one decimal, or a dash where it is not known."""
    return NOT_KNOWN if share is None else f"{share * 100:,.1f}%"


def number(value: float, words: Words) -> str:
    """Return a figure for reading: four places after the point at most."""
    return words.amount(round(value, 4) + 0.0)


def quantity(value: float, result: Result, words: Words) -> str:
    """Return a figure of a target with its unit; differences of per cent are points."""
    unit = result.target["unit"]
    if unit == "%":
        return words.say("evaluation.points", n=number(value, words))
    return words.quantity(number(value, words), unit)


def _direction(result: Result, words: Words) -> list[str]:
    return [
        words.say(
            "evaluation.direction.up" if result.direction > 0 else "evaluation.direction.down"
        )
    ]


def _gap(result: Result, words: Words) -> list[str]:
    values = {
        "target": number(result.target["target_2025"], words),
        "actual": number(result.actual or 0, words),
        "year": result.actual_year,
    }
    if result.gap:
        missing = quantity(result.gap, result, words)
        key = "gap_up" if result.direction > 0 else "gap_down"
        return [words.say(f"evaluation.step.{key}", missing=missing, **values)]
    if result.beyond:
        beyond = quantity(result.beyond, result, words)
        return [words.say("evaluation.step.beyond", beyond=beyond, **values)]
    return [words.say("evaluation.step.met", **values)]


def _pace(result: Result, words: Words) -> list[str]:
    lines = []
    if result.target["measure"] == "rate":
        return [words.say("evaluation.step.rate")] if result.gap else []
    if result.pace is not None:
        lines.append(
            words.say(
                "evaluation.step.pace",
                actual=number(result.actual or 0, words),
                start=number(result.start or 0, words),
                years=result.years_passed,
                pace=quantity(result.pace, result, words),
            )
        )
    if result.gap and result.needed_pace is not None:
        lines.append(
            words.say(
                "evaluation.step.needed",
                gap=number(result.gap, words),
                years=result.years_left,
                pace=quantity(result.needed_pace, result, words),
            )
        )
    elif result.gap:
        lines.append(words.say("evaluation.step.no_years_left"))
    return lines


def _share(result: Result, words: Words) -> list[str]:
    if result.share is None or result.share_kind is None:
        return [words.say("evaluation.step.no_share")] if result.gap else []
    lines = [
        words.say(
            f"evaluation.step.{result.share_kind}",
            actual=number(result.actual or 0, words),
            target=number(result.target["target_2025"], words),
            start=number(result.start or 0, words),
            share=percent(result.share),
        )
    ]
    on_path = result.share_kind in (Share.FROM_BASELINE, Share.FROM_ZERO)
    if on_path and result.expected_share is not None and result.years_left:
        lines.append(
            words.say(
                "evaluation.step.expected",
                year=result.actual_year,
                share=percent(result.expected_share),
            )
        )
    if result.target["measure"] in RUNNING:
        lines.append(words.say("evaluation.step.running"))
    return lines

"""Officers' judgements in words, to stand beside what was computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from etk_geo.screening.opinion import WHOLE_PROJECT, Opinion, opinions_by_pair
from etk_geo.screening.outputs import words as say
from etk_geo.wording import Words

Latest = Mapping[tuple[str, str], Opinion]
"""The opinion that holds on each project and zone."""
Names = Mapping[str, str]


def judged(project_id: str, latest: Latest, words: Words) -> str:
    """Say what officers made of a project as a whole, and how many of its findings they judged."""
    whole = latest.get((project_id, WHOLE_PROJECT))
    pairs = sum(1 for key in latest if key[0] == project_id and key[1] != WHOLE_PROJECT)
    said = [] if whole is None else [opinion_words(whole, words)]
    if pairs:
        said.append(words.say("opinion.pairs", n=pairs))
    return words.join(said)


def opinion_words(opinion: Opinion | None, words: Words) -> str:
    """Say an opinion in a line: ruling, officer, day; nothing where there is none."""
    if opinion is None:
        return ""
    return words.say(
        "opinion.line",
        ruling=words.say(f"opinion.{opinion.ruling}"),
        officer=opinion.officer,
        day=opinion.day.isoformat(),
    )


def opinions_table(opinions: Sequence[Opinion], names: Names, words: Words) -> pd.DataFrame:
    """Return every opinion given, the oldest first; a later one on the same finding holds.

    ``names`` are those of projects and zones by id.
    """
    latest = set(map(id, opinions_by_pair(opinions).values()))
    rows = [
        {
            words.say("screening.column.project"): names.get(o.project_id, o.project_id),
            words.say("screening.column.zone"): names.get(o.zone_id, o.zone_id)
            or words.say("archive.whole"),
            words.say("archive.computed"): words.join(
                say(domain, code, words.lang)
                for domain, code in (("verdict", o.verdict), ("consequence", o.consequence))
                if code
            ),
            words.say("archive.ruling"): words.say(f"opinion.{o.ruling}"),
            words.say("opinion.reason"): o.reason,
            words.say("opinion.officer"): o.officer,
            words.say("opinion.day"): o.day.isoformat(),
            words.say("archive.holds"): words.say(
                "archive.holds_now" if id(o) in latest else "archive.holds_no_more"
            ),
        }
        for o in opinions
    ]
    return pd.DataFrame(rows)

"""The tables of a comparison of two days or years: what differs, and everything side by side."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from etk_geo.evaluation import Comparison, LayerPair, ProjectPair, ProjectStatus, TargetPair
from etk_geo.ui.evaluated import actual_words, light_words
from etk_geo.wording import Words

Titles = tuple[str, str]
"""What the earlier and the later side are called."""


def project_rows(pairs: Iterable[ProjectPair], titles: Titles, words: Words) -> pd.DataFrame:
    """Return projects with their status on either side, since when, and by which source."""
    rows = [
        {
            words.say("column.name"): words.of(pair.before.project, "name"),
            **{
                words.say("compare.status_of", side=title): _status(one, words)
                for title, one in zip(titles, (pair.before, pair.after), strict=True)
            },
            words.say("progress.column.source"): _source(pair.after, words),
        }
        for pair in pairs
    ]
    return pd.DataFrame(rows)


def target_rows(pairs: Iterable[TargetPair], titles: Titles, words: Words) -> pd.DataFrame:
    """Return targets with value and light on either side, and by how much the value changed."""
    rows = []
    for pair in pairs:
        row = {words.say("column.name"): words.of(pair.target, "name")}
        for title, result in zip(titles, (pair.before, pair.after), strict=True):
            row[words.say("compare.actual_of", side=title)] = actual_words(result, words)
            row[words.say("compare.light_of", side=title)] = light_words(result.light, words)
        row[words.say("compare.change")] = _change(pair, words)
        rows.append(row)
    return pd.DataFrame(rows)


def layer_rows(pairs: Iterable[LayerPair], titles: Titles, words: Words) -> pd.DataFrame:
    """Return official layers with their days in force, and whether they were on either side."""
    rows = []
    for pair in pairs:
        supplied = pair.layer.provenance.supplied
        if supplied is None:
            continue
        row = {
            words.say("column.layer"): words.layer(pair.layer),
            words.say("compare.valid_from"): supplied.valid_from,
            words.say("compare.valid_to"): supplied.valid_to or words.say("compare.still"),
        }
        for title, holds in zip(titles, (pair.before, pair.after), strict=True):
            row[words.say("compare.in_force_on", side=title)] = words.say(
                "mark.yes" if holds else "compare.not_in_force"
            )
        rows.append(row)
    return pd.DataFrame(rows)


def differing(
    comparison: Comparison,
) -> tuple[list[ProjectPair], list[TargetPair], list[LayerPair]]:
    """Return what differs: projects, targets, official layers."""
    return (
        [pair for pair in comparison.projects if pair.differs],
        [pair for pair in comparison.targets if pair.differs],
        [pair for pair in comparison.layers if pair.differs],
    )


def _status(project: ProjectStatus, words: Words) -> str:
    said = words.code("progress", project.status) or words.say("progress.none")
    if project.entry is None or not project.entry.said.date:
        return said
    return words.say("record.dated", what=said, date=project.entry.said.date)


def _source(project: ProjectStatus, words: Words) -> str:
    return words.name("sources", project.entry.said.source) if project.entry else ""


def _change(pair: TargetPair, words: Words) -> str:
    """Return the change of the actual value, nothing where either is unknown or the same."""
    if pair.change is None:
        return ""
    change = round(pair.change, 6) + 0.0
    return f"{'+' if change > 0 else ''}{words.amount(change)}"

"""Variants of one project side by side: what differs, zone by zone."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from etk_geo.plan import records
from etk_geo.screening.cards import project_row
from etk_geo.screening.outputs import words as say
from etk_geo.screening.outputs import zone_name
from etk_geo.screening.whatif import Variant, compare_variants, displacement, standing_words
from etk_geo.ui.grid import show_grid
from etk_geo.ui.screening.marks import VERDICT
from etk_geo.wording import Words


def show_variant_table(before: Variant, kept: Sequence[Variant], words: Words) -> None:
    """Draw the project as stated and each variant kept, side by side."""
    if not kept:
        return
    variants = [before, *kept]
    compared = compare_variants(variants)
    names = {z.id: zone_name(z, words.lang) for v in variants for z in v.screening.zones}
    labels = [f"{number}. {variant.label}" for number, variant in enumerate(variants)]
    st.markdown(f"**{words.say('variant.compare', n=int(compared['differs'].sum()))}**")
    columns = {words.say("variant.what"): [words.say(f"variant.row_{n}") for n in ROWS]}
    for label, variant in zip(labels, variants, strict=True):
        columns[label] = _summary(before, variant, words)
    show_grid(pd.DataFrame(columns), words.say("variant.title"))
    rows = records(compared)
    table = {
        words.say("screening.column.zone"): [names[row["zone_id"]] for row in rows],
        words.say("variant.differs"): [
            words.say("mark.yes") if row["differs"] else "" for row in rows
        ],
    }
    for number, label in enumerate(labels):
        table[label] = [
            f"{VERDICT[row[f'verdict_{number}']][0]} {standing_words(row, number, words.lang)}"
            for row in rows
        ]
    show_grid(pd.DataFrame(table), words.say("variant.title"))


ROWS = ("consequence", "possible", "moved", "accuracy", "category", "as_of")


def _summary(before: Variant, variant: Variant, words: Words) -> list[str]:
    row = project_row(variant.screening, str(variant.project["project_id"].iloc[0]))
    metres, bearing = displacement(
        before.project.geometry.iloc[0], variant.project.geometry.iloc[0]
    )
    accuracy = float(variant.project["accuracy_m"].iloc[0])
    moved = metres > 0.05  # NaN is not
    return [
        say("consequence", str(row["consequence"]), words.lang),
        say("consequence", str(row["possible"]), words.lang),
        f"{words.metres(round(metres, 1))} / {bearing:.0f}°" if moved else "–",
        words.say("environment.accuracy_unknown")
        if math.isnan(accuracy)
        else f"±{words.metres(accuracy)}",
        words.name("categories", str(variant.project["category"].iloc[0])),
        variant.as_of.isoformat(),
    ]

"""Where a layer comes from: method, accuracy, licence, gaps, sources, tables and checksum."""

from __future__ import annotations

import streamlit as st

from etk_geo.model import Provenance
from etk_geo.ui.grid import as_code, plain
from etk_geo.wording import Row, Words


def show_origin(record: Provenance, words: Words) -> None:
    """Draw the provenance record of a layer in words."""
    lang = words.lang
    for key, value in (
        ("layers.method", getattr(record, f"method_{lang}")),
        ("layers.accuracy", getattr(record, f"accuracy_{lang}")),
        ("column.attribution", getattr(record, f"attribution_{lang}")),
    ):
        _show_text(words.say(key), plain(value) or words.say("mark.unknown"))
    licence = plain(words.own("licence", record.licence)) or words.say("mark.unknown")
    _show_text(words.say("column.licence"), f"{licence} {as_code(record.licence_url)}".strip())
    gaps = record.known_gaps_zh if lang == "zh" else record.known_gaps_en
    _show_items(words.say("layers.gaps"), [plain(gap) for gap in gaps], words)
    sources = words.plan.sources
    chosen = sources[sources["id"].isin(record.sources)].to_dict("records")
    lines = [_source_line(row, words) for row in chosen]
    _show_items(words.say("layers.sources"), lines, words)
    _show_text(words.say("column.file"), plain(record.file))
    _show_items(words.say("layers.built_from"), [plain(name) for name in record.built_from], words)
    st.markdown(f"**{words.say('column.sha256')}**")
    st.code(record.sha256, language=None)


def _show_text(label: str, markdown: str) -> None:
    st.markdown(f"**{label}**  \n{markdown}")


def _show_items(label: str, items: list[str], words: Words) -> None:
    st.markdown(f"**{label}**")
    st.markdown("\n".join(f"- {item}" for item in items) or words.say("mark.none"))


def _source_line(row: Row, words: Words) -> str:
    """Return a source: title, who published it, licence, dates, address as text, note."""
    dates = [
        words.say(f"layers.{name}", date=row[name])
        for name in ("date_published", "date_accessed")
        if row[name]
    ]
    parts = [
        words.own("publisher", row["publisher"]),
        words.own("licence", row["licence"]),
        *dates,
    ]
    head = words.join(map(as_code, (row[f"title_{words.lang}"], *parts)))
    rest = [as_code(row["url"]), plain(row[f"note_{words.lang}"])]
    return "  \n  ".join(line for line in (head, *rest) if line)

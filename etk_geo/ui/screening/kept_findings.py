"""A kept screening reopened: its findings project by project, with the judgements beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from etk_geo.archive import Archive, Kept
from etk_geo.errors import EtkGeoError
from etk_geo.maps.escape import element
from etk_geo.model import Issue
from etk_geo.reports.source import ReportSource, read_source
from etk_geo.screening.cards import ProjectResult, project_result
from etk_geo.screening.chainage import COLUMNS
from etk_geo.screening.opinion import WHOLE_PROJECT, Opinion, opinions_by_pair
from etk_geo.screening.outputs import words as say
from etk_geo.ui.frame import describe
from etk_geo.ui.grid import show_grid
from etk_geo.ui.screening import card_html
from etk_geo.ui.screening import kept as desk
from etk_geo.ui.screening.marks import CONSEQUENCE, STYLE
from etk_geo.ui.screening.opinion_form import Subject, ask_opinion
from etk_geo.ui.screening.opinion_words import judged
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

SOURCE = "archive_source"
CARDS_PX = 640

Stated = Mapping[str, Any]
Names = Mapping[str, str]


def show_findings(
    workspace: Workspace,
    archive: Archive,
    one: Kept,
    read: tuple[bytes, Stated, Names],
    words: Words,
) -> None:
    """Draw the conclusions of a record, then one project of it in full, to be judged."""
    content, stated, names = read
    opinions = archive.opinions(one.number)
    show_grid(findings_table(stated, names, opinions, words), words.say("archive.tab_findings"))
    try:
        source = _source(workspace, one, content)
    except EtkGeoError as error:
        st.info(words.say("archive.not_reopened"))
        for issue in Issue.all_of(error):
            st.warning(describe(issue, words.lang))
        return
    ids = [str(found["project_id"]) for found in stated["findings"]]
    project_id = st.selectbox(
        words.say("archive.reopen"),
        ids,
        format_func=lambda key: names.get(key, key),
        key=f"archive_project_{one.number}",
    )
    result = project_result(
        source.screening,
        str(project_id),
        source.book,
        words.lang,
        source.titles(words.lang),
        pd.DataFrame(source.body["passages"], columns=list(COLUMNS)),
    )
    _show_project(archive, one, result, opinions, words)


def _source(workspace: Workspace, one: Kept, content: bytes) -> ReportSource:
    """Return a record read back; the last one read is kept in the session."""
    mark = (one.number, workspace.state)
    known, source = st.session_state.get(SOURCE, (None, None))
    if known != mark:
        book = desk.rule_book(workspace)
        source = read_source(content, workspace.catalog, workspace.plan, book)
        st.session_state[SOURCE] = (mark, source)
    return source  # type: ignore[no-any-return]


def _show_project(
    archive: Archive,
    one: Kept,
    result: ProjectResult,
    opinions: Sequence[Opinion],
    words: Words,
) -> None:
    st.html(STYLE)
    lang, latest = words.lang, opinions_by_pair(opinions)
    st.html(card_html.head(result, latest.get((result.project_id, WHOLE_PROJECT)), lang))
    _judge(archive, one, result, words)
    st.markdown(f"**{words.say('screen.cards', n=len(result.cards))}**")
    boxes = [
        element(
            "div",
            card_html.zone_card(card, latest.get((result.project_id, card.zone_id)), lang),
            css="etk-boxed",
        )
        for card in result.cards
    ]
    with st.container(height=CARDS_PX if len(boxes) > 2 else "content", border=False):
        st.html(element("div", *boxes))
    st.markdown(f"**{words.say('screen.missing', n=result.not_checked)}**")
    st.html(card_html.missing(result, lang) or element("span"))


def _judge(archive: Archive, one: Kept, result: ProjectResult, words: Words) -> None:
    """Ask which finding is judged, and for the judgement."""
    zones = {card.zone_id: card for card in result.cards}
    first, second = st.columns([3, 1], vertical_alignment="bottom")
    zone_id = first.selectbox(
        words.say("archive.judge_what"),
        [WHOLE_PROJECT, *zones],
        format_func=lambda key: (
            f"{zones[key].name} · {zones[key].verdict_words}"
            if key in zones
            else words.say("archive.whole")
        ),
        key=f"archive_judge_{one.number}_{result.project_id}",
    )
    card = zones.get(str(zone_id or ""))
    subject = Subject(
        result.project_id,
        WHOLE_PROJECT if card is None else card.zone_id,
        "" if card is None else card.verdict,
        result.consequence if card is None else card.consequence,
    )
    with second:
        ask_opinion(
            subject,
            words.say("opinion.one"),
            words,
            lambda opinion: archive.add_opinion(one.number, opinion),
        )


def findings_table(
    stated: Stated, names: Names, opinions: Sequence[Opinion], words: Words
) -> pd.DataFrame:
    """Return one row per project of a record in words, judgements beside what was computed."""
    latest = opinions_by_pair(opinions)
    rows = []
    for found in stated["findings"]:
        symbol = CONSEQUENCE[found["consequence"]][0]
        conclusion = f"{symbol} {say('consequence', found['consequence'], words.lang)}"
        row = {
            words.say("screening.column.project"): names[found["project_id"]],
            words.say("screening.column.consequence"): conclusion,
        }
        if opinions:
            row[words.say("archive.opinions")] = judged(found["project_id"], latest, words)
        row[words.say("screening.column.possible")] = say(
            "consequence", found["possible"], words.lang
        )
        row |= {say("verdict", code, words.lang): n for code, n in found["counts"].items()}
        rows.append(row)
    return pd.DataFrame(rows)


def local_time(moment: str) -> str:
    """Return a UTC moment as the clock of this computer shows it, to the minute."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")

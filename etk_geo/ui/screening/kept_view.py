"""One kept screening: its findings, judgements, verification, and what has changed since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from etk_geo.archive import Archive, Kept, RecordComparison, Rerun, run_again
from etk_geo.screening.outputs import words as say
from etk_geo.screening.verify import Verification, verify_record
from etk_geo.ui.grid import as_code, plain, show_figures, show_grid
from etk_geo.ui.screening import kept as desk
from etk_geo.ui.screening.inputs import EARLIEST, LATEST, today
from etk_geo.ui.screening.kept_findings import local_time, show_findings
from etk_geo.ui.screening.opinion_words import opinions_table
from etk_geo.ui.screening.report_view import show_report
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

Names = Mapping[str, str]


def show_kept(workspace: Workspace, archive: Archive, one: Kept, words: Words) -> None:
    """Draw one kept screening in tabs; nothing is computed before it is asked for."""
    content = archive.record_bytes(one.number)
    stated = json.loads(content)["content"]
    show_figures(
        {
            words.say("archive.number"): one.number,
            words.say("archive.author"): one.author,
            words.say("archive.kept_at"): local_time(one.kept_at),
            words.say("archive.as_of"): one.as_of,
            words.say("archive.projects"): str(one.projects),
        }
    )
    if one.again_of:
        st.markdown(f"{words.say('archive.again_of')}: {plain(one.again_of)}")
    if one.remark:
        st.markdown(f"{words.say('archive.remark')}: {plain(one.remark)}")
    st.markdown(f"{words.say('archive.hash')}: {as_code(one.record_hash)}")
    st.download_button(
        words.say("archive.record"),
        content,
        f"{one.number}.json",
        "application/json",
        key="archive_record",
        on_click="ignore",
        icon=":material/download:",
    )
    names = {
        **{row["project_id"]: str(row[f"name_{words.lang}"]) for row in _projects(stated)},
        **{zone["id"]: str(zone[f"name_{words.lang}"]) for zone in stated["zones"]},
    }
    tabs = st.tabs([words.say(f"archive.tab_{name}") for name in TABS])
    with tabs[0]:
        show_findings(workspace, archive, one, (content, stated, names), words)
    with tabs[1]:
        _show_opinions(archive, one, names, words)
    with tabs[2]:
        show_report(workspace, archive, one, content, words)
    with tabs[3]:
        _show_verification(workspace, one, content, words)
    with tabs[4]:
        _show_again(workspace, archive, one, (content, names), words)


TABS = ("findings", "opinions", "report", "verify", "again")


def _projects(stated: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    features: Iterable[Mapping[str, Any]] = stated["inputs"]["projects"]["features"]
    return features


def _show_opinions(archive: Archive, one: Kept, names: Names, words: Words) -> None:
    opinions = archive.opinions(one.number)
    if not opinions:
        st.info(words.say("archive.no_opinions"))
        return
    show_grid(opinions_table(opinions, names, words), words.say("archive.tab_opinions"))


def _show_verification(workspace: Workspace, one: Kept, content: bytes, words: Words) -> None:
    st.caption(words.say("archive.verify_about"))
    key = f"archive_verified_{one.number}_{workspace.state}"
    if st.button(words.say("archive.verify"), key="archive_verify", icon=":material/verified:"):
        with st.spinner(words.say("archive.working")):
            book = desk.rule_book(workspace)
            st.session_state[key] = verify_record(content, workspace.catalog, book)
    found: Verification | None = st.session_state.get(key)
    if found is None:
        return
    good = sum(check.holds for check in found.checks)
    st.markdown(words.say("screening.verify.passed", n=len(found.checks), good=good))
    if found.holds:
        st.success(words.say("screening.verify.holds"))
    else:
        st.error(words.say("screening.verify.fails", n=len(found.failures)))
        for check in found.failures:
            values = {"field": check.field, "stated": check.stated, "found": check.found}
            st.markdown("- " + plain(words.say("screening.verify.line", **values)))
    for check in found.environment_differs:
        values = {"name": check.field, "stated": check.stated, "found": check.found}
        st.caption(plain(words.say("screening.verify.environment", **values)))


def _show_again(
    workspace: Workspace, archive: Archive, one: Kept, read: tuple[bytes, Names], words: Words
) -> None:
    content, names = read
    st.caption(words.say("archive.again_about"))
    day = st.date_input(
        words.say("screen.as_of"),
        value=today(),
        min_value=EARLIEST,
        max_value=LATEST,
        format="YYYY-MM-DD",
        key="archive_again_day",
    )
    key = f"archive_again_{one.number}_{day}_{workspace.state}"
    asked = st.button(
        words.say("archive.again"), key="archive_again", icon=":material/restart_alt:"
    )
    if asked and isinstance(day, date):
        with st.spinner(words.say("archive.working")):
            book = desk.rule_book(workspace)
            st.session_state[key] = run_again(content, workspace.catalog, book, day)
    rerun: Rerun | None = st.session_state.get(key)
    if rerun is None:
        return
    show_changes(rerun.changes, {**names, **desk.titles(workspace, words.lang)}, words)
    if st.button(words.say("archive.keep_again"), key="archive_keep_again"):
        new = archive.keep(rerun.record, title=one.title, author=one.author, again_of=one.number)
        st.success(words.say("archive.kept", number=new.number))


def show_changes(changes: RecordComparison, names: Names, words: Words) -> None:
    """Draw what differs between two records, and where it comes from."""
    before, after = changes.as_of
    st.markdown(words.say("archive.changed_day", before=before, after=after))
    for key, differing in (("layers", changes.layers), ("rules", changes.rules)):
        if differing:
            named = words.join(names.get(one, one) for one in differing)
            st.markdown(plain(words.say(f"archive.changed_{key}", names=named)))
    if changes.is_empty:
        st.info(words.say("archive.same"))
        return
    first, second = words.say("archive.before"), words.say("archive.after")
    project, zone = words.say("screening.column.project"), words.say("screening.column.zone")
    st.markdown(f"**{words.say('archive.changed_projects', n=len(changes.projects))}**")
    if changes.projects:
        rows = [
            {
                project: names.get(change.project_id, change.project_id),
                first: say("consequence", change.before, words.lang),
                second: say("consequence", change.after, words.lang),
            }
            for change in changes.projects
        ]
        show_grid(pd.DataFrame(rows), words.say("archive.tab_again"))
    st.markdown(f"**{words.say('archive.changed_pairs', n=len(changes.pairs))}**")
    if changes.pairs:
        rows = [
            {
                project: names.get(change.project_id, change.project_id),
                zone: names.get(change.zone_id, change.zone_id),
                first: _standing(change.before, words),
                second: _standing(change.after, words),
            }
            for change in changes.pairs
        ]
        show_grid(pd.DataFrame(rows), words.say("archive.tab_again"))


def _standing(pair: Mapping[str, Any], words: Words) -> str:
    if not pair:
        return words.say("mark.none")
    rules = ", ".join((*pair["rules"], *(f"({rule})" for rule in pair["rules_open"])))
    said = [
        say("verdict", pair["verdict"], words.lang),
        say("consequence", pair["consequence"], words.lang),
        words.say("environment.worst", effect=say("consequence", pair["possible"], words.lang))
        if pair["possible"]
        else "",
        rules,
    ]
    return words.say("screening.gap").join(part for part in said if part)

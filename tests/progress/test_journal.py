"""Entries are added, never changed; who writes over another one unknowingly is told."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest

from etk_geo.database import Database
from etk_geo.errors import RecordError
from etk_geo.progress import Act, Draft, Journal, Line, Status, Topic

PV = Line(Topic.ACTUAL, "pv_capacity", 2024)
ROADS = Line(Topic.STATUS, "wulan_roads", 0)
AIRPORT = Line(Topic.STATUS, "general_airport", 0)


def pv(value: float, **changes) -> Draft:
    draft = Draft(
        Topic.ACTUAL, "pv_capacity", 2024, value=value, source="旗能源局年报", author="乌云"
    )
    return replace(draft, **changes)


def roads(status: Status, day: str, **changes) -> Draft:
    draft = Draft(
        Topic.STATUS, "wulan_roads", status=status, date=day, source="现场", author="巴特尔"
    )
    return replace(draft, **changes)


def values(journal: Journal) -> dict[int, float | None]:
    return {y: e.said.value for y, e in journal.book().actuals("pv_capacity").items()}


def refused(call, *arguments, **named) -> RecordError:
    with pytest.raises(RecordError) as caught:
        call(*arguments, **named)
    return caught.value


def test_entry_is_kept_with_source_date_author_remark_and_moment(journal, database):
    draft = pv(312.5, date="2025-02", remark="含分布式；<b>")
    entry = journal.enter(draft, seen="")
    assert (entry.said, entry.act, entry.entered_at) == (draft, Act.ENTER, "2026-03-01T12:02:00Z")
    database.close()
    book = journal.book()
    assert book.entry(entry.id) == entry
    assert values(journal) == {2024: 312.5}


def test_correction_leaves_what_it_corrects_in_the_history(journal):
    first = journal.enter(pv(300), seen="")
    second = journal.correct(first.id, pv(320), seen=first.id)
    book = journal.book()
    assert values(journal) == {2024: 320}
    assert [e.said.value for e in book.history(Topic.ACTUAL, "pv_capacity")] == [300, 320]
    assert book.ended_by(first) == second
    assert not book.holds(first)


def test_undoing_a_correction_brings_back_what_it_replaced(journal):
    first = journal.enter(pv(300), seen="")
    second = journal.correct(first.id, pv(320), seen=first.id)
    undone = journal.withdraw(second.id, author="乌云", remark="看错行", seen=second.id)
    assert values(journal) == {2024: 300}
    journal.withdraw(undone.id, author="乌云", seen=undone.id)
    assert values(journal) == {2024: 320}
    assert len(journal.book().line(PV)) == 4


def test_undoing_the_only_entry_leaves_no_value(journal):
    first = journal.enter(pv(300), seen="")
    undone = journal.withdraw(first.id, author="乌云", seen=first.id)
    assert values(journal) == {}
    assert undone.said.remark == ""
    assert [e.act for e in journal.book().line(PV)] == [Act.ENTER, Act.WITHDRAW]


def test_withdrawal_can_be_undone_only_while_it_is_the_newest(journal):
    first = journal.enter(pv(300), seen="")
    undone = journal.withdraw(first.id, author="a", seen=first.id)
    newer = journal.enter(pv(310), seen=undone.id)
    assert refused(journal.withdraw, undone.id, author="a", seen=newer.id).code == "ETK915"
    assert values(journal) == {2024: 310}


def test_entry_that_holds_no_more_is_neither_corrected_nor_withdrawn(journal):
    first = journal.enter(pv(300), seen="")
    second = journal.correct(first.id, pv(320), seen=first.id)
    assert refused(journal.correct, first.id, pv(330), seen=second.id).code == "ETK915"
    assert refused(journal.withdraw, first.id, author="a", seen=second.id).code == "ETK915"
    assert refused(journal.withdraw, "99", author="a", seen=second.id).code == "ETK915"
    other = pv(1, subject="wind_capacity")
    assert refused(journal.correct, second.id, other, seen="").code == "ETK915"
    assert values(journal) == {2024: 320}


def test_second_value_of_a_year_must_be_a_correction(journal):
    first = journal.enter(pv(300), seen="")
    assert refused(journal.enter, pv(301), seen=first.id).code == "ETK916"
    journal.enter(pv(350, year=2025), seen="")
    assert values(journal) == {2024: 300, 2025: 350}


# Two people at once


def test_who_has_not_seen_the_newest_entry_is_told_whose_it_is(journal, database, plan, clock):
    first = journal.enter(pv(300), seen="")
    other = Journal(database, plan, clock)
    second = other.correct(first.id, pv(320, author="其其格"), seen=first.id)
    error = refused(journal.correct, first.id, pv(310), seen=first.id)
    assert (error.code, error.where) == ("ETK910", second.id)
    assert error.detail == {"author": "其其格", "at": second.entered_at}
    assert refused(journal.withdraw, first.id, author="a", seen=first.id).code == "ETK910"
    assert values(journal) == {2024: 320}


def test_of_many_who_enter_at_once_one_succeeds_and_the_others_are_told(database, plan, clock):
    outcomes: list[str] = []
    start = threading.Barrier(6)

    def enter(number: int) -> None:
        journal = Journal(database, plan, clock)
        start.wait()
        try:
            journal.enter(pv(number), seen="")
            outcomes.append("kept")
        except RecordError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=enter, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ETK910"] * 5 + ["kept"]
    assert len(Journal(database, plan, clock).book().line(PV)) == 1


def test_entries_about_other_things_do_not_hinder(journal):
    journal.enter(pv(300), seen="")
    journal.enter(pv(280, year=2023), seen="")
    journal.enter(roads(Status.UNDER_WAY, "2022-05"), seen="")
    assert values(journal) == {2023: 280, 2024: 300}


# Statuses


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 5, 30), None),  # only the month is known
        (date(2022, 5, 31), Status.UNDER_WAY),
        (date(2023, 12, 30), Status.UNDER_WAY),
        (date(2023, 12, 31), Status.STOPPED),
        (date(2025, 6, 1), Status.DONE),
    ],
)
def test_status_is_the_latest_that_certainly_held_by_the_day(journal, day, expected):
    journal.enter(roads(Status.DONE, "2025-06-01"), seen="")
    newest = journal.enter(roads(Status.STOPPED, "2023"), seen=journal.book().newest(ROADS))
    journal.enter(roads(Status.UNDER_WAY, "2022-05"), seen=newest.id)
    found = journal.book().status("wulan_roads", day)
    assert (found and found.said.status) == expected


def test_of_two_statuses_of_one_day_the_one_entered_last_is_taken(journal):
    first = journal.enter(roads(Status.STOPPED, "2024-01-01"), seen="")
    journal.enter(roads(Status.UNDER_WAY, "2024-01-01"), seen=first.id)
    status = journal.book().status("wulan_roads", date(2024, 1, 1))
    assert status is not None
    assert status.said.status is Status.UNDER_WAY


def test_status_without_a_date_holds_from_its_entry(journal):
    journal.enter(roads(Status.UNDER_WAY, ""), seen="")
    assert journal.book().status("wulan_roads", date(2026, 2, 28)) is None
    assert journal.book().status("wulan_roads", date(2026, 3, 1)) is not None


def test_book_as_it_stood_earlier(journal):
    first = journal.enter(pv(300), seen="")
    journal.correct(first.id, pv(320), seen=first.id)
    earlier = journal.book().until(first.entered_at)
    assert [e.said.value for e in earlier.actuals("pv_capacity").values()] == [300]


# Entries that come with the program


def test_ready_facts_are_entries_with_their_sources(journal, plan):
    book = journal.book()
    for project, day in (("general_airport", "2023-04-03"), ("baoyin_hsr", "2025-12-23")):
        (entry,) = book.history(Topic.STATUS, project)
        assert (entry.said.status, entry.said.date) == (Status.DONE, day)
        assert entry.is_shipped
        assert entry.said.source in set(plan.sources["id"])
        row = plan.projects.set_index("id").loc[project]
        assert (row["status"], row["status_date"]) == ("built", day), "the tables disagree"
    assert book.status("general_airport", date(2023, 4, 2)) is None
    assert {e.said.subject for e in book.entries} == {"general_airport", "baoyin_hsr"}


def test_entry_of_the_program_can_be_corrected_and_undone(journal):
    newest = journal.book().newest(AIRPORT)
    draft = roads(Status.STOPPED, "2024", subject="general_airport")
    corrected = journal.correct(newest, draft, seen=newest)
    assert [e.id for e in journal.book().holding(AIRPORT)] == [corrected.id]
    journal.withdraw(corrected.id, author="a", seen=corrected.id)
    assert [e.id for e in journal.book().holding(AIRPORT)] == [newest]


def test_reading_makes_no_records(journal, database: Database):
    journal.book()
    assert database.file is None or not database.file.exists()


def test_mark_changes_with_every_entry(journal):
    marks = [journal.mark()]
    first = journal.enter(pv(300), seen="")
    marks.append(journal.mark())
    journal.withdraw(first.id, author="a", seen=first.id)
    marks.append(journal.mark())
    assert len(set(marks)) == 3


# What is not kept


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"subject": "wulan_roads"}, {"ETK911"}),
        ({"value": None}, {"ETK913"}),
        ({"value": float("nan")}, {"ETK912"}),
        ({"year": 0}, {"ETK913"}),
        ({"year": 2027}, {"ETK914"}),
        ({"year": 1999}, {"ETK912"}),
        ({"date": "2026-03-02"}, {"ETK914"}),
        ({"date": "2026-02-30"}, {"ETK912"}),
        ({"source": " ", "author": ""}, {"ETK913"}),
        ({"remark": "a\x00b"}, {"ETK912"}),
        ({"remark": "\ud83d"}, {"ETK912"}),
        ({"author": "长" * 2001}, {"ETK912"}),
    ],
)
def test_draft_that_is_not_sound_is_refused_whole(journal, changes, codes):
    error = refused(journal.enter, replace(pv(300), **changes), seen="")
    assert {error.code, *(e.code for e in error.more)} == codes
    assert len(journal.book().entries) == 2, "only what comes with the program"


def test_today_and_what_is_known_of_this_year_can_be_entered(journal):
    journal.enter(pv(1, year=2026, date="2026-03"), seen="")
    journal.enter(roads(Status.DONE, "2026"), seen="")

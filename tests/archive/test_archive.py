"""What is kept comes back byte for byte, is found again, and is never half there."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, insert, update

from etk_geo.archive.shelf import ARCHIVE, KEPT, OPINIONS, RECORD_FILE
from etk_geo.errors import RecordError
from etk_geo.screening.opinion import Opinion, Ruling, opinions_by_pair
from etk_geo.screening.record import canonical
from etk_geo.screening.verify import verify_record

WHO = {"title": "六月例行筛查", "author": "巴图"}


def opinion(**values):
    said = {"zone_id": "", "ruling": Ruling.SET_ASIDE, "reason": "已批复", "officer": "娜仁"}
    day = {"day": date(2026, 6, 2), "verdict": "INDETERMINATE", "consequence": "cannot_judge"}
    return Opinion(**{"project_id": "plant", **said, **day, **values})


def codes(raised):
    return raised.value.code


def test_kept_record_comes_back_byte_for_byte(archive, record, catalog, book):
    kept = archive.keep(record, **WHO)
    content = archive.record_bytes(kept.number)
    assert content == canonical(record)
    assert verify_record(content, catalog, book).holds
    assert kept.record_hash == record["hashes"]["content"]


def test_summary_adds_up(archive, record):
    kept = archive.keep(record, **WHO, remark="第一次")
    assert (kept.projects, kept.as_of, kept.remark) == (2, "2026-03-15", "第一次")
    assert kept.pairs == 2 * len(record["content"]["zones"])
    assert sum(kept.consequences.values()) == 2
    assert kept.kept_at == "2026-06-01T04:00:00Z"


def test_numbers_run_by_year(archive, record, clock):
    assert [archive.keep(record, **WHO).number for _ in range(2)] == ["2026-0001", "2026-0002"]
    clock[0] = datetime(2027, 2, 1, tzinfo=UTC)
    assert archive.keep(record, **WHO).number == "2027-0001"
    assert [kept.number for kept in archive.find()] == ["2027-0001", "2026-0002", "2026-0001"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", 1),
        ("例行", 1),
        ("巴图 化工厂", 1),
        ("2026-0001", 1),
        ("PLANT", 1),
        ("nature_reserves", 1),
        ("<img src=x", 1),
        ("化工厂%_1", 1),
        ("化工厂%%1", 0),
        ("巴图 不存在", 0),
    ],
)
def test_finds_by_words(archive, record, words, found):
    archive.keep(record, **WHO)
    assert len(archive.find(words)) == found


def test_nothing_is_found_where_nothing_was_kept(archive):
    assert archive.find() == ()


@pytest.mark.parametrize(
    ("values", "code"), [({"title": " "}, "ETK946"), ({"author": "x" * 2001}, "ETK947")]
)
def test_title_and_name_are_asked_for(archive, record, values, code):
    with pytest.raises(RecordError) as raised:
        archive.keep(record, **{**WHO, **values})
    assert codes(raised) == code
    assert archive.find() == ()


def test_changed_record_is_refused(archive, record):
    changed = canonical(record).replace(b"INDETERMINATE", b"CLEAR", 1)
    for content in (changed, b"{}", b"\xff"):
        with pytest.raises(RecordError) as raised:
            archive.keep(content, **WHO)
        assert codes(raised) == "ETK945"
    assert archive.find() == ()


def test_record_damaged_in_the_database_is_told(archive, database, record):
    number = archive.keep(record, **WHO).number
    with database.writing(ARCHIVE) as connection:
        connection.execute(update(KEPT).values(record=b"\x1f\x8b broken"))
    with pytest.raises(RecordError) as raised:
        archive.record_bytes(number)
    assert codes(raised) == "ETK945"


def test_unknown_number_is_told(archive):
    for act in (archive.get, archive.record_bytes, lambda n: archive.add_opinion(n, opinion())):
        with pytest.raises(RecordError) as raised:
            act("2026-0009")
        assert codes(raised) == "ETK944"


def test_file_beside_is_written_again(archive, record):
    path = archive.record_file(archive.keep(record, **WHO).number)
    assert (path.parent.name, path.name) == ("2026-0001", RECORD_FILE)
    for spoil in (path.unlink, lambda: path.write_bytes(b"{}")):
        spoil()
        assert archive.record_file("2026-0001").read_bytes() == canonical(record)


def test_opinions_stay_beside_what_was_computed(archive, record):
    first = opinion()
    number = archive.keep(record, **WHO, opinions=[first]).number
    second = opinion(ruling=Ruling.CONFIRMED, reason="复核后维持")
    archive.add_opinion(number, second)
    assert archive.opinions(number) == (first, second)
    assert opinions_by_pair(archive.opinions(number)) == {("plant", ""): second}
    assert archive.get(number).opinions == 2
    assert archive.record_bytes(number) == canonical(record)


def test_many_keep_at_once(archive, record):
    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(lambda _: archive.keep(record, **WHO).number, range(12)))
    assert sorted(numbers) == [f"2026-{n:04d}" for n in range(1, 13)]


@pytest.mark.parametrize(
    ("before", "after"),
    [("维持", "撤销"), ('"record": "', '"record": "0'), ("confirmed", "set_aside")],
)
def test_changed_opinion_is_told(archive, database, record, before, after):
    given = opinion(ruling=Ruling.CONFIRMED, reason="维持")
    number = archive.keep(record, **WHO, opinions=[given]).number
    archive.add_opinion(number, given)
    with database.writing(ARCHIVE) as connection:
        connection.execute(
            update(OPINIONS)
            .where(OPINIONS.c.id == 2)
            .values(opinion=func.replace(OPINIONS.c.opinion, before, after))
        )
    with pytest.raises(RecordError) as raised:
        archive.opinions(number)
    assert codes(raised) == "ETK770"


def test_opinion_of_an_earlier_version_without_hash_is_read(archive, database, record):
    number = archive.keep(record, **WHO).number
    row = {"number": number, "entered_at": "2026-06-01T04:00:00Z"}
    with database.writing(ARCHIVE) as connection:
        connection.execute(insert(OPINIONS).values(**row, opinion=json.dumps(opinion().document())))
    assert archive.opinions(number) == (opinion(),)

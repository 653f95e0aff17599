"""Where finished screenings are kept: the record in the database, a copy of it as a file beside.

The database holds the record itself, so that a screening is kept in one transaction, wholly or not
at all, and everyone who shares the database sees it. The file is for people to take along; it is
written after the transaction, and again whenever it is asked for and does not match.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    false,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from etk_geo.archive.kept import Kept, consequences_of, search_text
from etk_geo.database import METADATA, Database, Room, open_database, records_folder
from etk_geo.errors import DataError, RecordError
from etk_geo.screening.opinion import Opinion, read_opinion
from etk_geo.screening.record import canonical
from etk_geo.screening.verify import check_integrity
from etk_geo.store import sha256, write_atomic

SCREENINGS_FOLDER = "screenings"
RECORD_FILE = "record.json"
SEAL = "sha256"
MOST_FOUND = 500
LONGEST = 2_000
"""Characters of a title, a name or a remark."""

TRIES = 5
"""On a server two writers can take the same number; one of them takes the next."""

KEPT = Table(
    "archive_screenings",
    METADATA,
    Column("number", String(20), primary_key=True),
    Column("year", Integer, nullable=False),
    Column("running", Integer, nullable=False),
    Column("kept_at", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("projects", Integer, nullable=False),
    Column("record_hash", String(64), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("totals", Text, nullable=False),
    Column("consequences", Text, nullable=False),
    Column("again_of", String(20), nullable=False),
    Column("words", Text, nullable=False),
    Column("record", LargeBinary, nullable=False),
    UniqueConstraint("year", "running"),
)
OPINIONS = Table(
    "archive_opinions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("number", String(20), ForeignKey(KEPT.c.number), nullable=False, index=True),
    Column("entered_at", String(20), nullable=False),
    Column("opinion", Text, nullable=False),
)
ARCHIVE = Room("archive", [KEPT, OPINIONS])

_SHOWN = (
    "number",
    "kept_at",
    "title",
    "author",
    "remark",
    "as_of",
    "projects",
    "record_hash",
    "totals",
    "consequences",
    "again_of",
)


class Archive:
    """The kept screenings of one project folder.

    Parameters
    ----------
    database
        Where they are kept.
    folder
        Where the copies of the records go.
    clock
        Gives the moment at which something is kept.
    """

    def __init__(self, database: Database, folder: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock

    def keep(
        self,
        record: Mapping[str, Any] | bytes,
        *,
        title: str,
        author: str,
        remark: str = "",
        opinions: Iterable[Opinion] = (),
        again_of: str = "",
    ) -> Kept:
        """Keep a finished screening under the next number of the year.

        Parameters
        ----------
        record
            As from :func:`etk_geo.screening.record.build_record`, signed or not; or its bytes.
        title, author, remark
            What it is called, who keeps it, anything else.
        opinions
            What officers have said of its findings so far.
        again_of
            Number of the kept screening that this one computes anew.

        Raises
        ------
        RecordError
            ETK945 if the record is not what was written when it was made, ETK946 without a title,
            ETK947 without a name; nothing is kept then.
        DatabaseError
            If it cannot be kept.
        """
        content = record if isinstance(record, bytes) else canonical(record)
        row = self._row(content, title=title, author=author, remark=remark, again_of=again_of)
        documents = [_document(opinion, row["record_hash"]) for opinion in opinions]
        for last in reversed(range(TRIES)):
            try:
                number = self._insert(row, documents)
                break
            except IntegrityError:
                if not last:
                    raise
        self.record_file(number)
        return self.get(number)

    def _row(
        self, content: bytes, *, title: str, author: str, remark: str, again_of: str
    ) -> dict[str, Any]:
        for code, words in (("ETK946", title), ("ETK947", author)):
            if not words.strip() or len(words) > LONGEST:
                raise RecordError(code, most=LONGEST)
        stated = _sound(content)["content"]
        return {
            "title": title.strip(),
            "author": author.strip(),
            "remark": remark.strip()[:LONGEST],
            "as_of": stated["parameters"]["as_of"],
            "projects": len(stated["findings"]),
            "record_hash": sha256(canonical(stated)),
            "file_sha256": sha256(content),
            "totals": json.dumps(stated["totals"]),
            "consequences": json.dumps(consequences_of(stated)),
            "again_of": again_of,
            "words": search_text(stated, title, author, remark),
            "record": gzip.compress(content, mtime=0),
        }

    def _insert(self, row: Mapping[str, Any], documents: Sequence[str]) -> str:
        moment = self._clock()
        year = moment.astimezone().year
        entered_at = _utc(moment)
        with self._database.writing(ARCHIVE) as connection:
            used = select(func.max(KEPT.c.running)).where(KEPT.c.year == year)
            running = (connection.scalar(used) or 0) + 1
            number = f"{year}-{running:04d}"
            connection.execute(
                insert(KEPT).values(
                    **row, number=number, year=year, running=running, kept_at=entered_at
                )
            )
            for document in documents:
                _add_opinion(connection, number, entered_at, document)
        return number

    def find(self, words: str = "", *, limit: int = MOST_FOUND) -> tuple[Kept, ...]:
        """Return the kept screenings that have all of some words in them, newest first.

        Looked for in number, title, name, remark, the day whose law was applied, and in the names
        and ids of projects and layers; a day (``2026-01-31``) also finds what was kept on it, by
        the calendar of this computer.
        """
        query = select(*(KEPT.c[name] for name in _SHOWN), _opinion_count())
        for word in words.casefold().split():
            query = query.where(
                KEPT.c.words.contains(word, autoescape=True)
                | KEPT.c.number.contains(word, autoescape=True)
                | KEPT.c.as_of.contains(word, autoescape=True)
                | _kept_on(word)
            )
        query = query.order_by(KEPT.c.year.desc(), KEPT.c.running.desc()).limit(limit)
        with self._database.reading(ARCHIVE) as connection:
            return tuple(map(_kept, connection.execute(query).mappings()))

    def get(self, number: str) -> Kept:
        """Return one kept screening.

        Raises
        ------
        RecordError
            ETK944 if there is none of this number.
        """
        query = select(*(KEPT.c[name] for name in _SHOWN), _opinion_count())
        with self._database.reading(ARCHIVE) as connection:
            row = connection.execute(query.where(KEPT.c.number == number)).mappings().first()
        if row is None:
            raise RecordError("ETK944", where=number)
        return _kept(row)

    def record_bytes(self, number: str) -> bytes:
        """Return the record file of a kept screening, byte for byte as it was kept.

        Raises
        ------
        RecordError
            ETK944 if there is none of this number, ETK945 if the database no longer holds what was
            kept.
        """
        with self._database.reading(ARCHIVE) as connection:
            row = connection.execute(
                select(KEPT.c.record, KEPT.c.file_sha256).where(KEPT.c.number == number)
            ).first()
        if row is None:
            raise RecordError("ETK944", where=number)
        try:
            content = gzip.decompress(row.record)
        except (OSError, EOFError, ValueError):
            content = b""
        if sha256(content) != row.file_sha256:
            raise RecordError("ETK945", where=number)
        return content

    def record_file(self, number: str) -> Path:
        """Return the copy of a record as a file, written again where it is gone or differs."""
        content = self.record_bytes(number)
        path = self._folder / number / RECORD_FILE
        if not path.is_file() or path.read_bytes() != content:
            write_atomic(path, content)
        return path

    def opinions(self, number: str) -> tuple[Opinion, ...]:
        """Return the opinions given on a kept screening, oldest first.

        Raises
        ------
        RecordError
            ETK770 if an opinion is no longer the one that was given on this record.
        """
        query = (
            select(OPINIONS.c.opinion, KEPT.c.record_hash)
            .join(KEPT, KEPT.c.number == OPINIONS.c.number)
            .where(OPINIONS.c.number == number)
            .order_by(OPINIONS.c.id)
        )
        with self._database.reading(ARCHIVE) as connection:
            rows = connection.execute(query).all()
        return tuple(_opinion(row.opinion, row.record_hash, number) for row in rows)

    def add_opinion(self, number: str, opinion: Opinion) -> None:
        """Add an opinion on a finding; earlier ones stay, and so does what was computed.

        It is kept with the hash of the record that it was given on, and its own.

        Raises
        ------
        RecordError
            ETK944 if no screening of this number is kept.
        """
        document = _document(opinion, self.get(number).record_hash)
        with self._database.writing(ARCHIVE) as connection:
            _add_opinion(connection, number, _utc(self._clock()), document)


def open_archive(root: Path, clock: Callable[[], datetime]) -> Archive:
    """Return the kept screenings of a project folder; opens nothing yet."""
    return Archive(open_database(root), records_folder(root) / SCREENINGS_FOLDER, clock)


def _sound(content: bytes) -> dict[str, Any]:
    try:
        record, checks = check_integrity(content)
    except DataError as error:
        raise RecordError("ETK945") from error
    if not all(check.holds for check in checks):
        raise RecordError("ETK945")
    return record


def _add_opinion(connection: Connection, number: str, entered_at: str, document: str) -> None:
    connection.execute(
        insert(OPINIONS).values(number=number, entered_at=entered_at, opinion=document)
    )


def _document(opinion: Opinion, record_hash: str) -> str:
    stated = {**opinion.document(), "record": record_hash}
    sealed = {**stated, SEAL: sha256(canonical(stated))}
    return json.dumps(sealed, ensure_ascii=False, sort_keys=True)


def _opinion(document: str, record_hash: str, number: str) -> Opinion:
    """Read an opinion; those of earlier versions of the program have no hash."""
    stated = json.loads(document)
    seal = stated.pop(SEAL, None)
    if seal is not None and (
        seal != sha256(canonical(stated)) or stated.get("record") != record_hash
    ):
        raise RecordError("ETK770", where=number)
    return read_opinion(stated)


def _opinion_count() -> Any:
    count = select(func.count()).where(OPINIONS.c.number == KEPT.c.number)
    return count.scalar_subquery().label("opinions")


def _kept(row: Mapping[Any, Any]) -> Kept:
    values = {name: row[name] for name in (*_SHOWN, "opinions")}
    values["totals"] = json.loads(values["totals"])
    values["consequences"] = json.loads(values["consequences"])
    return Kept(**values)


def _kept_on(word: str) -> ColumnElement[bool]:
    """Return the condition that something was kept on the day that a word names, if it does."""
    try:
        day = date.fromisoformat(word)
        begin = datetime.combine(day, time.min).astimezone()
        end = datetime.combine(day + timedelta(days=1), time.min).astimezone()
    except (ValueError, OverflowError, OSError):
        return false()
    return and_(KEPT.c.kept_at >= _utc(begin), KEPT.c.kept_at < _utc(end))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

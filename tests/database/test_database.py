"""Records that several threads and processes share, and what is said when they cannot be had."""

from __future__ import annotations

import multiprocessing
import socket
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import URL, Column, Integer, String, Table, func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from etk_geo.database import METADATA, Database, Room, database_address, open_database
from etk_geo.database.schema import VERSIONS
from etk_geo.errors import DatabaseError

NOTES = Table(
    "test_notes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("words", String(200), nullable=False, unique=True),
)
ROOM = Room("test_notes", [NOTES])


def embedded(folder: Path, **options) -> Database:
    return Database(URL.create("sqlite", database=str(folder / "records.db")), **options)


def write(database: Database, words: str) -> None:
    with database.writing(ROOM) as connection:
        connection.execute(insert(NOTES).values(words=words))


def read(database: Database) -> list[str]:
    with database.reading(ROOM) as connection:
        return list(connection.scalars(select(NOTES.c.words).order_by(NOTES.c.id)))


def code_of(call, *arguments) -> str:
    with pytest.raises(DatabaseError) as caught:
        call(*arguments)
    return caught.value.code


# What is kept


def test_what_was_written_is_read_after_opening_again(database):
    write(database, "鄂托克 𠮷 <img src=x>")
    database.close()
    again = Database(database.address)
    assert read(again) == ["鄂托克 𠮷 <img src=x>"]
    again.close()


def test_transaction_that_fails_leaves_nothing(database):
    write(database, "a")

    def interrupted() -> None:
        with database.writing(ROOM) as connection:
            connection.execute(insert(NOTES).values(words="b"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert read(database) == ["a"]


def test_broken_constraint_reaches_the_room(database):
    write(database, "a")
    with pytest.raises(IntegrityError):
        write(database, "a")
    assert read(database) == ["a"]


def test_reading_sees_one_state_while_another_writes(database):
    write(database, "a")
    with database.reading(ROOM) as connection:
        assert connection.scalar(select(func.count()).select_from(NOTES)) == 1
        write(database, "b")
        assert connection.scalar(select(func.count()).select_from(NOTES)) == 1
    assert read(database) == ["a", "b"]


def test_reading_where_nothing_is_kept_makes_no_file(tmp_path):
    database = embedded(tmp_path / "records")
    assert read(database) == []
    assert not (tmp_path / "records").exists()


def test_threads_lose_nothing(database):
    wanted = {f"{thread}/{number}" for thread in range(6) for number in range(10)}
    failures = []

    def work(thread: int) -> None:
        try:
            for number in range(10):
                write(database, f"{thread}/{number}")
                read(database)
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert set(read(database)) == wanted


def work_in_process(address: URL, name: str) -> None:
    database = Database(address)
    for number in range(10):
        write(database, f"{name}/{number}")
    database.close()


def test_processes_that_begin_together_lose_nothing(database, monkeypatch):
    # A page test leaves the app as the main module, which a new process would run first.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=work_in_process, args=(database.address, f"p{n}")) for n in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert len(read(database)) == 30


def test_file_removed_while_open_is_begun_anew_and_keeps_what_follows(tmp_path):
    database = embedded(tmp_path)
    write(database, "a")
    (tmp_path / "records.db").unlink()
    write(database, "b")
    database.close()
    assert read(embedded(tmp_path)) == ["b"]


# Versions


def added_column(connection) -> None:
    connection.execute(text("ALTER TABLE test_notes ADD COLUMN author VARCHAR(40)"))


def test_older_tables_are_brought_forward_once_and_keep_their_rows(database):
    write(database, "a")
    database.close()
    newer = Room("test_notes", [NOTES], [added_column])
    for _ in range(2):
        again = Database(database.address)
        with again.writing(newer) as connection:
            assert connection.scalar(select(VERSIONS.c.version)) == 2
            names = {column["name"] for column in inspect(connection).get_columns("test_notes")}
            assert "author" in names
        assert read_words(again, newer) == ["a"]
        again.close()


def read_words(database: Database, room: Room) -> list[str]:
    with database.reading(room) as connection:
        return list(connection.scalars(select(NOTES.c.words)))


def test_step_that_fails_leaves_the_old_version(database):
    write(database, "a")
    database.close()

    def broken(connection) -> None:
        added_column(connection)
        raise RuntimeError

    again = Database(database.address)
    with pytest.raises(RuntimeError), again.reading(Room("test_notes", [NOTES], [broken])):
        pass
    with again.reading(ROOM) as connection:
        names = {column["name"] for column in inspect(connection).get_columns("test_notes")}
    assert names == {"id", "words"}
    again.close()


def test_newer_tables_are_left_alone(database):
    with database.writing(Room("test_notes", [NOTES], [added_column])):
        pass
    database.close()
    again = Database(database.address)
    assert code_of(read, again) == "ETK902"
    again.close()


# What is said


def test_locked_by_another_program(tmp_path):
    database = embedded(tmp_path, patience_s=0.05)
    write(database, "a")
    with closing(sqlite3.connect(tmp_path / "records.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert code_of(write, database, "b") == "ETK900"
        assert read(database) == ["a"]
        other.execute("ROLLBACK")
    write(database, "b")
    database.close()


def test_locked_on_the_server(server_address):
    database = Database(server_address, patience_s=0.05)
    other = Database(server_address)
    write(database, "a")
    with other.writing(ROOM) as connection:
        connection.execute(text("LOCK TABLE test_notes IN ACCESS EXCLUSIVE MODE"))
        assert code_of(write, database, "b") == "ETK900"
    write(database, "b")
    database.close()
    other.close()


@pytest.mark.parametrize(
    "content", [b"no database at all " * 60, b"SQLite format 3\0" + b"\xff" * 9000]
)
def test_damaged_file_is_named_and_left_as_it_is(tmp_path, content):
    file = tmp_path / "records.db"
    file.write_bytes(content)
    database = embedded(tmp_path)
    assert code_of(read, database) == "ETK904"
    assert code_of(write, database, "a") == "ETK904"
    assert file.read_bytes() == content


def test_page_damaged_in_the_middle_is_found_on_opening(tmp_path):
    database = embedded(tmp_path)
    with database.writing(ROOM) as connection:
        connection.execute(insert(NOTES), [{"words": f"{n} " * 40} for n in range(200)])
    database.close()
    file = tmp_path / "records.db"
    content = bytearray(file.read_bytes())
    content[8192 : 8192 + 4096] = b"\xff" * 4096
    file.write_bytes(content)
    assert code_of(read, embedded(tmp_path)) == "ETK904"
    assert file.read_bytes() == bytes(content)


def test_damaged_file_set_aside_is_whole_and_new_records_begin(tmp_path):
    (tmp_path / "records.db").write_bytes(b"x" * 5000)
    (tmp_path / "records.damaged-1.db").write_bytes(b"earlier")
    database = embedded(tmp_path)
    assert code_of(write, database, "a") == "ETK904"
    aside = database.set_aside()
    assert aside.name == "records.damaged-2.db"
    assert aside.read_bytes() == b"x" * 5000
    assert (tmp_path / "records.damaged-1.db").read_bytes() == b"earlier"
    write(database, "a")
    assert read(database) == ["a"]
    database.close()


def test_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "records").write_text("a file")
    assert code_of(write, embedded(tmp_path / "records"), "a") == "ETK901"


def test_database_that_takes_no_writing(tmp_path):
    database = embedded(tmp_path)
    write(database, "a")

    def refused() -> None:
        with database.writing(ROOM) as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            try:
                connection.execute(insert(NOTES).values(words="b"))
            finally:
                connection.exec_driver_sql("PRAGMA query_only = OFF")

    assert code_of(refused) == "ETK901"
    database.close()


def test_server_that_takes_no_writing(server_address):
    database = Database(server_address)
    write(database, "a")

    def refused() -> None:
        with database.writing(ROOM) as connection:
            connection.execute(text("SET TRANSACTION READ ONLY"))
            connection.execute(insert(NOTES).values(words="b"))

    assert code_of(refused) == "ETK901"
    database.close()


def test_full_disk(tmp_path):
    database = embedded(tmp_path)
    write(database, "a")

    def overflow() -> None:
        with database.writing(ROOM) as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            connection.execute(insert(NOTES), [{"words": f"{n} " * 60} for n in range(500)])

    assert code_of(overflow) == "ETK905"
    assert read(database) == ["a"]
    database.close()


def test_server_that_does_not_answer():
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    address = URL.create("postgresql+psycopg", "planner", "secret", "127.0.0.1", port, "etk")
    with pytest.raises(DatabaseError) as caught:
        read(Database(address))
    assert caught.value.code == "ETK903"
    assert "secret" not in str(caught.value)


def test_server_without_such_a_database(server_address):
    assert code_of(read, Database(server_address.set(database="none_such"))) == "ETK903"


def test_statement_that_the_database_does_not_know_is_passed_on_in_its_words(database):
    write(database, "a")

    def refused() -> None:
        with database.reading(ROOM) as connection:
            connection.execute(text("select * from no_such_table"))

    with pytest.raises(DatabaseError) as caught:
        refused()
    assert caught.value.code == "ETK907"
    assert "no_such_table" in caught.value.detail["reason"]


# Where they are


def test_records_are_in_the_project_unless_the_environment_moves_them(tmp_path, monkeypatch):
    assert database_address(tmp_path).database == str(tmp_path / "records" / "records.db")
    monkeypatch.setenv("ETK_RECORDS", str(tmp_path / "elsewhere"))
    assert database_address(tmp_path).database == str(tmp_path / "elsewhere" / "records.db")
    assert open_database(tmp_path) is open_database(tmp_path)


@pytest.mark.parametrize("named", ["postgres://u:p@h/etk", "postgresql://u:p@h:5433/etk"])
def test_server_by_address(tmp_path, monkeypatch, named):
    monkeypatch.setenv("ETK_DATABASE", named)
    address = database_address(tmp_path)
    assert (address.drivername, address.host, address.database) == (
        "postgresql+psycopg",
        "h",
        "etk",
    )
    assert "p@" not in Database(address).place


@pytest.mark.parametrize(
    "named", ["records.db", "mysql://h/etk", "postgresql://h", "postgresql://h:x/d"]
)
def test_address_that_names_no_database(tmp_path, monkeypatch, named):
    monkeypatch.setenv("ETK_DATABASE", named)
    assert code_of(database_address, tmp_path) == "ETK906"

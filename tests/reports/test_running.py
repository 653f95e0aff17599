"""A report made in a process of its own: the same bytes, ended at once, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from etk_geo import own_process
from etk_geo.background import StoppedError
from etk_geo.errors import EtkGeoError, ReportError
from etk_geo.i18n import text
from etk_geo.model import Issue
from etk_geo.reports import running
from etk_geo.reports.order import ReportOrder
from etk_geo.reports.rendering import FORMS, render_report
from etk_geo.reports.running import report_run
from etk_geo.reports.source import ReportFacts, ReportParts
from etk_geo.screening.opinion import Opinion, Ruling
from etk_geo.store import project_root
from tests.reports.test_reports import FACTS, HOSTILE, record, source

LINUX = pytest.mark.skipif(
    not Path("/proc/self/cwd").exists(), reason="processes are found in /proc"
)
JUDGED = Opinion(
    "hostile", "", Ruling.SET_ASIDE, HOSTILE, "张三", date(2026, 11, 24), "CLEAR", "none"
)


@pytest.fixture(autouse=True)
def private_temp(tmp_path, monkeypatch):
    """Give each test a temporary directory of its own, empty again at its end."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def order(**values):
    return ReportOrder(project_root(), record(), FACTS, "zh", **values)


def begun(asked):
    """Start a report and return it with a lock that its first step waits for."""
    run = report_run(asked)
    reached = threading.Event()
    tell = run._tell

    def told(*step):
        tell(*step)
        reached.set()

    run._tell = told
    run.start()
    assert reached.wait(240)
    return run


def child_of(folder):
    """Return the id of the process that runs in a folder inside another one."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(folder):
                return int(process.name)
        except OSError:
            continue
    raise AssertionError(folder)


def test_order_survives_the_pipe():
    facts = ReportFacts(FACTS.dated, title=HOSTILE, valid_until=date(2027, 1, 1))
    asked = ReportOrder(
        project_root(),
        b"\xff\n{}\r\n" + "鄂托克".encode(),
        facts,
        "en",
        ("pdf",),
        ReportParts("EPSG:4524", maps=False),
        (JUDGED,),
    )
    line = asked.dump()
    assert "\n" not in line
    assert ReportOrder.load(line) == asked
    assert ReportOrder.load(order().dump()) == order()


def test_files_are_those_of_the_command_line_byte_for_byte():
    run = report_run(order(opinions=(JUDGED,)))
    assert run.what == "正在读取记录和图层"
    run.start()
    made = run.result()
    assert list(made) == list(FORMS)
    assert made == render_report(source([JUDGED]), FACTS, "zh")
    assert (run.done, run.total, run.what) == (7, 7, "已完成")


def test_only_what_is_asked_for_is_made():
    run = report_run(order(forms=("geojson",)))
    run.start()
    assert list(run.result()) == ["geojson"]
    assert (run.done, run.total) == (1, 1)


def test_report_stopped_before_it_starts_makes_nothing():
    run = report_run(order())
    run.stop()
    run.start()
    with pytest.raises(StoppedError):
        run.result()
    assert (run.done, run.total) == (0, 0)


@LINUX
def test_stop_ends_the_process_in_the_midst_of_a_step(private_temp):
    run = begun(order())
    process = child_of(private_temp)
    os.kill(process, signal.SIGSTOP)  # it can reach no further step, however long one waits
    run.stop()
    with pytest.raises(StoppedError):
        run.result()
    assert not Path(f"/proc/{process}").exists()
    assert run.done < run.total


@LINUX
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGKILL, "ETK772"), (signal.SIGABRT, "ETK771")])
def test_process_that_is_ended_from_outside_is_said_in_words(sent, code, private_temp, caplog):
    run = begun(order())
    os.kill(child_of(private_temp), sent)
    with pytest.raises(ReportError) as caught:
        run.result()
    assert caught.value.code == code
    (issue,) = Issue.all_of(caught.value)
    assert issue.code == code
    assert "process of a report ended" in caplog.text


def stand_in(monkeypatch, source):
    """Let the process be another program."""
    real = subprocess.Popen

    def popen(command, **options):
        return real([sys.executable, "-c", source], **options)

    monkeypatch.setattr(own_process.subprocess, "Popen", popen)


def failed(asked):
    run = report_run(asked)
    run.start()
    with pytest.raises(EtkGeoError) as caught:
        run.result()
    return caught.value


def test_memory_that_ran_out_is_said_in_words(monkeypatch):
    stand_in(
        monkeypatch,
        "import etk_geo.reports.process as p\n"
        "def make(*_): raise MemoryError\n"
        "p.make = make\n"
        "raise SystemExit(p.main())",
    )
    assert failed(order()).code == "ETK772"


def test_words_that_are_no_message_are_passed_over(monkeypatch, caplog):
    stand_in(monkeypatch, "print('[1]'); print('{'); print('{\"done\": 1}'); raise SystemExit(3)")
    assert failed(order()).code == "ETK771"


def test_system_that_starts_no_program_is_said_in_words(monkeypatch):
    def refuse(*_, **__):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(own_process.subprocess, "Popen", refuse)
    error = failed(order())
    assert (error.code, error.detail) == ("ETK773", {"reason": "Resource temporarily unavailable"})


def test_record_that_is_refused_is_refused_in_the_same_words():
    assert failed(replace(order(), content=b"{}")).code == "ETK720"
    error = failed(replace(order(), content=record().replace("项目area".encode(), b"x")))
    assert error.code == "ETK932"
    assert error.detail["fields"]


def test_report_waits_for_its_turn_and_can_be_stopped_while_it_waits(monkeypatch):
    turns = threading.BoundedSemaphore(1)
    monkeypatch.setattr(running, "_turns", turns)
    turns.acquire()
    waiting, leaving = report_run(order(forms=("geojson",))), report_run(order())
    for run in (waiting, leaving):
        said = threading.Event()
        run._tell = lambda *step, said=said: said.set() if "排队" in step[2] else None
        run.start()
        assert said.wait(240)
    leaving.stop()
    with pytest.raises(StoppedError):
        leaving.result()
    assert not waiting.finished()
    turns.release()
    assert list(waiting.result()) == ["geojson"]
    assert turns.acquire(blocking=False), "the turn was given back"


def test_process_sees_nothing_else_of_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("ETK_DATABASE", "postgresql://me:secret@host/db")
    monkeypatch.setenv("PYTHONSTARTUP", "/evil.py")
    seen = own_process.environment_of(running._program(order()), tmp_path)
    assert not {"ETK_DATABASE", "PYTHONSTARTUP"} & seen.keys()
    assert (seen["ETK_ROOT"], seen["TMPDIR"]) == (str(project_root()), str(tmp_path))


def test_process_does_not_know_the_page():
    """What Streamlit has loaded, and its ``__main__``, is not loaded again in the process."""
    source = "import sys, etk_geo.reports.process; print('streamlit' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_beginning_is_told_in_both_languages():
    for lang in ("zh", "en"):
        assert report_run(replace(order(), lang=lang)).what == text("reports.making.begin", lang)

"""The port, the start and the stop of the app."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launcher import server
from launcher.console import LaunchError
from launcher.folder import Folder

ROOT = Path(__file__).resolve().parents[2]

# Ports


def test_port_in_use_takes_the_next_free_one_and_says_so(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        chosen = server.choose_port("127.0.0.1", port)
    assert port < chosen <= port + 10
    said = capsys.readouterr().out
    assert f"端口 {port} 已被占用" in said
    assert f"using {chosen}" in said


def test_free_port_is_taken_silently(capsys):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert server.choose_port("127.0.0.1", port) == port
    assert not capsys.readouterr().out


def test_last_port_in_use_ends_with_a_sentence(monkeypatch):
    monkeypatch.setattr(server, "port_is_free", lambda _address: False)
    with pytest.raises(LaunchError, match="--port"):
        server.choose_port("127.0.0.1", 65535)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8501"),
        ("0.0.0.0", "http://127.0.0.1:8501"),
        ("::1", "http://[::1]:8501"),
    ],
)
def test_address_for_the_browser(host, url):
    assert server.Address(host, 8501).url == url


# Start and stop, with the environment that the tests run in


@pytest.fixture
def startable(tmp_path):
    """A folder with an app of one line that is set up: its environment is the tests' own."""
    (tmp_path / "app.py").write_text("import streamlit as st\nst.title('ok')\n", encoding="utf-8")
    (tmp_path / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    (tmp_path / ".etk").mkdir()
    return Folder(tmp_path)


START = (
    "import sys, signal\nfrom pathlib import Path\nfrom launcher import main, setup\n"
    "setup.ensure = lambda *a, **k: None\n"
    "sys.exit(main.main(sys.argv[2:], Path(sys.argv[1])))"
)


@pytest.mark.skipif(os.name == "nt", reason="makes a symbolic link and sends signals")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_start_prints_the_address_and_stops_cleanly(startable, sent):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", START, startable.root, "--no-browser", "--port",
             str(port)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        process.send_signal(sent)
        said += process.stdout.readlines()
        process.stdout.close()
        code = process.wait(timeout=60)
    text = "".join(said)
    assert f"端口 {port} 已被占用" in text
    assert "已启动：http://127.0.0.1:" in text
    assert "已停止。" in text
    assert code == 0
    address = next(word for word in text.split() if word.startswith("http://127"))
    served = server.Address("127.0.0.1", int(address.rsplit(":", 1)[1]))
    deadline = time.monotonic() + 10
    while not server.port_is_free(served) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert server.port_is_free(served)


@pytest.mark.skipif(os.name == "nt", reason="makes a symbolic link")
def test_app_that_does_not_start_shows_why(startable, capfd):
    (startable.root / "app.py").unlink()
    with pytest.raises(LaunchError, match="没有启动起来"):
        server.serve(startable, host="127.0.0.1", port=8501, browser=False)
    assert "app.py" in capfd.readouterr().err

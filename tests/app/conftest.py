"""The app run without a browser, on the repository's data or on a copy that a test may break."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from etk_geo.store import project_root

APP = Path(__file__).resolve().parents[2] / "app.py"
PAGES = (
    "map",
    "find",
    "project",
    "target",
    "entries",
    "targets",
    "sectors",
    "evaluate",
    "compare",
    "structure",
    "screen",
    "archive",
    "coverage",
    "stories",
    "handout",
    "preflight",
    "intake",
    "layers",
    "edit",
    "unplaced",
    "about",
)
CJK = re.compile(r"[\u3400-\u9fff]")

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def page_hashes() -> dict[str, str]:
    """What the app calls its pages inside; AppTest itself can only switch to page files."""
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    pages = app._registered_pages
    return {
        next(key for key in PAGES if key == (info["url_pathname"] or "map")): page_hash
        for page_hash, info in pages.items()
    }


@pytest.fixture(autouse=True)
def _own_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep each test's records to itself: those of the repository's folder are the user's."""
    monkeypatch.setenv("ETK_RECORDS", str(tmp_path / "records"))


@pytest.fixture
def open_page(page_hashes: dict[str, str]) -> Open:
    """Open a page of the app by its name in the address and further parameters of the address."""

    def run(key: str, lang: str = "zh", **parameters: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in {"lang": lang, **parameters}.items():
            app.query_params[name] = value
        app._page_hash = page_hashes[key]
        return app.run()

    return run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the app at a copy of the repository's data that the test may break."""
    for folder in ("data", "layers", "rules"):
        if (project_root() / folder).is_dir():
            shutil.copytree(project_root() / folder, tmp_path / folder)
    monkeypatch.setenv("ETK_ROOT", str(tmp_path))
    return tmp_path


def only(elements: Any, **match: str) -> Any:
    """Return the one element whose attributes match."""
    found = [e for e in elements if all(getattr(e, n) == v for n, v in match.items())]
    assert len(found) == 1, f"{len(found)} elements match {match}"
    return found[0]


def unescaped(text: str) -> str:
    """Undo the escaping of Markdown."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def said(app: AppTest) -> str:
    """Return what titles, sentences and messages of the page say."""
    kinds = ("title", "subheader", "markdown", "caption", "info", "warning", "error", "success")
    return "\n".join(unescaped(e.value) for kind in kinds for e in getattr(app, kind))


def labels(app: AppTest) -> Iterator[str]:
    """Yield every label, option and heading that belongs to a control or a table."""
    for kind in ("selectbox", "button_group", "text_input", "metric", "expander", "tabs"):
        for element in app.get(kind):
            yield unescaped(element.label)
    for kind in ("selectbox", "button_group"):
        for element in app.get(kind):
            if element.key != "lang_switch":
                yield from (unescaped(option) for option in _options(element))
    for table in (*app.dataframe, *app.table):
        yield from map(unescaped, map(str, table.value.columns))


def _options(element: Any) -> list[str]:
    return [getattr(option, "content", option) for option in element.options]


def cells(app: AppTest, *, leave_out: set[str]) -> Iterator[tuple[str, str]]:
    """Yield heading and text of every table cell, apart from some columns."""
    for table in (*app.dataframe, *app.table):
        for name in table.value.columns:
            if unescaped(str(name)) not in leave_out:
                for value in table.value[name]:
                    yield str(name), unescaped(str(value))

"""Missing data: each page of the planner says what is missing and what to do about it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from etk_geo.model import LANGS
from tests.app.conftest import CJK, said

PLANNER = (
    *("find", "project", "target", "targets", "sectors", "evaluate", "compare", "structure"),
    *("entries", "edit"),
)
ABOUT_TARGETS = frozenset(PLANNER) - {"structure", "edit"}
ABOUT_LAYERS = frozenset(PLANNER) - {"sectors", "entries"}
ABOUT_ENTRIES = ABOUT_TARGETS - {"targets"}


def no_layers(root: Path) -> None:
    shutil.rmtree(root / "layers")


def no_entries(root: Path) -> None:
    for name in ("status", "actuals"):
        table = root / f"data/progress/{name}.csv"
        header = table.read_text(encoding="utf-8").splitlines()[0]
        table.write_text(header + "\n", encoding="utf-8")


def no_projects(root: Path) -> None:
    (root / "data/projects.csv").unlink()


def no_targets(root: Path) -> None:
    (root / "data/targets.csv").unlink()


def no_data(root: Path) -> None:
    for name in ("data", "layers", "rules"):
        shutil.rmtree(root / name)


SAID: dict[Callable[[Path], None], tuple[frozenset[str], dict[str, tuple[str, str]]]] = {
    no_layers: (
        ABOUT_LAYERS,
        {
            "zh": ("缺规划图层", "python run.py build"),
            "en": ("No plan layers", "python run.py build"),
        },
    ),
    no_entries: (
        ABOUT_ENTRIES,
        {
            "zh": ("还没有进展登记", "用“进展登记表”整表登记"),
            "en": ("No progress has been entered", "at once with “Progress tables”"),
        },
    ),
    no_projects: (
        ABOUT_TARGETS,
        {"zh": ("缺项目", "data/projects.csv"), "en": ("No projects", "data/projects.csv")},
    ),
    no_targets: (
        ABOUT_TARGETS,
        {"zh": ("缺指标", "data/targets.csv"), "en": ("No targets", "data/targets.csv")},
    ),
    no_data: (
        frozenset(PLANNER),
        {
            "zh": ("程序文件夹里没有数据", "请从备份或安装包把"),
            "en": ("folder holds no data", "Put the folders"),
        },
    ),
}
"""What is taken away: the pages that live on it, and what is missing and what to do in words."""


@pytest.mark.parametrize("key", PLANNER)
@pytest.mark.parametrize("damage", SAID, ids=lambda damage: damage.__name__)
def test_page_says_what_is_missing_and_what_to_do(project, open_page, damage, key):
    damage(project)
    app = open_page(key)
    assert not app.exception
    assert not app.error
    concerned, phrases = SAID[damage]
    told = [e.value for e in (*app.warning, *app.info)]
    missing, remedy = phrases["zh"]
    found = [line for line in told if missing in line]
    assert len(found) == (key in concerned), told
    assert all(remedy in line for line in found)


@pytest.mark.parametrize("damage", SAID, ids=lambda damage: damage.__name__)
def test_english_page_says_it_in_english(project, open_page, damage):
    damage(project)
    app = open_page("compare", "en")
    (found,) = [e.value for e in (*app.warning, *app.info) if SAID[damage][1]["en"][0] in e.value]
    assert SAID[damage][1]["en"][1] in found
    assert not CJK.search(found)


@pytest.mark.parametrize("lang", LANGS)
def test_without_projects_no_target_is_said_to_have_none(project, open_page, lang):
    no_projects(project)
    words = said(open_page("target", lang))
    assert "没有哪个规划项目" not in words
    assert "No project of the plan serves" not in words


def test_without_layers_nothing_is_said_to_be_placed(project, open_page):
    no_layers(project)
    words = said(open_page("unplaced"))
    assert "所有要素都有位置" not in words
    assert "缺规划图层" in words


@pytest.mark.parametrize("key", PLANNER)
def test_whole_data_lacks_nothing(open_page, key):
    words = said(open_page(key))
    for _, phrases in SAID.values():
        assert phrases["zh"][0] not in words

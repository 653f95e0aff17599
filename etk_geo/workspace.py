"""One project folder, opened: its layers, its plan and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from etk_geo.catalog import LAYER_FOLDERS, Catalog, open_catalog
from etk_geo.editing import finish_interrupted
from etk_geo.errors import EtkGeoError
from etk_geo.lint import lint
from etk_geo.model import Issue
from etk_geo.plan import Plan, open_plan
from etk_geo.store import sha256


@dataclass(frozen=True)
class Workspace:
    """What the pages show. Shared between sessions: treat as read-only.

    ``issues`` is everything that the linter finds, sorted by file and place; ``state`` marks the
    files it was read from (see :func:`folder_state`).
    """

    root: Path
    catalog: Catalog
    plan: Plan
    issues: tuple[Issue, ...]
    state: str = ""


def open_workspace(root: Path) -> Workspace:
    """Open a project folder; what is wrong with its data is in ``issues``, never raised.

    A layer that was being written when the program was ended is made again first.
    """
    unfinished: list[Issue] = []
    try:
        finish_interrupted(root)
    except EtkGeoError as error:
        unfinished = Issue.all_of(error)
    state = folder_state(root)
    catalog, plan = open_catalog(root), open_plan(root)
    issues = (*lint(root, catalog, plan), *unfinished)
    return Workspace(root, catalog, plan, issues, state)


def folder_state(root: Path) -> str:
    """Return a mark that changes when a data file is added, removed or written.

    Looks at names, sizes and times of change only, so it is cheap enough for every page view.
    """
    return sha256("\n".join(sorted(_file_states(root))).encode())


def _file_states(root: Path) -> Iterator[str]:
    for folder in {"data", "rules", *LAYER_FOLDERS}:
        for path in (root / folder).rglob("*"):
            try:
                status = path.stat()
            except OSError:  # removed while listing: the next view sees it gone
                continue
            yield f"{path.relative_to(root).as_posix()} {status.st_mtime_ns} {status.st_size}"

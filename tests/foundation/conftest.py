"""A copy of the repository's own data set that a test may break."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from etk_geo.catalog import record_path
from etk_geo.store import dump_json, project_root, sha256


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy ``data/``, ``layers/`` and ``rules/`` of the repository."""
    for folder in ("data", "layers", "rules"):
        shutil.copytree(project_root() / folder, tmp_path / folder)
    return tmp_path


def edit_text(root: Path, file: str, old: str, new: str) -> None:
    """Replace the first occurrence of ``old``, which must be there."""
    content = (root / file).read_text(encoding="utf-8")
    assert old in content, f"{old!r} is not in {file}"
    (root / file).write_text(content.replace(old, new, 1), encoding="utf-8", newline="\n")


def edit_layer(root: Path, file: str, edit) -> None:
    """Change a parsed layer and bring its record's checksum and count in line."""
    document = json.loads((root / file).read_text(encoding="utf-8"))
    edit(document["features"])
    content = json.dumps(document, ensure_ascii=False).encode()
    (root / file).write_bytes(content)
    record = json.loads((root / record_path(file)).read_text(encoding="utf-8"))
    record["sha256"] = sha256(content)
    record["feature_count"] = len(document["features"])
    (root / record_path(file)).write_bytes(dump_json(record))

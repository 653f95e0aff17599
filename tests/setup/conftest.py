"""A bare project folder for the launcher's tests."""

import pytest

from launcher.folder import Folder


@pytest.fixture
def folder(tmp_path):
    """A project folder that names what is to be installed, with nothing installed."""
    (tmp_path / "etk_geo/maps").mkdir(parents=True)
    for name in ("requirements.txt", "requirements-dev.txt", "package-lock.json"):
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "etk_geo/maps/assets.toml").write_text("", encoding="utf-8")
    return Folder(tmp_path)

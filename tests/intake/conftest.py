"""Reading in the test's own process where the process itself is not what is tested."""

from __future__ import annotations

import pyogrio
import pytest

from etk_geo.intake import upload as upload_module
from etk_geo.intake.readers import arrow_file
from tests.intake.matrix import read_here


@pytest.fixture
def here(monkeypatch):
    """Read without a child process: the same code, a second sooner."""
    monkeypatch.setattr(upload_module, "run_reader", read_here)
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
    monkeypatch.setattr(arrow_file, "tell_progress", lambda done, of: None)
    yield
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})

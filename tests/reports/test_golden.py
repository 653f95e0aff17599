"""What the reports say, word for word: a changed layer, rule or text shows as a difference here.

``ETK_UPDATE_GOLDEN=1 python run.py test tests/reports/test_golden.py`` writes the files anew; the
difference is to be read before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from etk_geo.reports.screening_report import screening_document
from tests.reports.plain import plain_text
from tests.reports.test_evaluation_report import report
from tests.reports.test_reports import FACTS, source

FOLDER = Path(__file__).with_name("golden")


def check(name: str, text: str) -> None:
    path = FOLDER / name
    if os.environ.get("ETK_UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_screening_report(lang):
    check(f"screening_{lang}.txt", plain_text(screening_document(source(), FACTS, lang)))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_evaluation_report(lang):
    check(f"evaluation_{lang}.txt", plain_text(report(lang).document()))

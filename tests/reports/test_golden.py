"""What the reports say, word for word: a changed layer, rule or text shows as a difference here.

``ETK_UPDATE_GOLDEN=1 python run.py test tests/reports/test_golden.py`` writes the files anew; the
difference is to be read before it is committed.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from etk_geo.documents.model import Document, Paragraph, Section
from etk_geo.reports.screening_report import screening_document
from tests.reports.official import official_source
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
def test_screening_report_with_overlap_chainage_and_judgement(lang):
    document = screening_document(official_source(), FACTS, lang)
    check(f"official_{lang}.txt", plain_text(document))


def test_another_figure_and_another_judgement_are_differences():
    source = official_source()
    findings = source.screening.findings.copy()
    findings.loc[findings["overlap_most_m2"] > 0, "overlap_most_m2"] += 1.0
    others = (
        replace(source, opinions=()),
        replace(source, screening=replace(source.screening, findings=findings)),
    )
    golden = (FOLDER / "official_zh.txt").read_text(encoding="utf-8")
    for other in others:
        said = plain_text(screening_document(other, FACTS, "zh"))
        differing = [
            a for a, b in zip(said.splitlines(), golden.splitlines(), strict=False) if a != b
        ]
        assert differing


def test_hashes_and_versions_are_left_out_and_no_figure_is():
    figures = "K0+300 1,234,567.8 12345678901 0.4094 2026-11-25 RU033"
    hashes = f"3c543d0911eb {'0a' * 32} GEOS 3.12.1"
    (line,) = plain_text(document(figures, hashes)).splitlines()[2:]
    assert line == f"{figures} <hash> <sha256> GEOS <v>"


def document(*words):
    return Document("t", "zh", FACTS.dated, (Section((Paragraph(" ".join(words)),)),))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_evaluation_report(lang):
    check(f"evaluation_{lang}.txt", plain_text(report(lang).document()))

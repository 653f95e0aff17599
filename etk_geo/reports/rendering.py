"""The files of a screening report, made step by step."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Literal

from etk_geo.background import Tell
from etk_geo.documents.model import Document
from etk_geo.documents.pdf import pdf
from etk_geo.documents.word import docx
from etk_geo.i18n import text
from etk_geo.model import Lang
from etk_geo.reports.overlaps import overlaps_geojson
from etk_geo.reports.screening_report import WHOLE, screening_document
from etk_geo.reports.source import ReportFacts, ReportParts, ReportSource
from etk_geo.reports.workbook import screening_workbook

Form = Literal["docx", "pdf", "xlsx", "geojson"]
FORMS: tuple[Form, ...] = ("docx", "pdf", "xlsx", "geojson")
SET: tuple[Form, ...] = ("docx", "pdf")
"""Forms that are the same document, set in two ways."""


def render_report(
    source: ReportSource,
    facts: ReportFacts,
    lang: Lang,
    forms: Collection[Form] = FORMS,
    parts: ReportParts = WHOLE,
    tell: Tell | None = None,
) -> dict[Form, bytes]:
    """Return the files of a report by their form; the document is made once for all of them.

    Parameters
    ----------
    source
        The record and what its words need.
    facts
        Number, author and dates.
    lang
        Language of every word.
    forms
        What to make.
    parts
        What the document has of what may be left out.
    tell
        Called with steps done, steps in all, and in words what is made next: one step for each
        project of the document and one for each file. What it raises ends the work, and nothing
        is made.

    Raises
    ------
    AssetError
        If there is no Chinese font.
    """
    wanted = [form for form in FORMS if form in forms]
    projects = len(source.projects) if any(form in SET for form in wanted) else 0
    total = projects + len(wanted)

    def step(done: int, key: str, **values: object) -> None:
        if tell is not None:
            tell(done, total, text(f"reports.making.{key}", lang, **values))

    def project(done: int, _: int, name: str) -> None:
        step(done, "project", name=name)

    @cache
    def document() -> Document:
        return screening_document(source, facts, lang, parts, project)

    make: dict[Form, Callable[[], bytes]] = {
        "docx": lambda: docx(document()),
        "pdf": lambda: pdf(document()),
        "xlsx": lambda: screening_workbook(source, facts, lang),
        "geojson": lambda: overlaps_geojson(source),
    }
    if projects:
        document()
    made: dict[Form, bytes] = {}
    for number, form in enumerate(wanted):
        step(projects + number, form)
        made[form] = make[form]()
    step(total, "done")
    return made

"""The screening report as a document: what was checked, with which data, on which day."""

from __future__ import annotations

from etk_geo.background import Tell
from etk_geo.documents.model import Block, Document, Paragraph, Section
from etk_geo.figures.draw import map_source
from etk_geo.model import Lang
from etk_geo.plan import records
from etk_geo.reports.closing import Closing
from etk_geo.reports.opening import Opening
from etk_geo.reports.project_chapter import ProjectChapter
from etk_geo.reports.source import ReportFacts, ReportParts, ReportSource

WHOLE = ReportParts()


def screening_document(
    source: ReportSource,
    facts: ReportFacts,
    lang: Lang,
    parts: ReportParts = WHOLE,
    tell: Tell | None = None,
) -> Document:
    """Return the report of a screening.

    Parameters
    ----------
    source
        The record and what its words need.
    facts
        Number, author and dates.
    lang
        Language of every word.
    parts
        What it has of what may be left out.
    tell
        Called before each project with how many are done, how many there are, and its name. What
        it raises ends the work.

    Raises
    ------
    AssetError
        If there is no Chinese font for the figures.
    """
    opening = Opening(source, facts, lang)
    chapter = ProjectChapter(source, facts, lang)
    closing = Closing(source, facts, lang)
    ground = map_source(source.catalog, source.plan, lang) if parts.maps else None
    rows = records(source.screening.projects)
    details: list[Block] = [chapter.heading("details")]
    if ground is None and rows:
        details.append(Paragraph(chapter.say("maps_left_out")))
    for number, row in enumerate(rows, start=1):
        if tell is not None:
            tell(number - 1, len(rows), str(row[f"name_{lang}"]))
        details += chapter.blocks(number, str(row["project_id"]), ground)
    return Document(
        title=opening.say("title"),
        subtitle=facts.title,
        lang=lang,
        dated=facts.dated,
        author=facts.author,
        running=opening.say("running", number=facts.number or opening.say("unnumbered")),
        facts=tuple(opening.facts_of_report()),
        sections=(
            Section((*opening.summary(), *opening.ledger())),
            Section(tuple(details), landscape=True),
            Section(tuple(closing.blocks(parts.annex))),
        ),
    )

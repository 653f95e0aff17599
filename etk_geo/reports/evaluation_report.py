"""The yearly or mid-term evaluation as a document: DOCX and PDF come from the same one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from etk_geo.catalog import Catalog
from etk_geo.documents.model import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Section,
    Table,
)
from etk_geo.evaluation import Evaluation, Light, ProjectStatus, Result, explain
from etk_geo.evaluation.explain import NOT_KNOWN, number, percent, quantity
from etk_geo.figures.draw import MapSource, draw_map, map_source
from etk_geo.figures.model import FigureSize, MapFigure, Overlay
from etk_geo.model import is_known
from etk_geo.plan import PLAN_URL_SOURCE
from etk_geo.progress import Status
from etk_geo.search.items import citation_order
from etk_geo.wording import NamedTable, Row, Words

Occasion = Literal["yearly", "midterm"]

FILLS: Mapping[Light, str] = {
    Light.GREEN: "#cfe8d5",
    Light.AMBER: "#ffe3a6",
    Light.RED: "#f6c1bb",
    Light.GREY: "#e6e9eb",
}
"""Grounds of the lights; the word always stands on them as well."""

MAP_MM = (168.0, 150.0)
STATUS_ORDER: tuple[Status | None, ...] = (
    Status.DONE,
    Status.UNDER_WAY,
    Status.STOPPED,
    Status.NOT_STARTED,
    None,
)


@dataclass(frozen=True)
class Report:
    """What an evaluation report is made of.

    Parameters
    ----------
    evaluation
        What was found.
    catalog
        The layers, for map figures.
    words
        Plan and language.
    occasion
        A yearly or a mid-term evaluation.
    dated
        Day on which it is drawn up.
    """

    evaluation: Evaluation
    catalog: Catalog
    words: Words
    occasion: Occasion
    dated: date

    @property
    def title(self) -> str:
        """Title of the report."""
        return self.words.say(f"evaluation.report.{self.occasion}", year=self.evaluation.year)

    def document(self) -> Document:
        """Return the report as a document, for DOCX and PDF."""
        say = self.words.say
        year = str(self.evaluation.year)
        return Document(
            title=self.title,
            lang=self.words.lang,
            dated=self.dated,
            subtitle=say("evaluation.report.subtitle"),
            facts=(
                (say("evaluation.report.year"), year),
                (say("evaluation.report.as_of"), self.evaluation.as_of.isoformat()),
                (say("evaluation.report.dated"), self.dated.isoformat()),
                (say("evaluation.report.plan"), self.words.name("sources", PLAN_URL_SOURCE)),
            ),
            running=self.title,
            sections=(
                Section(tuple(self._overview())),
                Section(tuple(self._targets()), landscape=True),
                Section(tuple(self._projects())),
                Section((*self._gaps(), *self._steps(), *self._rules(), *self._citations())),
            ),
        )

    def _overview(self) -> Iterable[Block]:
        say, found = self.words.say, self.evaluation
        yield Heading(say("evaluation.report.overview"))
        known = sum(result.actual is not None for result in found.results)
        done = sum(project.entry is not None for project in found.projects)
        yield Paragraph(
            say(
                "evaluation.report.summary",
                targets=len(found.results),
                known=known,
                missing=len(found.results) - known,
                projects=len(found.projects),
                done=done,
            )
        )
        lights = found.lights()
        yield Table(
            (Column(say("evaluation.report.light"), 1), Column(say("evaluation.report.count"), 1)),
            tuple((self._light(light), str(lights[light])) for light in Light),
            caption=say("evaluation.report.lights"),
        )
        statuses = found.statuses()
        yield Table(
            (Column(say("evaluation.report.status"), 1), Column(say("evaluation.report.count"), 1)),
            tuple(
                (status_word(status, self.words), str(statuses[status])) for status in STATUS_ORDER
            ),
            caption=say("evaluation.report.statuses"),
        )
        yield Note(say("evaluation.report.caution"))

    def _light(self, light: Light) -> Cell:
        return Cell(self.words.say(f"evaluation.light.{light}"), fill=FILLS[light])

    def _targets(self) -> Iterable[Block]:
        say = self.words.say
        yield Heading(say("evaluation.report.targets"))
        columns = (
            Column(say("evaluation.report.target_name"), 3),
            Column(say("evaluation.report.baseline"), 1, "right"),
            Column(say("evaluation.report.wanted"), 1.3, "right"),
            Column(say("evaluation.report.unit"), 1.4),
            Column(say("evaluation.report.actual"), 1.7, "right"),
            Column(say("evaluation.report.share"), 1.8, "right"),
            Column(say("evaluation.report.gap"), 1.5, "right"),
            Column(say("evaluation.report.pace"), 1.5, "right"),
            Column(say("evaluation.report.light"), 1.2),
            Column(say("evaluation.report.rule"), 2.4),
            Column(say("evaluation.report.citation"), 0.9),
        )
        for sector, results in self.evaluation.by_sector().items():
            yield Heading(self.words.code("sector", sector), 2)
            yield Table(columns, tuple(self._target(r) for r in results), small=True)

    def _target(self, result: Result) -> tuple[str | Cell, ...]:
        row = target_cells(result, self.words)
        return (
            *(row[name] for name in ("name", "baseline", "wanted", "unit", "actual")),
            *(row[name] for name in ("share", "gap", "pace")),
            self._light(result.light),
            self.evaluation.rules.say(result.rule, self.words.lang),
            row["citation"],
        )

    def _projects(self) -> Iterable[Block]:
        say = self.words.say
        yield Heading(say("evaluation.report.projects"))
        columns = (
            Column(say("evaluation.report.project_name"), 3),
            Column(say("evaluation.report.category"), 1.6),
            Column(say("evaluation.report.since"), 1.3),
            Column(say("evaluation.report.source"), 2.2),
            Column(say("evaluation.report.citation"), 1.3),
        )
        source = map_source(self.catalog, self.words.plan, self.words.lang)
        for status in STATUS_ORDER:
            found = [p for p in self.evaluation.projects if p.status is status]
            if not found:
                continue
            word = status_word(status, self.words)
            heading = say("evaluation.report.status_heading", status=word, n=len(found))
            yield Heading(heading, 2)
            if status is not None:
                yield self._map(word, found, source)
            rows = tuple(self._project(project) for project in found)
            yield Table(columns, rows, small=True)

    def _project(self, project: ProjectStatus) -> tuple[str, ...]:
        row = project_cells(project, self.words)
        return tuple(row[name] for name in ("name", "category", "since", "source", "citation"))

    def _map(self, word: str, projects: list[ProjectStatus], source: MapSource) -> Block:
        geometries = {
            identifier: geometry
            for layer in self.catalog.layers.values()
            for identifier, geometry in zip(layer.gdf["id"], layer.gdf.geometry, strict=True)
        }
        overlays = tuple(
            Overlay(geometry, "project", self.words.of(p.project, "name"), word)
            for p in projects
            if (geometry := geometries.get(p.project["id"])) is not None
        )
        if not overlays:
            return Paragraph(self.words.say("evaluation.report.no_map"), tone="small")
        caption = self.words.say(
            "evaluation.report.map",
            status=word,
            n=len(overlays),
            unplaced=len(projects) - len(overlays),
        )
        figure = MapFigure(
            title="",
            lang=self.words.lang,
            dated=self.dated,
            size=FigureSize.millimetres(*MAP_MM),
            layers=BASE_LAYERS,
            overlays=overlays,
            halos=False,
        )
        return Figure(draw_map(figure, source).bytes("png"), *MAP_MM, caption, caption)

    def _gaps(self) -> Iterable[Block]:
        say = self.words.say
        yield Heading(say("evaluation.report.gaps"))
        for kind, subjects in gap_subjects(self.evaluation, self.words).items():
            named = say(f"evaluation.gap.{kind}")
            yield Heading(say("evaluation.report.gap_heading", gap=named, n=len(subjects)), 2)
            yield Paragraph(self.words.join(subjects))

    def _steps(self) -> Iterable[Block]:
        say = self.words.say
        yield Heading(say("evaluation.report.steps"))
        judged = [result for result in self.evaluation.results if result.actual is not None]
        if not judged:
            yield Paragraph(say("evaluation.report.no_steps"))
        for result in judged:
            yield Paragraph("", lead=self.words.of(result.target, "name"))
            source = actual_source(result, self.words)
            yield Bullets((*explain(result, self.words), source))

    def _rules(self) -> Iterable[Block]:
        say, rules = self.words.say, self.evaluation.rules
        yield Heading(say("evaluation.report.rules"))
        rows = tuple(
            (self._light(rules.lights[rule]), rules.say(rule, self.words.lang))
            for rule in rules.lights
        )
        yield Table(
            (Column(say("evaluation.report.light"), 1), Column(say("evaluation.report.rule"), 5)),
            rows,
        )

    def _citations(self) -> Iterable[Block]:
        say, plan = self.words.say, self.words.plan
        yield Heading(say("evaluation.report.citations"))
        yield Paragraph(self.words.citations(cited_sections(self.evaluation)), tone="small")
        source = self.words.row("sources", PLAN_URL_SOURCE)
        if source and len(plan.sources):
            yield Paragraph(str(source["url"]), tone="small")


BASE_LAYERS = frozenset({"banner", "neighbours", "rivers", "townships", "settlements"})
"""Layers beneath the projects of a map figure."""


def cited_sections(evaluation: Evaluation) -> list[str]:
    """Return the sections of the plan that targets and projects cite, in the plan's order."""
    rows = [
        *(result.target for result in evaluation.results),
        *(project.project for project in evaluation.projects),
    ]
    return sorted({cited for row in rows for cited in row["citation"]}, key=citation_order)


def target_cells(result: Result, words: Words) -> dict[str, str]:
    """Return what a report says of a target, in words and figures ready to print."""
    target = result.target
    wanted = words.amount(target["target_2025"]) if is_known(target["target_2025"]) else ""
    sign = words.own("comparator", target["comparator"])
    actual = words.say("evaluation.no_data")
    if result.actual is not None:
        actual = words.say(
            "evaluation.report.actual_of", n=number(result.actual, words), year=result.actual_year
        )
    pace = NOT_KNOWN if result.needed_pace is None else quantity(result.needed_pace, result, words)
    return {
        "name": words.of(target, "name"),
        "sector": words.code("sector", target["sector"]),
        "measure": words.code("measure", target["measure"]),
        "baseline": words.amount(target["baseline_2020"]) or NOT_KNOWN,
        "wanted": f"{sign} {wanted}".strip(),
        "unit": words.code("unit", target["unit"]),
        "actual": actual,
        "share": _share(result, words),
        "gap": _gap(result, words),
        "pace": pace,
        "citation": words.join(target["citation"]),
    }


def _share(result: Result, words: Words) -> str:
    if result.share is None or result.share_kind is None:
        return NOT_KNOWN
    shown = percent(result.share)
    if result.share_kind == "of_target":
        return words.say("evaluation.report.of_target", share=shown)
    return shown


def _gap(result: Result, words: Words) -> str:
    if result.gap is None:
        return NOT_KNOWN
    if result.gap:
        return quantity(result.gap, result, words)
    return words.say("evaluation.report.reached")


def project_cells(project: ProjectStatus, words: Words) -> dict[str, str]:
    """Return what a report says of a project."""
    row: Row = project.project
    said = project.entry.said if project.entry else None
    return {
        "name": words.of(row, "name"),
        "status": status_word(project.status, words),
        "category": words.name("categories", row["category"]),
        "since": (said.date or NOT_KNOWN) if said else NOT_KNOWN,
        "source": words.name("sources", said.source) if said else NOT_KNOWN,
        "author": said.author if said else "",
        "remark": project.entry.remark(words.lang) if project.entry else "",
        "citation": words.join(row["citation"]),
    }


def status_word(status: Status | None, words: Words) -> str:
    """Return the word for a status, or that there is no progress data."""
    return words.say("progress.none") if status is None else words.code("progress", status)


def actual_source(result: Result, words: Words) -> str:
    """Return where the actual value of a result is from, and who entered it."""
    entry = result.actuals[result.actual_year or 0]
    author = entry.said.author or words.say("progress.shipped")
    return words.say(
        "evaluation.report.actual_source",
        source=words.name("sources", entry.said.source) or NOT_KNOWN,
        date=entry.said.date or NOT_KNOWN,
        author=author,
        at=entry.entered_on,
    )


def gap_subjects(evaluation: Evaluation, words: Words) -> dict[str, list[str]]:
    """Return the names of what lacks data, by kind of gap."""
    subjects: dict[str, list[str]] = {}
    for gap in evaluation.gaps:
        table: NamedTable = "projects" if gap.kind == "no_status" else "targets"
        name = words.name(table, gap.subject)
        named = words.say("evaluation.report.detail", name=name, detail=gap.detail)
        subjects.setdefault(gap.kind, []).append(named if gap.detail else name)
    return subjects

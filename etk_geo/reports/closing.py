"""How a screening report closes: judgements, law, methods, hashes, coordinates, signatures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from etk_geo.documents.model import Block, Bullets, Column, KeyValues, Paragraph, Table
from etk_geo.plan import records
from etk_geo.reports.coordinates import MOST_CORNERS, Annex, corners
from etk_geo.reports.part import ReportPart
from etk_geo.screening.cards import cited, law_and_article
from etk_geo.screening.findings import CONSEQUENCES
from etk_geo.screening.opinion import WHOLE_PROJECT
from etk_geo.screening.outputs import words, zone_name
from etk_geo.screening.record import split_codes

ROOM_TO_SIGN = "\u00a0\n\u00a0"
"""Two lines; an empty line would be set as none."""


class Closing(ReportPart):
    """Everything after the projects."""

    def blocks(self, annex: Annex) -> Iterator[Block]:
        """Yield judgements, rules, methods, inputs, the annex of coordinates, signatures."""
        yield from self._judgements()
        yield from self._rules()
        yield from self._methods()
        yield from self._inputs()
        yield from self._coordinates(annex)
        yield from self._signing()

    def _judgements(self) -> Iterator[Block]:
        yield self.heading("judgements")
        if not self.opinions:
            yield Paragraph(self.say("no_judgements"))
            return
        yield Paragraph(self.say("judgements_about"))
        names = {zone.id: zone_name(zone, self.lang) for zone in self.source.screening.zones}
        projects = self.source.projects.set_index("project_id")[f"name_{self.lang}"].to_dict()
        columns = (
            Column(self.say("column.project"), 2.4),
            Column(self.say("column.zone"), 2.4),
            Column(self.say("column.computed"), 2),
            Column(self.say("column.ruling"), 1.5),
            Column(self.say("column.reason"), 4),
            Column(self.say("column.officer"), 1.5),
        )
        rows = tuple(
            (
                projects.get(opinion.project_id, opinion.project_id),
                self.say("whole_project")
                if opinion.zone_id == WHOLE_PROJECT
                else names.get(opinion.zone_id, opinion.zone_id),
                words("consequence", opinion.consequence, self.lang),
                self.say(f"ruled.{opinion.ruling}"),
                opinion.reason,
                f"{opinion.officer}\n{opinion.day.isoformat()}",
            )
            for opinion in self.opinions.values()
        )
        yield Table(columns, rows, small=True)

    def _rules(self) -> Iterator[Block]:
        findings = self.source.screening.findings
        used = {
            code
            for column in ("rules", "rules_open")
            for cell in findings[column].unique()
            for code in split_codes(cell)
        }
        yield self.heading("rules")
        yield Paragraph(self.say("rules_about"))
        columns = (
            Column(self.say("column.rule"), 1),
            Column(self.say("column.law"), 3),
            Column(self.say("column.dates"), 2),
            Column(self.say("column.demand"), 4.4),
            Column(self.say("column.authority"), 2),
            Column(self.say("column.confidence"), 1.6),
        )
        book = self.source.book
        rows = []
        for code in sorted(used):
            rule = cited(book.by_id[code], self.lang, applies=True)
            law = law_and_article(book.by_id[code], self.lang)
            demand = f"{rule.effect_words}\n{rule.demand}"
            rows.append((code, law, rule.dates, demand, rule.authority or "—", rule.confidence))
        yield Table(columns, tuple(rows), small=True)

    def _methods(self) -> Iterator[Block]:
        yield self.heading("methods")
        keys = ("method", "bounds", "missing", "law", "precise", "sources", "review", "verify")
        yield Bullets(tuple(self.say(f"limit.{key}") for key in keys))
        meanings = (
            (words("consequence", code, self.lang), self.say(f"meaning.{code}"))
            for code in reversed(CONSEQUENCES)
        )
        yield KeyValues(tuple(meanings))

    def _inputs(self) -> Iterator[Block]:
        body = self.source.body
        yield self.heading("inputs")
        columns = (Column(self.say("column.file"), 2), Column("SHA-256", 4))
        layers = [(layer["file"], layer["sha256"]) for layer in body["inputs"]["layers"]]
        rules = sorted(body["inputs"]["rules"].items())
        projects = (self.say("projects_file"), body["inputs"]["projects"]["sha256"])
        yield Table(columns, (projects, *layers, *rules), small=True)
        versions = self.source.record["environment"]
        listed = ", ".join(f"{name} {versions[name]}" for name in sorted(versions))
        yield Paragraph(listed, lead=self.say("software"), tone="small")

    def _coordinates(self, annex: Annex) -> Iterator[Block]:
        yield self.heading("coordinates")
        yield Paragraph(self.say(f"annex.{annex[-4:]}"))
        columns = (
            Column(self.say("column.part"), 1, "center"),
            Column(self.say("column.corner"), 1, "center"),
            Column(self.say("column.north"), 2, "right"),
            Column(self.say("column.east"), 2, "right"),
        )
        for row in records(self.source.projects):
            geometry = row["geometry"]
            if geometry is None or geometry.is_empty:
                continue
            listed = tuple(corners(geometry, annex))
            caption = str(row[f"name_{self.lang}"])
            yield Table(columns, listed[:MOST_CORNERS], caption=caption, small=True)
            if len(listed) > MOST_CORNERS:
                more = self.say("more_corners", n=len(listed) - MOST_CORNERS)
                yield Paragraph(more, tone="small")

    def _signing(self) -> Iterator[Block]:
        yield replace(self.heading("signing"), new_page=True)
        names = ("prepared", "checked", "approved_by")
        columns = (
            Column(self.say("column.role"), 1),
            *(Column(self.say(f"column.{n}"), 2) for n in ("name", "signature", "date")),
        )
        yield Table(
            columns, tuple((self.say(f"sign.{name}"), ROOM_TO_SIGN, "", "") for name in names)
        )

"""The screening report as a document: what was checked, with which data, on which day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from etk_geo.background import Tell
from etk_geo.documents.model import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Section,
    Table,
)
from etk_geo.figures.draw import MapSource, map_source
from etk_geo.i18n import text
from etk_geo.measure import MU_PER_HA, area_m2, length_m
from etk_geo.model import Lang, is_known
from etk_geo.plan import records
from etk_geo.reports.coordinates import MOST_CORNERS, corners
from etk_geo.reports.maps import SIZE, project_map
from etk_geo.reports.source import ReportFacts, ReportParts, ReportSource, validity
from etk_geo.screening.cards import (
    CitedRule,
    ProjectResult,
    ZoneCard,
    cited,
    law_and_article,
    project_result,
)
from etk_geo.screening.findings import CONSEQUENCES
from etk_geo.screening.opinion import WHOLE_PROJECT, Opinion, opinions_by_pair
from etk_geo.screening.outputs import M2_PER_HA, VERSION_LENGTH, words, zone_name
from etk_geo.screening.pairs import VERDICTS
from etk_geo.screening.record import split_codes
from etk_geo.wording import Words

WHOLE = ReportParts()

FILLS = {
    "prohibited": "#F3C5BE",
    "needs_approval": "#FBE0B5",
    "cannot_judge": "#E3E3EA",
    "attention": "#FFF6C9",
    "none": "",
}
"""Ground of a consequence; its words always stand beside it."""

HOLDINGS = ("missing", "superseded", "approximate", "held")
"""Order of the ledger: what is missing comes first."""


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
    return _Report(source, facts, lang, parts).document(tell)


@dataclass
class _Report:
    """Builds the sections of one report."""

    source: ReportSource
    facts: ReportFacts
    lang: Lang
    parts: ReportParts

    def document(self, tell: Tell | None) -> Document:
        ground = None
        if self.parts.maps:
            ground = map_source(self.source.catalog, self.source.plan, self.lang)
        rows = self.source.screening.projects
        details: list[Block] = [self._heading("details")]
        for number, row in enumerate(records(rows), start=1):
            if tell is not None:
                tell(number - 1, len(rows), str(row[f"name_{self.lang}"]))
            details += self._project(number, str(row["project_id"]), ground)
        return Document(
            title=self._say("title"),
            subtitle=self.facts.title,
            lang=self.lang,
            dated=self.facts.dated,
            author=self.facts.author,
            running=self._say("running", number=self.facts.number or self._say("unnumbered")),
            facts=tuple(self._facts()),
            sections=(
                Section((*self._summary(), *self._ledger())),
                Section(tuple(details), landscape=True),
                Section(
                    (
                        *self._judgements(),
                        *self._rules(),
                        *self._methods(),
                        *self._inputs(),
                        *self._coordinates(),
                        *self._signing(),
                    )
                ),
            ),
        )

    def _say(self, key: str, **values: object) -> str:
        return text(f"reports.{key}", self.lang, **values)

    def _heading(self, key: str, level: int = 1) -> Heading:
        return Heading(self._say(f"heading.{key}"), level)

    @cached_property
    def _words(self) -> Words:
        return Words(self.source.plan, self.lang)

    @cached_property
    def _opinions(self) -> dict[tuple[str, str], Opinion]:
        return opinions_by_pair(self.source.opinions)

    def _facts(self) -> Iterator[tuple[str, str]]:
        source, facts = self.source, self.facts
        until, by_law = validity(source, facts.dated)
        if facts.valid_until is not None:
            until, by_law = facts.valid_until, False
        screening = source.screening
        yield self._say("fact.number"), facts.number or self._say("unnumbered")
        yield self._say("fact.dated"), facts.dated.isoformat()
        yield self._say("fact.as_of"), screening.as_of.isoformat()
        yield self._say("fact.author"), facts.author or self._say("not_stated")
        ends = self._say("valid_by_law" if by_law else "valid_by_days")
        yield self._say("fact.valid_until"), self._say("until", day=until.isoformat(), why=ends)
        yield (
            self._say("fact.scope"),
            text(
                "screening.counts",
                self.lang,
                projects=len(screening.projects),
                zones=len(screening.zones),
                pairs=len(screening.findings),
            ),
        )
        yield self._say("fact.hash"), source.hash

    def _summary(self) -> Iterator[Block]:
        screening = self.source.screening
        yield Note(self._say("what_it_is"), lead=self._say("mind"))
        yield self._heading("summary")
        missing = screening.totals["NOT_CHECKED"]
        yield Paragraph(
            self._say("missing_first", n=missing, all=sum(screening.totals.values())),
            tone="strong",
        )
        counts = [
            (words("verdict", verdict, self.lang), str(screening.totals[verdict]))
            for verdict in VERDICTS
        ]
        total = (self._say("sum"), str(sum(screening.totals.values())))
        yield Table(
            (Column(self._say("column.verdict"), 3), Column(self._say("column.pairs"), 1, "right")),
            (*counts, total),
            caption=self._say("caption.totals"),
        )
        yield self._matrix()

    def _matrix(self) -> Table:
        """Return one row per project: conclusion, worst possible, number of zones by verdict."""
        rows: list[tuple[str | Cell, ...]] = [
            (
                str(number),
                str(row[f"name_{self.lang}"]),
                self._consequence(row["consequence"]),
                words("consequence", row["possible"], self.lang),
                *(str(int(row[verdict])) for verdict in VERDICTS),
            )
            for number, row in enumerate(records(self.source.screening.projects), start=1)
        ]
        verdicts = (Column(self._say(f"short.{name}"), 1.1, "right") for name in VERDICTS)
        columns = (
            Column(self._say("column.number"), 0.8, "center"),
            Column(self._say("column.project"), 5),
            Column(self._say("column.consequence"), 2),
            Column(self._say("column.possible"), 2),
            *verdicts,
        )
        return Table(columns, tuple(rows), caption=self._say("caption.matrix"), small=True)

    def _consequence(self, code: str) -> Cell:
        return Cell(words("consequence", code, self.lang), strong=True, fill=FILLS[code])

    def _ledger(self) -> Iterator[Block]:
        ledger = self.source.body["ledger"]
        yield self._heading("ledger")
        yield Paragraph(self._say("ledger_about"))
        columns = (
            Column(self._say("column.zone_type"), 3.2),
            Column(self._say("column.holding"), 1.6),
            Column(self._say("column.version"), 2.6),
            Column(self._say("column.as_of"), 1.7),
            Column(self._say("column.holder"), 3),
        )
        rows: list[tuple[str | Cell, ...]] = [
            (
                row[f"name_{self.lang}"],
                Cell(
                    words("holding", row["holding"], self.lang),
                    strong=row["holding"] == "missing",
                    fill=FILLS["cannot_judge"] if row["holding"] == "missing" else "",
                ),
                self._versions(row["layers"]),
                "\n".join(row["as_of"]) or "—",
                row[f"holder_{self.lang}"] or "—",
            )
            for row in sorted(ledger, key=lambda row: HOLDINGS.index(row["holding"]))
        ]
        yield Table(columns, tuple(rows), caption=self._say("caption.ledger"), small=True)

    def _versions(self, layers: list[dict[str, str]]) -> str:
        titles = self.source.titles(self.lang)
        return (
            "\n".join(
                f"{titles.get(layer['id'], layer['id'])} {layer['sha256'][:VERSION_LENGTH]}"
                for layer in layers
            )
            or "—"
        )

    def _project(self, number: int, project_id: str, ground: MapSource | None) -> Iterator[Block]:
        source = self.source
        result = project_result(
            source.screening, project_id, source.book, self.lang, source.titles(self.lang)
        )
        yield Heading(f"{number}  {result.name}", 2)
        yield KeyValues(tuple(self._about(project_id, result)), share=0.18)
        yield Paragraph(
            text("screening.gap", self.lang).join(result.details), lead=self._stop(result.headline)
        )
        picture = None
        if ground is not None:
            picture = project_map(source, project_id, ground, self.facts.dated)
        if picture is not None:
            caption = self._say("caption.map", number=number, name=result.name)
            yield Figure(picture, SIZE.width_mm, SIZE.height_mm, caption)
        elif ground is not None:
            changed = source.zones is None
            yield Paragraph(self._say("no_map_changed" if changed else "no_map"), tone="small")
        if self._project_row(project_id)["geometry"] is None:
            yield self._open_table(result)
        else:
            yield self._zone_table(project_id, result)
        yield from self._missing(result)

    def _stop(self, sentence: str) -> str:
        return sentence + ("。" if self.lang == "zh" else ". ")

    def _about(self, project_id: str, result: ProjectResult) -> Iterator[tuple[str, str]]:
        row = self._project_row(project_id)
        decided = row["decided_on"]
        accuracy = row["accuracy_m"]
        known = is_known(accuracy)
        pairs = (
            ("project_id", project_id),
            ("category", self._words.name("categories", result.category) or "—"),
            ("decided_on", decided.isoformat() if decided else self._say("not_stated")),
            ("law_date", result.law_date),
            ("size", self._size(row)),
            (
                "accuracy",
                f"±{self._words.metres(accuracy)}" if known else self._say("unknown"),
            ),
        )
        for (first, value), (second, other) in zip(pairs[::2], pairs[1::2], strict=True):
            names = f"{self._say(f'fact.{first}')} / {self._say(f'fact.{second}')}"
            yield names, f"{value} / {other}"
        if remark := row[f"known_{self.lang}"]:
            yield self._say("fact.known"), str(remark)

    def _project_row(self, project_id: str) -> dict[str, Any]:
        projects = self.source.projects
        return records(projects[projects["project_id"] == project_id])[0]

    def _size(self, row: dict[str, Any]) -> str:
        geometry = row["geometry"]
        if geometry is None:
            return self._say("no_position")
        kind = geometry.geom_type
        if "Polygon" in kind:
            hectares = area_m2(geometry) / M2_PER_HA
            mu = f"{hectares * MU_PER_HA:,.2f}"
            return text("environment.area", self.lang, ha=f"{hectares:,.4f}", mu=mu)
        if "Line" in kind:
            return text("environment.kilometres", self.lang, n=f"{length_m(geometry) / 1000:,.3f}")
        lon, lat = geometry.centroid.x, geometry.centroid.y
        return self._say("point", lon=f"{lon:.5f}", lat=f"{lat:.5f}")

    def _zone_table(self, project_id: str, result: ProjectResult) -> Table:
        columns = (
            Column(self._say("column.number"), 0.7, "center"),
            Column(self._say("column.zone"), 2.3),
            Column(self._say("column.version"), 2),
            Column(self._say("column.overlap"), 2),
            Column(self._say("column.area"), 2),
            Column(self._say("column.share"), 1.2),
            Column(self._say("column.distance"), 1.6),
            Column(self._say("column.rules"), 3.6),
            Column(self._say("column.consequence"), 2.2),
            Column(self._say("column.authority"), 2.2),
        )
        rows = tuple(
            self._zone_row(number, card, self._opinions.get((project_id, card.zone_id)))
            for number, card in enumerate(result.cards, start=1)
        )
        caption = self._say("caption.zones" if rows else "caption.no_zones", n=len(rows))
        return Table(columns, rows, caption=caption, small=True)

    def _open_table(self, result: ProjectResult) -> Table:
        """Return the zones of a project without a position, of which none can be judged."""
        columns = (
            Column(self._say("column.number"), 0.6, "center"),
            Column(self._say("column.zone"), 2.6),
            Column(self._say("column.version"), 3),
            Column(self._say("column.rules"), 6),
            Column(self._say("column.consequence"), 1.4),
            Column(self._say("column.possible"), 1.4),
        )
        rows = tuple(
            (
                str(number),
                card.name,
                f"{card.layer} {card.version}",
                self._cited(card.rules),
                Cell(card.consequence_words, fill=FILLS[card.consequence]),
                words("consequence", card.possible, self.lang) if card.possible else "—",
            )
            for number, card in enumerate(result.cards, start=1)
        )
        caption = self._say("caption.open", n=len(rows))
        return Table(columns, rows, caption=caption, small=True)

    def _zone_row(
        self, number: int, card: ZoneCard, opinion: Opinion | None
    ) -> tuple[str | Cell, ...]:
        figures = dict(card.figures)

        def figure(*stems: str) -> str:
            found = (figures.get(text(f"environment.figure_{stem}", self.lang)) for stem in stems)
            return "\n".join(value for value in found if value) or "—"

        said = [card.consequence_words]
        if card.possible not in ("", card.consequence):
            worst = words("consequence", card.possible, self.lang)
            said.append(text("environment.worst", self.lang, effect=worst))
        said += [card.basis] if card.basis else []
        if card.needs:
            said.append(card.needs)
        if opinion is not None:
            said.append(self._say(f"ruling.{opinion.ruling}", name=opinion.officer))
        authorities = dict.fromkeys(rule.authority for rule in card.rules if rule.authority)
        return (
            str(number),
            card.name,
            f"{card.layer}\n{card.version}\n{card.as_of}".strip(),
            f"{card.verdict_words}\n{card.reason}",
            figure("overlap", "length"),
            figure("share"),
            figure("distance"),
            self._cited(card.rules),
            Cell("\n".join(said), fill=FILLS[card.consequence]),
            "\n".join(authorities) or "—",
        )

    def _cited(self, rules: Sequence[CitedRule]) -> str:
        """Return rules by law: articles, ids, and whether they only may apply."""
        grouped: dict[tuple[str, bool], list[CitedRule]] = {}
        for rule in rules:
            grouped.setdefault((rule.law, rule.applies), []).append(rule)
        mark = text("mark.list", self.lang)
        lines = []
        for (law, applies), members in grouped.items():
            listed = (a for rule in members for a in rule.article.split(";") if a)
            articles = mark.join(dict.fromkeys(listed))
            named = text("environment.article", self.lang, law=law, article=articles)
            remarks = [] if applies else [self._say("may_apply")]
            if any(rule.to_be_confirmed for rule in members):
                remarks.append(text("environment.to_be_confirmed", self.lang))
            ids = " ".join(rule.id for rule in members)
            lines.append(" ".join((named if articles else law, f"[{ids}]", *remarks)))
        return "\n".join(lines) or "—"

    def _missing(self, result: ProjectResult) -> Iterator[Block]:
        if not result.missing:
            return
        columns = (
            Column(self._say("column.holder"), 2.4),
            Column(self._say("column.count"), 0.8, "right"),
            Column(self._say("column.not_checked"), 8),
            Column(self._say("column.possible"), 1.6),
        )
        rows = tuple(
            (
                missing.holder,
                str(len(missing.zones)),
                text("mark.list", self.lang).join(dict.fromkeys(z for z, _, _ in missing.zones)),
                words("consequence", missing.worst, self.lang) or "—",
            )
            for missing in result.missing
        )
        caption = self._say("caption.missing", n=result.not_checked)
        yield Table(columns, rows, caption=caption, small=True)

    def _judgements(self) -> Iterator[Block]:
        yield self._heading("judgements")
        if not self._opinions:
            yield Paragraph(self._say("no_judgements"))
            return
        yield Paragraph(self._say("judgements_about"))
        names = {zone.id: zone_name(zone, self.lang) for zone in self.source.screening.zones}
        projects = self.source.projects.set_index("project_id")[f"name_{self.lang}"].to_dict()
        columns = (
            Column(self._say("column.project"), 2.4),
            Column(self._say("column.zone"), 2.4),
            Column(self._say("column.computed"), 2),
            Column(self._say("column.ruling"), 1.5),
            Column(self._say("column.reason"), 4),
            Column(self._say("column.officer"), 1.5),
        )
        rows = tuple(
            (
                projects.get(opinion.project_id, opinion.project_id),
                self._say("whole_project")
                if opinion.zone_id == WHOLE_PROJECT
                else names.get(opinion.zone_id, opinion.zone_id),
                words("consequence", opinion.consequence, self.lang),
                self._say(f"ruled.{opinion.ruling}"),
                opinion.reason,
                f"{opinion.officer}\n{opinion.day.isoformat()}",
            )
            for opinion in self._opinions.values()
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
        yield self._heading("rules")
        yield Paragraph(self._say("rules_about"))
        columns = (
            Column(self._say("column.rule"), 1),
            Column(self._say("column.law"), 3),
            Column(self._say("column.dates"), 2),
            Column(self._say("column.demand"), 4.4),
            Column(self._say("column.authority"), 2),
            Column(self._say("column.confidence"), 1.6),
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
        yield self._heading("methods")
        keys = ("method", "bounds", "missing", "law", "precise", "sources", "review", "verify")
        yield Bullets(tuple(self._say(f"limit.{key}") for key in keys))
        meanings = (
            (words("consequence", code, self.lang), self._say(f"meaning.{code}"))
            for code in reversed(CONSEQUENCES)
        )
        yield KeyValues(tuple(meanings))

    def _inputs(self) -> Iterator[Block]:
        body = self.source.body
        yield self._heading("inputs")
        columns = (Column(self._say("column.file"), 2), Column("SHA-256", 4))
        layers = [(layer["file"], layer["sha256"]) for layer in body["inputs"]["layers"]]
        rules = sorted(body["inputs"]["rules"].items())
        projects = (self._say("projects_file"), body["inputs"]["projects"]["sha256"])
        yield Table(columns, (projects, *layers, *rules), small=True)
        versions = self.source.record["environment"]
        listed = ", ".join(f"{name} {versions[name]}" for name in sorted(versions))
        yield Paragraph(listed, lead=self._say("software"), tone="small")

    def _coordinates(self) -> Iterator[Block]:
        yield self._heading("coordinates")
        yield Paragraph(self._say(f"annex.{self.parts.annex[-4:]}"))
        columns = (
            Column(self._say("column.part"), 1, "center"),
            Column(self._say("column.corner"), 1, "center"),
            Column(self._say("column.north"), 2, "right"),
            Column(self._say("column.east"), 2, "right"),
        )
        for row in records(self.source.projects):
            geometry = row["geometry"]
            if geometry is None or geometry.is_empty:
                continue
            listed = tuple(corners(geometry, self.parts.annex))
            caption = str(row[f"name_{self.lang}"])
            yield Table(columns, listed[:MOST_CORNERS], caption=caption, small=True)
            if len(listed) > MOST_CORNERS:
                more = self._say("more_corners", n=len(listed) - MOST_CORNERS)
                yield Paragraph(more, tone="small")

    def _signing(self) -> Iterator[Block]:
        yield self._heading("signing")
        names = ("prepared", "checked", "approved_by")
        columns = (
            Column(self._say("column.role"), 1),
            *(Column(self._say(f"column.{n}"), 2) for n in ("name", "signature", "date")),
        )
        yield Table(columns, tuple((self._say(f"sign.{name}"), "\n", "", "") for name in names))

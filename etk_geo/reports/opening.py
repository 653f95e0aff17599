"""How a screening report opens: what it is, what was found in all, which data it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from etk_geo.documents.model import Block, Cell, Column, Note, Paragraph, Table
from etk_geo.i18n import text
from etk_geo.plan import records
from etk_geo.reports.part import FILLS, ReportPart
from etk_geo.reports.source import validity
from etk_geo.screening.outputs import VERSION_LENGTH, words
from etk_geo.screening.pairs import VERDICTS

HOLDINGS = ("missing", "superseded", "approximate", "held")
"""Order of the ledger: what is missing comes first."""


class Opening(ReportPart):
    """Facts, totals, matrix of projects, coverage ledger."""

    def facts_of_report(self) -> Iterator[tuple[str, str]]:
        """Yield number, days, author, validity, scope and hash of the record."""
        source, facts = self.source, self.facts
        until, by_law = validity(source, facts.dated)
        if facts.valid_until is not None:
            until, by_law = facts.valid_until, False
        screening = source.screening
        yield self.say("fact.number"), facts.number or self.say("unnumbered")
        yield self.say("fact.dated"), facts.dated.isoformat()
        yield self.say("fact.as_of"), screening.as_of.isoformat()
        yield self.say("fact.author"), facts.author or self.say("not_stated")
        ends = self.say("valid_by_law" if by_law else "valid_by_days")
        yield self.say("fact.valid_until"), self.say("until", day=until.isoformat(), why=ends)
        yield (
            self.say("fact.scope"),
            text(
                "screening.counts",
                self.lang,
                projects=len(screening.projects),
                zones=len(screening.zones),
                pairs=len(screening.findings),
            ),
        )
        yield self.say("fact.hash"), source.hash

    def summary(self) -> Iterator[Block]:
        """Yield what the report is, and what was found in all, what is missing first."""
        screening = self.source.screening
        yield Note(self.say("what_it_is"), lead=self.say("mind"))
        yield self.heading("summary")
        missing = screening.totals["NOT_CHECKED"]
        yield Paragraph(
            self.say("missing_first", n=missing, all=sum(screening.totals.values())),
            tone="strong",
        )
        counts = [
            (words("verdict", verdict, self.lang), str(screening.totals[verdict]))
            for verdict in VERDICTS
        ]
        total = (self.say("sum"), str(sum(screening.totals.values())))
        yield Table(
            (Column(self.say("column.verdict"), 3), Column(self.say("column.pairs"), 1, "right")),
            (*counts, total),
            caption=self.say("caption.totals"),
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
        verdicts = (Column(self.say(f"short.{name}"), 1.25, "right") for name in VERDICTS)
        columns = (
            Column(self.say("column.number"), 0.8, "center"),
            Column(self.say("column.project"), 4.1),
            Column(self.say("column.consequence"), 2),
            Column(self.say("column.possible"), 2),
            *verdicts,
        )
        return Table(columns, tuple(rows), caption=self.say("caption.matrix"), small=True)

    def _consequence(self, code: str) -> Cell:
        return Cell(words("consequence", code, self.lang), strong=True, fill=FILLS[code])

    def ledger(self) -> Iterator[Block]:
        """Yield the coverage of the data, what is missing first."""
        ledger = self.source.body["ledger"]
        yield self.heading("ledger")
        yield Paragraph(self.say("ledger_about"))
        columns = (
            Column(self.say("column.zone_type"), 3.2),
            Column(self.say("column.holding"), 1.6),
            Column(self.say("column.version"), 2.6),
            Column(self.say("column.as_of"), 1.7),
            Column(self.say("column.holder"), 3),
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
        yield Table(columns, tuple(rows), caption=self.say("caption.ledger"), small=True)

    def _versions(self, layers: list[dict[str, str]]) -> str:
        titles = self.source.titles(self.lang)
        return (
            "\n".join(
                f"{titles.get(layer['id'], layer['id'])} {layer['sha256'][:VERSION_LENGTH]}"
                for layer in layers
            )
            or "—"
        )

"""How a screening report opens: what it is, what was found in all, which data it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from etk_geo.documents.model import Block, Cell, Column, Note, Paragraph, Table
from etk_geo.i18n import text
from etk_geo.plan import records
from etk_geo.reports.part import FILLS, ReportPart
from etk_geo.reports.source import validity
from etk_geo.screening.cards import figures, law_and_article
from etk_geo.screening.found import found_sentence
from etk_geo.screening.outputs import STRICT, VERSION_LENGTH, words, zone_name
from etk_geo.screening.pairs import VERDICTS

HOLDINGS = ("missing", "superseded", "approximate", "held")
"""Order of the ledger: what is missing comes first."""

MOST_FOUND = 100
"""Findings in the table of the summary; all of them stand project by project."""


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
        conclusions = screening.projects["consequence"].value_counts()
        counts = {str(code): int(n) for code, n in conclusions.items()}
        if counts:
            yield Paragraph(self.stop(found_sentence(counts, self.words)), tone="strong")
        missing = screening.totals["NOT_CHECKED"]
        yield Paragraph(
            self.say("missing_first", n=missing, all=sum(screening.totals.values())),
            tone="strong",
        )
        totals = [
            (words("verdict", verdict, self.lang), str(screening.totals[verdict]))
            for verdict in VERDICTS
        ]
        total = (self.say("sum"), str(sum(screening.totals.values())))
        yield Table(
            (Column(self.say("column.verdict"), 3), Column(self.say("column.pairs"), 1, "right")),
            (*totals, total),
            caption=self.say("caption.totals"),
        )
        yield self._matrix()
        yield from self._found()

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
        verdicts = (
            Column(self.say(f"short.{name}"), 1.6 if name == "INDETERMINATE" else 1.35, "right")
            for name in VERDICTS
        )
        columns = (
            Column(self.say("column.number"), 0.8, "center"),
            Column(self.say("column.project"), 3.6),
            Column(self.say("column.consequence"), 2),
            Column(self.say("column.possible"), 2),
            *verdicts,
        )
        return Table(columns, tuple(rows), caption=self.say("caption.matrix"), small=True)

    def _found(self) -> Iterator[Block]:
        """Yield what was found to be prohibited or to need approval, the strictest first.

        An officer's judgement stands beside what was computed.
        """
        strict = self._strict()
        if strict.empty:
            return
        projects = self.source.projects.set_index("project_id")[f"name_{self.lang}"].to_dict()
        zones = {zone.id: zone for zone in self.source.screening.zones}
        columns = (
            Column(self.say("column.project"), 2.5),
            Column(self.say("column.zone"), 2.1),
            Column(self.say("column.verdict"), 1.6),
            Column(self.say("column.area"), 2.4),
            Column(self.say("column.rules"), 3.2),
            Column(self.say("column.consequence"), 2.1),
            Column(self.say("column.judged"), 2.1),
        )
        rows: list[tuple[str | Cell, ...]] = [
            (
                str(projects[row["project_id"]]),
                zone_name(zones[row["zone_id"]], self.lang),
                words("verdict", row["verdict"], self.lang),
                self._overlap(row),
                self._law(row),
                self._consequence(row["consequence"]),
                self._judged(row["project_id"], row["zone_id"]),
            )
            for row in records(strict.head(MOST_FOUND))
        ]
        caption = self.say("caption.found", n=len(strict))
        yield Table(columns, tuple(rows), caption=caption, small=True)
        if len(strict) > MOST_FOUND:
            more = self.say("more_found", n=len(strict) - MOST_FOUND)
            yield Paragraph(more, tone="small")

    def _strict(self) -> pd.DataFrame:
        findings = self.source.screening.findings
        found = findings[findings["consequence"].isin(STRICT)]
        rank = found["consequence"].map(STRICT.index)
        return found.loc[rank.sort_values(kind="stable").index]

    def _overlap(self, row: Mapping[str, Any]) -> str:
        found = dict(figures(row, self.lang))
        stems = ("overlap", "length", "distance")
        named = (found.get(text(f"environment.figure_{stem}", self.lang)) for stem in stems)
        return next((value for value in named if value), "—")

    def _law(self, row: Mapping[str, Any]) -> str:
        rule = self.source.book.by_id.get(str(row["deciding_rule"]))
        if rule is None:
            return words("basis", str(row["basis"]), self.lang) or "—"
        return f"{law_and_article(rule, self.lang)} [{rule.id}]"

    def _judged(self, project_id: str, zone_id: str) -> str:
        opinion = self.opinions.get((project_id, zone_id))
        if opinion is None:
            return "—"
        return f"{self.say(f'ruled.{opinion.ruling}')}\n{opinion.officer}"

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
        yield Table(
            columns,
            tuple(rows),
            caption=self.say("caption.ledger", number=3 if self._strict().empty else 4),
            small=True,
        )

    def _versions(self, layers: list[dict[str, str]]) -> str:
        titles = self.source.titles(self.lang)
        return (
            "\n".join(
                f"{titles.get(layer['id'], layer['id'])} {layer['sha256'][:VERSION_LENGTH]}"
                for layer in layers
            )
            or "—"
        )

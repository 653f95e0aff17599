"""One project of a screening report: what it is, its map, its zones, what was not checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from etk_geo.documents.model import (
    Block,
    Cell,
    Column,
    Heading,
    KeyValues,
    Paragraph,
    Table,
)
from etk_geo.figures.draw import MapSource
from etk_geo.i18n import text
from etk_geo.measure import MU_PER_HA, area_m2, length_m
from etk_geo.model import is_known
from etk_geo.plan import records
from etk_geo.reports.maps import project_map
from etk_geo.reports.part import FILLS, ReportPart
from etk_geo.screening.cards import CitedRule, ProjectResult, ZoneCard, project_result
from etk_geo.screening.chainage import station
from etk_geo.screening.opinion import Opinion
from etk_geo.screening.outputs import M2_PER_HA, category_names, words, zone_name
from etk_geo.screening.verdict import Verdict


class ProjectChapter(ReportPart):
    """The chapter of one project."""

    def blocks(self, number: int, project_id: str, ground: MapSource | None) -> Iterator[Block]:
        """Yield the chapter of the ``number``-th project; no map without a ``ground``.

        Each chapter begins a page, so that what the project is stands with its map.
        """
        source = self.source
        result = project_result(
            source.screening, project_id, source.book, self.lang, source.titles(self.lang)
        )
        yield Heading(f"{number}  {result.name}", 2, new_page=number > 1)
        yield KeyValues(tuple(self._about(project_id, result)), share=0.18)
        yield Paragraph(
            text("screening.gap", self.lang).join(result.details), lead=self.stop(result.headline)
        )
        if ground is not None:
            yield self._map(number, project_id, result.name, ground)
        if self._project_row(project_id)["geometry"] is None:
            yield self._open_table(result)
        else:
            yield self._zone_table(project_id, result)
        yield from self._passages(project_id)
        yield from self._missing(result)

    def _map(self, number: int, project_id: str, name: str, ground: MapSource) -> Block:
        caption = self.say("caption.map", number=number, name=name)
        drawn = project_map(self.source, project_id, ground, self.facts, caption)
        if drawn is not None:
            return drawn
        changed = self.source.zones is None
        return Paragraph(self.say("no_map_changed" if changed else "no_map"), tone="small")

    def _about(self, project_id: str, result: ProjectResult) -> Iterator[tuple[str, str]]:
        row = self._project_row(project_id)
        decided = row["decided_on"]
        accuracy = row["accuracy_m"]
        known = is_known(accuracy)
        pairs = (
            ("project_id", project_id),
            ("category", self._category(result.category)),
            ("decided_on", decided.isoformat() if decided else self.say("not_stated")),
            ("law_date", result.law_date),
            ("size", self._size(row)),
            (
                "accuracy",
                f"±{self.words.metres(accuracy)}" if known else self.say("unknown"),
            ),
        )
        for (first, value), (second, other) in zip(pairs[::2], pairs[1::2], strict=True):
            names = f"{self.say(f'fact.{first}')} / {self.say(f'fact.{second}')}"
            yield names, f"{value} / {other}"
        if remark := row[f"known_{self.lang}"]:
            yield self.say("fact.known"), str(remark)

    def _category(self, code: str) -> str:
        return category_names(self.source.plan, self.lang).get(code, code) or "—"

    def _project_row(self, project_id: str) -> dict[str, Any]:
        projects = self.source.projects
        return records(projects[projects["project_id"] == project_id])[0]

    def _size(self, row: dict[str, Any]) -> str:
        geometry = row["geometry"]
        if geometry is None:
            return self.say("no_position")
        kind = geometry.geom_type
        if "Polygon" in kind:
            hectares = area_m2(geometry) / M2_PER_HA
            mu = f"{hectares * MU_PER_HA:,.2f}"
            return text("environment.area", self.lang, ha=f"{hectares:,.4f}", mu=mu)
        if "Line" in kind:
            return text("environment.kilometres", self.lang, n=f"{length_m(geometry) / 1000:,.3f}")
        lon, lat = geometry.centroid.x, geometry.centroid.y
        return self.say("point", lon=f"{lon:.5f}", lat=f"{lat:.5f}")

    def _zone_table(self, project_id: str, result: ProjectResult) -> Table:
        columns = (
            Column(self.say("column.number"), 0.7, "center"),
            Column(self.say("column.zone"), 1.9),
            Column(self.say("column.version"), 2),
            Column(self.say("column.overlap"), 2.5),
            Column(self.say("column.area"), 1.9),
            Column(self.say("column.share"), 1.2),
            Column(self.say("column.distance"), 1.3),
            Column(self.say("column.rules"), 3.3),
            Column(self.say("column.consequence"), 3.1),
            Column(self.say("column.authority"), 1.9),
        )
        rows = tuple(
            self._zone_row(number, card, self.opinions.get((project_id, card.zone_id)))
            for number, card in enumerate(result.cards, start=1)
        )
        caption = self.say("caption.zones" if rows else "caption.no_zones", n=len(rows))
        return Table(columns, rows, caption=caption, small=True)

    def _open_table(self, result: ProjectResult) -> Table:
        """Return the zones of a project without a position, of which none can be judged."""
        columns = (
            Column(self.say("column.number"), 0.6, "center"),
            Column(self.say("column.zone"), 2.6),
            Column(self.say("column.version"), 3),
            Column(self.say("column.rules"), 6),
            Column(self.say("column.consequence"), 1.4),
            Column(self.say("column.possible"), 1.4),
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
        caption = self.say("caption.open", n=len(rows))
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
        if card.basis and card.verdict != Verdict.INDETERMINATE:
            said.append(card.basis)  # the column of the overlap says why a pair is open
        if card.needs:
            said.append(card.needs)
        if opinion is not None:
            said.append(self.say(f"ruling.{opinion.ruling}", name=opinion.officer))
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
            remarks = [] if applies else [self.say("may_apply")]
            if any(rule.to_be_confirmed for rule in members):
                remarks.append(text("environment.to_be_confirmed", self.lang))
            ids = " ".join(rule.id for rule in members)
            lines.append(" ".join((named if articles else law, f"[{ids}]", *remarks)))
        return "\n".join(lines) or "—"

    def _passages(self, project_id: str) -> Iterator[Block]:
        """Yield where a line enters and leaves zones, as chainage, least and most."""
        passed = [row for row in self.source.body["passages"] if row["project_id"] == project_id]
        if not passed:
            return
        names = {zone.id: zone_name(zone, self.lang) for zone in self.source.screening.zones}
        columns = (
            Column(self.say("column.zone"), 3),
            Column(self.say("column.enter"), 1.6),
            Column(self.say("column.leave"), 1.6),
            Column(self.say("column.inside"), 1.8),
            Column(self.say("column.reach"), 3),
            Column(self.say("column.sure"), 2),
        )
        rows = tuple(
            (
                names[row["zone_id"]],
                _station(row["enter_m"]),
                _station(row["leave_m"]),
                "—" if row["length_m"] is None else self.words.metres(row["length_m"]),
                f"{_station(row['enter_least_m'])} – {_station(row['leave_most_m'])}",
                self.say("surely" if row["sure"] else "maybe"),
            )
            for row in passed
        )
        yield Table(columns, rows, caption=self.say("caption.passages", n=len(rows)), small=True)

    def _missing(self, result: ProjectResult) -> Iterator[Block]:
        if not result.missing:
            return
        columns = (
            Column(self.say("column.holder"), 2.4),
            Column(self.say("column.count"), 0.8, "right"),
            Column(self.say("column.not_checked"), 8),
            Column(self.say("column.possible"), 1.6),
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
        caption = self.say("caption.missing", n=result.not_checked)
        yield Table(columns, rows, caption=caption, small=True)


def _station(chainage_m: float | None) -> str:
    return "—" if chainage_m is None else station(chainage_m)

"""What a screening says of one project, in words: a headline, a card per zone, what is missing.

Zones that were checked get a card each, the strictest first. Zones that could not be checked are
gathered by who holds their data, and always counted: what is missing never reads as no conflict.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from etk_geo.i18n import issue_message, text
from etk_geo.measure import MU_PER_HA
from etk_geo.model import Lang
from etk_geo.plan import records
from etk_geo.rules import Effect, Rule, RuleBook
from etk_geo.screening.consequence import CANNOT_JUDGE
from etk_geo.screening.findings import Screening
from etk_geo.screening.measures import passage_words
from etk_geo.screening.outputs import (
    M2_PER_HA,
    VERSION_LENGTH,
    authority,
    demand,
    holder,
    listed_articles,
    rule_dates,
    words,
    zone_name,
)
from etk_geo.screening.pairs import VERDICTS
from etk_geo.screening.record import split_codes
from etk_geo.screening.verdict import Verdict
from etk_geo.screening.zones import Zone

SEVERITY: Mapping[str, int] = {
    str(Effect.NONE): 0,
    str(Effect.ATTENTION): 1,
    CANNOT_JUDGE: 2,
    str(Effect.NEEDS_APPROVAL): 3,
    str(Effect.PROHIBITED): 4,
}
"""Order of consequences by what they ask of the reader (docs/rules.md)."""

KILOMETRE_FROM_M = 10_000.0


@dataclass(frozen=True)
class CitedRule:
    """A rule as a card shows it, in the words of one language.

    ``applies`` is false where the rule only may apply. ``to_be_confirmed`` rules were not read in
    a source that can be relied on (待核实).
    """

    id: str
    effect: str
    effect_words: str
    law: str
    article: str
    dates: str
    confidence: str
    to_be_confirmed: bool
    demand: str
    authority: str
    applies: bool


@dataclass(frozen=True)
class ZoneCard:
    """One project and one zone that was checked, in words.

    ``verdict`` and ``consequence`` are codes, ``figures`` pairs of label and value with bounds.
    ``needs`` says which accuracy would decide, empty where the verdict is decided.
    """

    zone_id: str
    name: str
    kinds: str
    layer: str
    version: str
    as_of: str
    accuracy: str
    verdict: str
    verdict_words: str
    reason: str
    consequence: str
    consequence_words: str
    possible: str
    basis: str
    figures: tuple[tuple[str, str], ...]
    needs: str
    remarks: tuple[str, ...]
    rules: tuple[CitedRule, ...]


@dataclass(frozen=True)
class Missing:
    """What one authority holds and this screening did not have.

    ``zones`` are triples of name, why it was not checked, and the worst that may follow (code).
    """

    holder: str
    worst: str
    zones: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ProjectResult:
    """All that a screening says of one project; ``counts`` adds up to the number of zones."""

    project_id: str
    name: str
    category: str
    law_date: str
    consequence: str
    headline: str
    details: tuple[str, ...]
    cards: tuple[ZoneCard, ...]
    missing: tuple[Missing, ...]
    counts: Mapping[str, int]

    @property
    def not_checked(self) -> int:
        """How many zones could not be checked."""
        return self.counts[str(Verdict.NOT_CHECKED)]


def project_result(
    screening: Screening,
    project_id: str,
    book: RuleBook,
    lang: Lang,
    titles: Mapping[str, str] | None = None,
    passed: pd.DataFrame | None = None,
) -> ProjectResult:
    """Say in words what was found of one project.

    Parameters
    ----------
    screening
        As from :func:`etk_geo.screening.findings.screen_projects`.
    project_id
        One of its projects.
    book
        The rules it was screened with.
    lang
        Language of every text.
    titles
        Titles of layers by id; a layer without one is named by its id.
    passed
        Where lines enter and leave zones, as from
        :func:`etk_geo.screening.measures.passages`; without it cards tell no chainage.

    Raises
    ------
    KeyError
        If the screening does not know the project.
    """
    row = project_row(screening, project_id)
    rows = findings_of(screening, project_id)
    zones = {zone.id: zone for zone in screening.zones}
    barred = rows["verdict"] == str(Verdict.NOT_CHECKED)
    stretches = {} if passed is None else passage_words(passed, project_id, lang)
    cards = [
        _card(
            found,
            zones[found["zone_id"]],
            book,
            lang,
            titles or {},
            _of_geometry(screening, str(found["zone_id"]), lang),
        )
        for found in records(rows[~barred])
    ]
    cards = [_with_chainage(card, stretches.get(card.zone_id), lang) for card in cards]
    cards.sort(key=lambda card: (-SEVERITY[card.consequence], _worst_rank(card), card.zone_id))
    missing = _missing(records(rows[barred]), zones, book, lang)
    counts = {verdict: int(row[verdict]) for verdict in VERDICTS}
    return ProjectResult(
        project_id=project_id,
        name=str(row[f"name_{lang}"]),
        category=str(row["category"]),
        law_date=row["law_date"].isoformat(),
        consequence=str(row["consequence"]),
        headline=headline(row, screening, book, lang),
        details=(
            *_details(row, counts, lang),
            *_decided_later(row["law_date"], screening.as_of, lang),
            *_of_geometry(screening, project_id, lang),
        ),
        cards=tuple(cards),
        missing=missing,
        counts=counts,
    )


def project_row(screening: Screening, project_id: str) -> Mapping[str, Any]:
    """Return what a screening concludes of one project.

    Raises
    ------
    KeyError
        If the screening does not know the project.
    """
    found = screening.projects[screening.projects["project_id"] == project_id]
    if found.empty:
        raise KeyError(project_id)
    return records(found)[0]


def findings_of(screening: Screening, project_id: str) -> pd.DataFrame:
    """Return the findings of one project, in order of zone id."""
    found = screening.findings
    begin, end = found["project_id"].searchsorted([project_id], side="left")[0], len(found)
    end = min(int(begin) + len(screening.zones), end)
    rows = found.iloc[int(begin) : end]
    return rows[rows["project_id"] == project_id]


def headline(row: Mapping[str, Any], screening: Screening, book: RuleBook, lang: Lang) -> str:
    """Return the consequence of a project in one sentence, with the zone and rule behind it."""
    consequence = str(row["consequence"])
    said = words("consequence", consequence, lang)
    if consequence == CANNOT_JUDGE:
        return text("environment.headline_open", lang, consequence=said)
    zone = next(zone for zone in screening.zones if zone.id == row["zone_id"])
    rule = book.by_id.get(str(row["rule"]))
    why = words("basis", str(row["basis"]), lang) if rule is None else law_and_article(rule, lang)
    if consequence == str(Effect.NONE):
        return text("environment.headline_none", lang, consequence=said)
    return text("environment.headline", lang, consequence=said, zone=zone_name(zone, lang), why=why)


def _details(row: Mapping[str, Any], counts: Mapping[str, int], lang: Lang) -> list[str]:
    said = []
    if found := str(row["found"]):
        said.append(text("environment.found", lang, effect=words("consequence", found, lang)))
    if possible := str(row["possible"]):
        said.append(text("environment.worst", lang, effect=words("consequence", possible, lang)))
    said.append(
        text(
            "environment.counts",
            lang,
            all=sum(counts.values()),
            decided=sum(counts[name] for name in ("INSIDE", "OVERLAPS", "WITHIN", "CLEAR")),
            open=counts[str(Verdict.INDETERMINATE)],
            missing=counts[str(Verdict.NOT_CHECKED)],
        )
    )
    return said


def _decided_later(law_date: date, as_of: date, lang: Lang) -> list[str]:
    """Say where a project is judged by the law of a day after that of the screening."""
    if law_date <= as_of:
        return []
    return [text("environment.decided_later", lang, day=law_date.isoformat(), as_of=as_of)]


def _of_geometry(screening: Screening, feature: str, lang: Lang) -> list[str]:
    """Say what was refused, repaired or left out of the geometry of a project or zone."""
    messages = (issue_message(i, lang) for i in screening.issues if i.where == feature)
    return [text("environment.geometry", lang, message=said.rstrip("。.")) for said in messages]


def law_and_article(rule: Rule, lang: Lang) -> str:
    """Return the law and article of a rule."""
    law = str(getattr(rule, f"law_{lang}"))
    if not rule.article:
        return law
    article = listed_articles(rule.article, lang)
    return text("environment.article", lang, law=law, article=article)


def _worst_rank(card: ZoneCard) -> int:
    return -SEVERITY.get(card.possible, -1)


def _card(
    found: Mapping[str, Any],
    zone: Zone,
    book: RuleBook,
    lang: Lang,
    titles: Mapping[str, str],
    of_geometry: Sequence[str],
) -> ZoneCard:
    flags = str(found["flags"])
    if found["rests_on_default"]:
        flags = f"{flags};rests_on_default".strip(";")
    applying = split_codes(str(found["rules"]))
    open_ = [code for code in split_codes(str(found["rules_open"])) if code not in applying]
    kinds = [book.zone_types[code] for code in zone.zone_types]
    return ZoneCard(
        zone_id=zone.id,
        name=zone_name(zone, lang),
        kinds=_list((str(getattr(kind, f"name_{lang}")) for kind in kinds), lang),
        layer=titles.get(zone.layer, zone.layer),
        version=zone.sha256[:VERSION_LENGTH],
        as_of=zone.as_of,
        accuracy=_accuracy(zone.accuracy_m, lang),
        verdict=str(found["verdict"]),
        verdict_words=words("verdict", str(found["verdict"]), lang),
        reason=words("reason", str(found["reason"]), lang),
        consequence=str(found["consequence"]),
        consequence_words=words("consequence", str(found["consequence"]), lang),
        possible=str(found["possible"]),
        basis=words("basis", str(found["basis"]), lang),
        figures=tuple(figures(found, lang)),
        needs=_needs(found, lang),
        remarks=(*(words("flag", code, lang) for code in split_codes(flags)), *of_geometry),
        rules=(
            *(cited(book.by_id[code], lang, applies=True) for code in applying),
            *(cited(book.by_id[code], lang, applies=False) for code in open_),
        ),
    )


def _with_chainage(card: ZoneCard, stretches: str | None, lang: Lang) -> ZoneCard:
    if not stretches:
        return card
    figure = (text("environment.figure_chainage", lang), stretches)
    return replace(card, figures=(*card.figures, figure))


def cited(rule: Rule, lang: Lang, *, applies: bool) -> CitedRule:
    """Return a rule as a card shows it."""
    return CitedRule(
        id=rule.id,
        effect=str(rule.effect),
        effect_words=words("consequence", str(rule.effect), lang),
        law=str(getattr(rule, f"law_{lang}")),
        article=rule.article,
        dates=rule_dates(rule, lang),
        confidence=words("confidence", str(rule.confidence), lang),
        to_be_confirmed=rule.to_be_confirmed,
        demand=demand(rule, lang),
        authority=authority(rule, lang),
        applies=applies,
    )


def figures(found: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """Return the figures of a finding that are known, each as label and bounds in words."""
    shown = []
    for stem, say in (
        ("overlap", _area),
        ("length", _metres),
        ("share", _share),
        ("distance", _metres),
    ):
        unit = {"overlap": "_m2", "share": ""}.get(stem, "_m")
        least, most = found[f"{stem}_least{unit}"], found[f"{stem}_most{unit}"]
        if stem == "distance" and most == 0:
            continue  # they meet: the overlap says how much
        if value := _bounds(least, most, say, lang):
            shown.append((text(f"environment.figure_{stem}", lang), value))
    return shown


def _bounds(least: float, most: float, say: Any, lang: Lang) -> str:
    """Say least and most of a figure; nothing where neither tells anything."""
    if math.isnan(most):
        known = math.isfinite(least) and least > 0
        return text("environment.at_least", lang, least=say(least, lang)) if known else ""
    low = 0.0 if math.isnan(least) else least
    first, second = say(low, lang), say(most, lang)
    if first == second:
        return str(first)
    return text("environment.between", lang, least=first, most=second)


def _area(value: float, lang: Lang) -> str:
    hectares = value / M2_PER_HA
    return text("environment.area", lang, ha=f"{hectares:,.4f}", mu=f"{hectares * MU_PER_HA:,.2f}")


def _metres(value: float, lang: Lang) -> str:
    if value >= KILOMETRE_FROM_M:
        return text("environment.kilometres", lang, n=f"{value / 1000:,.2f}")
    return text("environment.metres", lang, n=f"{value:,.1f}")


def _share(value: float, lang: Lang) -> str:  # noqa: ARG001 - one signature for all figures
    return f"{value:.2%}"


def _accuracy(accuracy_m: float | None, lang: Lang) -> str:
    if accuracy_m is None:
        return text("environment.accuracy_unknown", lang)
    return text("environment.plus_minus", lang, n=_metres(accuracy_m, lang))


def _needs(found: Mapping[str, Any], lang: Lang) -> str:
    if found["verdict"] != str(Verdict.INDETERMINATE):
        return ""
    needs = float(found["needs_m"])
    if math.isnan(needs):
        return text("environment.needs_more", lang)
    return text("environment.needs", lang, n=_metres(needs, lang))


def _missing(
    rows: Sequence[Mapping[str, Any]], zones: Mapping[str, Zone], book: RuleBook, lang: Lang
) -> tuple[Missing, ...]:
    grouped: dict[str, list[tuple[str, str, str]]] = {}
    for found in rows:
        zone = zones[found["zone_id"]]
        who = holder(zone, book, lang) or text("environment.holder_unknown", lang)
        grouped.setdefault(who, []).append(
            (
                zone_name(zone, lang),
                words("reason", str(found["reason"]), lang),
                str(found["possible"]),
            )
        )
    gathered = [
        Missing(
            who,
            max((worst for _, _, worst in held), key=lambda code: SEVERITY.get(code, -1)),
            tuple(sorted(held, key=lambda item: (-SEVERITY.get(item[2], -1), item[0]))),
        )
        for who, held in grouped.items()
    ]
    gathered.sort(key=lambda item: (-SEVERITY.get(item.worst, -1), -len(item.zones), item.holder))
    return tuple(gathered)


def _list(parts: Any, lang: Lang) -> str:
    return text("mark.list", lang).join(parts)

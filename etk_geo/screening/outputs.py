"""A screening as files for people and other programs: tables, a map layer, a summary in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import mapping

from etk_geo.exports import table_csv
from etk_geo.geojson import MAX_DECIMALS, dump_document, round_coordinates
from etk_geo.i18n import issue_message, text
from etk_geo.measure import MU_PER_HA
from etk_geo.model import Lang
from etk_geo.plan import Plan, records
from etk_geo.rules import RULE_CATEGORIES, Effect, Rule, RuleBook
from etk_geo.screening.consequence import CANNOT_JUDGE
from etk_geo.screening.findings import CONSEQUENCES, Screening
from etk_geo.screening.ledger import Holding
from etk_geo.screening.overview import Overview
from etk_geo.screening.pairs import FIGURES, VERDICTS
from etk_geo.screening.record import decimals, fixed, split_codes
from etk_geo.screening.verdict import Verdict
from etk_geo.screening.zones import Zone

M2_PER_HA = 10_000
VERSION_LENGTH = 12
"""Hexadecimal digits of a layer's sha256 that name its version in a table."""
OPEN = (str(Verdict.INDETERMINATE), str(Verdict.NOT_CHECKED))
STRICT = (str(Effect.PROHIBITED), str(Effect.NEEDS_APPROVAL))


@cache
def words(domain: str, codes: str, lang: Lang) -> str:
    """Return the words for one code or several joined by ``;``."""
    return text("screening.gap", lang).join(
        text(f"screening.{domain}.{code}", lang) for code in split_codes(codes)
    )


def category_names(plan: Plan, lang: Lang) -> dict[str, str]:
    """Return the names of project categories by code: the plan's, and the classes of the rules.

    Of a code that is both, the plan's name.
    """
    named = plan.categories
    classes = {code: words("rule_category", code, lang) for code in RULE_CATEGORIES}
    return classes | dict(zip(named["id"], named[f"name_{lang}"], strict=True))


def findings_csv(
    screening: Screening, projects: gpd.GeoDataFrame, book: RuleBook, plan: Plan, lang: Lang
) -> bytes:
    """Return one row per pair in words, with the law behind it, as CSV for a spreadsheet."""
    frame = findings_table(screening, projects, book, plan, lang)
    for name in frame.columns[frame.dtypes == "float64"]:
        known = frame[name].notna()
        cells = frame[name].astype(object).where(known, "")
        cells[known] = [f"{value:.15g}" for value in frame.loc[known, name]]
        frame[name] = cells
    # Plain Python text is read many times faster, cell by cell, than pandas' own.
    frame = frame.astype(object)
    return table_csv(frame, [text(f"screening.column.{name}", lang) for name in frame.columns])


def findings_table(
    screening: Screening, projects: gpd.GeoDataFrame, book: RuleBook, plan: Plan, lang: Lang
) -> pd.DataFrame:
    """Return one row per pair in words: verdict, figures, rules, demand, authority, holder.

    ``plan`` names the categories; their codes stand in a column of their own for other programs.
    """
    found, names = screening.findings, category_names(plan, lang)
    table: dict[str, Any] = {"project_id": found["project_id"]}
    by_id = projects.set_index("project_id")
    table["project"] = found["project_id"].map(by_id[f"name_{lang}"])
    table["category_code"] = found["project_id"].map(by_id["category"])
    table["category"] = table["category_code"].map(lambda code: names.get(code, code))
    table["zone_id"] = found["zone_id"]
    for name, values in _zone_words(screening.zones, book, lang).items():
        table[name] = found["zone_id"].map(values)
    for name in ("verdict", "reason"):
        table[name] = in_words(found[name], name, lang)
    for name in FIGURES:
        table[name] = found[name].round(decimals(name)) + 0.0
    for name in FIGURES[:2]:
        # 1 ha = 15 mu; to 0.0001 ha and 0.01 mu, as Chinese reports print them.
        ha = found[name] / M2_PER_HA
        table[name.replace("_m2", "_ha")] = ha.round(4)
        table[name.replace("_m2", "_mu")] = (ha * MU_PER_HA).round(2)
    table["law_date"] = found["law_date"].map(date.isoformat)
    table["consequence"] = in_words(found["consequence"], "consequence", lang)
    table["possible"] = in_words(found["possible"], "consequence", lang)
    table["basis"] = in_words(found["basis"], "basis", lang)
    for name, say in (("rules", cite), ("demand", demand), ("authority", authority)):
        table[name] = found["rules"].map(of_rules(found["rules"], say, book, lang))
    table["rules_open"] = found["rules_open"]
    flags = found["flags"].where(~found["rests_on_default"], found["flags"] + ";rests_on_default")
    table["flags"] = in_words(flags.str.strip(";"), "flag", lang)
    return pd.DataFrame(table)[list(COLUMNS)]


COLUMNS = (
    "project_id",
    "project",
    "category",
    "category_code",
    "zone_id",
    "zone",
    "layer",
    "layer_version",
    "verdict",
    "reason",
    "overlap_least_m2",
    "overlap_most_m2",
    "overlap_least_ha",
    "overlap_most_ha",
    "overlap_least_mu",
    "overlap_most_mu",
    *FIGURES[2:],
    "law_date",
    "consequence",
    "possible",
    "basis",
    "rules",
    "rules_open",
    "demand",
    "authority",
    "flags",
    "holder",
)
"""Columns of :func:`findings_table`; their headings are in ``locale/screening.toml``."""


def in_words(codes: pd.Series[Any], domain: str, lang: Lang) -> pd.Series[Any]:
    """Return a column of codes in words."""
    return codes.map({code: words(domain, code, lang) for code in codes.unique()})


def of_rules(
    cells: pd.Series[Any], say: Callable[[Rule, Lang], str], book: RuleBook, lang: Lang
) -> dict[str, str]:
    """Return what is to be said of each set of rules that occurs in a column."""
    return {
        cell: _join([say(book.by_id[code], lang) for code in split_codes(cell)], lang)
        for cell in cells.unique()
    }


def _zone_words(zones: Sequence[Zone], book: RuleBook, lang: Lang) -> dict[str, dict[str, str]]:
    return {
        "zone": {zone.id: zone_name(zone, lang) for zone in zones},
        "layer": {zone.id: zone.layer for zone in zones},
        "layer_version": {zone.id: zone.sha256[:VERSION_LENGTH] for zone in zones},
        "holder": {zone.id: holder(zone, book, lang) for zone in zones},
    }


def _join(parts: Sequence[str], lang: Lang) -> str:
    return text("screening.gap", lang).join(dict.fromkeys(part for part in parts if part))


def _in(value: object, stem: str, lang: Lang) -> str:
    return str(getattr(value, f"{stem}_{lang}"))


def zone_name(zone: Zone, lang: Lang) -> str:
    """Return the name of a zone."""
    return _in(zone, "name", lang)


def holder(zone: Zone, book: RuleBook, lang: Lang) -> str:
    """Say who holds the data of a zone."""
    return _join([_in(book.zone_types[code], "holder", lang) for code in zone.zone_types], lang)


def cite(rule: Rule, lang: Lang) -> str:
    """Return law, article, id, dates and confidence of a rule."""
    key = "screening.rule_cited" if rule.article else "screening.rule_cited_plain"
    return text(
        key,
        lang,
        law=_in(rule, "law", lang),
        article=listed_articles(rule.article, lang),
        id=rule.id,
        dates=rule_dates(rule, lang),
        confidence=words("confidence", rule.confidence, lang),
    )


def listed_articles(articles: str, lang: Lang) -> str:
    """Return the articles of a rule as a text lists them; the table joins them by semicolons."""
    return text("mark.list", lang).join(split_codes(articles))


def rule_dates(rule: Rule, lang: Lang) -> str:
    """Say from when to when a rule holds."""
    if rule.effective_from is None:
        return text("screening.dates_unknown", lang)
    begin = rule.effective_from.isoformat()
    if rule.effective_to is None:
        return text("screening.dates_open", lang, begin=begin)
    return text("screening.dates_closed", lang, begin=begin, end=rule.effective_to.isoformat())


def demand(rule: Rule, lang: Lang) -> str:
    """Say what a rule demands, in our own words."""
    return _in(rule, "effect", lang)


def authority(rule: Rule, lang: Lang) -> str:
    """Say who decides."""
    return _in(rule, "authority", lang)


def findings_geojson(screening: Screening, projects: gpd.GeoDataFrame) -> bytes:
    """Return one feature per project with its conclusion and its findings, as codes."""
    found = screening.findings
    checked = records(found[found["verdict"] != str(Verdict.NOT_CHECKED)])
    grouped = {name: list(rows) for name, rows in groupby(checked, itemgetter("project_id"))}
    summary = {row["project_id"]: row for row in records(screening.projects)}
    features = []
    for row in records(projects.sort_values("project_id")):
        project_id = row["project_id"]
        strictest = summary[project_id]
        properties = {
            "id": project_id,
            **{name: row[name] for name in ("name_zh", "name_en", "category", "bound")},
            **{name: strictest[name] for name in ("consequence", "found", "possible", "basis")},
            "zone": strictest["zone_id"],
            "rule": strictest["rule"],
            "law_date": strictest["law_date"].isoformat(),
            **{verdict.lower(): int(strictest[verdict]) for verdict in VERDICTS},
            "findings": json.dumps(_pairs(grouped.get(project_id, [])), ensure_ascii=False),
        }
        features.append(
            {"type": "Feature", "properties": properties, "geometry": _geometry(row["geometry"])}
        )
    return dump_document(features)


def _pairs(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **{name: row[name] for name in ("zone_id", "verdict", "reason", "consequence")},
            **{name: fixed(name, row[name]) for name in FIGURES},
            "rules": split_codes(row["rules"]),
        }
        for row in rows
    ]


def _geometry(geometry: Any) -> Any:
    if geometry is None:
        return None
    parsed = mapping(geometry)
    coordinates = round_coordinates(parsed["coordinates"], MAX_DECIMALS)
    return {"type": parsed["type"], "coordinates": coordinates}


def opening_lines(found: Screening | Overview, lang: Lang) -> Iterator[str]:
    """Say what this is, by the law of which day, and how many pairs there are."""
    yield text("screening.title", lang)
    yield text("screening.law_of", lang, day=found.as_of.isoformat())
    yield text(
        "screening.counts",
        lang,
        projects=len(found.projects),
        zones=len(found.zones),
        pairs=len(found.projects) * len(found.zones),
    )


def conclusion_lines(found: Screening | Overview, lang: Lang) -> Iterator[str]:
    """Say the sum of all verdicts, and how many projects have which conclusion."""
    yield "  " + text("screening.sum_line", lang, n=sum(found.totals.values()))
    yield text("screening.conclusions", lang)
    for code in reversed(CONSEQUENCES):
        count = int((found.projects["consequence"] == code).sum())
        name = words("consequence", code, lang)
        yield "  " + text("screening.conclusion_line", lang, name=name, n=count)


def summary_lines(screening: Screening, book: RuleBook, lang: Lang) -> Iterator[str]:
    """Say what was found in a page of text whose numbers add up."""
    names = {row["project_id"]: row[f"name_{lang}"] for row in records(screening.projects)}
    yield from opening_lines(screening, lang)
    for verdict, count in screening.totals.items():
        yield "  " + text(
            "screening.total_line", lang, name=words("verdict", verdict, lang), n=count
        )
        if verdict in OPEN:
            yield from _reasons(screening, verdict, lang)
    yield from conclusion_lines(screening, lang)
    yield text("screening.ledger_title", lang)
    for holding in Holding:
        count = sum(row.holding is holding for row in screening.ledger)
        name = words("holding", holding, lang)
        yield "  " + text("screening.ledger_line", lang, name=name, n=count)
    for issue in screening.issues:
        message = issue_message(issue, lang)
        yield text("screening.geometry_issue", lang, where=issue.where, message=message)
    yield from _strictest(screening, names, book, lang)
    yield text("screening.not_an_approval", lang)


def _reasons(screening: Screening, verdict: str, lang: Lang) -> Iterator[str]:
    """Say why pairs are open, the most frequent reason first."""
    found = screening.findings
    counts = found.loc[found["verdict"] == verdict, "reason"].value_counts()
    for reason, count in sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))):
        name = words("reason", str(reason), lang)
        yield "    " + text("screening.reason_line", lang, name=name, n=int(count))


def _wanted(screening: Screening, book: RuleBook, lang: Lang) -> Iterator[str]:
    """Say which data to ask for first, and whom: what may hide a prohibition."""
    found = screening.findings
    hidden = found[
        (found["verdict"] == str(Verdict.NOT_CHECKED))
        & (found["possible"] == str(Effect.PROHIBITED))
    ]
    asked = set(hidden["zone_id"])
    by_holder: dict[str, list[str]] = {}
    for zone in screening.zones:
        if zone.id in asked:
            by_holder.setdefault(holder(zone, book, lang), []).append(zone_name(zone, lang))
    if by_holder:
        yield text("screening.wanted", lang)
    gap = text("screening.comma", lang)
    for name, zones in by_holder.items():
        yield "  " + text("screening.wanted_line", lang, holder=name, zones=gap.join(zones))


def _strictest(
    screening: Screening, names: Mapping[str, str], book: RuleBook, lang: Lang
) -> Iterator[str]:
    zones = {zone.id: zone for zone in screening.zones}
    strict = screening.projects[screening.projects["consequence"].isin(STRICT)]
    if len(strict):
        yield text("screening.strictest", lang)
    for row in strict.to_dict("records"):
        rule = book.by_id.get(row["rule"])
        why = words("basis", row["basis"], lang) if rule is None else cite(rule, lang)
        yield "  " + text(
            "screening.strictest_line",
            lang,
            project=names[row["project_id"]],
            consequence=words("consequence", row["consequence"], lang),
            zone=zone_name(zones[row["zone_id"]], lang),
            why=why,
        )
    open_pairs = screening.findings[screening.findings["consequence"] == CANNOT_JUDGE]
    if len(open_pairs):
        worst = max(
            (code for code in open_pairs["possible"] if code),
            key=CONSEQUENCES.index,
            default=str(Effect.NONE),
        )
        name = words("consequence", worst, lang)
        yield text("screening.open_line", lang, n=len(open_pairs), worst=name)
        yield from _wanted(screening, book, lang)

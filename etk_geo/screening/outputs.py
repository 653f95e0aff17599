"""A screening as files for people and other programs: tables, a map layer, a summary in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import mapping

from etk_geo.exports import table_csv
from etk_geo.geojson import MAX_DECIMALS, dump_document, round_coordinates
from etk_geo.i18n import issue_message, text
from etk_geo.measure import MU_PER_HA
from etk_geo.model import Lang
from etk_geo.plan import records
from etk_geo.rules import Effect, Rule, RuleBook
from etk_geo.screening.consequence import CANNOT_JUDGE
from etk_geo.screening.findings import CONSEQUENCES, Screening
from etk_geo.screening.ledger import Holding
from etk_geo.screening.pairs import FIGURES, VERDICTS
from etk_geo.screening.record import fixed, split_codes
from etk_geo.screening.zones import Zone

M2_PER_HA = 10_000
STRICT = (str(Effect.PROHIBITED), str(Effect.NEEDS_APPROVAL))


def words(domain: str, codes: str, lang: Lang) -> str:
    """Return the words for one code or several joined by ``;``."""
    return text("build.sentence_gap", lang).join(
        text(f"screening.{domain}.{code}", lang) for code in split_codes(codes)
    )


def findings_csv(
    screening: Screening, projects: gpd.GeoDataFrame, book: RuleBook, lang: Lang
) -> bytes:
    """Return one row per pair in words, with the law behind it, as CSV for a spreadsheet."""
    frame = findings_table(screening, projects, book, lang)
    return table_csv(frame, [text(f"screening.column.{name}", lang) for name in frame.columns])


def findings_table(
    screening: Screening, projects: gpd.GeoDataFrame, book: RuleBook, lang: Lang
) -> pd.DataFrame:
    """Return one row per pair in words: verdict, figures, rules, demand, authority, holder."""
    names = projects.set_index("project_id")[f"name_{lang}"].to_dict()
    categories = projects.set_index("project_id")["category"].to_dict()
    zones = {zone.id: zone for zone in screening.zones}
    rows = [
        _row(row, names, categories, zones[row["zone_id"]], book, lang)
        for row in screening.findings.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _row(
    row: Mapping[Any, Any],
    names: Mapping[str, str],
    categories: Mapping[str, str],
    zone: Zone,
    book: RuleBook,
    lang: Lang,
) -> dict[str, Any]:
    figures = {name: fixed(name, row[name]) for name in FIGURES}
    rules = [book.by_id[code] for code in split_codes(row["rules"])]
    flags = [row["flags"], "rests_on_default" if row["rests_on_default"] else ""]
    return {
        "project_id": row["project_id"],
        "project": names[row["project_id"]],
        "category": categories[row["project_id"]],
        "zone_id": zone.id,
        "zone": zone_name(zone, lang),
        "layer": zone.layer,
        "layer_version": zone.sha256[:12],
        "verdict": words("verdict", row["verdict"], lang),
        "reason": words("reason", row["reason"], lang),
        **{name: figures[name] for name in FIGURES[:2]},
        **{name.replace("_m2", "_mu"): _mu(figures[name]) for name in FIGURES[:2]},
        **{name: figures[name] for name in FIGURES[2:]},
        "law_date": row["law_date"].isoformat(),
        "consequence": words("consequence", row["consequence"], lang),
        "possible": words("consequence", row["possible"], lang),
        "basis": words("basis", row["basis"], lang),
        "rules": _join([cite(rule, lang) for rule in rules], lang),
        "rules_open": row["rules_open"],
        "demand": _join([demand(rule, lang) for rule in rules], lang),
        "authority": _join([_in(rule, "authority", lang) for rule in rules], lang),
        "flags": words("flag", ";".join(flag for flag in flags if flag), lang),
        "holder": holder(zone, book, lang),
    }


def _mu(area_m2: float | None) -> float | None:
    """Return an area in mu, to 0.01 as Chinese reports print it; 1 ha = 15 mu."""
    return None if area_m2 is None else round(area_m2 / M2_PER_HA * MU_PER_HA, 2)


def _join(parts: Sequence[str], lang: Lang) -> str:
    return text("build.sentence_gap", lang).join(dict.fromkeys(part for part in parts if part))


def _in(value: object, stem: str, lang: Lang) -> str:
    return str(getattr(value, f"{stem}_{lang}"))


def zone_name(zone: Zone, lang: Lang) -> str:
    """Return the name of a zone."""
    return _in(zone, "name", lang)


def holder(zone: Zone, book: RuleBook, lang: Lang) -> str:
    """Say who holds the data of a zone."""
    return _join([_in(book.zone_types[code], "holder", lang) for code in zone.zone_types], lang)


def cite(rule: Rule, lang: Lang) -> str:
    """Return law, article and id of a rule, and whether it is to be confirmed."""
    key = "screening.rule_cited" if rule.article else "screening.rule_cited_plain"
    cited = text(key, lang, law=_in(rule, "law", lang), article=rule.article, id=rule.id)
    if not rule.to_be_confirmed:
        return cited
    return f"{cited} [{text('screening.flag.to_be_confirmed', lang)}]"


def demand(rule: Rule, lang: Lang) -> str:
    """Say what a rule demands, in our own words."""
    return _in(rule, "effect", lang)


def findings_geojson(screening: Screening, projects: gpd.GeoDataFrame) -> bytes:
    """Return one feature per project with its conclusion and its findings, as codes."""
    open_pairs = screening.findings[screening.findings["verdict"] != "NOT_CHECKED"]
    grouped = dict(list(open_pairs.groupby("project_id")))
    summary = screening.projects.set_index("project_id").to_dict("index")
    features = []
    for row in projects.sort_values("project_id").to_dict("records"):
        project_id = row["project_id"]
        found = summary[project_id]
        properties = {
            "id": project_id,
            **{name: row[name] for name in ("name_zh", "name_en", "category", "bound")},
            **{name: found[name] for name in ("consequence", "found", "possible", "basis")},
            "zone": found["zone_id"],
            "rule": found["rule"],
            "law_date": found["law_date"].isoformat(),
            **{verdict.lower(): int(found[verdict]) for verdict in VERDICTS},
            "findings": json.dumps(_pairs(grouped.get(project_id)), ensure_ascii=False),
        }
        features.append(
            {"type": "Feature", "properties": properties, "geometry": _geometry(row["geometry"])}
        )
    return dump_document(features)


def _pairs(frame: pd.DataFrame | None) -> list[dict[str, Any]]:
    if frame is None:
        return []
    return [
        {
            **{name: row[name] for name in ("zone_id", "verdict", "reason", "consequence")},
            **{name: fixed(name, row[name]) for name in FIGURES},
            "rules": split_codes(row["rules"]),
        }
        for row in frame.to_dict("records")
    ]


def _geometry(geometry: Any) -> Any:
    if geometry is None:
        return None
    parsed = mapping(geometry)
    coordinates = round_coordinates(parsed["coordinates"], MAX_DECIMALS)
    return {"type": parsed["type"], "coordinates": coordinates}


def summary_lines(screening: Screening, book: RuleBook, lang: Lang) -> Iterator[str]:
    """Say what was found in a page of text whose numbers add up."""
    names = {row["project_id"]: row[f"name_{lang}"] for row in records(screening.projects)}
    pairs = len(screening.findings)
    yield text("screening.title", lang)
    yield text("screening.law_of", lang, day=screening.as_of.isoformat())
    yield text(
        "screening.counts",
        lang,
        projects=len(screening.projects),
        zones=len(screening.zones),
        pairs=pairs,
    )
    for verdict, count in screening.totals.items():
        yield "  " + text(
            "screening.total_line", lang, name=words("verdict", verdict, lang), n=count
        )
    yield "  " + text("screening.sum_line", lang, n=sum(screening.totals.values()))
    yield text("screening.conclusions", lang)
    for code in reversed(CONSEQUENCES):
        count = int((screening.projects["consequence"] == code).sum())
        name = words("consequence", code, lang)
        yield "  " + text("screening.conclusion_line", lang, name=name, n=count)
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

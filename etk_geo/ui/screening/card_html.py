"""The result of one project as HTML in which every string is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from etk_geo.i18n import text
from etk_geo.maps.escape import NOTHING, Html, element, html_text, joined
from etk_geo.model import Lang
from etk_geo.screening.cards import CitedRule, Missing, ProjectResult, ZoneCard
from etk_geo.screening.opinion import Opinion
from etk_geo.screening.outputs import listed_articles, words
from etk_geo.ui.screening.marks import CONSEQUENCE, chip

NAMED = 3
"""Zones named in the head of a project; the list below has all."""


def head(result: ProjectResult, opinion: Opinion | None, lang: Lang) -> Html:
    """Return the consequence of a project in words, and what it rests on."""
    symbol, _ = CONSEQUENCE[result.consequence]
    lines = [element("p", html_text(line)) for line in (*result.details, *ask_first(result, lang))]
    lines.append(
        element("p", html_text(text("screen.law_of", lang, day=result.law_date))),
    )
    return element(
        "div",
        element("b", html_text(f"{symbol} {result.headline}")),
        *lines,
        opinion_note(opinion, None, lang),
        css=f"etk-head etk-c-{result.consequence}",
    )


def ask_first(result: ProjectResult, lang: Lang) -> list[str]:
    """Say who holds the missing data that may hide the strictest finding, and which it is."""
    if not result.missing:
        return []
    held = result.missing[0]
    gap = text("mark.list", lang)
    named = gap.join(zone for zone, _, _ in held.zones[:NAMED])
    if len(held.zones) > NAMED:
        named = text("summary.and_more", lang, names=named, n=len(held.zones))
    return [text("summary.ask_first", lang, holder=held.holder, zones=named)]


def zone_card(card: ZoneCard, opinion: Opinion | None, lang: Lang) -> Html:
    """Return the card of a zone: what follows, the verdict, figures, what would decide, rules."""
    chips = joined(
        [chip(card.consequence, card.consequence_words), chip(card.verdict, card.verdict_words)]
    )
    return element(
        "div",
        element("h4", html_text(card.name)),
        element("p", chips, worst(card, lang)),
        _paragraph(text("mark.list", lang).join(dict.fromkeys((card.basis, card.reason)))),
        _figures(card),
        _needs(card),
        _remarks(card, lang),
        opinion_note(opinion, card, lang),
        rules(card.rules, lang),
        element("small", html_text(_source(card, lang))),
        css="etk-zone",
    )


def _remarks(card: ZoneCard, lang: Lang) -> Html:
    if not card.remarks:
        return NOTHING
    return _paragraph(
        text("environment.remarks", lang, remarks=text("screening.gap", lang).join(card.remarks))
    )


def worst(card: ZoneCard, lang: Lang) -> Html:
    """Return the worst that may follow, where that is more than what does."""
    if card.possible in ("", card.consequence):
        return NOTHING
    effect = words("consequence", card.possible, lang)
    return element(
        "span", html_text(text("environment.worst", lang, effect=effect)), css="etk-worst"
    )


def _paragraph(line: str) -> Html:
    return element("p", html_text(line)) if line else NOTHING


def _figures(card: ZoneCard) -> Html:
    rows = [
        element("tr", element("th", html_text(label)), element("td", html_text(value)))
        for label, value in card.figures
    ]
    return element("table", *rows) if rows else NOTHING


def _needs(card: ZoneCard) -> Html:
    return element("p", html_text(card.needs), css="etk-needs") if card.needs else NOTHING


def _source(card: ZoneCard, lang: Lang) -> str:
    return text(
        "environment.source",
        lang,
        kinds=card.kinds or text("environment.untyped", lang),
        layer=card.layer,
        version=card.version,
        as_of=card.as_of or text("mark.unknown", lang),
        accuracy=card.accuracy,
    )


def rules(cited: Sequence[CitedRule], lang: Lang) -> Html:
    """Return the rules that apply in the open, and those that only may behind a fold."""
    applying = [rule for rule in cited if rule.applies]
    open_ = [rule for rule in cited if not rule.applies]
    parts = []
    if applying:
        label = text("environment.rules_apply", lang, n=len(applying))
        parts.append(_fold(label, (_rule(rule, lang) for rule in applying), css="etk-open"))
    if open_:
        label = text("environment.rules_may", lang, n=len(open_))
        parts.append(_fold(label, (_rule(rule, lang) for rule in open_)))
    return joined(parts)


def _fold(label: str, items: Iterable[Html], css: str = "") -> Html:
    return element(
        "details",
        element("summary", html_text(label)),
        element("ul", *(element("li", item) for item in items)),
        css=css,
    )


def _rule(rule: CitedRule, lang: Lang) -> Html:
    key = "environment.rule" if rule.article else "environment.rule_plain"
    article = listed_articles(rule.article, lang)
    head_ = text(key, lang, law=rule.law, article=article, effect=rule.effect_words)
    confirm = (
        element(
            "span", html_text(f" {text('environment.to_be_confirmed', lang)}"), css="etk-confirm"
        )
        if rule.to_be_confirmed
        else NOTHING
    )
    rest = text(
        "environment.rule_rest",
        lang,
        dates=rule.dates,
        authority=rule.authority or text("mark.unknown", lang),
        confidence=rule.confidence,
        id=rule.id,
    )
    return joined(
        [
            element("b", html_text(head_)),
            confirm,
            element("div", html_text(rule.demand)),
            element("small", html_text(rest)),
        ]
    )


def opinion_note(opinion: Opinion | None, card: ZoneCard | None, lang: Lang) -> Html:
    """Return an officer's opinion; it says so if it was given on another finding."""
    if opinion is None:
        return NOTHING
    said = text(
        f"environment.opinion_{opinion.ruling}",
        lang,
        officer=opinion.officer,
        day=opinion.day.isoformat(),
        reason=opinion.reason,
    )
    if card is not None and (opinion.verdict, opinion.consequence) != (
        card.verdict,
        card.consequence,
    ):
        was = words("verdict", opinion.verdict, lang)
        said = f"{said} {text('environment.opinion_older', lang, verdict=was)}"
    return element("p", html_text(said), css="etk-opinion")


def missing(result: ProjectResult, lang: Lang) -> Html:
    """Return what was not checked, folded by who holds it, with its number always in the open."""
    if not result.missing:
        return NOTHING
    folds = [_holder(held, lang) for held in result.missing]
    return element("div", *folds, css="etk-gaps")


def _holder(held: Missing, lang: Lang) -> Html:
    label = text("environment.holder", lang, holder=held.holder, n=len(held.zones))
    if held.worst:
        effect = words("consequence", held.worst, lang)
        label = f"{label} · {text('environment.worst', lang, effect=effect)}"
    items = [
        html_text(
            text(
                "environment.missing_zone",
                lang,
                zone=zone,
                why=why,
                worst=words("consequence", code, lang) if code else text("mark.none", lang),
            )
        )
        for zone, why, code in held.zones
    ]
    return _fold(f"∅ {label}", items)

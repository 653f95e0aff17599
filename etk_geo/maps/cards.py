"""What a reader sees on pointing at a feature or choosing it: short tip and full card, as HTML.

Nothing is left out because it is unknown: what is missing is named as missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from etk_geo.maps.escape import NOTHING, Html, element, html_text, joined
from etk_geo.model import Bound, Kind, is_known
from etk_geo.wording import Words

Properties = Mapping[str, Any]
"""Properties of a feature as in ``model.FEATURE_PROPERTIES``; an unknown number may be NaN."""

WHOLE_BANNER = "banner"


def tip(features: Sequence[Properties], words: Words) -> Html:
    """Return the short text shown on pointing at an anchor: name, status, accuracy.

    Parameters
    ----------
    features
        The features of one layer that share the anchor; at least one.
    words
        The plan in the language of the reader.
    """
    first = features[0]
    lines = [element("b", html_text(words.of(first, "name")))]
    if len(features) > 1:
        lines.append(html_text(words.say("card.and_more", n=len(features) - 1)))
    else:
        lines.append(html_text(_standing(first, words)))
    lines.append(html_text(_accuracy(first, words)))
    if first["orientation_only"]:
        lines.append(html_text(words.say("card.orientation_only")))
    return joined(element("div", line) for line in lines if line)


def card(features: Sequence[Properties], layer_title: str, words: Words) -> Html:
    """Return everything known about the features at an anchor.

    Parameters
    ----------
    features
        The features of one layer that share the anchor; several are listed to be opened.
    layer_title
        Title of the layer.
    words
        The plan in the language of the reader.
    """
    heading = element("p", html_text(layer_title), css="etk-card-layer")
    if len(features) == 1:
        name = element("h3", html_text(words.of(features[0], "name")))
        body = joined((heading, name, _body(features[0], words)))
        return element("article", body, css="etk-card")
    title = element("h3", html_text(words.say("card.several", n=len(features))))
    items = (
        element(
            "details",
            element(
                "summary",
                element("span", html_text(words.of(feature, "name"))),
                element("small", html_text(_standing(feature, words))),
            ),
            _body(feature, words),
        )
        for feature in features
    )
    return element("article", heading, title, *items, css="etk-card")


def _body(feature: Properties, words: Words) -> Html:
    return joined(
        (
            *_warnings(feature, words),
            element("dl", *_particulars(feature, words)),
            _targets(feature, words),
            _facts(feature, words),
            _missing(feature, words),
            _citations(feature, words),
            _sources(feature, words),
        )
    )


def _standing(feature: Properties, words: Words) -> str:
    """Return category and status in one line, or else what the feature is."""
    parts = [
        words.category(feature["category"]),
        words.code("status", feature["status"]),
    ]
    return " · ".join(part for part in parts if part) or words.code("kind", feature["kind"])


def _accuracy(feature: Properties, words: Words) -> str:
    if feature["bound"] == Bound.OUTER:
        return words.say("maps.outer_only")
    if is_known(feature["accuracy_m"]):
        return words.say("card.accuracy_of", m=words.metres(feature["accuracy_m"]))
    return words.say("card.accuracy_unknown")


def _warnings(feature: Properties, words: Words) -> Iterator[Html]:
    said = []
    if feature["bound"] == Bound.OUTER:
        said.append("card.warn_outer")
    elif feature["kind"] == Kind.EXTENT:
        said.append("card.warn_indicative")
    elif feature["bound"] == Bound.POSITION and not is_known(feature["accuracy_m"]):
        said.append("card.warn_schematic")
    if feature["orientation_only"]:
        said.append("card.warn_orientation")
    for key in said:
        yield element("p", html_text(words.say(key)), css="etk-card-warning")


def _particulars(feature: Properties, words: Words) -> Iterator[Html]:
    other = feature["name_en"] if words.lang == "zh" else feature["name_zh"]
    yield from _row("card.other_name", html_text(other), words)
    category = words.category(feature["category"])
    yield from _row("card.category", html_text(category), words)
    if feature["status"] or feature["kind"] == Kind.PROJECT:
        status = words.code("status", feature["status"]) or words.say("card.unknown")
        date = feature["status_date"]
        if date:
            status = words.say("card.dated", what=status, date=date)
        yield from _row("card.status", html_text(status), words)
    places = [words.name("places", place) for place in feature["places"]]
    yield from _row("card.places", html_text(words.say("card.list").join(places)), words)
    yield from _row("card.accuracy", _accuracy_in_full(feature, words), words)
    if feature["bound"] == Bound.POSITION:
        yield from _row("card.extent", html_text(_extent(feature, words)), words)
    yield from _row("card.as_of", html_text(feature["as_of"] or words.say("card.unknown")), words)
    yield from _row("card.known", html_text(words.of(feature, "known")), words)


def _row(key: str, value: Html, words: Words) -> Iterator[Html]:
    if value:
        yield element("dt", html_text(words.say(key)))
        yield element("dd", value)


def _accuracy_in_full(feature: Properties, words: Words) -> Html:
    how = words.of(feature, "accuracy")
    siting = words.code("siting", feature["siting"])
    parts = (html_text(part) for part in (siting, how) if part)
    return joined(
        (
            element("strong", html_text(_accuracy(feature, words))),
            element("div", joined(parts, words.say("card.sentence_gap")), css="etk-card-how"),
        )
    )


def _extent(feature: Properties, words: Words) -> str:
    if not is_known(feature["extent_m"]):
        return words.say("card.extent_unknown")
    reach = words.say("card.extent_of", m=words.metres(feature["extent_m"]))
    basis = words.code("extent_basis", feature["extent_basis"])
    return words.say("card.because", what=reach, why=basis)


def _targets(feature: Properties, words: Words) -> Html:
    rows = [row for name in feature["targets"] if (row := words.row("targets", name))]
    if not rows:
        return NOTHING
    columns = ("target", "baseline", "target_2025", "unit", "cited")
    head = element("tr", *(element("th", html_text(words.say(f"card.{key}"))) for key in columns))
    body = [
        element(
            "tr",
            element("td", html_text(words.of(row, "name"))),
            element("td", html_text(_figure(row["baseline_2020"], words)), css="etk-number"),
            element("td", html_text(_goal(row, words)), css="etk-number"),
            element("td", html_text(words.code("unit", row["unit"]))),
            element("td", html_text(words.say("card.list").join(row["citation"]))),
        )
        for row in rows
    ]
    title = element("h4", html_text(words.say("card.targets")))
    return joined((title, element("table", head, *body)))


def _figure(value: float, words: Words) -> str:
    return words.amount(value) or words.say("card.not_stated")


def _goal(row: Mapping[str, Any], words: Words) -> str:
    value = words.amount(row["target_2025"])
    sign = words.own("comparator", row["comparator"])
    return sign + value if value else words.say("card.not_stated")


def _facts(feature: Properties, words: Words) -> Html:
    facts = feature["facts"]
    if not facts:
        return NOTHING
    rows: list[Html] = []
    in_order = sorted(facts, key=lambda fact: _first_mention(facts, fact["attribute"]))
    for attribute, group in groupby(in_order, key=lambda fact: fact["attribute"]):
        same = list(group)
        disagree = len({(fact["value"], fact["unit"], fact["date"]) for fact in same}) > 1
        label = html_text(words.code("attribute", attribute))
        if disagree:
            mark = element("em", html_text(words.say("card.several_figures", n=len(same))))
            label = joined((label, mark), " ")
        rows.extend((element("dt", label), *(_fact(fact, words) for fact in same)))
    title = element("h4", html_text(words.say("card.published")))
    return joined((title, element("dl", *rows)))


def _first_mention(facts: Sequence[Mapping[str, str]], attribute: str) -> int:
    return next(i for i, fact in enumerate(facts) if fact["attribute"] == attribute)


def _fact(fact: Mapping[str, str], words: Words) -> Html:
    value = words.code(fact["attribute"], fact["value"])
    figure = " ".join(part for part in (value, words.code("unit", fact["unit"])) if part)
    notes = (
        fact["date"],
        words.name("sources", fact["source"]),
        words.say("card.confidence", level=words.code("confidence", fact["confidence"]))
        if fact["confidence"]
        else "",
        words.of(fact, "note"),
    )
    small = element("small", joined((html_text(note) for note in notes if note), " · "))
    return element("dd", html_text(figure), small)


def _missing(feature: Properties, words: Words) -> Html:
    subjects = dict.fromkeys(
        (
            feature["id"],
            *(
                place
                for place in feature["places"]
                if (words.row("places", place) or {}).get("kind") != WHOLE_BANNER
            ),
        )
    )
    items = [
        element("li", html_text(_gap(row, words)))
        for subject in subjects
        for row in words.gaps.get(subject, ())
    ]
    if not items:
        return NOTHING
    title = element("h4", html_text(words.say("card.missing")))
    return joined((title, element("ul", *items)))


def _gap(row: Mapping[str, Any], words: Words) -> str:
    what, holder = words.of(row, "what"), words.of(row, "holder")
    return words.say("card.held_by", what=what, holder=holder) if holder else what


def _citations(feature: Properties, words: Words) -> Html:
    if not feature["citations"]:
        return NOTHING
    items = [
        element("li", html_text(words.citation(citation))) for citation in feature["citations"]
    ]
    title = element("h4", html_text(words.say("card.citations")))
    return joined((title, element("ul", *items)))


def _sources(feature: Properties, words: Words) -> Html:
    items = [element("li", _source(source, words)) for source in feature["sources"]]
    if not items:
        items = [element("li", html_text(words.say("card.no_source")))]
    title = element("h4", html_text(words.say("card.sources")))
    return joined((title, element("ul", *items)))


def _source(source: str, words: Words) -> Html:
    row = words.row("sources", source)
    if row is None:
        return html_text(source)
    terms = (words.own("licence", row["licence"]), row["date_published"] or row["date_accessed"])
    small = element("small", joined((html_text(term) for term in terms if term), " · "))
    return joined((html_text(words.of(row, "title")), small))

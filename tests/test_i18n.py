"""Every text in both languages, each in its own, and every issue code with its words."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from etk_geo import codes
from etk_geo.i18n import issue_codes, issue_message, issue_remedy, severity, text, texts
from etk_geo.model import LANGS, Issue, Severity

PACKAGE = Path(codes.__file__).parent
CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
LATIN = re.compile(r"[A-Za-z]{4,}")
LANGUAGE_NAMES = ("app.language_zh", "app.language_en")
CODE = re.compile(r"ETK\d{3}")
ALWAYS = {"file", "where"}
MADE_BY = {"wrong": {"member", "found"}, "_unresolved": {"column", "found"}}
"""Functions that make an issue out of a code, and the details that they add themselves."""
ERRORS = {"DataError", "LayerError", "ProvenanceError", "TableError", "CrsError", "AssetError"}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def pairs():
    for key, entry in texts().items():
        yield key, entry
    for code, entry in issue_codes().items():
        yield f"{code}.message", entry["message"]
        yield f"{code}.remedy", entry["remedy"]


PAIRS = dict(pairs())


@pytest.mark.parametrize("key", [key for key in PAIRS if key not in LANGUAGE_NAMES])
def test_text_is_there_in_both_languages_and_each_in_its_own(key):
    entry = PAIRS[key]
    assert set(entry) == set(LANGS)
    assert not CJK.search(entry["en"]), "Chinese in the English text"
    assert bool(entry["zh"].strip()) == bool(entry["en"].strip()), "only one language is given"
    assert entry["zh"] == entry["zh"].strip() or key == "build.sentence_gap"


@pytest.mark.parametrize("key", list(PAIRS))
def test_placeholders_are_the_same_in_both_languages(key):
    assert placeholders(PAIRS[key]["zh"]) == placeholders(PAIRS[key]["en"])


def test_text_fills_in_values():
    assert text("place.row", "en", n=5) == "row 5"


def test_text_of_an_unknown_key_fails():
    with pytest.raises(KeyError):
        text("no.such.key", "zh")


# Issue codes


def raise_sites() -> list[tuple[str, int, str, frozenset[str]]]:
    """Every use of a code in the package: file, line, code and the names of its details."""
    sites = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                details = details_of(call)
                sites += [(path.name, call.lineno, code, details) for code in codes_of(call)]
    return sites


def codes_of(call: ast.Call) -> list[str]:
    """The codes that stand directly among the arguments of a call."""
    found = []
    for argument in call.args:
        parts = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
        found += [
            part.value
            for part in parts
            if isinstance(part, ast.Constant)
            and isinstance(part.value, str)
            and CODE.fullmatch(part.value)
        ]
    return found


def details_of(call: ast.Call) -> frozenset[str] | None:
    """Names of the details of an issue or error; ``None`` where they are made elsewhere."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    if name in ERRORS:
        return frozenset(k.arg for k in call.keywords if k.arg) - ALWAYS
    if name == "Issue" or name in MADE_BY:
        detail = call.args[-1]
        if isinstance(detail, ast.Dict):
            given = {key.value for key in detail.keys if isinstance(key, ast.Constant)}
            return frozenset(given | MADE_BY.get(name, set()))
        if isinstance(detail, ast.Constant) or name in MADE_BY:
            return frozenset(MADE_BY.get(name, set()))
    return None


SITES = raise_sites()


def test_raise_sites_are_found():
    assert len(SITES) > 40


def test_every_code_of_the_package_has_words():
    mentioned = {
        code
        for path in PACKAGE.rglob("*.py")
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }
    assert sorted(mentioned - set(issue_codes())) == []


def test_every_worded_code_is_raised_somewhere():
    mentioned = {
        code
        for path in PACKAGE.rglob("*.py")
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }
    assert sorted(set(issue_codes()) - mentioned) == []


@pytest.mark.parametrize(
    "site", [s for s in SITES if s[3] is not None], ids=lambda s: f"{s[0]}:{s[1]}:{s[2]}"
)
def test_words_of_a_code_need_only_what_the_raise_site_gives(site):
    _, _, code, details = site
    entry = issue_codes()[code]
    for part in ("message", "remedy"):
        for lang in LANGS:
            assert placeholders(entry[part][lang]) <= details | ALWAYS


@pytest.mark.parametrize("code", sorted(issue_codes()))
def test_code_has_severity_message_and_remedy(code):
    entry = issue_codes()[code]
    assert set(entry) == {"severity", "message", "remedy"}
    assert severity(Issue("f", "w", code)) in set(Severity)
    names = placeholders(entry["message"]["zh"]) | placeholders(entry["remedy"]["zh"])
    issue = Issue("layers/a.geojson", "b", code, dict.fromkeys(names - ALWAYS, "x"))
    for lang in LANGS:
        assert "{" not in issue_message(issue, lang) + issue_remedy(issue, lang)


def test_codes_page_is_current():
    page = PACKAGE.parent / "docs/codes.md"
    hint = "renew it: python -m etk_geo.codes > docs/codes.md"
    assert page.read_text(encoding="utf-8") == codes.codes_page(), hint

"""Cards say everything that is known, name what is not, and let no data string become markup."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from unicodedata import category

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etk_geo.maps.cards import card, tip
from etk_geo.maps.escape import element, html_text, joined
from etk_geo.model import FACT_PROPERTIES, FEATURE_PROPERTIES
from etk_geo.plan import open_plan
from etk_geo.store import project_root
from etk_geo.wording import Words

HOSTILE = "<img src=x onerror=alert(1)>"
TAGS = {
    *("article", "b", "dd", "details", "div", "dl", "dt", "em", "h3", "h4", "li", "p", "small"),
    *("span", "strong", "summary", "table", "td", "th", "tr", "ul"),
}
TEXT_PROPERTIES = (
    *("name_zh", "name_en", "category", "status", "status_date", "accuracy_zh", "accuracy_en"),
    *("as_of", "known_zh", "known_en", "siting", "extent_basis", "kind"),
)
LISTS = ("places", "targets", "citations", "sources")


class Reader(HTMLParser):
    """Reads markup as a browser would: which tags, which attributes, which text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def plain(text: str) -> str:
    """Leave out what HTML does not allow."""
    return "".join(c for c in text if c in "\t\n" or category(c) not in ("Cc", "Cs"))


@pytest.fixture
def words(make_plan):
    return Words(
        make_plan(
            targets=[
                {
                    "id": "output",
                    "name_zh": "园区产值",
                    "name_en": "Output of parks",
                    "baseline_2020": 413.0,
                    "target_2025": 1000.0,
                    "comparator": ">=",
                    "unit": "bn",
                    "citation": ["3.1.1"],
                },
                {"id": "green", "name_zh": "绿色矿山", "target_2025": 95.0, "unit": "%"},
            ],
            outline=[{"citation": "3.1.1", "title_zh": "园区", "title_en": "Parks"}],
            places=[{"id": "town", "name_zh": "某镇", "name_en": "Some town", "kind": "town"}],
            categories=[{"id": "park", "name_zh": "园区", "name_en": "Park"}],
            vocabulary=[
                {"domain": "status", "code": "planned", "zh": "规划", "en": "planned"},
                {"domain": "extent_basis", "code": "default", "zh": "按类别默认", "en": "default"},
                {"domain": "attribute", "code": "area", "zh": "面积", "en": "area"},
                {"domain": "unit", "code": "bn", "zh": "亿元", "en": "100 million yuan"},
            ],
            sources=[
                {"id": "s1", "title_zh": "来源一", "title_en": "First", "licence": "CC BY 4.0"},
                {"id": "s2", "title_zh": "来源二", "title_en": "Second"},
            ],
            gaps=[
                {"subject": "town", "what_zh": "镇界", "holder_zh": "自然资源局"},
                {"subject": "a", "what_zh": "占地范围"},
            ],
        ),
        "zh",
    )


def test_card_shows_target_with_baseline_goal_unit_and_section(words, make_feature):
    text = Reader(card([make_feature(targets=["output", "green"])], "图层", words)).text
    assert "园区产值413≥1,000亿元3.1.1" in text
    assert "绿色矿山未列95%" in text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("park", "园区"),
        ("eco_redline", "生态保护红线"),
        ("coverage", "资料覆盖范围"),
        ("no_such_code", "no_such_code"),
        (None, ""),
    ],
)
def test_category_of_a_supplied_zone_is_said_in_words(words, make_feature, code, said):
    names = open_plan(project_root()).zone_names
    words = Words(replace(words.plan, zone_names=names), "zh")
    assert words.category(code) == said
    text = Reader(card([make_feature(category=code)], "图层", words)).text
    assert said in text
    assert code is None or code == said or code not in text


def test_plan_opens_without_the_names_of_zone_types(tmp_path):
    """What is wrong with the tables of rules is told by the rules, not by the plan too."""
    plan = open_plan(tmp_path)
    assert list(plan.zone_names.columns) == ["code", "name_zh", "name_en"]
    assert not [issue for issue in plan.issues if issue.file.startswith("rules/")]


def test_card_shows_accuracy_how_it_is_known_and_a_default_extent(words, make_feature):
    one = make_feature(
        accuracy_m=3000.0, accuracy_zh="参考点", extent_m=10_000.0, extent_basis="default"
    )
    text = Reader(card([one], "图层", words)).text
    assert "位置误差 ±3,000 米" in text
    assert "参考点" in text
    assert "距参考位置不超过 10 公里（按类别默认）" in text


def test_card_names_what_is_unknown(words, make_feature):
    text = Reader(card([make_feature()], "图层", words)).text
    for said in ("位置误差未知", "占地上限未知", "状态不详", "数据日期不详", "未注明来源"):
        assert said in text


def test_card_keeps_both_figures_where_sources_disagree(words, make_feature):
    facts = [
        dict.fromkeys(FACT_PROPERTIES, "")
        | {"attribute": "area", "value": value, "unit": "ha", "source": source}
        for value, source in (("46410", "s1"), ("7700", "s2"))
    ]
    text = Reader(card([make_feature(facts=facts)], "图层", words)).text
    assert "面积 （2 种说法）" in text
    assert "46410 ha" in text
    assert "7700 ha" in text
    assert "来源一" in text
    assert "来源二" in text


def test_card_lists_gaps_of_the_feature_and_its_places_with_the_holder(words, make_feature):
    text = Reader(card([make_feature(places=["town"])], "图层", words)).text
    assert "尚缺" in text
    assert "镇界（持有：自然资源局）" in text
    assert "占地范围" in text


def test_card_gives_sections_with_headings_and_sources_with_titles(words, make_feature):
    one = make_feature(citations=["3.1.1", "9.9.9"], sources=["s1", "unheard_of"])
    text = Reader(card([one], "图层", words)).text
    assert "3.1.1 园区" in text
    assert "9.9.9" in text
    assert "来源一CC BY 4.0" in text
    assert "unheard_of" in text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"bound": "outer"}, "只表示公开资料所述的外包范围，不是边界"),
        ({"kind": "extent"}, "只示意大致分布"),
        ({"accuracy_m": None}, "示意走向"),
        ({"orientation_only": True}, "仅供定位参考，不用于判定"),
    ],
)
def test_card_warns_of_what_must_not_be_read_into_a_shape(values, said, words, make_feature):
    assert said in Reader(card([make_feature(**values)], "图层", words)).text


def test_card_of_several_features_lists_each_in_details(words, make_feature):
    markup = card([make_feature("a"), make_feature("b")], "图层", words)
    assert markup.count("<details>") == 2
    assert "此处有 2 项" in markup


def test_tip_says_name_standing_and_accuracy(words, make_feature):
    one = make_feature(status="planned", category="park", accuracy_m=500.0)
    assert Reader(tip([one], words)).text == "名a园区 · 规划位置误差 ±500 米"


def test_tip_of_several_features_says_how_many_more(words, make_feature):
    assert "以及另外 1 项" in tip([make_feature("a"), make_feature("b")], words)


def test_card_in_english_is_english(words, make_feature):
    english = Words(words.plan, "en")
    one = make_feature(targets=["output"], status="planned", accuracy_m=500.0)
    text = Reader(card([one], "Layer", english)).text
    for said in ("Output of parks", "2025 target", "planned", "Position ±500 m", "Chinese name"):
        assert said in text


@settings(deadline=None)
@given(st.text(), st.booleans())
@example(HOSTILE, True)
@example("</article><script>alert(1)</script>", False)
@example("\"' onmouseover=alert(1) x='", True)
def test_no_string_of_a_feature_becomes_markup(make_plan, hostile, several):
    one = dict.fromkeys(FEATURE_PROPERTIES)
    one |= dict.fromkeys(TEXT_PROPERTIES, hostile)
    one |= {name: [hostile] for name in LISTS}
    one |= {"id": "a", "bound": "position", "orientation_only": True, "accuracy_m": 5.0}
    one |= {"facts": [dict.fromkeys(FACT_PROPERTIES, hostile)], "extent_m": 5.0}
    row = {"id": hostile, "name_zh": hostile, "title_zh": hostile, "unit": hostile}
    tables = {
        "targets": [{**row, "comparator": hostile, "citation": [hostile]}],
        "sources": [{**row, "licence": hostile, "date_published": hostile, "url": hostile}],
        "outline": [{"citation": hostile, "title_zh": hostile}],
        "places": [row],
        "gaps": [{"subject": "a", "what_zh": hostile, "holder_zh": hostile}],
        "vocabulary": [{"domain": "status", "code": hostile, "zh": hostile}],
    }
    words = Words(make_plan(**tables), "zh")
    features = [one, one] if several else [one]
    for markup in (card(features, hostile, words), tip(features, words)):
        read = Reader(markup)
        assert read.tags <= TAGS
        assert read.attributes <= {"class"}
        assert plain(hostile) in read.text


@given(st.text())
def test_escaped_text_reads_back_as_it_was(text):
    read = Reader(element("p", html_text(text)))
    assert read.tags == {"p"}
    assert read.text == plain(text)


def test_nothing_and_numbers_become_text():
    assert html_text(None) == ""
    assert html_text(1.5) == "1.5"
    assert joined([html_text("a"), html_text(None), html_text("b")], "<") == "a&lt;b"


def test_class_attribute_is_escaped():
    assert element("p", css='"><b>') == '<p class="&quot;&gt;&lt;b&gt;"></p>'

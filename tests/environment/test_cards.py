"""Cards by hand: squares of 100 m against zones with known rules, and the plan's own projects."""

from __future__ import annotations

import math
from datetime import date

import pytest
import shapely
from shapely.geometry import Polygon

from etk_geo.i18n import text
from etk_geo.model import LANGS
from etk_geo.screening.cards import findings_of, project_result
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.measures import passages
from etk_geo.screening.zones import Barrier
from tests.app.conftest import CJK
from tests.screening_findings.builders import line, point, project, projects, square, zone, zones

DAY = date(2026, 6, 1)
REDLINE = zone("redline", square(50, 0, 100), "eco_redline")
REST = zone("rest", square(40, 0, 30), "eco_redline")
FARMLAND = zone(
    "type:permanent_basic_farmland", None, "permanent_basic_farmland", barrier=Barrier.NO_LAYER
)


def result(book, row, *held, lang="zh", **options):
    screening = screen_projects(projects(row), zones(*held), book, DAY)
    return project_result(screening, row["project_id"], book, lang, **options)


def test_headline_names_consequence_zone_law_and_article(book):
    found = result(book, project("a", square(0, 0, 100), category="chemical"), REDLINE)
    assert found.consequence == "prohibited"
    assert found.headline.startswith("禁止：区域redline；")
    rule = book.by_id["RU033"]
    assert rule.law_zh in found.headline


def test_a_day_of_decision_after_the_screening_is_pointed_out(book):
    said = "晚于筛查日期"
    later, same = (
        result(book, project("a", square(0, 0, 100), category="chemical", decided_on=day), REDLINE)
        for day in (date(2031, 1, 1), DAY)
    )
    assert any(said in line and "2031-01-01" in line for line in later.details)
    assert not any(said in line for line in same.details)


def test_card_has_figures_with_bounds_rule_dates_and_authority(book):
    found = result(
        book, project("a", square(0, 0, 100), category="chemical"), REDLINE,
        titles={"test_layer": "生态保护红线图层"},
    )  # fmt: skip
    (card,) = found.cards
    assert (card.verdict, card.consequence) == ("OVERLAPS", "prohibited")
    # Half of a hectare, to within what the projection does to 5,000 m2.
    assert dict(card.figures)["重叠面积"].startswith("0.5000 公顷（7.50 亩）")
    assert dict(card.figures)["占项目比例"] == "50.00%"
    assert "最近距离" not in dict(card.figures)
    assert card.layer == "生态保护红线图层"
    assert card.version == "0" * 12
    (rule,) = [rule for rule in card.rules if rule.applies]
    assert rule.id == "RU033"
    assert rule.dates.startswith("2022-08-01")
    assert rule.authority
    assert not card.needs


def test_accuracy_gives_least_and_most(book):
    row = project("a", square(0, 0, 100), category="chemical", accuracy_m=10.0)
    (card,) = result(book, row, REDLINE).cards
    least, most = dict(card.figures)["重叠面积"].split(" 至 ")
    assert least < "0.5000" < most


def test_undecided_card_says_which_accuracy_would_decide(book):
    row = project("a", square(-60, 0, 100), category="chemical", accuracy_m=30.0)
    (card,) = result(book, row, REDLINE).cards
    assert card.verdict == "INDETERMINATE"
    metres = float(card.needs.split("达到 ")[1].split(" 米")[0])
    # The squares are 10 m apart: with less than that in sum they are.
    assert metres == pytest.approx(10, abs=0.2)
    better = {**row, "accuracy_m": metres - 0.1}
    (card,) = result(book, better, REDLINE).cards
    assert card.verdict == "CLEAR"


def test_undecided_by_any_accuracy_says_what_is_needed_instead(book):
    row = project("a", point(0, 0), bound="position", accuracy_m=5.0)
    (card,) = result(book, row, REDLINE).cards
    assert card.verdict == "INDETERMINATE"
    assert card.needs == text("environment.needs_more", "zh")


def test_missing_zone_is_counted_named_and_never_a_card(book):
    found = result(book, project("a", square(900, 0, 100)), REDLINE, FARMLAND)
    assert [card.zone_id for card in found.cards] == ["redline"]
    assert found.not_checked == 1
    (missing,) = found.missing
    assert missing.holder == book.zone_types["permanent_basic_farmland"].holder_zh
    assert missing.zones[0][0] == "区域type:permanent_basic_farmland"
    assert missing.worst in ("prohibited", "needs_approval")
    # Clear of all that was checked, but something is missing: no statement of no conflict.
    assert found.consequence == "cannot_judge"
    assert "未检查 1 个" in "".join(found.details)


def test_clear_of_everything_claims_no_more_than_what_was_checked(book):
    found = result(book, project("a", square(900, 0, 100)), REDLINE)
    assert found.consequence == "none"
    assert "限于已取得的数据" in found.headline


def test_strictest_card_comes_first_and_clear_last(book):
    far = zone("a_far", square(5000, 0, 100), "eco_redline")
    unclear = zone("b_unclear", square(110, 0, 100), "eco_redline", accuracy_m=50.0)
    found = result(
        book, project("a", square(0, 0, 100), category="chemical"), far, unclear, REDLINE
    )
    assert [card.verdict for card in found.cards] == ["OVERLAPS", "INDETERMINATE", "CLEAR"]


def test_rule_to_be_confirmed_is_marked(book):
    unread = {rule.id for rule in book.rules if rule.to_be_confirmed}
    row = project("a", square(0, 0, 100), category="chemical")
    held = zone("core", square(-500, -500, 2000), "eco_zoning")
    (card,) = result(book, row, held).cards
    marked = {rule.id for rule in card.rules if rule.to_be_confirmed}
    assert marked
    assert marked == {rule.id for rule in card.rules} & unread


def test_unknown_project_is_an_error(book):
    screening = screen_projects(projects(project("a", None)), zones(REDLINE), book, DAY)
    with pytest.raises(KeyError):
        project_result(screening, "b", book, "zh")


@pytest.fixture(scope="module")
def plan_screening(planned, held, book):
    return screen_projects(planned, held, book, DAY)


@pytest.mark.parametrize("lang", LANGS)
def test_every_plan_project_has_all_its_zones_in_cards_and_gaps(plan_screening, book, lang):
    zones_there = len(plan_screening.zones)
    for project_id in plan_screening.projects["project_id"]:
        found = project_result(plan_screening, project_id, book, lang)
        named = len(found.cards) + sum(len(missing.zones) for missing in found.missing)
        assert named == zones_there == sum(found.counts.values())
        assert len(findings_of(plan_screening, project_id)) == zones_there
        assert found.headline


def test_english_results_hold_no_chinese(plan_screening, book):
    for project_id in plan_screening.projects["project_id"]:
        assert not CJK.search(repr(project_result(plan_screening, project_id, book, "en")))


@pytest.mark.parametrize("lang", LANGS)
def test_no_text_of_the_desk_says_safe_or_approved(plan_screening, book, lang):
    banned = ("安全可行", "已批准", "可以建设", "通过审批", "safe to", "approved")
    for project_id in plan_screening.projects["project_id"]:
        found = project_result(plan_screening, project_id, book, lang)
        said = " ".join((found.headline, *found.details)).lower()
        assert not any(word in said for word in banned)


def test_distance_without_upper_bound_is_said_as_at_least(book):
    row = project("a", square(900, 0, 100), accuracy_m=math.nan)
    (card,) = result(book, row, REDLINE).cards
    assert card.verdict == "INDETERMINATE"
    assert "最近距离" not in dict(card.figures)


@pytest.mark.parametrize("lang", LANGS)
def test_what_was_done_to_geometry_is_said_of_the_project_and_of_the_zone(book, lang):
    ring = list(square(50, 0, 100).exterior.coords)
    crossed = zone("redline", Polygon([ring[0], ring[2], ring[1], ring[3]]), "eco_redline")
    raised = shapely.force_3d(square(0, 0, 100), 1200)
    found = result(book, project("a", raised, category="chemical"), crossed, REST, lang=lang)
    heights, repair = (
        {"zh": "图形说明：图形带有高程", "en": "Geometry: The geometry has heights"}[lang],
        {"zh": "图形说明：图形无效（边线自相交）", "en": "Geometry: The geometry is inv"}[lang],
    )
    assert [line for line in found.details if line.startswith(heights)]
    by_zone = {card.zone_id: card.remarks for card in found.cards}
    said = [remark for remark in by_zone["redline"] if remark.startswith(repair)]
    assert len(said) == 1
    # Half of the square is left: two triangles of a quarter hectare.
    assert "5,000" in said[0] or "5000.0" in said[0]
    assert not [remark for remark in by_zone["rest"] if remark.startswith(repair)]
    assert lang == "zh" or not CJK.search(said[0])


def road(accuracy_m):
    """A line of 400 m from west to east; the zone ``redline`` begins 50 m along its way east."""
    return project("road", line((-150, 50), (250, 50)), accuracy_m=accuracy_m)


def chainage_said(book, accuracy_m, lang="zh"):
    screened, held = projects(road(accuracy_m)), zones(REDLINE)
    screening = screen_projects(screened, held, book, DAY)
    passed = passages(screening, screened, held)
    (card,) = project_result(screening, "road", book, lang, passed=passed).cards
    return card.verdict, dict(card.figures).get(text("environment.figure_chainage", lang))


def test_card_of_a_line_tells_where_it_enters_and_leaves(book):
    """From x = -150 m the square from 50 to 150 m is met at 200 m and left at 300 m."""
    verdict, said = chainage_said(book, 5.0)
    assert verdict == "OVERLAPS"
    assert said.startswith("K0+200 至 K0+300（")
    assert "最早 K0+195" in said
    assert "最晚 K0+305" in said
    assert "K0+200 to K0+300" in chainage_said(book, 5.0, "en")[1]


def test_card_of_a_line_known_too_roughly_says_that_it_may_not_enter(book):
    verdict, said = chainage_said(book, 120.0)
    assert verdict == "INDETERMINATE"
    assert said.startswith("所示线位 K0+200 至 K0+300；")
    assert said.endswith("也可能不进入")

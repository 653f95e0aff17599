"""The environmental desk without a browser: what is asked, found, judged and compared."""

from __future__ import annotations

import json
from datetime import date

import pytest

from etk_geo.catalog import open_catalog
from etk_geo.i18n import text
from etk_geo.model import LANGS
from etk_geo.plan import open_plan
from etk_geo.rules import read_rules
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.projects import plan_projects
from etk_geo.screening.taken import TakenProjects
from etk_geo.screening.zones import collect_zones
from etk_geo.store import project_root
from etk_geo.ui.screening.kept import OPINIONS, RESULTS
from etk_geo.ui.screening.report_view import MAKING
from etk_geo.ui.taken import TAKEN
from tests.app.conftest import CJK, only, said
from tests.screening_findings.builders import project, projects, square, supply_layer

DAY = "2026-06-01"


@pytest.fixture(scope="module")
def truth():
    """What the engine says of the plan on the day."""
    root = project_root()
    catalog, book = open_catalog(root), read_rules(root)
    day = date.fromisoformat(DAY)
    table = plan_projects(catalog, open_plan(root))
    return screen_projects(table, collect_zones(catalog, book, on=day), book, day)


def html(app):
    return "\n".join(element.proto.body for element in app.get("html"))


def finish(app):
    """Run until the screening in the background is done."""
    for _ in range(60):
        if RESULTS in app.session_state:
            return app
        app.run()
    raise AssertionError("the screening did not end")


def opened(open_page, lang="zh", **parameters):
    app = finish(open_page("screen", lang, as_of=DAY, run="1", **parameters))
    assert not app.exception
    assert not app.error
    return app


def test_start_shows_what_is_held_before_anything_is_screened(open_page):
    app = open_page("screen", as_of=DAY)
    assert "开始筛查（65 个项目）" in [button.label for button in app.button]
    page = html(app)
    assert "旗林草局：缺" in page
    assert "铁路运输企业；国家铁路局地区监管局：缺" in page
    assert "不等于没有冲突" in said(app)


def test_button_starts_and_the_result_is_that_of_the_engine(open_page, truth):
    app = open_page("screen", as_of=DAY)
    only(app.button, key="screen_start").click().run()
    finish(app)
    (found,) = app.session_state[RESULTS].values()
    assert found.totals == truth.totals
    assert list(found.projects["consequence"]) == list(truth.projects["consequence"])
    assert f"= {len(truth.findings)} 对" in said(app)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("view", ["project", "matrix", "variants", "files"])
def test_every_view_opens_from_its_address(open_page, lang, view):
    app = opened(open_page, lang, view=view, project="qipanjing_park")
    if lang == "en":
        assert not CJK.search(html(app).split("</style>")[-1])
        assert not CJK.search(said(app))


def test_project_page_says_conclusion_cards_and_every_missing_zone(open_page, truth):
    app = opened(open_page, view="project", project="general_airport")
    page = html(app)
    row = truth.projects.set_index("project_id").loc["general_airport"]
    assert f"∅ 未检查的区域：{row['NOT_CHECKED']} 个" in said(app)
    assert f"未检查 {row['NOT_CHECKED']} 个" in page
    assert "已能确定的：须注意" in page
    assert "鄂托克旗" in page
    assert "不是审批意见" in said(app)


def test_link_opens_some_projects_on_its_terms(open_page):
    app = opened(
        open_page, pick="ids:s35,g242", category="coal_mine", decided="2020-05-01", view="project"
    )
    (found,) = app.session_state[RESULTS].values()
    assert list(found.projects["project_id"]) == ["g242", "s35"]
    assert set(found.projects["category"]) == {"coal_mine"}
    assert set(found.projects["law_date"]) == {date(2020, 5, 1)}


@pytest.mark.parametrize("as_of", ["x", "2026-13-01", "0001-01-01", "9999-01-01"])
def test_bad_day_in_the_address_is_today(open_page, as_of):
    app = open_page("screen", as_of=as_of)
    assert not app.exception
    assert not app.error


def test_nothing_chosen_is_said(open_page):
    app = open_page("screen", pick="ids:gone")
    assert text("screen.none_chosen", "zh") in said(app)


def with_list(open_page, rows, **parameters):
    """Open the page in a session that has taken in a list."""
    taken = TakenProjects("清单.xlsx", projects(*rows), ())
    app = open_page("screen", as_of=DAY)
    app.session_state[TAKEN] = (taken,)
    app.run()
    for name, value in {"run": "1", **parameters}.items():
        app.query_params[name] = value
    only(app.selectbox, key="screen_list").set_value(taken.key).run()
    return finish(app)


def matrix(app):
    (table,) = [
        f.value for f in app.dataframe if text("screen.conclusion", "zh") in f.value.columns
    ]
    return table


def test_three_hundred_projects_in_the_matrix(open_page):
    rows = [
        project(f"p{n:03}", square(100 * n, 0, 90), category="coal_mine", accuracy_m=5.0)
        for n in range(300)
    ]
    app = with_list(open_page, rows, view="matrix")
    assert not app.exception
    table = matrix(app)
    assert len(table) == 300
    assert "300/300 个项目" in said(app)
    only(app.text_input, key="screen_filter_search").set_value("p29").run()
    assert len(matrix(app)) == 10
    only(app.selectbox, key="screen_matrix_columns_zh").set_value("rail").run()
    assert "普速铁路" in [str(name) for name in matrix(app).columns]


def test_hostile_names_stay_text(open_page):
    hostile = "<img src=x onerror=alert(1)>"
    row = project("p", square(0, 0, 90), category="coal_mine", name_zh=hostile)
    app = with_list(open_page, [row], view="project")
    assert not app.exception
    assert "<img" not in html(app)


def test_supplied_layer_moves_the_verdict_and_the_map_shows_overlap(open_page, project_copy):
    app = with_list(
        open_page,
        [project("p", square(0, 0, 100), category="coal_mine", accuracy_m=0.0)],
        view="project",
    )
    page = html(app)
    assert "✕ 禁止：官方redline" in page
    assert "重叠面积" in page
    assert "0.5000" in page
    assert "142号）第1条：禁止" in page


@pytest.fixture
def project_copy(project):
    supply_layer(
        project, "redline_layer", [("redline", "eco_redline", square(50, 0, 100))], accuracy_m=0.0
    )
    return project


# Judgement


def judge(app, key, *, reason, officer, ruling="set_aside"):
    only(app.radio, key=f"{key}_ruling").set_value(ruling)
    only(app.text_area, key=f"{key}_reason").set_value(reason)
    only(app.text_input, key=f"{key}_officer").set_value(officer)
    form = next(b for b in app.button if b.form_id == key)
    form.click().run()


def test_officer_sets_a_finding_aside_and_the_computed_one_stays(open_page):
    app = opened(open_page, view="project", project="general_airport")
    key = "opinion_general_airport_otog_banner"
    judge(app, key, reason="已核对<b>界线</b>", officer="张三")
    page = html(app)
    assert "人工判断：不采纳上述计算结论（计算结论保留）。张三" in page
    assert "已核对&lt;b&gt;界线&lt;/b&gt;" in page
    assert "■ 位于区域内" in page
    (kept,) = app.session_state[OPINIONS].values()
    assert [(o.zone_id, o.verdict, o.consequence) for o in kept] == [
        ("otog_banner", "INSIDE", "attention")
    ]


@pytest.mark.parametrize(("reason", "officer", "code"), [("", "张三", 950), ("理由", " ", 951)])
def test_judgement_without_reason_or_name_is_refused(open_page, reason, officer, code):
    app = opened(open_page, view="project", project="general_airport")
    judge(app, "opinion_general_airport_", reason=reason, officer=officer)
    words = {950: "没有写理由", 951: "没有写判断人的姓名"}[code]
    assert any(words in error.value for error in app.error)
    assert OPINIONS not in app.session_state
    (form,) = [a for a in app.text_area if a.key == "opinion_general_airport__reason"]
    assert form.value == reason  # nothing typed is lost


# What if


def variant_key(app, project_id):
    (mark,) = app.session_state[RESULTS]
    return f"{mark}_{project_id}_0"


def test_moving_a_project_changes_what_follows_and_variants_are_compared(open_page, project_copy):
    app = with_list(
        open_page,
        [project("p", square(0, 0, 100), category="coal_mine", accuracy_m=0.0)],
        view="variants",
    )
    key = variant_key(app, "p")
    assert html(app).count("✕ 禁止") >= 2
    only(app.number_input, key=f"variant_east_{key}").set_value(-500.0).run()
    page = html(app)
    assert "改动后： ？ 不能判断" in page
    assert "现状： ✕ 禁止" in page
    assert "在规定距离以外" in page
    assert "中心移动 5" in said(app)
    only(app.button, key="variant_keep").click().run()
    zones = next(f.value for f in app.dataframe if "不同" in f.value.columns)
    redline = zones[zones["区域"] == "官方redline"].iloc[0]
    assert redline["不同"] == "是"
    assert "重叠" in redline.iloc[2]
    assert "以外" in redline.iloc[3]
    only(app.button, key="variant_reset").click().run()
    assert only(app.number_input, key=f"variant_east_{key[:-1]}1").value == 0
    assert html(app).count("✕ 禁止") >= 2
    only(app.button, key="variant_forget").click().run()
    assert not [f for f in app.dataframe if "不同" in f.value.columns]


# Files


def test_record_taken_away_is_the_engines_record(open_page, truth):
    app = opened(open_page, view="files")
    labels = [button.label for button in app.get("download_button")]
    assert text("screen.file_record", "zh") in labels


# Coverage


@pytest.mark.parametrize("lang", LANGS)
def test_ledger_lists_every_zone_type_missing_first(open_page, truth, lang):
    app = open_page("coverage", lang, as_of=DAY)
    table = app.dataframe[0].value
    assert len(table) == len(truth.ledger)
    holdings = list(table[text("coverage.holding", lang)])
    missing = f"∅ {text('screening.holding.missing', lang)}"
    count = sum(str(row.holding) == "missing" for row in truth.ledger)
    assert holdings[:count] == [missing] * count
    assert missing not in holdings[count:]


def test_ledger_filters_from_the_address(open_page, truth):
    app = open_page("coverage", as_of=DAY, holding="missing", family="rail")
    expected = [
        row.name_zh
        for row in truth.ledger
        if str(row.holding) == "missing" and row.family == "rail"
    ]
    assert list(app.dataframe[0].value["区域类型"]) == expected


def test_supplied_layer_moves_its_row(open_page, project_copy):
    app = open_page("coverage", as_of=DAY, family="three_lines")
    table = app.dataframe[0].value.set_index("区域类型")
    assert "缺失" not in table.loc["生态保护红线", "状态"]


def test_documents_of_opinions_are_plain_json(open_page):
    app = opened(open_page, view="project", project="general_airport")
    judge(app, "opinion_general_airport_", reason="理由", officer="李四", ruling="confirmed")
    (kept,) = app.session_state[OPINIONS].values()
    assert json.loads(json.dumps(kept[0].document()))["officer"] == "李四"


# Archive


def keep(app, title="棋盘井核查", author="张三"):
    only(app.text_input, key="archive_title").set_value(title)
    only(app.text_input, key="archive_author").set_value(author)
    next(b for b in app.button if b.form_id == "archive_keep").click().run()
    return app


def test_kept_screening_is_found_verified_and_computed_again(open_page, project):
    app = opened(open_page, view="project", project="general_airport", pick="ids:general_airport")
    judge(app, "opinion_general_airport_otog_banner", reason="已核对", officer="张三")
    only(app.get("button_group"), key="screen_view").set_value("files").run()
    app = keep(app)
    assert not app.exception
    assert any("编号" in message.value for message in app.success)
    # Another session, as after a restart: all that is left is in the records.
    app = open_page("archive", find="棋盘井")
    table = app.dataframe[0].value
    assert list(table["标题"]) == ["棋盘井核查"]
    assert list(table["人工判断"]) == [1]
    opinions = next(f.value for f in app.dataframe if "理由" in f.value.columns)
    assert opinions.iloc[0]["判断"] == "不采纳计算结论"
    assert opinions.iloc[0]["计算结论"] == "位于区域内、须注意"
    only(app.button, key="archive_report_make").click().run()
    if MAKING in app.session_state:
        assert app.session_state[MAKING][1].finished(within_s=300)
        app.run()
    taken = [b.label for b in app.get("download_button") if "report" in b.label]
    assert not app.error
    assert [label.rpartition(".")[2] for label in taken] == ["docx", "pdf", "xlsx", "geojson"]
    only(app.button, key="archive_verify").click().run()
    assert text("screening.verify.holds", "zh") in said(app)
    supply_layer(
        project, "redline_layer", [("redline", "eco_redline", square(50, 0, 100))], accuracy_m=0.0
    )
    only(app.button, key="archive_again").click().run()
    page = said(app)
    assert "变化的图层：" in page
    assert len(app.dataframe[-1].value) > 0
    only(app.button, key="archive_keep_again").click().run()
    assert len(open_page("archive").dataframe[0].value) == 2


def test_judgements_can_be_added_to_a_kept_screening_and_earlier_ones_stay(open_page, project):
    keep(opened(open_page, view="files", pick="ids:general_airport"))
    app = open_page("archive")
    for reason, ruling in (("先采纳", "confirmed"), ("现场<b>复核</b>", "set_aside")):
        judge(app, "opinion_general_airport_", reason=reason, officer="李四", ruling=ruling)
        assert not app.exception
    page = html(app)
    assert "不采纳上述计算结论（计算结论保留）。李四" in page
    assert "现场&lt;b&gt;复核&lt;/b&gt;" in page
    assert "？ 不能判断" in page
    findings = next(f.value for f in app.dataframe if "后果" in f.value.columns)
    assert list(findings["后果"]) == ["？ 不能判断"]
    assert "不采纳计算结论（李四" in findings["人工判断"].iloc[0]
    history = next(f.value for f in app.dataframe if "理由" in f.value.columns)
    assert list(history["理由"]) == ["先采纳", "现场<b>复核</b>"]
    assert list(history["效力"]) == ["已被后来的判断代替", "现行"]
    assert list(open_page("archive").dataframe[0].value["人工判断"]) == [2]


def test_screening_without_a_name_is_not_kept(open_page, project):
    app = keep(opened(open_page, view="files", pick="ids:s35"), author=" ")
    assert app.error
    assert text("archive.empty", "zh") in said(open_page("archive"))


def test_two_days_of_law_name_the_rules_that_change(open_page, project):
    app = open_page("archive")
    only(app.button, key="archive_compare").click().run()
    page = said(app)
    assert "不再适用的规则" in page
    assert "RU005" in page or "2026-03-14" in page
    assert "自然保护区条例" in page
    assert len(app.dataframe[-1].value) > 0

"""Editing layers on the page: form, review, saving, two people, history; each on its own copy."""

from __future__ import annotations

import json

import pytest
from shapely.geometry import Point

from etk_geo.catalog import open_catalog
from etk_geo.editing import Change, LayerEditor
from etk_geo.i18n import text
from etk_geo.lint import lint
from etk_geo.model import LANGS
from etk_geo.ui import kiosk
from etk_geo.ui.sections import SECTIONS
from tests.app.conftest import only, said, unescaped

LAYER, PARK, EAST = "industrial_parks", "qipanjing_park", "qipanjing_east"
PLANTS, PLANT = "power_plants", "plant_huaneng_mengxi"
BY = {"author": "李四", "reason": "核对", "source": "现场"}
HOSTILE = "<img src=x onerror=alert(1)>"


def field(app, kind, name):
    """Return the one widget of a kind whose key ends with a name."""
    found = [w for w in app.get(kind) if (w.key or "").endswith(f"_{name}")]
    assert len(found) == 1, [w.key for w in app.get(kind)]
    return found[0]


def fill(app, **values):
    for name, value in values.items():
        kind = "text_area" if name.startswith(("known", "accuracy_")) else "text_input"
        field(app, kind, name).set_value(value)
    return app.run()


def press(app, name):
    app = field(app, "button", name).click().run()
    assert not app.exception
    return app


def sign(app, part="sign", **words):
    for name, value in words.items():
        only([w for w in app.text_input if (w.key or "").endswith(f"{part}_{name}")]).set_value(
            value
        )
    return app


def row(root, feature, layer=LAYER):
    return open_catalog(root).layers[layer].gdf.set_index("id").loc[feature]


def table(app, heading):
    return next(t.value for t in app.table if heading in t.value.columns)


def editor(root, clock_now, layer=LAYER):
    return LayerEditor(root, layer, clock_now)


@pytest.fixture
def now():
    from datetime import UTC, datetime  # noqa: PLC0415

    return lambda: datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("lang", LANGS)
def test_what_changes_is_shown_before_it_is_saved_and_kept_with_its_words(project, open_page, lang):
    app = open_page("edit", lang, layer=PLANTS, feature=PLANT)
    before = open_catalog(project).layers[PLANTS].provenance.sha256
    app = fill(app, known_zh="三台机组", status_date="2024年6月")
    changes = app.table[0].value
    assert len(changes) == 2
    assert "三台机组" in changes.to_numpy()
    assert "2024\\-06" in changes.to_numpy()
    app = press(app, "save")
    assert len(app.error) == 3, "who, why and from what are asked for"
    assert row(project, PLANT, PLANTS).known_zh != "三台机组"
    app = press(sign(app, author="张三", reason="补充", source="年报"), "save")
    assert app.success
    assert app.run().success, "it stays when the map tells the page where it stands"
    assert row(project, PLANT, PLANTS).known_zh == "三台机组"
    assert row(project, PLANT, PLANTS).status_date == "2024-06"
    assert open_catalog(project).layers[PLANTS].provenance.sha256 != before
    assert lint(project) == []
    app = only(app.selectbox, label=text("edit.choose", lang)).set_value(None).run()
    assert not app.success
    (entry,) = json.loads((project / f"data/edits/{PLANTS}.json").read_text("utf-8"))
    assert (entry["author"], entry["reason"], entry["source"]) == ("张三", "补充", "年报")
    assert set(entry["after"]) == {"known_zh", "status_date"}


def test_nothing_is_changed_until_something_is(project, open_page):
    for layer in open_catalog(project).layers.values():
        app = open_page("edit", layer=layer.id, feature=layer.gdf["id"].iloc[-1])
        assert not app.exception
        assert "还没有改动" in said(app), layer.id


def test_value_that_is_not_sound_is_refused_in_words(project, open_page):
    app = open_page("edit", layer=LAYER, feature=PARK)
    app = fill(app, status_date="去年", name_en=" ")
    shown = said(app)
    assert "没有写“英文名”" in shown
    assert field(app, "button", "save").disabled
    app = fill(app, name_en="Park")
    assert "“状态日期”不是日期：去年" in said(app)
    assert "status_date" not in said(app)


def test_changes_outlast_another_feature_and_can_be_discarded(project, open_page):
    app = open_page("edit", layer=LAYER, feature=PARK)
    app = fill(app, name_zh="甲园")
    app = only(app.selectbox, label="选择要素").set_value(EAST).run()
    assert "“甲园”（工业园区）还有没保存的改动" in said(app)
    app = press(app, "open")
    assert field(app, "text_input", "name_zh").value == "甲园"
    app = press(app, "drop")
    assert "还没有改动" in said(app)
    assert field(app, "text_input", "name_zh").value == row(project, PARK).name_zh


def test_markup_in_a_name_stays_text(project, open_page):
    app = open_page("edit", layer=LAYER, feature=PARK)
    app = fill(app, name_zh=HOSTILE)
    app = press(sign(app, **BY), "save")
    assert row(project, PARK).name_zh == HOSTILE
    for element in (*app.markdown, *app.subheader, *app.success, *app.warning):
        assert "<img" not in element.value.replace("\\<", "")
    assert HOSTILE in unescaped(app.subheader[0].value)


# Two people


def met(project, open_page, now, **theirs):
    """Change the name in the app while somebody else changes what is given."""
    app = open_page("edit", layer=LAYER, feature=PARK)
    app = fill(app, name_zh="我的名", known_zh="我知道的")
    editor(project, now).edit(PARK, Change(properties=theirs), seen=0, **BY)
    return press(sign(app, author="张三", reason="a", source="b"), "save")


def test_edit_of_another_is_told_and_what_both_changed_is_chosen(project, open_page, now):
    app = met(project, open_page, now, name_zh="对方的名", name_en="Theirs")
    shown = said(app)
    assert "李四 在 2026-03-01 08:00（UTC）保存了对它的编辑：核对" in shown
    both = table(app, "对方的")
    assert both.set_index("内容").loc["中文名", "对方的"] == "对方的名"
    assert both.set_index("内容").loc["中文名", "我的"] == "我的名"
    assert list(both[both["是否冲突"] != ""]["内容"]) == ["中文名"]
    assert field(app, "button", "go_on").disabled
    field(app, "radio", "whose_name_zh").set_value("mine").run()
    app = press(app, "go_on")
    assert set(app.table[0].value["内容"]) == {"中文名", "已知情况（中文）"}
    app = press(sign(app, author="张三", reason="合并", source="b"), "save")
    kept = row(project, PARK)
    assert (kept.name_zh, kept.name_en, kept.known_zh) == ("我的名", "Theirs", "我知道的")
    assert [e.author for e in editor(project, now).history(PARK)] == ["李四", "张三"]


def test_both_versions_can_be_kept_as_two_features(project, open_page, now):
    app = met(project, open_page, now, name_zh="对方的名")
    app = press(app, "apart")
    assert field(app, "text_input", "name_zh").value == "我的名（另一版本）"
    field(app, "selectbox", "new_bound").set_value("position").run()
    app = press(sign(app, author="张三", reason="两说并存", source="b"), "save")
    assert "已保存" in said(app)
    assert row(project, PARK).name_zh == "对方的名"
    other = row(project, f"added_{LAYER}_2")
    assert (other.name_zh, other.known_zh) == ("我的名（另一版本）", "我知道的")
    assert lint(project) == []


def test_changes_of_a_feature_that_another_deleted_stay_at_hand(project, open_page, now):
    app = open_page("edit", layer=LAYER, feature=PARK)
    app = fill(app, name_zh="我的名")
    editor(project, now).delete(PARK, seen=0, **BY)
    app = press(sign(app, author="张三", reason="a", source="b"), "save")
    app = only(app.selectbox, label="选择要素").set_value(None).run()
    assert "“我的名”（工业园区）还有没保存的改动" in said(app)
    assert "已删去的要素（1）" in [unescaped(e.label) for e in app.expander]


def test_new_feature_that_is_not_saved_is_not_written_over(project, open_page, now):
    app = fill(open_page("edit", layer=LAYER, feature="+"), name_zh="还没保存的新园")
    app = only(app.selectbox, label="选择要素").set_value(PARK).run()
    app = fill(app, name_zh="我的名")
    editor(project, now).delete(PARK, seen=0, **BY)
    app = app.run()
    assert "李四" in said(app)
    assert field(app, "button", "apart").disabled
    assert "还没保存的新园" in said(app)


# Add, delete, history


def test_feature_is_added(project, open_page):
    app = open_page("edit", layer=PLANTS, feature="+")
    assert "还没有改动" in said(app)
    app = fill(app, name_zh="新电厂", name_en="New station")
    app = press(sign(app, author="张三", reason="建成", source="公告"), "save")
    assert "已保存" in said(app)
    assert row(project, f"added_{PLANTS}_1", PLANTS).name_zh == "新电厂"
    assert row(project, f"added_{PLANTS}_1", PLANTS).geometry is None
    assert app.subheader[0].value == "新电厂"
    assert "新增" in list(table(app, "做了什么")["做了什么"])


def test_plan_project_cannot_be_added_without_its_section(project, open_page):
    app = open_page("edit", layer=LAYER, feature="+")
    app = fill(app, name_zh="新园", name_en="New park")
    assert "新增的规划项目没有写“规划出处”" in said(app)
    assert field(app, "button", "save").disabled


def test_feature_is_deleted_and_brought_back(project, open_page):
    app = open_page("edit", layer=PLANTS, feature=PLANT)
    app = press(sign(app, part="gone", author="张三", reason="重复", source="年报"), "delete")
    assert PLANT not in set(open_catalog(project).layers[PLANTS].gdf["id"])
    app = open_page("edit", layer=PLANTS)
    assert "已删去的要素（1）" in [unescaped(e.label) for e in app.expander]
    only(app.text_input, key=f"edit_bring_back_{PLANTS}_author").set_value("李四")
    app = only(app.button, key=f"edit_bring_back_now_{PLANTS}").click().run()
    assert PLANT in set(open_catalog(project).layers[PLANTS].gdf["id"])
    assert list(table(app, "做了什么")["做了什么"]) == ["撤销第 1 次", "删去"]


def test_edits_are_undone_and_versions_restored(project, open_page, now):
    by = editor(project, now)
    first = by.edit(PARK, Change(properties={"known_zh": "一"}), seen=0, **BY)
    by.edit(PARK, Change(properties={"known_zh": "二"}), seen=first.number, **BY)
    app = open_page("edit", layer=LAYER, feature=PARK)
    field(app, "selectbox", "version").set_value(0)
    sign(app, part="back", author="张三", reason="查错")
    app = press(app, "restore")
    original = row(project, PARK).known_zh
    assert original not in ("一", "二")
    app = press(sign(app, part="back", author="张三"), "undo")
    assert row(project, PARK).known_zh == "二"
    assert list(table(app, "现在有效")["现在有效"]) == ["否", "否", "是", "是"]
    assert list(table(app, "做了什么")["做了什么"]) == [
        "撤销第 3 次",
        "恢复到第 0 次之后",
        "修改",
        "修改",
    ]


def test_position_withdrawn_is_unlocated(project, open_page, now):
    by = editor(project, now)
    sited = Change(
        Point(107.1, 39.4), has_geometry=True, properties={"bound": "position", "accuracy_m": 50}
    )
    by.edit(EAST, sited, seen=0, **BY)
    app = open_page("edit", layer=LAYER, feature=EAST)
    assert "点 1 个，东经 107.100000，北纬 39.400000" in said(app)
    assert field(app, "number_input", "accuracy_m").value == 50


def test_kiosk_has_no_page_to_edit(monkeypatch):
    monkeypatch.setenv("ETK_KIOSK", "1")
    keys = {key for pages in kiosk.offered(SECTIONS).values() for key, *_ in pages}
    assert not keys & {"edit", "entries", "intake"}

"""Coordinate columns, attributes and encodings: found, offered, correctable."""

from __future__ import annotations

import pandas as pd
import pytest

from etk_geo.errors import IntakeError
from etk_geo.intake.attributes import AttributeMap, map_attributes
from etk_geo.intake.columns import CoordinateColumns, find_columns
from etk_geo.intake.confirm import Choice, confirm
from etk_geo.intake.datums import Datum
from etk_geo.intake.declarations import Declaration
from etk_geo.intake.encodings import find_encoding
from etk_geo.intake.raw_layer import RawLayer, choose_columns
from etk_geo.intake.understanding import Question, understand
from tests.intake.layers import ORIGIN, codes, layer


def test_columns_by_name_and_by_value():
    table = pd.DataFrame(
        {"名称": ["a"], "经度": ["107.5"], "纬度": ["39.2"], "X": ["4318979"], "Y": ["36413372"]}
    )
    found = find_columns(table)
    assert found[0] == CoordinateColumns("经度", "纬度", named=True)
    assert CoordinateColumns("X", "Y", named=True) in found
    unnamed = find_columns(pd.DataFrame({"a": ["107.5"], "b": ["39.2"], "c": ["12"]}))
    assert unnamed[0].names == ("a", "b")
    assert not unnamed[0].named


def test_two_named_pairs_are_a_question():
    table = pd.DataFrame(
        {
            "lon_wgs84": ["107.5"],
            "lat_wgs84": ["39.2"],
            "lon_gcj02": ["107.505"],
            "lat_gcj02": ["39.2"],
        }
    )
    raw = RawLayer(ORIGIN, table, None, ("1",), Declaration(), columns=find_columns(table))
    chosen = choose_columns(raw)
    assert chosen.columns[0].names == ("lon_wgs84", "lat_wgs84")
    assert Question.COLUMNS in understand(chosen).questions
    other = choose_columns(raw, CoordinateColumns("lon_gcj02", "lat_gcj02"))
    assert other.declaration.datum is Datum.GCJ02


def test_named_columns_must_exist():
    table = pd.DataFrame({"a": ["1"]})
    raw = RawLayer(ORIGIN, table, None, ("1",), Declaration())
    with pytest.raises(IntakeError) as caught:
        choose_columns(raw, CoordinateColumns("lon", "lat"))
    assert caught.value.code == "ETK821"


def test_attributes_are_mapped_and_the_rest_kept():
    raw = layer(
        (107.5, 39.2),
        attributes={
            "项目名称": ["甲"],
            "行业": ["煤"],
            "批复日期": ["2021年3月5日"],
            "name": ["乙"],
        },
    )
    taken = confirm(raw, understand(raw), Choice("cgcs2000"))
    row = taken.frame.iloc[0]
    assert (row["name"], row["category"], row["decided_on"]) == ("乙", "煤", "2021-03-05")
    assert row["项目名称"] == "甲"
    mapping = map_attributes(list(raw.attributes)).corrected("name", "项目名称")
    corrected = confirm(raw, understand(raw), Choice("cgcs2000", mapping=mapping)).frame.iloc[0]
    assert (corrected["name"], corrected["name_file"]) == ("甲", "乙")


def test_unreadable_dates_keep_their_column():
    raw = layer((107.5, 39.2), attributes={"批复日期": ["2021年"]})
    taken = confirm(raw, understand(raw), Choice("cgcs2000"))
    assert codes(taken.issues) == ["ETK846"]
    assert taken.frame["decided_on"][0] is None
    assert taken.frame["批复日期"][0] == "2021年"


def test_map_may_be_empty():
    raw = layer((107.5, 39.2), attributes={"名称": ["甲"]})
    taken = confirm(raw, understand(raw), Choice("cgcs2000", mapping=AttributeMap({})))
    assert taken.frame["name"][0] == ""
    assert taken.frame["名称"][0] == "甲"


def finding(text_, encoding, **declared):
    return find_encoding([text_.encode(encoding)], declared)


@pytest.mark.parametrize("word", ["联通", "棋盘井", "鄂托克旗", "移动", "乌兰镇", "生态保护红线"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_encoding_is_found_or_asked(word, encoding):
    found = finding(word, encoding)
    if found.decided:
        assert found.best == encoding
    assert encoding in [c.encoding for c in found.candidates]
    right = next(c for c in found.candidates if c.encoding == encoding)
    assert right.preview == (word,)


def test_declared_encoding_that_cannot_be_is_overruled():
    found = finding("鄂托克旗", "gb18030", cpg="utf-8")
    assert found.decided
    assert found.best == "gb18030"


def test_cut_last_character_does_not_count():
    found = find_encoding(["鄂托克旗".encode()[:-1]], {})
    assert found.best == "utf-8"

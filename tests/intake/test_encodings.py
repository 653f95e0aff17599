"""Which encoding texts are in: told by the bytes where they can tell, asked where they cannot."""

from __future__ import annotations

import pytest

from etk_geo.intake.encodings import decode_document, find_encoding

HEAD = "名称,经度,纬度\n"


@pytest.mark.parametrize(
    "content",
    [b"name,lon,lat\nA,107.5,39.2\n", b"\xef\xbb\xbfname,lon\nA,107.5\n", b""],
    ids=["ascii", "ascii with mark", "nothing"],
)
def test_plain_ascii_is_no_question_and_shows_nothing(content):
    _, found = decode_document(content)
    assert found.decided
    assert found.best == "utf-8"
    assert found.candidates[0].preview == ()


@pytest.mark.parametrize("name", ["一号井", "茚龘彧", "Ωμέγα 鄂托克", "㙟㙠㙡㙢"])
def test_sound_utf8_of_wide_characters_is_no_question(name):
    text, found = decode_document(f"{HEAD}{name},107.5,39.2\n".encode())
    assert found.decided
    assert found.best == "utf-8"
    assert name in text


def test_bytes_that_fit_both_are_asked_about():
    # A lone é of UTF-8 is 茅 in GBK; nothing in the bytes tells which is meant.
    _, found = decode_document("name,lon,lat\nCafé,107.5,39.2\n".encode())
    assert not found.decided
    assert {c.encoding for c in found.candidates} == {"utf-8", "gb18030"}


def test_gbk_is_told_by_bytes_that_utf8_cannot_be():
    text, found = decode_document(f"{HEAD}棋盘井,107.5,39.2\n".encode("gb18030"))
    assert found.decided
    assert found.best == "gb18030"
    assert "棋盘井" in text


def test_gbk_of_rare_characters_stays_a_question():
    _, found = decode_document("茚龘,107.5,39.2\n".encode("gb18030"))
    assert not found.decided


def test_what_a_file_declares_decides_between_readings():
    samples = ["Café".encode()]
    assert find_encoding(samples, {"cpg": "gb18030"}).best == "gb18030"
    assert find_encoding(samples, {"cpg": "gb18030"}).decided

"""The walk through one evaluation in docs/: its counts are those that the program gives."""

from __future__ import annotations

from docs import evaluation_walk
from etk_geo.store import project_root


def test_counts_of_the_walk_are_up_to_date(tmp_path, monkeypatch):
    monkeypatch.setenv("ETK_RECORDS", str(tmp_path / "records"))
    table = evaluation_walk.counts(project_root())
    page = evaluation_walk.PAGE.read_text(encoding="utf-8")
    assert table in page, "run: .venv/bin/python -m docs.evaluation_walk"
    for name in evaluation_walk.PICTURES:
        picture = evaluation_walk.HERE / "images" / f"{name}.png"
        assert picture.stat().st_size < 300_000, name


def test_new_counts_take_the_place_of_older_ones():
    start, end = evaluation_walk.START, evaluation_walk.END
    page = evaluation_walk.written(f"a\n{start}\nold\n{end}\nb", f"{start}\nnew\n{end}")
    assert page == f"a\n{start}\nnew\n{end}\nb"

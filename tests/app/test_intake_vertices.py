"""On the intake page a table of corners is asked about, in both languages."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from etk_geo.intake.raw_layer import VertexGrouping
from etk_geo.model import LANGS
from tests.app.conftest import CJK, only


def asking(lang):
    import pandas as pd
    import streamlit as st

    from etk_geo.intake.columns import CoordinateColumns
    from etk_geo.intake.declarations import Declaration
    from etk_geo.intake.formats import FileFormat
    from etk_geo.intake.raw_layer import Origin, RawLayer
    from etk_geo.ui.intake_vertices import choose_vertices

    rows = [("<b>P1", f"J{i}", "107.5", f"39.{i}") for i in range(1, 5)]
    table = pd.DataFrame(rows, columns=["plot", "point", "lon", "lat"])
    origin = Origin("a.csv", "a.csv", "a", FileFormat.CSV, "")
    labels = tuple(f"row {i}" for i in range(2, 6))
    raw = RawLayer(origin, table, None, labels, Declaration())
    answer = choose_vertices(raw, CoordinateColumns("lon", "lat", named=True), ("key",), lang)
    st.write(repr(answer))


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_assumed_before_the_user_answers(lang):
    app = AppTest.from_function(asking, args=(lang,), default_timeout=60).run()
    assert not app.exception
    question = only(app.radio)
    assert question.value is None
    assert app.markdown[-1].value == "None"
    assert len(question.options) == 3
    if lang == "en":
        assert not any(CJK.search(option) for option in question.options)
    question.set_value(VertexGrouping("plot", "point", "", "polygon")).run()
    assert "shape='polygon'" in app.markdown[-1].value

"""The app with a long list already taken in: too long to be screened while one looks away."""

import runpy

import numpy as np
import shapely
import streamlit as st

from etk_geo.screening.projects import project_frame
from etk_geo.screening.taken import TakenProjects
from etk_geo.ui.taken import TAKEN

COUNT = 30_000


def long_list():
    """Squares of some 90 m, all over the middle of the banner."""
    west = 107.3 + np.arange(COUNT) % 300 * 0.003
    south = 38.8 + np.arange(COUNT) // 300 * 0.005
    squares = shapely.box(west, south, west + 0.001, south + 0.0008)
    return project_frame(
        [
            {
                "project_id": f"p{number:05}",
                "name_zh": f"项目{number}",
                "name_en": f"Project {number}",
                "category": "coal_mine",
                "decided_on": None,
                "bound": "exact",
                "accuracy_m": 20.0,
                "extent_m": np.nan,
                "extent_basis": "",
                "known_zh": "",
                "known_en": "",
                "geometry": square,
            }
            for number, square in enumerate(squares)
        ]
    )


if TAKEN not in st.session_state:
    st.session_state[TAKEN] = (TakenProjects("long.gpkg", long_list(), ()),)
runpy.run_path("app.py", run_name="__main__")

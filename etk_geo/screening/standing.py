"""What a pair of project and zone asks of the reader: one small number for each finding."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from etk_geo.rules import Effect
from etk_geo.screening.verdict import Verdict


class Standing(StrEnum):
    """What a pair of project and zone asks of the reader, the mildest first."""

    NONE = "none"
    ATTENTION = "attention"
    NOT_CHECKED = "not_checked"
    INDETERMINATE = "indeterminate"
    NEEDS_APPROVAL = "needs_approval"
    PROHIBITED = "prohibited"


STANDINGS = tuple(Standing)


def standings(findings: pd.DataFrame) -> npt.NDArray[np.int8]:
    """Return the standing of each finding, as its number in ``STANDINGS``."""
    codes = {
        str(Effect.NONE): Standing.NONE,
        str(Effect.ATTENTION): Standing.ATTENTION,
        str(Effect.NEEDS_APPROVAL): Standing.NEEDS_APPROVAL,
        str(Effect.PROHIBITED): Standing.PROHIBITED,
    }
    number = {code: STANDINGS.index(value) for code, value in codes.items()}
    found = findings["consequence"].map(number).fillna(STANDINGS.index(Standing.INDETERMINATE))
    values: npt.NDArray[np.int8] = np.array(found, dtype=np.int8)
    missing = (findings["verdict"] == str(Verdict.NOT_CHECKED)).to_numpy()
    values[missing] = STANDINGS.index(Standing.NOT_CHECKED)
    return values

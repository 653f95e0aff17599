"""Columns of text that are numbers throughout, as numbers."""

from __future__ import annotations

import re

import pandas as pd

_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,14})")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?(?:e[+-]?\d{1,3})?", re.IGNORECASE)


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose columns of plain numbers are numbers.

    A number with a leading zero, a plus, or more than fifteen digits is an identifier and stays
    text, and with it its column.
    """
    result = table.copy()
    for name in result.columns:
        texts = [v for v in result[name] if isinstance(v, str)]
        if not texts or len(texts) != result[name].notna().sum():
            continue
        if all(map(_WHOLE.fullmatch, texts)):
            whole = [int(v) if isinstance(v, str) else pd.NA for v in result[name]]
            result[name] = pd.Series(whole, index=result.index, dtype="Int64")
        elif all(map(_DECIMAL.fullmatch, texts)):
            result[name] = [float(v) if isinstance(v, str) else float("nan") for v in result[name]]
    return result

"""Columns of a file matched to the fields of the project: name, category, decided_on, accuracy.

Matched by name, in Chinese and English; the user may correct it; what matches nothing is kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from etk_geo.intake.numerals import LONGEST, narrow, parse_number
from etk_geo.model import Issue

FIELDS = ("name", "category", "decided_on", "accuracy_m")

SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": (
        "name", "名称", "项目名称", "工程名称", "地块名称", "项目名", "名字", "xmmc", "mc",
        "name_zh", "project", "project_name", "title", "标题", "点名", "图斑名称", "保护地名称",
        "单元名称",
        "dkmc", "label", "placename", "地名", "建设项目名称",
    ),
    "category": (
        "category", "类别", "类型", "项目类型", "项目类别", "行业", "行业类别", "地块用途", "用途",
        "地类", "地类名称", "性质", "建设性质", "xmlx", "lx", "lb", "type", "kind", "class", "dlmc",
        "分类", "layer",
    ),
    "decided_on": (
        "decided_on", "decided", "批复日期", "批准日期", "核准日期", "备案日期", "立项日期",
        "立项时间", "批复时间", "批准时间", "决定日期", "审批日期", "审批时间", "pfrq", "pzrq",
        "pfsj", "approval_date", "approved_on", "decision_date", "approved", "date", "日期",
    ),
    "accuracy_m": (
        "accuracy_m", "accuracy", "精度", "定位精度", "位置精度", "平面精度", "精度(米)", "精度(m)",
        "误差", "定位误差", "中误差", "precision", "error_m", "jd", "wc", "horizontal_accuracy",
    ),
}  # fmt: skip
"""Column names by field, likeliest first; compared in narrow lower-case without blanks."""


@dataclass(frozen=True)
class AttributeMap:
    """Column by field; a field that is not in it stays empty."""

    columns: dict[str, str]

    def corrected(self, field: str, column: str | None) -> AttributeMap:
        """Return the map with another column for a field, or none."""
        columns = {f: c for f, c in self.columns.items() if f != field}
        return AttributeMap(columns if column is None else {**columns, field: column})


def map_attributes(names: Sequence[str]) -> AttributeMap:
    """Match columns to fields by name; no column serves two fields."""
    keys = {_key(name): name for name in reversed(list(names))}
    columns: dict[str, str] = {}
    for field in FIELDS:
        for synonym in SYNONYMS[field]:
            column = keys.get(_key(synonym))
            if column is not None and column not in columns.values():
                columns[field] = column
                break
    return AttributeMap(columns)


def _key(name: str) -> str:
    # Shapefiles cut names to ten bytes; that is not undone here, the user corrects it.
    return re.sub(r"[\s_]+", "", narrow(str(name)).lower())


def apply_map(
    attributes: pd.DataFrame, mapping: AttributeMap, labels: Sequence[str], file: str
) -> tuple[pd.DataFrame, list[Issue]]:
    """Return the project's fields followed by every column that serves none.

    Parameters
    ----------
    attributes
        Columns as the file has them. Not changed.
    mapping
        Which column serves which field.
    labels
        What to call each row in issues.
    file
        Named in issues.

    Returns
    -------
    table
        ``name`` and ``category`` as text (empty where unknown), ``decided_on`` as ISO date text or
        ``None``, ``accuracy_m`` in metres or NaN; a column of another use that has one of these
        names gets ``_file`` behind. Same index.
    issues
        ETK846 and ETK847: dates and accuracies that cannot be read; those columns are kept.
    """
    issues: list[Issue] = []
    table = pd.DataFrame(index=attributes.index)
    used = set()
    for field in ("name", "category"):
        column = mapping.columns.get(field)
        texts = [] if column is None else [_text(v) for v in attributes[column]]
        texts = texts or [""] * len(attributes)
        table[field] = pd.Series(texts, index=attributes.index, dtype=object)
        used.add(column)
    for field, parse, code in (
        ("decided_on", parse_date, "ETK846"),
        ("accuracy_m", parse_accuracy_m, "ETK847"),
    ):
        column = mapping.columns.get(field)
        values, failed = _parsed(attributes, column, parse)
        kind = float if field == "accuracy_m" else object
        table[field] = pd.Series(values, index=attributes.index, dtype=kind)
        issues.extend(Issue(file, labels[i], code, {"text": t[:60]}) for i, t in failed)
        if not failed:
            used.add(column)
    rest = [name for name in attributes.columns if name not in used]
    kept = attributes[rest].rename(columns=dict(_apart(rest)))
    return pd.concat([table, kept], axis=1), issues


def _apart(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    taken = {*FIELDS, "geometry", *names}
    for name in names:
        if name in (*FIELDS, "geometry"):
            new = f"{name}_file"
            while new in taken:
                new += "_"
            yield name, new


def _text(value: Any) -> str:
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _parsed(
    attributes: pd.DataFrame, column: str | None, parse: Callable[[str], object]
) -> tuple[list[object], list[tuple[int, str]]]:
    if column is None:
        return [None] * len(attributes), []
    values: list[object] = []
    failed = []
    for index, cell in enumerate(attributes[column]):
        text = _text(cell)
        value = parse(text) if text else None
        if text and value is None:
            failed.append((index, text))
        values.append(value)
    return values, failed


_DATE = re.compile(
    r"(?P<y>(?:19|20)\d{2})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
    r"(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_COMPACT_DATE = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})")


def parse_date(text: str) -> str | None:
    """Return an ISO date of ``2021-03-05``, ``2021/3/5``, ``2021年3月5日``, ``20210305``.

    A date without its day, or one that could be day first, is not one: ``None``.
    """
    if len(text) > LONGEST:
        return None
    cleaned = narrow(text)
    match = _DATE.fullmatch(cleaned) or _COMPACT_DATE.fullmatch(cleaned)
    if match is None:
        return None
    try:
        return dt.date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()
    except ValueError:
        return None


_ACCURACY = re.compile(
    r"[±+≤<约]?\s*(?:/-)?\s*(?P<n>[\d.]{1,20})\s*(?P<u>km|千米|公里|cm|厘米|mm|毫米|m|米)?"
)
_UNIT_M = {"km": 1000.0, "千米": 1000.0, "公里": 1000.0, "cm": 0.01, "厘米": 0.01}
_UNIT_M |= {"mm": 0.001, "毫米": 0.001, "m": 1.0, "米": 1.0}


def parse_accuracy_m(text: str) -> float | None:
    """Return metres of ``5``, ``±5 m``, ``0.5米``, ``2 km``; a bare number is metres."""
    match = _ACCURACY.fullmatch(narrow(text).lower()) if len(text) <= LONGEST else None
    number = parse_number(match["n"]) if match else None
    if match is None or number is None or number < 0:
        return None
    return number * _UNIT_M[match["u"] or "m"]

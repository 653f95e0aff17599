"""Hypothesis strategies for what people type: angles, lists of coordinates, exchange texts."""

from __future__ import annotations

from hypothesis import strategies as st

MARKS = "°′″'\"度分秒dms:：;；,，.．-－−+ 　\t\n\r()（）[]【】{}=＝@|/\\"
LETTERS = "NSEWnsew东西南北经纬XYxyJj点界址地块坐标属性描述面线lonlatnginfe①½٣"
DIGITS = "0123456789０１２３４５６７８９"


def any_text() -> st.SearchStrategy[str]:
    return st.one_of(
        st.text(max_size=60),
        st.text(alphabet=MARKS + LETTERS + DIGITS, max_size=60),
    )


def degrees() -> st.SearchStrategy[float]:
    return st.floats(0, 180, allow_nan=False).map(lambda v: round(v, 7))


def _parts(value: float, decimals: int) -> tuple[int, int, float]:
    scale = 10**decimals
    total = round(value * 3600 * scale)
    whole, rest = divmod(total, 3600 * scale)
    minutes, seconds = divmod(rest, 60 * scale)
    return whole, minutes, seconds / scale


def _style(pattern: str, decimals: int = 3):
    def write(value: float) -> str:
        d, m, s = _parts(value, decimals)
        text = f"{s:0{3 + decimals if decimals else 2}.{decimals}f}"
        return pattern.format(d=d, m=f"{m:02d}", s=text)

    return write


def _wide(text: str) -> str:
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789."})


ANGLE_STYLES = {
    "marks": _style("{d}°{m}′{s}″"),
    "ascii": _style("{d}°{m}'{s}\""),
    "two primes": _style("{d}°{m}'{s}''"),
    "curly": _style("{d}°{m}’{s}”"),
    "zh": _style("{d}度{m}分{s}秒"),
    "letters": _style("{d}d{m}m{s}s"),
    "colons": _style("{d}:{m}:{s}"),
    "blanks": _style("{d} {m} {s}"),
    "hyphens": _style("{d}-{m}-{s}"),
    "east in front": _style("E{d}°{m}′{s}″"),
    "east behind": _style("{d}°{m}′{s}″E"),
    "zh east": _style("东经{d}°{m}′{s}″"),
    "whole seconds": _style("{d}°{m}′{s}″", 0),
    "wide": lambda v: _wide(_style("{d}°{m}′{s}″")(v)),
    "decimal": lambda v: f"{v:.7f}",
    "decimal degree": lambda v: f"{v:.7f}°",
    "wide decimal": lambda v: _wide(f"{v:.7f}"),
}


def _number() -> st.SearchStrategy[str]:
    return st.one_of(
        degrees().map(lambda v: f"{v:.6f}"),
        st.floats(0, 5e7, allow_nan=False).map(lambda v: f"{v:.3f}"),
        st.integers(0, 10**8).map(str),
        st.builds(lambda f, v: f(v), st.sampled_from(list(ANGLE_STYLES.values())), degrees()),
    )


def coordinate_like() -> st.SearchStrategy[str]:
    joint = st.sampled_from([",", " ", "，", "\t", ", ", "、", ";"])
    line = st.builds(
        lambda label, cells, j: label + j.join(cells),
        st.sampled_from(["", "J1,", "1 ", "点1：", "(1)", "X=", "①", "E", "N"]),
        st.lists(_number(), max_size=7),
        joint,
    )
    lines = st.lists(st.one_of(line, any_text()), max_size=8)
    return st.builds(
        lambda ls, end: end.join(ls), lines, st.sampled_from(["\n", ";", "\r\n", "；"])
    )


def boundary_like() -> st.SearchStrategy[str]:
    number = st.one_of(_number(), st.sampled_from(["1", "2", "", "x"]))
    point = st.builds(
        lambda label, ring, a, b: f"{label},{ring},{a},{b}",
        st.sampled_from(["J1", "1", "", "J2"]),
        st.sampled_from(["1", "2", "3", "", "x"]),
        number,
        number,
    )
    square = st.builds(_square, st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.integers(1, 4))
    header = st.sampled_from(["4,1.0,1,甲,面,,,,@", "1,,2,乙,点,,,,@", "2,,,,线,,,,@", "@", ",,,@"])
    line = st.one_of(point, square, header, any_text())
    section = st.sampled_from(
        ["[地块坐标]", "[属性描述]", "【地块坐标】", "坐标系=2000国家大地坐标系"]
    )
    return st.lists(st.one_of(section, header, line, point, square), max_size=25).map("\n".join)


def _square(x: float, y: float, ring: int) -> str:
    corners = [(x, y), (x + 50, y), (x + 50, y + 50), (x, y + 50), (x, y)]
    return "\n".join(f"J{i},{ring},{a:.3f},{b:.3f}" for i, (a, b) in enumerate(corners))

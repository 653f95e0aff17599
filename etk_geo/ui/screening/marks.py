"""Symbols and colours of verdicts and consequences: never one without the other."""

from __future__ import annotations

from collections.abc import Mapping

from etk_geo.maps.escape import Html, element, html_text
from etk_geo.screening.standing import Standing

CONSEQUENCE: Mapping[str, tuple[str, str]] = {
    "prohibited": ("✕", "#A3261B"),
    "needs_approval": ("▲", "#B35900"),
    "attention": ("●", "#0B5D7A"),
    "cannot_judge": ("？", "#6A3D8F"),
    "none": ("○", "#4A5A63"),
}
"""Symbol and colour of each consequence; the colours keep 4.5:1 against white."""

VERDICT: Mapping[str, tuple[str, str]] = {
    "INSIDE": ("■", "#A3261B"),
    "OVERLAPS": ("◩", "#A3261B"),
    "WITHIN": ("◎", "#B35900"),
    "CLEAR": ("○", "#4A5A63"),
    "INDETERMINATE": ("？", "#6A3D8F"),
    "NOT_CHECKED": ("∅", "#5B6A72"),
}

STANDING: Mapping[Standing, tuple[str, str]] = {
    Standing.PROHIBITED: CONSEQUENCE["prohibited"],
    Standing.NEEDS_APPROVAL: CONSEQUENCE["needs_approval"],
    Standing.INDETERMINATE: CONSEQUENCE["cannot_judge"],
    Standing.NOT_CHECKED: VERDICT["NOT_CHECKED"],
    Standing.ATTENTION: CONSEQUENCE["attention"],
    Standing.NONE: CONSEQUENCE["none"],
}

ROLE: Mapping[str, str] = {
    "prohibited": "conflict",
    "needs_approval": "attention",
    "attention": "attention",
    "cannot_judge": "undetermined",
    "none": "clear",
}
"""Role of a zone on the map (``maps/overlay_roles.toml``) by consequence."""


def _rules() -> str:
    colours = {**dict(CONSEQUENCE.items()), **dict(VERDICT.items())}
    return "\n".join(
        f".etk-c-{code.lower()} {{ --mark: {colour}; }}" for code, (_, colour) in colours.items()
    )


STYLE = f"""<style>
{_rules()}
.etk-head {{ border-left: 6px solid var(--mark, #4A5A63); padding: .5rem .9rem;
  margin: .2rem 0 .6rem; border-radius: 3px;
  background: color-mix(in srgb, var(--mark, #4A5A63) 7%, #fff); }}
.etk-head b {{ font-size: 1.2rem; color: var(--mark); }}
.etk-head p {{ margin: .15rem 0 0; }}
.etk-chip {{ display: inline-block; padding: 0 .5em; margin-right: .4em;
  border: 1px solid var(--mark);
  border-radius: 3px; color: var(--mark); font-weight: 600; white-space: nowrap; }}
.etk-zone h4 {{ margin: 0 0 .2rem; font-size: 1.02rem; line-height: 1.35; }}
.etk-zone p, .etk-zone ul {{ margin: .1rem 0 .25rem; font-size: .9rem; line-height: 1.5; }}
.etk-zone small, .etk-gaps small {{ color: #5B6A72; font-size: .8rem; }}
.etk-zone table {{ border-collapse: collapse; font-size: .9rem; margin: .2rem 0; }}
.etk-zone th {{ text-align: left; font-weight: 400; color: #5B6A72; padding: .05rem .9rem .05rem 0;
  vertical-align: top; white-space: nowrap; }}
.etk-zone td {{ padding: .05rem 0; font-variant-numeric: tabular-nums; }}
.etk-zone details, .etk-gaps details {{ font-size: .88rem; margin: .2rem 0; }}
.etk-zone summary, .etk-gaps summary {{ cursor: pointer; }}
.etk-zone li, .etk-gaps li {{ margin-bottom: .25rem; }}
.etk-boxed {{ border: 1px solid #D3DADD; border-radius: 8px; padding: .6rem .8rem;
  margin-bottom: .8rem; }}
.etk-worst {{ white-space: nowrap; }}
.etk-needs {{ border-left: 3px solid #6A3D8F; padding-left: .5em; }}
.etk-opinion {{ border: 1px dashed #4A5A63; border-radius: 3px; padding: .3rem .6rem; }}
.etk-confirm {{ color: #8A4B00; font-weight: 600; }}
.etk-gaps ul {{ margin: .2rem 0 .4rem; }}
[class*="st-key-zone_card_"] {{ padding: .6rem .8rem !important; }}
[class*="st-key-zone_card_marked_"] {{ outline: 3px solid #C2006B; outline-offset: -1px; }}
</style>"""
"""Style of what the environmental desk writes as HTML; no data is in it."""


def chip(code: str, words: str) -> Html:
    """Return the symbol and the words of a consequence or verdict, in its colour."""
    symbol, _ = {**CONSEQUENCE, **VERDICT}[code]
    return element("span", html_text(f"{symbol} {words}"), css=f"etk-chip etk-c-{code.lower()}")

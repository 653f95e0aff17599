"""The rules of evaluation, ``data/evaluation_rules.toml``: thresholds, lights and their words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from etk_geo.errors import TableError
from etk_geo.model import LANGS, Lang
from etk_geo.store import read_toml

FILE = "data/evaluation_rules.toml"
DIRECTIONS = {"up": 1, "down": -1}
YEARS = range(1900, 2200)


class Light(StrEnum):
    """The light of a target; grey where nothing is judged."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


class Rule(StrEnum):
    """Why a light is shown; ``evaluation_rules.toml`` gives each its light and its words."""

    REACHED = "reached"
    ON_PATH = "on_path"
    BEHIND = "behind"
    FAR_BEHIND = "far_behind"
    NEARLY = "nearly"
    MISSED = "missed"
    NO_DATA = "no_data"
    OLD_DATA = "old_data"
    NO_BASELINE = "no_baseline"
    NO_SHARE = "no_share"
    NO_COMPARATOR = "no_comparator"
    NO_TARGET = "no_target"


@dataclass(frozen=True)
class Rules:
    """Thresholds and lights.

    Parameters
    ----------
    start_year, end_year
        Of the baselines and of the targets.
    about_tolerance
        By what part of a target "about" may miss it, 0-1.
    on_path, behind
        Share reached over share of the time that has passed, from which a target is on its path,
        or behind but not far.
    nearly
        Share reached, 0-1, from which a missed target is nearly reached.
    oldest_actual_years
        How many years older than the evaluated year an actual may be.
    default_direction
        1 where more is better, -1 where less is; for targets whose comparator and baseline leave
        it open.
    directions
        The same for single targets, by id.
    lights, words
        By rule.
    """

    start_year: int
    end_year: int
    about_tolerance: float
    on_path: float
    behind: float
    nearly: float
    oldest_actual_years: int
    default_direction: int
    directions: Mapping[str, int]
    lights: Mapping[Rule, Light]
    words: Mapping[Rule, Mapping[Lang, str]]

    def say(self, rule: Rule, lang: Lang) -> str:
        """Return the words of a rule."""
        return self.words[rule][lang]


def open_rules(root: Path) -> Rules:
    """Read the rules.

    Raises
    ------
    DataError
        If the file is missing or unreadable; ETK919 names the member that is wrong.
    """
    table = read_toml(root, FILE)
    direction = _member(table, "default_direction", lambda v: v in DIRECTIONS)
    listed = _member(
        table, "direction", lambda v: isinstance(v, dict) and set(v.values()) <= set(DIRECTIONS)
    )
    start = _member(table, "start_year", _is_year)
    lights, words = _rules(table.get("rule"))
    return Rules(
        start_year=start,
        end_year=_member(table, "end_year", lambda v: _is_year(v) and v > start),
        about_tolerance=_member(table, "about_tolerance", _is_fraction),
        on_path=_member(table, "on_path", _is_positive),
        behind=_member(table, "behind", lambda v: _is_positive(v) and v <= table["on_path"]),
        nearly=_member(table, "nearly", _is_fraction),
        oldest_actual_years=_member(
            table, "oldest_actual_years", lambda v: type(v) is int and v >= 0
        ),
        default_direction=DIRECTIONS[direction],
        directions={target: DIRECTIONS[word] for target, word in listed.items()},
        lights=lights,
        words=words,
    )


def _member(table: Mapping[str, Any], name: str, is_good: Any) -> Any:
    if name not in table or not is_good(table[name]):
        raise TableError("ETK919", file=FILE, where=name, member=name)
    return table[name]


def _rules(entries: Any) -> tuple[dict[Rule, Light], dict[Rule, dict[Lang, str]]]:
    lights: dict[Rule, Light] = {}
    words: dict[Rule, dict[Lang, str]] = {}
    for entry in entries if isinstance(entries, list) else []:
        name = str(entry.get("id", "rule"))
        spoken = all(isinstance(entry.get(lang), str) and entry[lang].strip() for lang in LANGS)
        if name not in set(Rule) or entry.get("light") not in set(Light) or not spoken:
            raise TableError("ETK919", file=FILE, where=name, member=f"rule {name}")
        lights[Rule(name)] = Light(entry["light"])
        words[Rule(name)] = {lang: entry[lang].strip() for lang in LANGS}
    for rule in Rule:
        if rule not in lights:
            raise TableError("ETK919", file=FILE, where=rule, member=f"rule {rule}")
    return lights, words


def _is_year(value: Any) -> bool:
    return type(value) is int and value in YEARS


def _is_positive(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and value > 0


def _is_fraction(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1

"""What a screening found of all its projects, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from etk_geo.screening.consequence import CANNOT_JUDGE
from etk_geo.screening.findings import CONSEQUENCES
from etk_geo.screening.outputs import STRICT
from etk_geo.screening.outputs import words as say
from etk_geo.wording import Words


def found_sentence(counts: Mapping[str, int], words: Words) -> str:
    """Say how many projects have which conclusion; none found is never said without the unknown."""
    total, unknown = sum(counts.values()), counts.get(CANNOT_JUDGE, 0)
    strict = sum(counts.get(code, 0) for code in STRICT)
    if unknown == total:
        return words.say("summary.all_open" if total > 1 else "summary.one_open", n=total)
    order = [code for code in (*STRICT, *reversed(CONSEQUENCES)) if code != CANNOT_JUDGE]
    found = words.join(
        words.say("summary.count", what=say("consequence", code, words.lang), n=counts[code])
        for code in dict.fromkeys(order)
        if code in counts
    )
    if not unknown:
        return words.say("summary.none_open", n=total, found=found)
    key = "summary.some_open" if strict else "summary.some_open_mild"
    return words.say(key, n=total, open=unknown, found=found)

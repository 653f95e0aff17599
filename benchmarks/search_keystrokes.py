"""How long one keystroke takes: every beginning of every name, pinyin and id of the shipped data.

Run: python benchmarks/search_keystrokes.py
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from etk_geo.catalog import open_catalog
from etk_geo.plan import open_plan
from etk_geo.search import SearchIndex, list_items
from etk_geo.search.pinyin import syllables
from etk_geo.store import project_root


def main() -> None:
    root = project_root()
    plan, layers = open_plan(root), open_catalog(root).layers
    begun = time.perf_counter()
    index = SearchIndex(list_items(plan, layers), plan)
    print(f"index of {len(index.items)} items: {(time.perf_counter() - begun) * 1000:.0f} ms")
    typed = {
        text[:end]
        for item in index.items
        for text in (
            item.name_zh,
            item.name_en,
            item.id,
            "".join(readings[0] for readings in syllables(item.name_zh)),
        )
        for end in range(1, min(len(text), 12) + 1)
    }
    times = []
    for text in sorted(typed):
        begun = time.perf_counter()
        index.find(text)
        times.append((time.perf_counter() - begun) * 1000)
    median, most = statistics.median(times), max(times)
    p99 = statistics.quantiles(times, n=100)[-1]
    print(f"{len(times)} keystrokes: median {median:.1f} ms, 99 % {p99:.1f} ms, most {most:.1f} ms")


if __name__ == "__main__":
    main()

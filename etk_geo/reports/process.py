"""The process that makes one report: an order on standard input, its files in its folder.

Run by ``running.py`` as ``python -m etk_geo.reports.process``. Ends when its parent does.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from etk_geo.catalog import open_catalog
from etk_geo.errors import EtkGeoError
from etk_geo.model import Issue
from etk_geo.own_process import run_main, take_request, tell
from etk_geo.plan import open_plan
from etk_geo.reports.order import ReportOrder
from etk_geo.reports.rendering import render_report
from etk_geo.reports.source import read_source
from etk_geo.rules import read_rules


def make(order: ReportOrder, folder: Path) -> None:
    """Make the files of an order, each named by its form, and tell of each step."""
    root = order.root
    opened = open_catalog(root), open_plan(root), read_rules(root)
    source = read_source(order.content, *opened, order.opinions)

    def step(done: int, total: int, what: str) -> None:
        tell(done=done, total=total, what=what)

    made = render_report(source, order.facts, order.lang, order.forms, order.parts, step)
    for form, content in made.items():
        (folder / form).write_bytes(content)


def main() -> int:
    """Make one report; 0 when it is made or said why not."""
    order = ReportOrder.load(take_request())
    try:
        make(order, Path.cwd())
    except EtkGeoError as error:
        tell(issues=[issue.__dict__ for issue in Issue.all_of(error)])
    except MemoryError:
        traceback.print_exc()
        tell(issues=[Issue("", "", "ETK772").__dict__])
    return 0


if __name__ == "__main__":
    run_main(main)

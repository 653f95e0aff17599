"""A report with an overlap, a line with chainage and a judgement: two made-up official zones.

The zones are squares, so that every figure in it can be checked by hand: the road runs east along
the middle of a redline from 300 m to 800 m of its 1,000 m, the plot of 100 m lies half in it.
"""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from etk_geo.catalog import open_catalog
from etk_geo.model import BANNER_BOUNDS
from etk_geo.plan import open_plan
from etk_geo.reports.source import ReportSource, read_source
from etk_geo.rules import read_rules
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.measures import passages
from etk_geo.screening.opinion import Opinion, Ruling
from etk_geo.screening.record import Parameters, build_record, canonical
from etk_geo.screening.zones import collect_zones
from tests.screening_findings.builders import ROOT, line, project, projects, square, supply_layer

DAY = date(2026, 11, 25)
ROWS = (
    project("plot", square(750, 200, 100), category="chemical", accuracy_m=2.0),
    project("road", line((0, 250), (1000, 250)), category="road_rail", accuracy_m=5.0),
)
JUDGED = Opinion(
    project_id="plot",
    zone_id="red_1",
    ruling=Ruling.SET_ASIDE,
    reason="现场核实，围墙已退让",
    officer="王工",
    day=DAY,
    verdict="OVERLAPS",
    consequence="prohibited",
)


@cache
def official_source() -> ReportSource:
    """Return the record with what it needs, screened against the two zones alone."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("data", "layers", "rules"):
            shutil.copytree(ROOT / name, root / name)
        zones = [
            ("red_1", "eco_redline", square(300, 0, 500)),
            ("farm_1", "permanent_basic_farmland", square(5_000, 0, 500)),
        ]
        supply_layer(root, "redline_x", zones, accuracy_m=1.0)
        catalog, plan, book = open_catalog(root), open_plan(root), read_rules(root)
        found = collect_zones(catalog, book, layers=("redline_x",), on=DAY)
        rows = projects(*ROWS)
        screening = screen_projects(rows, found, book, DAY)
        parameters = Parameters(DAY.isoformat(), ("redline_x",), BANNER_BOUNDS)
        passed = passages(screening, rows, found)
        record = build_record(screening, rows, catalog, book, parameters, passed)
        source = read_source(canonical(record), catalog, plan, book, (JUDGED,))
        assert source.zones is not None, "layers are read while the folder is there"
        return source

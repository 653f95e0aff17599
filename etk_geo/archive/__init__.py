"""Finished screenings kept: found again, checked, computed anew, with the officers' opinions.

``Archive`` keeps and finds (docs/records.md); ``rerun`` computes a kept screening with the layers
and the law of another day and says what changed.
"""

from etk_geo.archive.kept import Kept
from etk_geo.archive.rerun import (
    PairChange,
    ProjectChange,
    RecordComparison,
    Rerun,
    compare_records,
    run_again,
)
from etk_geo.archive.shelf import RECORD_FILE, Archive, open_archive

__all__ = [
    "RECORD_FILE",
    "Archive",
    "Kept",
    "PairChange",
    "ProjectChange",
    "RecordComparison",
    "Rerun",
    "compare_records",
    "open_archive",
    "run_again",
]

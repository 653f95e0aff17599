"""What became of the plan: statuses of projects and actual values of targets, entry by entry.

Entries are only ever added (docs/records.md): ``Journal`` writes them, ``ProgressBook`` reads them,
``table_in`` takes them in from tables, ``table_out`` gives them out.
"""

from etk_geo.progress.book import ProgressBook
from etk_geo.progress.checks import check_draft, worded
from etk_geo.progress.entry import Act, Draft, Entry, Line, Status, Topic
from etk_geo.progress.journal import Journal
from etk_geo.progress.shipped import shipped_entries
from etk_geo.progress.table_in import Intake, Outcome, ReadRow, read_entries
from etk_geo.progress.table_out import export_entries, write_template

__all__ = [
    "Act",
    "Draft",
    "Entry",
    "Intake",
    "Journal",
    "Line",
    "Outcome",
    "ProgressBook",
    "ReadRow",
    "Status",
    "Topic",
    "check_draft",
    "export_entries",
    "read_entries",
    "shipped_entries",
    "worded",
    "write_template",
]

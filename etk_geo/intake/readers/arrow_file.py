"""Rows streamed into an Arrow file, counted against the limits on the way.

The file holds WKB in the column ``WKB_COLUMN`` (absent for a table) and the attributes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import shapely

from etk_geo.errors import IntakeError
from etk_geo.intake.limits import Limits
from etk_geo.intake.readers.answer import ARROW_FILE, WKB_COLUMN


class ArrowFile:
    """Writes record batches to ``out / ARROW_FILE`` and tells the parent how far it is.

    Parameters
    ----------
    out
        Folder of the answer.
    name
        The source, named in errors.
    limits
        ``features`` and ``vertices`` are enforced here.
    expected
        Number of rows where it is known, for progress; 0 otherwise.
    """

    def __init__(self, out: Path, name: str, limits: Limits, expected: int = 0) -> None:
        self.rows = 0
        self.vertices = 0
        self.curved = False
        self.unreadable: list[int] = []
        self._name = name
        self._limits = limits
        self._expected = expected
        self._sink = pa.OSFile(str(out / ARROW_FILE), "wb")
        self._writer: pa.RecordBatchFileWriter | None = None
        self._schema: pa.Schema | None = None

    def __enter__(self) -> ArrowFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is not None:
            self._writer.close()
        self._sink.close()

    def append(self, table: pa.Table) -> None:
        """Write rows.

        Raises
        ------
        IntakeError
            ETK815 too many features, ETK816 too many vertices.
        NotImplementedError
            If a geometry is curved; nothing of ``table`` is written then.
        """
        if WKB_COLUMN in table.column_names:
            self._count_vertices(table.column(WKB_COLUMN))
        if self._writer is None:
            self._schema = table.schema
            self._writer = pa.ipc.new_file(self._sink, table.schema)
        self.rows += table.num_rows
        if self.rows > self._limits.features:
            raise IntakeError("ETK815", file=self._name, limit=self._limits.features)
        self._writer.write_table(table.cast(self._schema))
        tell_progress(self.rows, max(self._expected, self.rows))

    def _count_vertices(self, wkb: pa.ChunkedArray) -> None:
        values = wkb.to_numpy(zero_copy_only=False)
        geometries = shapely.from_wkb(values, on_invalid="ignore")
        held = wkb.is_valid().to_numpy()
        broken = held & shapely.is_missing(geometries)
        self.unreadable.extend(int(i) + self.rows for i in broken.nonzero()[0])
        self.vertices += int(shapely.get_num_coordinates(geometries).sum())
        if self.vertices > self._limits.vertices:
            raise IntakeError("ETK816", file=self._name, limit=self._limits.vertices)


def tell_progress(done: int, expected: int) -> None:
    """Tell the parent how many rows are read, one JSON line on standard output."""
    sys.stdout.write(json.dumps({"done": done, "of": expected}) + "\n")
    sys.stdout.flush()

"""The errors this package raises, and nothing else.

::

    EtkGeoError                 base; carries an issue code and its parameters
    ├── DataError               a file or table cannot be used
    │   ├── LayerError          a layer file is missing, unreadable or malformed
    │   ├── ProvenanceError     a provenance record is missing or does not fit its layer
    │   └── TableError          a table misses columns or holds an unreadable value
    ├── IntakeError             a file or text that a user brought cannot be taken in or written out
    ├── SupplyError             an official layer cannot be supplied, removed or restored as asked
    ├── ScreeningError          projects or zones cannot be screened, or measures disagree
    ├── ReportError             a report could not be made by the process that makes it
    ├── DatabaseError           the users' records cannot be reached, read or written
    ├── RecordError             what a user enters cannot be recorded
    ├── CrsError                a coordinate reference system is missing or not the one required
    ├── AssetError              a browser asset is not installed
    └── UsageError              the command line was called with words it does not know

What is wrong with *data* is reported as :class:`etk_geo.model.Issue`, collected and shown all at
once; an error is raised only where the caller cannot go on. The wording of a code, in Chinese and
English with the remedy, is in ``etk_geo/locale/issues.toml``.
"""

from __future__ import annotations


class EtkGeoError(Exception):
    """Base of all errors of this package.

    ``more`` holds further errors of the same act, where several were found at once.

    Parameters
    ----------
    code
        Issue code of ``locale/issues.toml``.
    file
        The file concerned, relative to the project folder; empty where there is none.
    where
        Feature id, row or JSON path inside the file; empty where there is none.
    **detail
        Values for the message of the code.
    """

    def __init__(self, code: str, *, file: str = "", where: str = "", **detail: object) -> None:
        self.code = code
        self.file = file
        self.where = where
        self.detail = {name: str(value) for name, value in detail.items()}
        self.more: tuple[EtkGeoError, ...] = ()
        parts = [code, file, where, *(f"{k}={v}" for k, v in self.detail.items())]
        super().__init__(" ".join(part for part in parts if part))


class DataError(EtkGeoError):
    """A file or table cannot be used."""


class LayerError(DataError):
    """A layer file is missing, unreadable or malformed."""


class ProvenanceError(DataError):
    """A provenance record is missing or does not fit its layer."""


class TableError(DataError):
    """A table misses columns or holds an unreadable value."""


class IntakeError(EtkGeoError):
    """A file or text that a user brought cannot be taken in or written out."""


class SupplyError(EtkGeoError):
    """An official layer cannot be supplied, removed or restored as asked."""


class ScreeningError(EtkGeoError):
    """Projects or zones cannot be screened, or a measure contradicts itself."""


class ReportError(EtkGeoError):
    """The process that makes a report could not make it, for a reason of its own or of the data."""


class DatabaseError(EtkGeoError):
    """The users' records cannot be reached, read or written."""


class RecordError(EtkGeoError):
    """What a user enters cannot be recorded as it stands; nothing of it was kept."""


class CrsError(EtkGeoError):
    """A coordinate reference system is missing or not the one required."""


class AssetError(EtkGeoError):
    """A browser asset is not installed."""


class UsageError(EtkGeoError):
    """The command line was called with words it does not know."""

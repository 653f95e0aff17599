"""Edits of one layer: read, added, undone; whole at any moment, and never one over another."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etk_geo.build.compile import compile_layer, unedited_documents
from etk_geo.build.edits import (
    FOLDER,
    Edit,
    apply_edits,
    counting,
    dump_edits,
    edits_file,
    member,
    read_edits,
)
from etk_geo.catalog import registered_ids
from etk_geo.editing.change import Change, changed_document, check_change
from etk_geo.editing.exclusive import exclusive
from etk_geo.errors import DatabaseError, RecordError
from etk_geo.model import Issue
from etk_geo.plan import open_plan
from etk_geo.store import write_atomic

WRITING = ".writing"
"""End of the name of the mark that stands while a layer is written."""

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)

LONGEST = 2000
"""Characters of an author, a reason or a source."""


@dataclass(frozen=True)
class FeatureVersion:
    """A feature as it is now, and what an edit of it must name as seen.

    ``document`` is GeoJSON; ``seen`` the number of the newest edit of the feature, 0 for none.
    """

    document: Mapping[str, Any]
    seen: int


class LayerEditor:
    """Edits of one built layer.

    Parameters
    ----------
    root
        The project folder.
    layer
        Id of a layer of ``data/layers.toml``.
    clock
        Gives the moment of an edit.

    Raises
    ------
    RecordError
        ETK921 if this is no layer that is built from the tables.
    """

    def __init__(self, root: Path, layer: str, clock: Callable[[], datetime]) -> None:
        if layer not in registered_ids(root):
            raise RecordError("ETK921", where=layer)
        self._root = root
        self._layer = layer
        self._clock = clock

    @property
    def file(self) -> str:
        """The file of the edits, relative to the project folder."""
        return edits_file(self._layer)

    def history(self, feature: str | None = None) -> tuple[Edit, ...]:
        """Return every edit, of one feature or of the layer, oldest first."""
        edits = read_edits(self._root, self._layer)
        return tuple(edit for edit in edits if feature in (None, edit.feature))

    def counts(self, edit: Edit) -> bool:
        """Return whether an edit still counts."""
        return edit in counting(read_edits(self._root, self._layer), edit.feature)

    def feature(self, feature: str) -> FeatureVersion:
        """Return a feature as it is now.

        Raises
        ------
        RecordError
            ETK921 if the layer has no such feature.
        """
        edits = read_edits(self._root, self._layer)
        return FeatureVersion(self._document(feature, edits), _newest(edits, feature))

    def edit(
        self, feature: str, change: Change, *, author: str, reason: str, source: str, seen: int
    ) -> Edit | None:
        """Change a feature.

        Parameters
        ----------
        feature
            Its id.
        change
            What is to be different.
        author, reason, source
            Who, why, and where the new values are from.
        seen
            ``FeatureVersion.seen`` of what the author has before them.

        Returns
        -------
        edit
            As it was kept; ``None`` where nothing is different.

        Raises
        ------
        RecordError
            ETK920 if somebody has edited the feature meanwhile; ETK921 no such feature; ETK913
            author or source missing; ETK922 with the reasons in ``more`` if the feature would not
            be sound. Nothing is changed then.
        DatabaseError
            If the folder cannot be written, or the disk is full.
        """
        _require_words({"author": author, "source": source, "remark": reason})
        with self._alone():
            edits = read_edits(self._root, self._layer)
            document = self._document(feature, edits)
            _require_newest(edits, feature, seen)
            issues = check_change(document, change, open_plan(self._root), self.file)
            if issues:
                raise _unsound(issues, feature)
            changed = changed_document(document, change)
            names = [*change.properties, *(["geometry"] if change.has_geometry else [])]
            different = [n for n in names if member(document, n) != member(changed, n)]
            if not different:
                return None
            return self._keep(
                edits,
                Edit(
                    len(edits) + 1,
                    feature,
                    0,
                    author.strip(),
                    reason.strip(),
                    source.strip(),
                    self._moment(),
                    {name: member(document, name) for name in different},
                    {name: member(changed, name) for name in different},
                ),
            )

    def undo(self, feature: str, *, author: str, reason: str = "", seen: int) -> Edit:
        """Take back the newest edit of a feature that counts; both stay in the history.

        Raises
        ------
        RecordError
            ETK915 if there is nothing to undo; otherwise as :meth:`edit`.
        """
        _require_words({"author": author, "remark": reason})
        with self._alone():
            edits = read_edits(self._root, self._layer)
            _require_newest(edits, feature, seen)
            held = counting(edits, feature)
            if not held:
                raise RecordError("ETK915", where=feature)
            last = held[-1]
            undoing = Edit(
                len(edits) + 1,
                feature,
                last.number,
                author.strip(),
                reason.strip(),
                "",
                self._moment(),
                dict(last.after),
                dict(last.before),
            )
            return self._keep(edits, undoing)

    def _alone(self) -> Any:
        return exclusive(self._root / FOLDER, FOLDER)

    def _document(self, feature: str, edits: Sequence[Edit]) -> dict[str, Any]:
        documents = unedited_documents(self._root, self._layer)
        for document in apply_edits(documents, edits):
            if document["properties"]["id"] == feature:
                return document
        raise RecordError("ETK921", where=feature)

    def _keep(self, edits: Sequence[Edit], edit: Edit) -> Edit:
        """Write the layer with the edit, then the edit, which counts once its file is there.

        A mark stands meanwhile: whoever finds it makes the layer again with the edits that count.
        """
        together = (*edits, edit)
        files = compile_layer(self._root, self._layer, together)
        mark = _mark(self._root, self._layer)
        try:
            write_atomic(mark, self._layer.encode())
            for file, content in files.items():
                write_atomic(self._root / file, content)
            write_atomic(self._root / self.file, dump_edits(together))
            mark.unlink()
        except OSError as error:
            _after_failure(self._root, self._layer)
            code = "ETK905" if error.errno in NO_SPACE else "ETK901"
            raise DatabaseError(code, file=self.file) from error
        return edit

    def _moment(self) -> str:
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def finish_interrupted(root: Path) -> list[str]:
    """Make the layers again that were being written when a program was ended; return their ids.

    Cheap where there are none. Waits for a writer that is still at work.

    Raises
    ------
    DatabaseError
        If the folder cannot be written.
    DataError
        If the layer cannot be made from the tables.
    """
    if not any((root / FOLDER).glob(f"*{WRITING}*")):
        return []
    finished = []
    with exclusive(root / FOLDER, FOLDER):
        for mark in sorted((root / FOLDER).glob(f"*{WRITING}")):
            layer = mark.name.removesuffix(WRITING)
            _write_again(root, layer)
            mark.unlink()
            finished.append(layer)
        for left in (root / FOLDER).glob(".*.*"):  # begun, but not yet in their place
            left.unlink()
    return finished


def _write_again(root: Path, layer: str) -> None:
    for file, content in compile_layer(root, layer, read_edits(root, layer)).items():
        path = root / file
        for left in path.parent.glob(f".{path.name}.*"):
            left.unlink()
        write_atomic(path, content)


def _after_failure(root: Path, layer: str) -> None:
    """Put the layer in line with the edits that count; where that fails too, the mark stays."""
    try:
        _write_again(root, layer)
        _mark(root, layer).unlink(missing_ok=True)
    except OSError:
        return


def _mark(root: Path, layer: str) -> Path:
    return root / FOLDER / f"{layer}{WRITING}"


def _newest(edits: Sequence[Edit], feature: str) -> int:
    return max((edit.number for edit in edits if edit.feature == feature), default=0)


def _require_newest(edits: Sequence[Edit], feature: str, seen: int) -> None:
    newest = _newest(edits, feature)
    if newest != seen:
        other = edits[newest - 1] if newest else None
        author, at = (other.author, other.at) if other else ("—", "")
        raise RecordError("ETK920", where=feature, author=author, at=at)


def _require_words(words: Mapping[str, str]) -> None:
    for name, text in words.items():
        if not text.strip() and name != "remark":
            raise RecordError("ETK913", where=name, column=name)
        if len(text) > LONGEST or not text.replace("\n", " ").replace("\t", " ").isprintable():
            raise RecordError("ETK912", where=name, column=name, found=ascii(text[:40]))


def _unsound(issues: Sequence[Issue], feature: str) -> RecordError:
    error = RecordError("ETK922", where=feature)
    error.more = tuple(RecordError(i.code, file=i.file, where=i.where, **i.detail) for i in issues)
    return error

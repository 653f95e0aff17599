"""Edits of one layer: read, kept, undone; whole at any moment, and never one over another."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etk_geo.build.compile import compile_layer, unedited_documents
from etk_geo.build.edits import (
    FOLDER,
    Act,
    Edit,
    apply_edits,
    counting,
    dump_edits,
    edits_file,
    member,
    members,
    read_edits,
)
from etk_geo.catalog import registered_ids
from etk_geo.editing.change import (
    Change,
    blank_document,
    change_between,
    changed_document,
    check_change,
    check_new,
)
from etk_geo.editing.exclusive import exclusive
from etk_geo.errors import DatabaseError, RecordError
from etk_geo.model import Issue, Kind
from etk_geo.plan import open_plan
from etk_geo.rules import read_rules
from etk_geo.store import write_atomic

WRITING = ".writing"
"""End of the name of the mark that stands while a layer is written."""

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)

LONGEST = 2000
"""Characters of an author, a reason or a source."""

WANTED = ("author", "reason", "source")

VERSION = "#"
"""What the source of a restored version begins with; the number of its edit follows."""


@dataclass(frozen=True)
class FeatureVersion:
    """A feature as it is now, and what an edit of it must name as seen.

    ``document`` is GeoJSON; ``seen`` the number of the newest edit of the feature, 0 for none.
    """

    document: Mapping[str, Any]
    seen: int


@dataclass(frozen=True)
class Signed:
    """Who edits, why, and where the new values are from."""

    author: str
    reason: str
    source: str = ""


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

    def counting(self) -> frozenset[int]:
        """Return the numbers of the edits that still count."""
        return frozenset(e.number for e in counting(read_edits(self._root, self._layer)))

    def deleted(self) -> tuple[Edit, ...]:
        """Return the deletions that count, the newest first."""
        edits = counting(read_edits(self._root, self._layer))
        return tuple(edit for edit in reversed(edits) if edit.act is Act.DELETE)

    def feature(self, feature: str) -> FeatureVersion:
        """Return a feature as it is now.

        Raises
        ------
        RecordError
            ETK658 if it was deleted; ETK921 if the layer has no such feature.
        """
        edits = read_edits(self._root, self._layer)
        return FeatureVersion(self._document(feature, edits), newest(edits, feature))

    def version(self, feature: str, number: int) -> Mapping[str, Any]:
        """Return a feature as it was once an edit had been made, 0 for before the first one.

        Raises
        ------
        RecordError
            ETK658 or ETK921 if there was no such feature then.
        """
        return self._document(feature, read_edits(self._root, self._layer)[:number])

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
            ETK920 if somebody has edited the feature meanwhile; ETK658 or ETK921 no such feature;
            ETK665 author, reason or source missing; ETK922 with the reasons in ``more`` if the
            feature would not be sound. Nothing is changed then.
        DatabaseError
            If the folder cannot be written, or the disk is full.
        """
        signed = _require_words(Signed(author, reason, source), *WANTED)
        with self._alone():
            edits, document = self._as_seen(feature, seen)
            return self._change(edits, document, change, signed)

    def add(self, kind: Kind, change: Change, *, author: str, reason: str, source: str) -> Edit:
        """Add a feature; its id is made from the layer's and the number of the edit.

        Parameters
        ----------
        kind
            What it is.
        change
            What is known of it; ``has_geometry`` is false where its position is not.

        Returns
        -------
        edit
            As it was kept; ``feature`` is the id.

        Raises
        ------
        RecordError
            As :meth:`edit`.
        """
        signed = _require_words(Signed(author, reason, source), *WANTED)
        with self._alone():
            edits = read_edits(self._root, self._layer)
            number = len(edits) + 1
            blank = blank_document(f"added_{self._layer}_{number}", kind)
            added = changed_document(blank, change)
            issues = check_change(blank, change, open_plan(self._root), self.file)
            issues = issues or check_new(added, self.file)
            if issues:
                raise _unsound(issues, "")
            identifier = str(added["properties"]["id"])
            return self._keep(
                edits, self._entry(number, identifier, Act.ADD, signed, {}, members(added))
            )

    def delete(self, feature: str, *, author: str, reason: str, source: str, seen: int) -> Edit:
        """Delete a feature; all of it stays in the history, and :meth:`undo` brings it back.

        Raises
        ------
        RecordError
            As :meth:`edit`; ETK664 if a rule screens against it.
        """
        signed = _require_words(Signed(author, reason, source), *WANTED)
        with self._alone():
            edits, document = self._as_seen(feature, seen)
            if (self._layer, feature) in screened_features(self._root):
                raise RecordError("ETK664", where=feature)
            number = len(edits) + 1
            return self._keep(
                edits, self._entry(number, feature, Act.DELETE, signed, members(document), {})
            )

    def restore(
        self, feature: str, number: int, *, author: str, reason: str, seen: int
    ) -> Edit | None:
        """Make a feature what it was once an edit had been made, by a further edit.

        Parameters
        ----------
        number
            As for :meth:`version`.

        Returns
        -------
        edit
            As it was kept; ``None`` where nothing is different.

        Raises
        ------
        RecordError
            As :meth:`edit`.
        """
        signed = _require_words(Signed(author, reason, f"{VERSION}{number}"), *WANTED)
        with self._alone():
            edits, document = self._as_seen(feature, seen)
            wanted = self._document(feature, edits[:number])
            return self._change(edits, document, change_between(document, wanted), signed)

    def undo(self, feature: str, *, author: str, reason: str = "", seen: int) -> Edit:
        """Take back the newest edit of a feature that counts; both stay in the history.

        What was added goes, and what was deleted comes back.

        Raises
        ------
        RecordError
            ETK915 if there is nothing to undo; otherwise as :meth:`edit`.
        """
        signed = _require_words(Signed(author, reason), "author")
        with self._alone():
            edits = read_edits(self._root, self._layer)
            _require_newest(edits, feature, seen)
            held = counting(edits, feature)
            if not held:
                raise RecordError("ETK915", where=feature)
            last = held[-1]
            number = len(edits) + 1
            undoing = self._entry(number, feature, last.act, signed, last.after, last.before)
            return self._keep(edits, replace(undoing, undoes=last.number))

    def _as_seen(self, feature: str, seen: int) -> tuple[tuple[Edit, ...], Mapping[str, Any]]:
        """Return the edits and a feature, if nobody edited it since the author looked at it."""
        edits = read_edits(self._root, self._layer)
        _require_newest(edits, feature, seen)
        return edits, self._document(feature, edits)

    def _change(
        self, edits: Sequence[Edit], document: Mapping[str, Any], change: Change, signed: Signed
    ) -> Edit | None:
        """Keep a change of a feature if it is sound and anything is different."""
        feature = str(document["properties"]["id"])
        issues = check_change(document, change, open_plan(self._root), self.file)
        if issues:
            raise _unsound(issues, feature)
        changed = changed_document(document, change)
        different = [n for n in change.names if member(document, n) != member(changed, n)]
        if not different:
            return None
        before = {name: member(document, name) for name in different}
        after = {name: member(changed, name) for name in different}
        number = len(edits) + 1
        entry = self._entry(number, feature, Act.CHANGE, signed, before, after)
        return self._keep(edits, entry)

    def _entry(
        self,
        number: int,
        feature: str,
        act: Act,
        signed: Signed,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> Edit:
        return Edit(
            number,
            feature,
            act,
            0,
            signed.author,
            signed.reason,
            signed.source,
            self._moment(),
            dict(before),
            dict(after),
        )

    def _alone(self) -> Any:
        return exclusive(self._root / FOLDER, FOLDER)

    def _document(self, feature: str, edits: Sequence[Edit]) -> dict[str, Any]:
        documents = unedited_documents(self._root, self._layer)
        for document in apply_edits(documents, edits):
            if document["properties"]["id"] == feature:
                return document
        held = counting(edits, feature)
        if held and held[-1].act is Act.DELETE:
            raise RecordError("ETK658", where=feature, author=held[-1].author, at=held[-1].at)
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


def screened_features(root: Path) -> set[tuple[str, str]]:
    """Return layer and id of the features that the rules screen against."""
    return {(source.layer, source.feature) for source in read_rules(root).zone_sources}


def newest(edits: Sequence[Edit], feature: str) -> int:
    """Return the number of the newest edit of a feature, 0 for none."""
    return max((edit.number for edit in edits if edit.feature == feature), default=0)


def _require_newest(edits: Sequence[Edit], feature: str, seen: int) -> None:
    latest = newest(edits, feature)
    if latest != seen:
        other = edits[latest - 1] if latest else None
        author, at = (other.author, other.at) if other else ("—", "")
        raise RecordError("ETK920", where=feature, author=author, at=at)


def _require_words(signed: Signed, *wanted: str) -> Signed:
    """Return who edits and why without blanks around, if it is there and can be kept."""
    words = asdict(signed)
    wrong = [
        RecordError("ETK665", where=name, column=name) for name in wanted if not words[name].strip()
    ]
    wrong += [
        RecordError("ETK666", where=name, column=name, most=LONGEST)
        for name, said in words.items()
        if len(said) > LONGEST or not said.replace("\n", " ").replace("\t", " ").isprintable()
    ]
    if wrong:
        first, *more = wrong
        first.more = tuple(more)
        raise first
    return Signed(**{name: said.strip() for name, said in words.items()})


def _unsound(issues: Sequence[Issue], feature: str) -> RecordError:
    error = RecordError("ETK922", where=feature)
    error.more = tuple(RecordError(i.code, file=i.file, where=i.where, **i.detail) for i in issues)
    return error

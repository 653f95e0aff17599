"""One upload: files in a private folder, surveyed and read by child processes, then gone.

Use as a context manager, or keep it as long as the user may read another layer of it.
"""

from __future__ import annotations

import codecs
import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from types import TracebackType

import pyarrow as pa

from etk_geo.errors import IntakeError
from etk_geo.intake.archive import unpack
from etk_geo.intake.child import Progress, run_reader
from etk_geo.intake.formats import (
    GDAL_SUFFIX,
    SHAPEFILE_PARTS,
    FileFormat,
    Source,
    is_archive,
    sniff,
)
from etk_geo.intake.layer_read import raw_layer_of
from etk_geo.intake.limits import DEFAULT_LIMITS, MIB, Limits
from etk_geo.intake.raw_layer import Origin, RawLayer
from etk_geo.intake.readers.answer import (
    ARROW_FILE,
    Answer,
    Finding,
    LayerSummary,
    Request,
)
from etk_geo.model import Issue
from etk_geo.own_process import Stop
from etk_geo.private_folder import PrivateFolder

LONGEST_NAME = 60
"""Characters of a file name that are kept, from its end: at four bytes each they fit any system."""


def open_upload(
    files: Sequence[tuple[str, bytes | Path]], limits: Limits = DEFAULT_LIMITS
) -> Upload:
    """Take files into a private folder and find out what can be read in them.

    Parameters
    ----------
    files
        Names and contents (or paths, which are copied): one file, an archive, or the loose set of
        a Shapefile.
    limits
        What the upload may cost.

    Raises
    ------
    IntakeError
        ETK801 empty, ETK802 too large, ETK803 not recognised, ETK804 a format that is not read,
        ETK805-810 what is wrong with an archive, ETK811 parts of a Shapefile without their
        ``.shp``.
    """
    name = files[0][0] if files else ""
    total = sum(c.stat().st_size if isinstance(c, Path) else len(c) for _, c in files)
    if total > limits.file_bytes:
        size, limit = f"{total / MIB:.0f}", f"{limits.file_bytes // MIB}"
        raise IntakeError("ETK802", file=name, size=size, limit=limit)
    folder = PrivateFolder()
    try:
        digest = _store(files, folder.path / "files", limits)
        sources, issues = _find_sources(folder.path / "files", name)
    except BaseException:
        folder.close()
        raise
    return Upload(name, digest, folder, sources, limits, issues)


def _store(files: Sequence[tuple[str, bytes | Path]], folder: Path, limits: Limits) -> str:
    """Write the files, unpack archives, and return the SHA-256 of the files' SHA-256s in order.

    Of a single file it is the file's own.
    """
    folder.mkdir()
    digests = []
    for given, content in files:
        name = PureWindowsPath(given.replace("\x00", "")).name[-LONGEST_NAME:] or "upload"
        path = folder / name
        if isinstance(content, Path):
            shutil.copyfile(content, path)
        else:
            path.write_bytes(content)
        with path.open("rb") as stream:
            digests.append(hashlib.file_digest(stream, "sha256"))
        if is_archive(path):
            packed = path.with_name(f"{name}.archive")
            path.rename(packed)
            target = folder if len(files) == 1 else path
            target.mkdir(exist_ok=True)
            unpack(packed, name, target, limits)
            packed.unlink()
    return _sha256(digests)


def _sha256(digests: Sequence[hashlib._Hash]) -> str:
    if len(digests) == 1:
        return digests[0].hexdigest()
    return hashlib.sha256(b"".join(d.digest() for d in digests)).hexdigest()


def _find_sources(folder: Path, upload: str) -> tuple[list[Source], list[Issue]]:
    """Find what can be read; one unreadable file among others is an issue, alone an error."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    sources: list[Source] = []
    errors: list[IntakeError] = []
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            source = sniff(path, name)
        except IntakeError as error:
            errors.append(error)
            continue
        if source is not None and not _belongs_to_shapefile(path, source):
            sources.append(_with_suffix(source))
    if not sources:
        if errors:
            raise errors[0]
        stray = sorted({p.suffix.lower() for p in files} & SHAPEFILE_PARTS)
        if stray:
            raise IntakeError("ETK811", file=upload, found=", ".join(stray))
        raise IntakeError("ETK809", file=upload)
    return sources, [Issue(e.file, e.where, e.code, e.detail) for e in errors]


def _belongs_to_shapefile(path: Path, source: Source) -> bool:
    if source.format is not FileFormat.DBF:
        return False
    return any(p.suffix.lower() == ".shp" and p.stem == path.stem for p in path.parent.iterdir())


def _with_suffix(source: Source) -> Source:
    """Give a file the ending by which GDAL knows its format, and its companions theirs."""
    wanted = GDAL_SUFFIX.get(source.format)
    if wanted is None or source.path.suffix == wanted:
        return source
    path = source.path.with_suffix(wanted)
    if path.exists() and not path.samefile(source.path):
        path = source.path.with_name(source.path.name + wanted)
    stem = source.path.stem
    if source.format is FileFormat.SHAPEFILE:
        for part in list(source.path.parent.iterdir()):
            if part.stem == stem and part.suffix.lower() in SHAPEFILE_PARTS:
                part.rename(part.with_suffix(part.suffix.lower()))
    if source.path.exists():
        source.path.rename(path)
    return replace(source, path=path)


class Upload:
    """Files taken in; made by :func:`open_upload`.

    Parameters
    ----------
    name
        The first file's name.
    sha256
        Of the file, or of the SHA-256s of several in order.
    folder
        Holds the files until :meth:`close`.
    sources
        The readable files.
    limits
        What reading may cost.
    issues
        Files that cannot be read beside the sources.
    """

    def __init__(
        self,
        name: str,
        sha256: str,
        folder: PrivateFolder,
        sources: Sequence[Source],
        limits: Limits,
        issues: Iterable[Issue],
    ) -> None:
        self.name = name
        self.sha256 = sha256
        self.sources = tuple(sources)
        self.issues = list(issues)
        self._folder = folder
        self._limits = limits
        self._layers: tuple[LayerSummary, ...] | None = None

    def __enter__(self) -> Upload:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove every file of the upload; layers already read stay usable."""
        self._folder.close()

    def survey(self, stop: Stop | None = None) -> tuple[LayerSummary, ...]:
        """List the layers that can be read; what cannot is added to ``issues``.

        ``stop`` lets another thread end it.

        Raises
        ------
        IntakeError
            If no layer can be read: the first reason; ETK813 too slow, ETK814 crashed, ETK872
            ended by ``stop``.
        """
        if self._layers is None:
            answer = self._ask(self.sources, stop)
            if not answer.layers:
                raise _as_error(answer.errors[0], self.name)
            self.issues.extend(_as_issue(f, self.name) for f in (*answer.findings, *answer.errors))
            self._layers = tuple(answer.layers)
        return self._layers

    def _ask(self, sources: Sequence[Source], stop: Stop | None) -> Answer:
        out = self._folder.new_folder("survey")
        try:
            return run_reader(Request(tuple(sources), out, self._limits), self.name, stop=stop)
        except IntakeError as error:
            if stop is not None and stop.asked:
                raise
            if len(sources) == 1:
                answer = Answer()
                answer.add_error(error)
                return answer
        # One of several took the process down: each by itself.
        merged = Answer()
        for source in sources:
            answer = self._ask([source], stop)
            merged.layers.extend(answer.layers)
            merged.findings.extend(answer.findings)
            merged.errors.extend(answer.errors)
        return merged

    def read(
        self,
        layer: LayerSummary | None = None,
        *,
        encoding: str = "",
        progress: Progress | None = None,
        stop: Stop | None = None,
    ) -> RawLayer:
        """Read one layer in a child process.

        Parameters
        ----------
        layer
            One of :meth:`survey`; may be left out where there is only one.
        encoding
            Of texts, one of ``RawLayer.encodings``; empty to take the most plausible.
        progress
            Told rows read and rows expected.
        stop
            Lets another thread end the reading.

        Raises
        ------
        IntakeError
            ETK812-816 unreadable, slow, crashed or too much; ETK818 several layers and none
            chosen; ETK820 nothing in it; ETK825 no such encoding; ETK872 ended by ``stop``.
        """
        chosen = self._choose(layer)
        _check_encoding(encoding, self.name)
        out = self._folder.new_folder("read")
        request = Request(
            self.sources,
            out,
            self._limits,
            source=chosen.source,
            number=chosen.number,
            layer=chosen.layer,
            expected=chosen.feature_count or 0,
            encoding=encoding,
        )
        answer = run_reader(request, self.name, progress, stop)
        if answer.read is None:
            raise _as_error(answer.errors[0], self.name)
        with pa.OSFile(str(out / ARROW_FILE)) as stream:
            table = pa.ipc.open_file(stream).read_all()
        raw = raw_layer_of(table, answer.read, self._origin(chosen))
        (out / ARROW_FILE).unlink()
        issues = [
            *(i for i in self.issues if chosen.source in (i.file, i.where)),
            *(_as_issue(f, self.name) for f in answer.findings),
        ]
        return replace(raw, issues=tuple(issues))

    def _choose(self, layer: LayerSummary | None) -> LayerSummary:
        if layer is not None:
            return layer
        layers = self.survey()
        if len(layers) > 1:
            names = ", ".join(f"{found.source}:{found.layer}" for found in layers)
            raise IntakeError("ETK818", file=self.name, layers=names[:400])
        return layers[0]

    def _origin(self, layer: LayerSummary) -> Origin:
        return Origin(self.name, layer.source, layer.layer, layer.format, self.sha256)


def _check_encoding(encoding: str, name: str) -> None:
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError:
        raise IntakeError("ETK825", file=name, encoding=encoding) from None


def _as_issue(finding: Finding, upload: str) -> Issue:
    detail = dict(finding.detail)
    return Issue(detail.pop("file", upload), finding.where, finding.code, detail)


def _as_error(finding: Finding, upload: str) -> IntakeError:
    issue = _as_issue(finding, upload)
    return IntakeError(issue.code, file=issue.file, where=issue.where, **issue.detail)

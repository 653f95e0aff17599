"""Zip archives unpacked with bounds: no path outside the folder, no bomb, no endless nesting.

Sizes are counted while unpacking: what an archive says about itself is not believed.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from etk_geo.errors import IntakeError
from etk_geo.intake.limits import MIB, Limits

CHUNK = MIB
RATIO_FREE_BYTES = 10 * MIB
ARCHIVE_SUFFIXES = (".zip", ".kmz")
IGNORED_PARTS = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass
class _Spent:
    """What has been unpacked so far, over all nested archives of one upload."""

    members: int = 0
    unpacked: int = 0


def check_archive(path: Path, name: str, limits: Limits) -> None:
    """Refuse an archive whose content would break the limits, without writing anything.

    For archives that a library opens by itself (XLSX).

    Raises
    ------
    IntakeError
        ETK805 broken, ETK807, ETK868, ETK869 too much inside, ETK808 encrypted.
    """
    spent = _Spent()
    with _open(path, name) as archive:
        for info in archive.infolist():
            _drain(archive, info, None, _Budget(path.stat().st_size, spent, name, limits))


def unpack(path: Path, name: str, folder: Path, limits: Limits) -> None:
    """Unpack an archive, and the archives in it, into a folder.

    A nested archive ``a.zip`` becomes a folder ``a.zip`` of the same name.

    Raises
    ------
    IntakeError
        ETK805 broken, ETK806 a path that leaves the folder, ETK807, ETK868, ETK869 too much
        inside, ETK808 encrypted, ETK810 nested too deep.
    """
    _unpack(path, name, folder, limits, _Spent(), depth=1)


def _unpack(path: Path, name: str, folder: Path, limits: Limits, spent: _Spent, depth: int) -> None:
    budget = _Budget(path.stat().st_size, spent, name, limits)
    with _open(path, name) as archive:
        for info in archive.infolist():
            member = _member_path(info, name)
            if info.is_dir() or IGNORED_PARTS & set(member.parts):
                continue
            target = _new_file(folder, member, name)
            _drain(archive, info, target, budget)
            if member.suffix.lower() in ARCHIVE_SUFFIXES:
                if depth >= limits.archive_depth:
                    raise IntakeError("ETK810", file=name, where=str(member), limit=depth)
                inner = target.with_name(target.name + ".archive")
                target.rename(inner)
                target.mkdir()
                _unpack(inner, f"{name}/{member}", target, limits, spent, depth + 1)
                inner.unlink()


def _new_file(folder: Path, member: PurePosixPath, name: str) -> Path:
    """Return the path of a member, its folders made; refuse one that is there already.

    Of two members of one name the later would replace what was checked.
    """
    target = folder.joinpath(*member.parts)
    reason = "duplicate name"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            return target
    except OSError as error:
        reason = error.strerror or "?"
    raise IntakeError("ETK805", file=name, where=str(member)[:120], reason=reason)


def _open(path: Path, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise IntakeError("ETK805", file=name, reason=str(error)[:120]) from None


def _member_path(info: zipfile.ZipInfo, name: str) -> PurePosixPath:
    """Return a member's path, or refuse it where it would leave the folder."""
    shown = _member_name(info)
    path = PurePosixPath(shown.replace("\\", "/"))
    unsafe = (
        path.is_absolute()
        or ".." in path.parts
        or re.match(r"[A-Za-z]:", shown) is not None
        or (":" in shown and os.name == "nt")
        or "\x00" in shown
        or (info.external_attr >> 16) & 0o170000 == 0o120000
    )
    if unsafe or len(shown) > 1000 or not path.parts:
        raise IntakeError("ETK806", file=name, where=shown[:120])
    return path


def _member_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; without the UTF-8 flag its bytes are UTF-8 or GBK all the same."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437")  # how zipfile read them: one character a byte
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


@dataclass(frozen=True)
class _Budget:
    """What one archive may still unpack."""

    packed: int
    spent: _Spent
    name: str
    limits: Limits

    def take_member(self) -> None:
        self.spent.members += 1
        if self.spent.members > self.limits.archive_members:
            raise IntakeError("ETK807", file=self.name, limit=self.limits.archive_members)

    def take_bytes(self, count: int, member_bytes: int, member_packed: int) -> None:
        self.spent.unpacked += count
        if self.spent.unpacked > self.limits.unpacked_bytes:
            limit = f"{self.limits.unpacked_bytes // MIB} MB"
            raise IntakeError("ETK868", file=self.name, limit=limit)
        ratio = member_bytes / max(member_packed, 1)
        if member_bytes > RATIO_FREE_BYTES and ratio > self.limits.archive_ratio:
            limit = f"{self.limits.archive_ratio}:1"
            raise IntakeError("ETK869", file=self.name, limit=limit)


def _drain(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path | None, budget: _Budget
) -> None:
    """Unpack one member to a file, or only count it, within the budget."""
    budget.take_member()
    if info.flag_bits & 0x1:
        raise IntakeError("ETK808", file=budget.name, where=info.filename[:120])
    done = 0
    packed = min(info.compress_size, budget.packed)
    try:
        with archive.open(info) as source:
            sink = target.open("wb") if target is not None else None
            try:
                while chunk := source.read(CHUNK):
                    done += len(chunk)
                    budget.take_bytes(len(chunk), done, packed)
                    if sink is not None:
                        sink.write(chunk)
            finally:
                if sink is not None:
                    sink.close()
    except (
        zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError,
        RuntimeError,
    ) as error:  # fmt: skip
        raise IntakeError(
            "ETK805", file=budget.name, where=info.filename[:120], reason=str(error)[:120]
        ) from None

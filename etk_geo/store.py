"""Files of the project folder: bytes, checksums, JSON, TOML, CSV, and writing that survives a kill.

Knows nothing of layers or plans; every failure names the file relative to the folder.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from etk_geo.errors import DataError, LayerError, TableError

ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def project_root() -> Path:
    """Return the folder that holds ``data/`` and ``layers/``.

    ``ETK_ROOT`` names another one; otherwise it is the folder above this package.
    """
    named = os.environ.get("ETK_ROOT")
    return Path(named) if named else Path(__file__).resolve().parent.parent


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes as hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_bytes(root: Path, file: str) -> bytes:
    """Return the bytes of a file, or raise :class:`DataError` (missing, a folder, unreadable)."""
    try:
        return (root / file).read_bytes()
    except FileNotFoundError:
        raise DataError("ETK101", file=file) from None
    except OSError as error:
        raise DataError("ETK114", file=file, reason=error.strerror or "?") from error


def read_text(root: Path, file: str) -> str:
    """Return a UTF-8 file as text, without a byte-order mark."""
    return _decode(read_bytes(root, file), file)


def _decode(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError("ETK115", file=file, where=f"byte {error.start}") from None


def parse_json(content: bytes, file: str) -> Any:
    """Parse JSON bytes; NaN and Infinity, which JSON does not know, are refused."""

    def refuse(constant: str) -> float:
        raise ValueError(constant)

    try:
        value = json.loads(_decode(content, file), parse_constant=refuse)
        if ESCAPED_SURROGATE.search(content):
            # Half of a pair is legal JSON but no text: nothing could write or show it.
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise LayerError("ETK116", file=file) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise LayerError("ETK102", file=file, where=where) from None
    except ValueError:
        raise LayerError("ETK107", file=file) from None
    except RecursionError:
        raise LayerError("ETK102", file=file) from None
    return value


def read_json(root: Path, file: str) -> Any:
    """Read and parse a JSON file."""
    return parse_json(read_bytes(root, file), file)


def read_toml(root: Path, file: str) -> dict[str, Any]:
    """Read and parse a TOML file."""
    try:
        return tomllib.loads(read_text(root, file))
    except tomllib.TOMLDecodeError as error:
        raise TableError("ETK409", file=file, where=str(error)) from None


def read_rows(root: Path, file: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a CSV table as rows of stripped text.

    Raises
    ------
    TableError
        If a column is missing or a row has more or fewer cells than the header.
    """
    reader = csv.reader(io.StringIO(read_text(root, file), newline=""), strict=True)
    try:
        lines = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise TableError("ETK409", file=file, where=f"line {reader.line_num}: {error}") from None
    if not lines:
        raise TableError("ETK402", file=file, columns=", ".join(columns))
    header = [name.strip() for name in lines[0][1]]
    missing = [name for name in columns if name not in header]
    if missing:
        raise TableError("ETK402", file=file, columns=", ".join(missing))
    for line, row in lines[1:]:
        if len(row) != len(header):
            raise TableError(
                "ETK410", file=file, where=f"line {line}", found=len(row), expected=len(header)
            )
    return [
        {name: cell.strip() for name, cell in zip(header, row, strict=True)} for _, row in lines[1:]
    ]


def dump_json(value: Any) -> bytes:
    """Return indented JSON as UTF-8 bytes, keys in the order given, the same every time."""
    return (json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def write_atomic(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file so that at any moment, even after a kill, the old or the new one is whole.

    The bytes go to a temporary file beside it, are flushed to disk, and take its name in one step.
    ``mode`` is the file's permissions; nobody else can read it before it has them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise

"""How much one upload may cost, in one place; what lies beyond is refused in words."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one upload.

    Parameters
    ----------
    file_bytes
        Size of everything uploaded together.
    unpacked_bytes, archive_members, archive_depth, archive_ratio
        What an archive may unpack to: bytes in total, files, archives within archives, and bytes
        out per byte in (only beyond 10 MiB: short texts of one repeated character pack well).
    features, vertices
        Of one layer.
    columns
        Of one table.
    seconds
        Wall time of one reading.
    memory_bytes
        Address space of the reading process (POSIX only).
    pasted_characters
        Of a pasted text.
    """

    file_bytes: int = 512 * MIB
    unpacked_bytes: int = 2048 * MIB
    archive_members: int = 2000
    archive_depth: int = 2
    archive_ratio: int = 200
    features: int = 1_000_000
    vertices: int = 30_000_000
    columns: int = 1000
    seconds: float = 120.0
    memory_bytes: int = 8192 * MIB
    pasted_characters: int = 1_000_000


DEFAULT_LIMITS = Limits()

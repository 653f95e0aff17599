"""The Chinese font that documents and figures are set in: the program's own, or the system's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from etk_geo.errors import AssetError

PROGRAM_ROOT = Path(__file__).resolve().parents[2]
VENDOR_FONTS = PROGRAM_ROOT / "static" / "vendor" / "fonts"
SYSTEM_FONTS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)


@dataclass(frozen=True)
class Family:
    """Files of a font family: name, regular and bold, and the face inside a collection."""

    name: str
    regular: str
    bold: str
    face: int = 0


OWN = Family("Noto Sans SC", "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
FALLBACKS = (
    Family("Noto Sans CJK SC", "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", face=2),
    Family("Noto Sans CJK SC", "NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf"),
)
"""Fonts of the system, best first; the simplified Chinese face is the third of a collection."""


@dataclass(frozen=True)
class Fonts:
    """A family that was found. The faces are those of the files, 0 unless they are collections."""

    family: str
    regular: Path
    bold: Path
    face: int = 0


def chinese_fonts(own: Path = VENDOR_FONTS, system: Sequence[Path] = SYSTEM_FONTS) -> Fonts:
    """Return the font to set Chinese in.

    Parameters
    ----------
    own
        Folder of the program's own fonts, which ``python run.py setup`` fills.
    system
        Folders to look in where that is empty.

    Raises
    ------
    AssetError
        If no Chinese font is found; a report in boxes instead of words is worse than none.
    """
    found = _in_folders(OWN, [own])
    if found is not None:
        return found
    for family in FALLBACKS:
        found = _in_folders(family, system)
        if found is not None:
            return found
    raise AssetError("ETK930", file="static/vendor/fonts", font=OWN.name)


def _in_folders(family: Family, folders: Iterable[Path]) -> Fonts | None:
    for folder in folders:
        regular = next(iter(sorted(folder.rglob(family.regular))), None)
        if regular is not None:
            bold = regular.with_name(family.bold)
            return Fonts(family.name, regular, bold if bold.is_file() else regular, family.face)
    return None

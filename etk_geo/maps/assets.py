"""The browser files of the map: which they are, where they come from, whether they are in place.

The list is ``assets.toml``. The files are copied out of npm packages into ``static/vendor``, which
Streamlit serves itself, with a manifest of their checksums; the map asks no other host for them.
Nothing here needs more than the standard library.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from etk_geo.errors import AssetError, DataError, EtkGeoError
from etk_geo.store import (
    dump_json,
    project_root,
    read_bytes,
    read_json,
    read_toml,
    sha256,
    write_atomic,
)

ASSET_LIST = "etk_geo/maps/assets.toml"
PACKAGES = "node_modules"
VENDOR = "static/vendor"
MANIFEST = f"{VENDOR}/manifest.json"


@dataclass(frozen=True, order=True)
class Asset:
    """A browser file: ``file`` inside an npm ``package``, ``target`` below ``static/vendor``."""

    target: str
    package: str
    file: str

    @property
    def origin(self) -> str:
        """Path of the file in the installed package, relative to the project folder."""
        return f"{PACKAGES}/{self.package}/{self.file}"

    @property
    def path(self) -> str:
        """Path of the copy that is served, relative to the project folder."""
        return f"{VENDOR}/{self.target}"


def read_assets(root: Path) -> list[Asset]:
    """Return the listed browser files in the order of their targets.

    Raises
    ------
    AssetError
        If an entry lacks a key, a path leaves its folder, or a target is named twice.
    """
    assets: list[Asset] = []
    for number, entry in enumerate(read_toml(root, ASSET_LIST).get("asset", ()), start=1):
        where = f"asset {number}"
        try:
            asset = Asset(str(entry["target"]), str(entry["package"]), str(entry["file"]))
        except (KeyError, TypeError):
            raise AssetError("ETK601", file=ASSET_LIST, where=where) from None
        if not all(map(_stays_inside, (asset.target, asset.package, asset.file))):
            raise AssetError("ETK601", file=ASSET_LIST, where=where)
        if any(asset.target == other.target for other in assets):
            raise AssetError("ETK601", file=ASSET_LIST, where=where)
        assets.append(asset)
    return sorted(assets)


def _stays_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and ".." not in parts and "\\" not in path and not path.startswith("/")


def copy_assets(root: Path) -> list[str]:
    """Copy the listed files into ``static/vendor``, write the manifest, and return its paths.

    The manifest comes last, so that an interrupted copy is recognised.

    Parameters
    ----------
    root
        The project folder, with ``node_modules`` filled from ``package-lock.json``.

    Raises
    ------
    AssetError
        If a listed file is not in its package; all such files are reported at once.
    """
    assets = read_assets(root)
    errors: list[EtkGeoError] = []
    contents: dict[Asset, bytes] = {}
    for asset in assets:
        try:
            contents[asset] = read_bytes(root, asset.origin)
        except DataError:
            errors.append(AssetError("ETK602", file=asset.origin))
    if errors:
        first, *more = errors
        first.more = tuple(more)
        raise first
    for asset, content in contents.items():
        write_atomic(root / asset.path, content)
    files = {
        asset.target: {
            "package": asset.package,
            "version": _version(root, asset.package),
            "file": asset.file,
            "sha256": sha256(content),
        }
        for asset, content in contents.items()
    }
    write_atomic(root / MANIFEST, dump_json({"files": files}))
    return [asset.path for asset in assets]


def _version(root: Path, package: str) -> str:
    try:
        return str(read_json(root, f"{PACKAGES}/{package}/package.json")["version"])
    except (DataError, KeyError, TypeError):
        return ""


def missing_assets(root: Path) -> list[str]:
    """Return the listed browser files that are absent, altered or not in the manifest.

    The paths are relative to the project folder. The list is empty where the map can be drawn.
    """
    sums = _manifest(root)
    return [
        asset.path
        for asset in read_assets(root)
        if asset.target not in sums or _sha256_of(root, asset.path) != sums[asset.target]
    ]


def _manifest(root: Path) -> dict[str, str]:
    try:
        files = read_json(root, MANIFEST)["files"]
        return {str(target): str(entry["sha256"]) for target, entry in files.items()}
    except (DataError, KeyError, TypeError, AttributeError):
        return {}


def _sha256_of(root: Path, file: str) -> str:
    try:
        return sha256(read_bytes(root, file))
    except DataError:
        return ""


def main(argv: Sequence[str] | None = None) -> int:
    """``copy`` puts the browser files in place, ``check`` lists those that are missing.

    Returns
    -------
    int
        0 when all are in place, 1 when not, 2 for a wrong command line.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    root = project_root()
    try:
        if words == ["copy"]:
            paths, code = copy_assets(root), 0
        elif words == ["check"]:
            paths = missing_assets(root)
            code = 1 if paths else 0
        else:
            sys.stderr.write("python -m etk_geo.maps.assets copy|check\n")
            return 2
    except EtkGeoError as error:
        sys.stderr.write("".join(f"{each}\n" for each in (error, *error.more)))
        return 1
    sys.stdout.write("".join(f"{path}\n" for path in paths))
    return code


if __name__ == "__main__":
    sys.exit(main())

"""etk_geo.maps.assets: browser files copied out of npm packages, and missed when they are not."""

import json

import pytest

from etk_geo.errors import AssetError
from etk_geo.maps import assets
from etk_geo.store import project_root, sha256

LIST = """
[[asset]]
package = "leaflet"
file = "dist/leaflet.js"
target = "leaflet/leaflet.js"

[[asset]]
package = "@scope/font"
file = "a.css"
target = "font/a.css"
"""


@pytest.fixture
def root(tmp_path):
    """A project folder with two npm packages installed and nothing copied."""
    files = {
        assets.ASSET_LIST: LIST,
        "node_modules/leaflet/dist/leaflet.js": "L",
        "node_modules/leaflet/package.json": '{"version": "1.9.4"}',
        "node_modules/@scope/font/a.css": "f",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_copy_puts_files_and_manifest_in_place(root):
    assert assets.missing_assets(root) == [
        "static/vendor/font/a.css",
        "static/vendor/leaflet/leaflet.js",
    ]
    assert assets.copy_assets(root) == [
        "static/vendor/font/a.css",
        "static/vendor/leaflet/leaflet.js",
    ]
    assert (root / "static/vendor/leaflet/leaflet.js").read_bytes() == b"L"
    manifest = json.loads((root / assets.MANIFEST).read_bytes())["files"]
    assert manifest["leaflet/leaflet.js"] == {
        "package": "leaflet",
        "version": "1.9.4",
        "file": "dist/leaflet.js",
        "sha256": sha256(b"L"),
    }
    assert manifest["font/a.css"]["version"] == ""
    assert assets.missing_assets(root) == []


def test_copying_twice_writes_the_same_bytes(root):
    assets.copy_assets(root)
    first = (root / assets.MANIFEST).read_bytes()
    assets.copy_assets(root)
    assert (root / assets.MANIFEST).read_bytes() == first


@pytest.mark.parametrize("spoil", ["delete", "alter", "manifest", "broken manifest", "no entry"])
def test_spoilt_copy_is_missing(root, spoil):
    assets.copy_assets(root)
    copy = root / "static/vendor/font/a.css"
    manifest = root / assets.MANIFEST
    if spoil == "delete":
        copy.unlink()
    elif spoil == "alter":
        copy.write_text("g", encoding="utf-8")
    elif spoil == "manifest":
        manifest.unlink()
    elif spoil == "broken manifest":
        manifest.write_text('{"files": []}', encoding="utf-8")
    else:
        held = json.loads(manifest.read_bytes())
        del held["files"]["font/a.css"]
        manifest.write_text(json.dumps(held), encoding="utf-8")
    assert "static/vendor/font/a.css" in assets.missing_assets(root)


def test_files_absent_from_packages_are_all_reported_and_nothing_is_copied(root):
    (root / "node_modules/leaflet/dist/leaflet.js").unlink()
    (root / "node_modules/@scope/font/a.css").unlink()
    with pytest.raises(AssetError) as raised:
        assets.copy_assets(root)
    named = {raised.value.file, *(error.file for error in raised.value.more)}
    assert named == {"node_modules/leaflet/dist/leaflet.js", "node_modules/@scope/font/a.css"}
    assert not (root / "static").exists()


@pytest.mark.parametrize(
    "entry",
    [
        'package = "p"\nfile = "f"',
        'package = "p"\nfile = "f"\ntarget = "../f"',
        'package = "p"\nfile = "/etc/f"\ntarget = "f"',
        'package = "..\\\\p"\nfile = "f"\ntarget = "f"',
        'package = "p"\nfile = ""\ntarget = "f"',
        'package = "p"\nfile = "f"\ntarget = "font/a.css"',
    ],
)
def test_bad_entry_is_refused(root, entry):
    (root / assets.ASSET_LIST).write_text(f"{LIST}\n[[asset]]\n{entry}\n", encoding="utf-8")
    with pytest.raises(AssetError, match="asset 3"):
        assets.read_assets(root)


def test_command_line(root, monkeypatch, capsys):
    monkeypatch.setenv("ETK_ROOT", str(root))
    assert assets.main(["check"]) == 1
    assert "leaflet/leaflet.js" in capsys.readouterr().out
    assert assets.main(["copy"]) == 0
    assert assets.main(["check"]) == 0
    assert assets.main([]) == 2
    (root / assets.ASSET_LIST).write_text("[[asset", encoding="utf-8")
    capsys.readouterr()
    assert assets.main(["check"]) == 1
    assert assets.ASSET_LIST in capsys.readouterr().err


def test_listed_packages_are_in_the_lock_file_and_named_without_an_address():
    root = project_root()
    locked = json.loads((root / "package-lock.json").read_bytes())["packages"]
    listed = assets.read_assets(root)
    assert listed
    assert {f"node_modules/{asset.package}" for asset in listed} <= set(locked)

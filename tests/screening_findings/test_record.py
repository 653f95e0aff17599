"""The record: the same everywhere, and one changed byte anywhere is found."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest
import shapely
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from etk_geo.catalog import open_catalog
from etk_geo.errors import DataError
from etk_geo.model import BANNER_BOUNDS
from etk_geo.rules import read_rules
from etk_geo.screening import record as record_module
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.measures import passages
from etk_geo.screening.projects import project_frame
from etk_geo.screening.record import Parameters, build_record, canonical, parse_record
from etk_geo.screening.signature import (
    fingerprint,
    key_fingerprint,
    new_key,
    sign_record,
    signature_holds,
)
from etk_geo.screening.verify import check_integrity, verify_record
from etk_geo.screening.zones import collect_zones
from tests.screening_findings.builders import ROOT, line, point, project, square, supply_layer

AS_OF = date(2026, 3, 14)
PARAMETERS = Parameters(AS_OF.isoformat(), None, BANNER_BOUNDS)
ROWS = [
    project("park", square(100, 0, 100), category="chemical_park", accuracy_m=5.0),
    project("road", line((-500, 50), (900, 50)), category="national_road"),
    project("school", point(2000, 0), category="public_service", bound="position", extent_m=500.0),
    project("lost", None, category="mining", decided_on=date(2025, 6, 30)),
]


def make_record(root, rows=ROWS):
    catalog, book = open_catalog(root), read_rules(root)
    projects = project_frame(rows)
    zones = collect_zones(catalog, book)
    screening = screen_projects(projects, zones, book, AS_OF)
    passed = passages(screening, projects, zones)
    return build_record(screening, projects, catalog, book, PARAMETERS, passed)


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("folder")
    for name in ("data", "layers", "rules"):
        shutil.copytree(ROOT / name, folder / name)
    supply_layer(folder, "official", [("core", "nature_reserve_core", square(0, 0, 500))])
    return folder


@pytest.fixture(scope="session")
def record(root):
    return make_record(root)


@pytest.fixture(scope="session")
def signed(record):
    private, _ = new_key()
    return canonical(sign_record(record, private))


@pytest.fixture(scope="session")
def key():
    return new_key()


def verify(root, content):
    return verify_record(content, open_catalog(root), read_rules(root))


def is_whole(content):
    """Whether a record passes the checks that need no computing; not being one is a failure."""
    try:
        _, checks = check_integrity(content)
    except DataError:
        return False
    return all(check.holds for check in checks)


def test_whole_record_is_whole(signed, record):
    assert is_whole(signed)
    assert is_whole(canonical(record))


def test_record_verifies_field_by_field(root, record):
    verification = verify(root, canonical(record))
    assert verification.holds, verification.failures
    assert {"findings", "inputs", "ledger", "parameters", "totals", "zones"} <= {
        check.field for check in verification.checks
    }
    assert verification.record_hash == record["hashes"]["content"]
    assert verification.environment_differs == ()


def test_record_holds_hashes_of_every_input(root, record):
    inputs = record["content"]["inputs"]
    assert {layer["id"] for layer in inputs["layers"]} >= {"official", "nature_reserves", "banner"}
    assert all(len(layer["sha256"]) == 64 for layer in inputs["layers"])
    assert set(inputs["rules"]) == set(read_rules(root).files)
    assert set(record["environment"]) >= {"etk_geo", "geos", "proj", "epsg"}


def test_same_inputs_in_another_order_give_the_same_bytes(root, record):
    assert canonical(make_record(root, ROWS[::-1])) == canonical(record)


def test_ring_start_and_winding_change_nothing(root, record):
    def turned(row):
        if row["geometry"] is None or row["geometry"].geom_type != "Polygon":
            return row
        ring = list(row["geometry"].exterior.coords)[:-1]
        return {**row, "geometry": shapely.Polygon((ring[2:] + ring[:2])[::-1])}

    again = make_record(root, [turned(row) for row in ROWS])
    assert again["hashes"]["content"] == record["hashes"]["content"]


def test_hash_does_not_depend_on_the_machine(root, record, monkeypatch):
    other = {**record["environment"], "geos": "0.0.0", "python": "9.9"}
    monkeypatch.setattr(record_module, "environment", lambda: other)
    again = make_record(root)
    assert again["hashes"]["content"] == record["hashes"]["content"]
    assert again["hashes"]["environment"] != record["hashes"]["environment"]
    verification = verify(root, canonical(again))
    assert verification.holds
    assert {check.field for check in verification.environment_differs} == {"geos", "python"}


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_one_changed_byte_anywhere_is_found(signed, data):
    place = data.draw(st.integers(0, len(signed) - 1))
    mask = data.draw(st.integers(1, 255))
    changed = bytearray(signed)
    changed[place] ^= mask
    assert not is_whole(bytes(changed))


def test_every_byte_around_the_content_counts(root, key):
    """Versions, hashes, schema and signature: few bytes, that drawing at random seldom meets."""
    content = canonical(sign_record(make_record(root, ROWS[:1]), key[0]))
    around = range(content.rindex(b'"environment":{'), len(content))
    assert len(around) > 500
    for place in around:
        changed = bytearray(content)
        changed[place] ^= 1
        assert not is_whole(bytes(changed)), place


@settings(max_examples=60, deadline=None)
@given(st.data())
@example(None)
def test_one_changed_byte_of_an_unsigned_record_is_found(record, data):
    content = bytearray(canonical(record))
    place = len(content) - 1 if data is None else data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1
    assert not is_whole(bytes(content))


def test_figure_changed_with_its_hash_is_found_by_computing_again(root, record):
    forged = json.loads(canonical(record))
    pairs = [pair for project in forged["content"]["findings"] for pair in project["pairs"]]
    pair = next(pair for pair in pairs if pair["verdict"] in ("INSIDE", "OVERLAPS"))
    pair["verdict"] = "CLEAR"
    verification = verify(root, canonical(record_module.seal(forged)))
    fields = [check.field for check in verification.failures]
    assert len(fields) == 1
    assert fields[0].endswith(".verdict")
    assert fields[0].startswith("findings[")


def test_changed_rule_is_named(root, record, tmp_path):
    for name in ("data", "layers", "rules"):
        shutil.copytree(root / name, tmp_path / name)
    path = tmp_path / "rules/rules.csv"
    path.write_bytes(path.read_bytes().replace(b"prohibited", b"attention", 1))
    fields = [check.field for check in verify(tmp_path, canonical(record)).failures]
    assert "inputs.rules.rules/rules.csv" in fields


def test_changed_layer_is_named(root, record, tmp_path):
    for name in ("data", "layers", "rules"):
        shutil.copytree(root / name, tmp_path / name)
    supply_layer(tmp_path, "official", [("core", "nature_reserve_core", square(0, 0, 501))])
    fields = [check.field for check in verify(tmp_path, canonical(record)).failures]
    assert "inputs.layers[official].sha256" in fields


def inputs_that_differ(root, content):
    """Return what ``verify`` says of the inputs: fields, or the file that cannot be read."""
    try:
        failures = verify(root, content).failures
    except DataError as error:
        return [error.file]
    return [check.field for check in failures if check.field.startswith("inputs.")]


def test_one_changed_byte_of_any_input_is_found(root, tmp_path):
    """Each layer and each table of rules that the record names, one byte of it changed."""
    for name in ("data", "layers", "rules"):
        shutil.copytree(root / name, tmp_path / name)
    record = make_record(root, ROWS[:1])
    inputs = record["content"]["inputs"]
    files = [*(layer["file"] for layer in inputs["layers"]), *inputs["rules"]]
    assert len(files) > 10
    for number, file in enumerate(files):
        path = tmp_path / file
        content = bytearray(path.read_bytes())
        content[len(content) * (number + 1) // (len(files) + 1)] ^= 1
        path.write_bytes(content)
        assert inputs_that_differ(tmp_path, canonical(record)), file
        shutil.copyfile(root / file, path)
    assert inputs_that_differ(tmp_path, canonical(record)) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"schema": NaN}', b'{"content": {}}', b"[" * 9999],
)
def test_what_is_no_record_is_said_in_words(content):
    with pytest.raises(DataError) as raised:
        parse_record(content)
    assert raised.value.code == "ETK720"


def test_record_with_a_broken_inside_fails_without_raising(root, record):
    broken = {**json.loads(canonical(record))}
    broken["content"] = {"parameters": 1}
    verification = verify(root, canonical(record_module.seal(broken)))
    assert not verification.holds


def test_content_holds_no_path_of_this_machine(root, record):
    assert str(root) not in canonical(record).decode()
    assert str(ROOT) not in canonical(record).decode()


# Signature


def test_signature_holds_and_names_its_key(root, record, key):
    private, public = key
    signed = sign_record(record, private)
    assert signature_holds(signed)
    assert fingerprint(signed) == key_fingerprint(public)
    verification = verify(root, canonical(signed))
    assert verification.holds
    assert verification.signed_by == key_fingerprint(public)


def test_signature_does_not_change_the_record_hash(record, key):
    assert sign_record(record, key[0])["hashes"] == record["hashes"]


def test_signature_of_another_record_does_not_hold(root, record, key):
    other = sign_record(make_record(root, ROWS[:2]), key[0])
    moved = {**record, "signature": other["signature"]}
    assert not signature_holds(moved)
    _, checks = check_integrity(canonical(moved))
    assert [check.field for check in checks if not check.holds] == ["signature"]


@pytest.mark.parametrize("pem", [b"", b"not a key", new_key()[1]])
def test_wrong_private_key_is_said_in_words(record, pem):
    with pytest.raises(DataError) as raised:
        sign_record(record, pem)
    assert raised.value.code == "ETK721"


def test_key_of_another_kind_is_refused(record):
    pem = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(DataError):
        sign_record(record, pem)

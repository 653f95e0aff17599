"""Signing a record with a key that the user keeps: Ed25519, by the library ``cryptography``.

The signature covers the hashes of content and environment and with them every byte of the record.
No key is kept or looked for here.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from etk_geo.errors import DataError
from etk_geo.screening.record import canonical
from etk_geo.store import sha256

ALGORITHM = "Ed25519"


def new_key() -> tuple[bytes, bytes]:
    """Return a new private key and its public key, both PEM; the private one is not encrypted."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private, public


def sign_record(record: Mapping[str, Any], private_pem: bytes) -> dict[str, Any]:
    """Return the record with a signature.

    Raises
    ------
    DataError
        If the key is not an Ed25519 private key in PEM without a password.
    """
    try:
        key = load_pem_private_key(private_pem, password=None)
    except (ValueError, TypeError) as error:
        raise DataError("ETK721", reason=str(error)[:120]) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise DataError("ETK721", reason=type(key).__name__)
    signed = {
        "algorithm": ALGORITHM,
        "public_key": _base64(_raw(key.public_key())),
        "value": _base64(key.sign(canonical(record["hashes"]))),
    }
    return {**record, "signature": signed}


def signature_holds(record: Mapping[str, Any]) -> bool:
    """Whether the signature in a record belongs to its hashes and its public key."""
    signed = record.get("signature")
    if not isinstance(signed, Mapping) or signed.get("algorithm") != ALGORITHM:
        return False
    if set(signed) != {"algorithm", "public_key", "value"}:
        return False
    try:
        public, value = _bytes(signed["public_key"]), _bytes(signed["value"])
        Ed25519PublicKey.from_public_bytes(public).verify(value, canonical(record["hashes"]))
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def fingerprint(record: Mapping[str, Any]) -> str:
    """Return the sha256 of the public key that a record names, or an empty text."""
    try:
        return sha256(_bytes(record["signature"]["public_key"]))
    except (KeyError, TypeError, ValueError):
        return ""


def key_fingerprint(public_pem: bytes) -> str:
    """Return the sha256 of a public key in PEM, to compare with :func:`fingerprint`.

    Raises
    ------
    DataError
        If it is not an Ed25519 public key in PEM.
    """
    try:
        key = load_pem_public_key(public_pem)
    except (ValueError, TypeError) as error:
        raise DataError("ETK721", reason=str(error)[:120]) from None
    if not isinstance(key, Ed25519PublicKey):
        raise DataError("ETK721", reason=type(key).__name__)
    return sha256(_raw(key))


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: Any) -> bytes:
    content = base64.b64decode(text, validate=True)
    if _base64(content) != text:
        # Two spellings of the same bytes: one of them was changed by hand.
        raise ValueError(text)
    return content

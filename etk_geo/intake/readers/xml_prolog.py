"""XML from strangers: no document type, hence no entities and no bombs made of them."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from etk_geo.errors import IntakeError


def check_prolog(path: Path, name: str) -> None:
    """Refuse an XML file with a document type declaration.

    Only the prolog is parsed: a declaration after the root element has begun is not XML.

    Raises
    ------
    IntakeError
        ETK819 where there is a declaration, ETK812 where it is not XML at all.
    """
    try:
        for _ in iterparse(str(path), events=("start",), forbid_dtd=True):
            return
    except DefusedXmlException:
        raise IntakeError("ETK819", file=name) from None
    except (ParseError, ValueError, LookupError) as error:
        raise IntakeError("ETK812", file=name, format="XML", reason=str(error)[:120]) from None


def check_workbook_prologs(path: Path, name: str) -> None:
    """Refuse a workbook in which any XML file has a document type declaration.

    openpyxl reads with whichever XML library is installed; not all of them refuse one. What is
    not XML at all is left for openpyxl to say.

    Raises
    ------
    IntakeError
        ETK819 where there is a declaration.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                if member.lower().endswith((".xml", ".rels")) and _declares(archive, member):
                    raise IntakeError("ETK819", file=name)
    except (OSError, ValueError, zipfile.BadZipFile):
        return


def _declares(archive: zipfile.ZipFile, member: str) -> bool:
    try:
        with archive.open(member) as stream:
            next(iterparse(stream, events=("start",), forbid_dtd=True), None)
    except DefusedXmlException:
        return True
    except (
        ParseError, ValueError, LookupError, OSError, EOFError, RuntimeError, NotImplementedError,
        zipfile.BadZipFile, zlib.error,
    ):  # fmt: skip
        return False
    return False

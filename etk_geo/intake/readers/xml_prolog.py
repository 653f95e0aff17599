"""XML from strangers: no document type, hence no entities and no bombs made of them."""

from __future__ import annotations

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

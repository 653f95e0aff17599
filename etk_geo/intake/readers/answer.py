"""What the reading process is asked and what it answers, as JSON both sides understand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from etk_geo.errors import IntakeError
from etk_geo.intake.encodings import EncodingCandidate, EncodingFinding
from etk_geo.intake.formats import FileFormat, Source
from etk_geo.intake.limits import Limits

WKB_COLUMN = "__etk_wkb__"
ARROW_FILE = "layer.arrow"
ANSWER_FILE = "answer.json"


@dataclass(frozen=True)
class Finding:
    """An issue code with its place and details; becomes an ``Issue`` on the other side."""

    code: str
    where: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerSummary:
    """One layer that can be read.

    ``source`` is the file's name within the upload, ``number`` the layer's place in it,
    ``feature_count`` ``None`` where it is not known before reading, ``geometry_type`` empty for a
    table without geometry.
    """

    source: str
    number: int
    layer: str
    format: FileFormat
    feature_count: int | None
    geometry_type: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ReadLayer:
    """What is known of a layer that was read; its rows are in ``ARROW_FILE``.

    ``crs`` is what the file declares (authority code, WKT or PROJJSON), empty for nothing;
    ``crs_implied`` where only the format says so (GeoJSON, KML); ``words`` are texts that may name
    a datum or projection; ``north_first`` is what the format says of axis order; ``resolution``
    the half of the last digit written, in the coordinates' own unit.
    """

    crs: str = ""
    crs_implied: bool = False
    words: tuple[str, ...] = ()
    header: Mapping[str, str] = field(default_factory=dict)
    north_first: bool | None = None
    resolution: float | None = None
    encoding: str = ""
    encodings: EncodingFinding | None = None
    has_geometry: bool = True
    row_labels: str = ""


@dataclass(frozen=True)
class Request:
    """Survey the sources; read one layer where ``source``, ``number`` and ``layer`` say which.

    ``expected`` is the number of its features where the survey told it, 0 otherwise.
    """

    sources: tuple[Source, ...]
    out: Path
    limits: Limits
    source: str = ""
    number: int = -1
    layer: str = ""
    expected: int = 0
    encoding: str = ""

    def dump(self) -> str:
        """Return the request as JSON."""
        value = asdict(self)
        value["out"] = str(self.out)
        for source in value["sources"]:
            source["path"] = str(source["path"])
        return json.dumps(value)

    @classmethod
    def load(cls, text: str) -> Request:
        """Parse what :meth:`dump` wrote."""
        value = json.loads(text)
        sources = tuple(
            Source(s["name"], Path(s["path"]), FileFormat(s["format"]), s["suffix_differs"])
            for s in value.pop("sources")
        )
        limits = Limits(**value.pop("limits"))
        return cls(sources=sources, out=Path(value.pop("out")), limits=limits, **value)


@dataclass
class Answer:
    """What was found: layers, the layer read, findings about the data, or one error."""

    layers: list[LayerSummary] = field(default_factory=list)
    read: ReadLayer | None = None
    findings: list[Finding] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)

    def dump(self) -> str:
        """Return the answer as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> Answer:
        """Parse what :meth:`dump` wrote."""
        value = json.loads(text)
        read = value["read"]
        return cls(
            [_summary(layer) for layer in value["layers"]],
            None if read is None else _read_layer(read),
            [Finding(**f) for f in value["findings"]],
            [Finding(**f) for f in value["errors"]],
        )

    def add_error(self, error: IntakeError) -> None:
        """Keep an error as a finding about its file."""
        detail = {**error.detail, "file": error.file}
        self.errors.append(Finding(error.code, error.where, detail))


def _summary(value: dict[str, object]) -> LayerSummary:
    fields = value.pop("fields")
    file_format = FileFormat(str(value.pop("format")))
    return LayerSummary(
        **value,  # type: ignore[arg-type]  # the keys are the fields that dump wrote
        format=file_format,
        fields=tuple(fields),  # type: ignore[arg-type]
    )


def _read_layer(value: dict[str, object]) -> ReadLayer:
    encodings = value.pop("encodings")
    words = value.pop("words")
    return ReadLayer(
        **value,  # type: ignore[arg-type]  # the keys are the fields that dump wrote
        words=tuple(words),  # type: ignore[arg-type]
        encodings=None if encodings is None else _encodings(encodings),  # type: ignore[arg-type]
    )


def _encodings(value: dict[str, object]) -> EncodingFinding:
    candidates = tuple(
        EncodingCandidate(**{**c, "preview": tuple(c["preview"])})
        for c in value["candidates"]  # type: ignore[attr-defined]
    )
    return EncodingFinding(candidates, bool(value["decided"]))

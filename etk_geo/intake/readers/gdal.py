"""Everything that GDAL reads: Shapefile, GeoPackage, GeoJSON, KML, FlatGeobuf, DXF, DBF.

GDAL is given local files with the ending of the format found. Only the drivers of
``formats.GDAL_DRIVERS`` are registered in the reading process (``child.py``), so that content which
looks like another format cannot make it open other files or addresses.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from etk_geo.errors import IntakeError
from etk_geo.intake.encodings import EncodingFinding, decode, find_encoding
from etk_geo.intake.formats import FileFormat, Source
from etk_geo.intake.readers.answer import WKB_COLUMN, Finding, LayerSummary, ReadLayer, Request
from etk_geo.intake.readers.arrow_file import ArrowFile
from etk_geo.intake.readers.shapefile_parts import check_parts, declared_encodings
from etk_geo.intake.readers.unique_names import unique_names
from etk_geo.intake.readers.without_path import without_path
from etk_geo.intake.readers.xml_prolog import check_prolog

FORMATS = frozenset(
    {
        FileFormat.SHAPEFILE,
        FileFormat.GEOPACKAGE,
        FileFormat.GEOJSON,
        FileFormat.KML,
        FileFormat.FLATGEOBUF,
        FileFormat.DXF,
        FileFormat.DBF,
    }
)
ONE_LAYER_FORMATS = frozenset(
    {FileFormat.SHAPEFILE, FileFormat.GEOJSON, FileFormat.FLATGEOBUF, FileFormat.DBF}
)
RAW_TEXT_FORMATS = frozenset({FileFormat.SHAPEFILE, FileFormat.DBF})
IMPLIED_CRS = frozenset({FileFormat.GEOJSON, FileFormat.KML})
BATCH_ROWS = 5000
SAMPLE_ROWS = 2000
RAW_BYTES = "ISO-8859-1"
"""Read with this, every byte of a text becomes one character and can be turned back."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class _Layer:
    """A layer as GDAL knows it, with the part of it that is meant (DXF)."""

    name: str
    number: int
    where: str | None = None


def survey(source: Source) -> tuple[list[LayerSummary], list[Finding]]:
    """List the layers of a source.

    Raises
    ------
    IntakeError
        ETK812 unreadable, ETK819 XML with a document type.
    """
    if source.format is FileFormat.KML:
        check_prolog(source.path, source.name)
    findings = (
        check_parts(source.path, source.name) if source.format is FileFormat.SHAPEFILE else []
    )
    layers = []
    for number, name in enumerate(_layer_names(source)):
        # Each opening of a GeoJSON file reads all of it: one is enough.
        at = 0 if source.format is FileFormat.DXF else number
        info = _guarded(source, partial(_info, source.path, at))
        count = -1 if source.format is FileFormat.DXF else int(info["features"])
        layers.append(
            LayerSummary(
                source.name,
                number,
                name or str(info["layer_name"]),
                source.format,
                None if count < 0 else count,
                str(info["geometry_type"] or ""),
                _shown(source, [str(f) for f in info["fields"]]),
            )
        )
    return layers, findings


def _info(path: Path, number: int) -> dict[str, Any]:
    encoding = RAW_BYTES if path.suffix in (".shp", ".dbf") else None
    info: dict[str, Any] = pyogrio.read_info(
        path, layer=number, encoding=encoding, force_feature_count=True
    )
    return info


def _shown(source: Source, fields: Sequence[str]) -> tuple[str, ...]:
    """Return field names; those of a Shapefile in the encoding they are most likely in."""
    if source.format not in RAW_TEXT_FORMATS:
        return tuple(fields)
    raw = [_raw(name) for name in fields]
    best = find_encoding(raw, declared_encodings(source.path)).best
    return tuple(decode(name, best)[0] for name in raw)


def _raw(text: str) -> bytes:
    # Only what RAW_BYTES gave can be turned back; anything else is shown as it is.
    return text.encode("latin-1", errors="replace")


def _layer_names(source: Source) -> list[str]:
    """Return the names of the layers; empty for the one of a format that has one."""
    if source.format in ONE_LAYER_FORMATS:
        return [""]
    names = _guarded(source, lambda: [str(n) for n, _ in pyogrio.list_layers(source.path)])
    if source.format is not FileFormat.DXF or not names:
        return names
    raw = _guarded(
        source,
        lambda: pyogrio.raw.read(source.path, columns=["Layer"], read_geometry=False),
    )
    return sorted({str(name) for name in raw[3][0] if name is not None})


def _quoted(name: str) -> str:
    return name.replace("'", "''")


def _guarded(source: Source, act: Callable[[], _T]) -> _T:
    """Run a GDAL call; what it refuses becomes one message."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return act()
    except (DataSourceError, DataLayerError, ValueError, RuntimeError, OSError) as error:
        raise _unreadable(source, error) from None


def _unreadable(source: Source, error: Exception) -> IntakeError:
    reason = without_path(str(error), source.path)
    return IntakeError("ETK812", file=source.name, format=source.format.value, reason=reason)


def read(source: Source, request: Request) -> tuple[ReadLayer, list[Finding]]:
    """Read the layer of a request into the Arrow file.

    Curved geometries are approximated by short straight pieces, by GDAL; heights are kept.

    Raises
    ------
    IntakeError
        ETK812 unreadable, ETK815 or ETK816 too much, ETK820 nothing in it.
    """
    layer = _Layer(request.layer, request.number)
    if source.format is FileFormat.DXF:
        layer = _Layer(request.layer, 0, f"Layer = '{_quoted(request.layer)}'")
    finding = _text_encoding(source, layer)
    chosen = request.encoding or (finding.best if finding is not None else "")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read_layer, findings = _stream(source, layer, request, (finding, chosen))
    findings.extend(_reader_warnings(caught, source))
    return read_layer, findings


def _text_encoding(source: Source, layer: _Layer) -> EncodingFinding | None:
    """Find the encoding of a DBF by its first rows and its field names."""
    if source.format not in RAW_TEXT_FORMATS:
        return None
    meta, _, _, columns = _guarded(
        source,
        lambda: pyogrio.raw.read(
            source.path,
            layer=layer.number,
            encoding=RAW_BYTES,
            read_geometry=False,
            max_features=SAMPLE_ROWS,
        ),
    )
    samples = [_raw(str(name)) for name in meta["fields"]]
    for column in columns:
        if column.dtype == object:
            samples.extend(_raw(value) for value in column if isinstance(value, str))
    return find_encoding(samples, declared_encodings(source.path))


def _stream(
    source: Source, layer: _Layer, request: Request, text: tuple[EncodingFinding | None, str]
) -> tuple[ReadLayer, list[Finding]]:
    finding, encoding = text
    decoder = _TextDecoder(encoding) if finding is not None else None
    findings: list[Finding] = []
    with ArrowFile(request.out, source.name, request.limits, request.expected) as sink:
        try:
            meta = _copy(source, layer, sink, decoder, _arrow_batches)
        except NotImplementedError:
            # pyogrio's Arrow stream hands curves through; its other way straightens them.
            findings.append(Finding("ETK835", layer.name))
            done = sink.rows
            meta = _copy(source, layer, sink, decoder, _straight_batches, skip=done)
        rows, unreadable = sink.rows, sink.unreadable
    if rows == 0:
        raise IntakeError("ETK820", file=source.name, where=layer.name)
    findings.extend(Finding("ETK836", f"{index + 1}") for index in unreadable)
    if decoder is not None and decoder.replaced:
        detail = {"encoding": encoding, "count": str(decoder.replaced)}
        findings.append(Finding("ETK834", layer.name, detail))
    read_layer = ReadLayer(
        crs=_known_crs(meta.get("crs")),
        crs_implied=source.format in IMPLIED_CRS,
        encoding=encoding,
        encodings=finding,
        has_geometry=bool(meta.get("geometry_type")),
    )
    return read_layer, findings


def _known_crs(crs: object) -> str:
    """Return a declared CRS, or nothing for those that say "undefined" in a CRS's words."""
    text = str(crs or "")
    undefined = ("Undefined", "Unknown", "LOCAL_CS", "ENGCRS", "EPSG:0")
    return "" if any(word.lower() in text[:80].lower() for word in undefined) else text


_Batches = Callable[[Source, _Layer, str | None, int], Iterator[tuple[dict[str, Any], pa.Table]]]


def _copy(
    source: Source,
    layer: _Layer,
    sink: ArrowFile,
    decoder: _TextDecoder | None,
    batches: _Batches,
    skip: int = 0,
) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    try:
        for described, table in batches(source, layer, RAW_BYTES if decoder else None, skip):
            meta = described
            sink.append(table if decoder is None else decoder.apply(table))
    except NotImplementedError:
        raise
    except (
        DataSourceError, DataLayerError, RuntimeError, ValueError, OSError, pa.ArrowException,
    ) as error:  # fmt: skip
        raise _unreadable(source, error) from None
    return meta


def _arrow_batches(
    source: Source, layer: _Layer, encoding: str | None, skip: int
) -> Iterator[tuple[dict[str, Any], pa.Table]]:
    with pyogrio.open_arrow(
        source.path,
        layer=layer.number,
        encoding=encoding,
        where=layer.where,
        skip_features=skip,
        batch_size=BATCH_ROWS,
        use_pyarrow=True,
        datetime_as_string=True,
    ) as (meta, reader):
        geometry = meta["geometry_name"] or "wkb_geometry"
        for batch in reader:
            yield meta, _named(pa.Table.from_batches([batch]), geometry)


def _straight_batches(
    source: Source, layer: _Layer, encoding: str | None, skip: int
) -> Iterator[tuple[dict[str, Any], pa.Table]]:
    while True:
        meta, _, wkb, columns = pyogrio.raw.read(
            source.path,
            layer=layer.number,
            encoding=encoding,
            where=layer.where,
            skip_features=skip,
            max_features=BATCH_ROWS,
            datetime_as_string=True,
        )
        if wkb is None or not len(wkb):
            return
        arrays = [_array(column) for column in columns]
        names = [str(name) for name in meta["fields"]]
        table = pa.table([*arrays, pa.array(wkb, pa.binary())], names=[*names, WKB_COLUMN])
        yield meta, table
        skip += len(wkb)


def _array(column: np.ndarray[Any, Any]) -> pa.Array:
    if column.dtype != object:
        return pa.array(column, from_pandas=True)
    return pa.array([None if v is None else str(v) for v in column], pa.string())


def _named(table: pa.Table, geometry: str) -> pa.Table:
    return table.rename_columns([WKB_COLUMN if n == geometry else n for n in table.column_names])


class _TextDecoder:
    """Turns texts read as raw bytes into the encoding chosen, and counts those it cannot."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.replaced = 0

    def apply(self, table: pa.Table) -> pa.Table:
        columns = []
        for column in table.columns:
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                columns.append(pa.array([self._text(v) for v in column.to_pylist()], pa.string()))
            else:
                columns.append(column)
        names = [n if n == WKB_COLUMN else self._text(n) or n for n in table.column_names]
        return pa.table(columns, names=unique_names(names))

    def _text(self, value: str | None) -> str | None:
        if value is None or value.isascii():
            return value
        text, sound = decode(_raw(value), self.encoding)
        self.replaced += not sound
        return text.rstrip("\x00 ")


def _reader_warnings(caught: Sequence[warnings.WarningMessage], source: Source) -> list[Finding]:
    """Return what GDAL warned of, each wording once."""
    texts = dict.fromkeys(without_path(str(w.message), source.path) for w in caught)
    return [Finding("ETK856", source.name, {"text": text}) for text in list(texts)[:10]]

"""Reading on the intake page: layers, encodings, coordinate columns, and what numbers can mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit_folium import st_folium

from etk_geo.i18n import text
from etk_geo.intake.candidates import Candidate
from etk_geo.intake.columns import CoordinateColumns
from etk_geo.intake.encodings import EncodingFinding
from etk_geo.intake.pasted import Shape, read_pasted
from etk_geo.intake.preview import preview
from etk_geo.intake.raw_layer import RawLayer, VertexGrouping, choose_columns
from etk_geo.intake.readers.answer import LayerSummary
from etk_geo.intake.running import Running
from etk_geo.intake.understanding import Question, Understanding, understand
from etk_geo.intake.upload import Upload, open_upload
from etk_geo.intake.vertices import join_vertices
from etk_geo.intake.wording import geometry_title, question_titles, reading_title, worded
from etk_geo.maps.overlay import Shown, ground_document, overlay_document, overlay_group
from etk_geo.maps.plan_map import build_map
from etk_geo.model import Issue, Lang
from etk_geo.ui import cached
from etk_geo.ui.frame import describe
from etk_geo.ui.grid import plain, show_grid, show_list
from etk_geo.ui.intake_rows import candidate_rows, encoding_rows, encoding_title, layer_rows
from etk_geo.ui.intake_state import await_result, intake_state, made_once
from etk_geo.ui.intake_vertices import Answer, choose_vertices
from etk_geo.workspace import Workspace

SHAPES: tuple[Shape, ...] = ("points", "line", "area")
OTHER = "other"
USUAL_ENCODINGS = ("utf-8", "gb18030", "big5")
"""Offered even where the bytes speak against them: the user sees what comes out."""
MAP_HEIGHT_PX = 430
MOST_ISSUES = 5


@dataclass(frozen=True)
class Read:
    """A layer as read, with the key that marks what it was read from and how."""

    raw: RawLayer
    key: tuple[object, ...]


@dataclass(frozen=True)
class Understood:
    """A layer and the reading that the user chose."""

    raw: RawLayer
    understanding: Understanding
    candidate: Candidate
    key: tuple[object, ...]


def read_files(lang: Lang) -> Read | None:
    """Ask for files and return the layer that the user chose of them."""
    files = st.file_uploader(
        text("intake.files", lang),
        accept_multiple_files=True,
        key="intake_files",
        help=text("intake.files_help", lang),
    )
    state = intake_state()
    signature = tuple(file.file_id for file in files or ())
    if signature != state.signature:
        state.forget()
        state.signature = signature
    if not files:
        return None
    upload = await_result("survey", signature, partial(_survey, files), lang, can_stop=True)
    state.upload = upload
    layers = upload.survey()
    _show_issues(upload.issues, lang)
    chosen = _choose_layer(layers, signature, lang)
    if chosen is None:
        return None
    return _read_layer(upload, chosen, layers[chosen], lang)


def _survey(files: Sequence[UploadedFile], running: Running[Upload]) -> Upload:
    upload = open_upload([(file.name, file.getvalue()) for file in files])
    try:
        upload.survey(running.stop)
    except BaseException:
        upload.close()
        raise
    return upload


def _choose_layer(
    layers: Sequence[LayerSummary], signature: tuple[str, ...], lang: Lang
) -> int | None:
    """Show the layers and return the number of the chosen one."""
    st.subheader(text("intake.layers", lang, n=len(layers)), anchor=False)
    show_grid(layer_rows(layers, lang), text("intake.layers", lang, n=len(layers)))
    if len(layers) == 1:
        return 0
    return st.selectbox(
        text("intake.choose_layer", lang),
        range(len(layers)),
        index=None,
        placeholder=text("intake.choose", lang),
        format_func=lambda i: " · ".join(
            (
                layers[i].source,
                layers[i].layer,
                geometry_title(layers[i].geometry_type, lang),
            )
        ),
        key=f"intake_layer_{hash(signature)}",
        filter_mode=None,
    )


def _read_layer(upload: Upload, number: int, layer: LayerSummary, lang: Lang) -> Read:
    """Read a layer, in another encoding than the most plausible where the user chose one."""
    about = (intake_state().signature, number)
    switch = f"intake_encoding_{hash(about)}"
    chosen = st.session_state.get(switch) or ""
    # Choosing what was taken anyway reads nothing anew, and keeps what was said further down.
    encoding = "" if chosen == st.session_state.get(f"{switch}_found") else chosen

    def work(running: Running[RawLayer]) -> RawLayer:
        return upload.read(layer, encoding=encoding, progress=running.progress, stop=running.stop)

    raw = await_result("read", (*about, encoding), work, lang, can_stop=True)
    if not encoding:
        st.session_state[f"{switch}_found"] = raw.encoding
    said = False
    if raw.encodings is not None and raw.encodings.candidates[0].preview:
        with _encoding_place(raw, raw.encodings, lang):
            _choose_encoding(raw, switch, lang)
        said = bool(chosen) and not raw.encodings.decided
        if said:
            raw = replace(raw, encodings=replace(raw.encodings, decided=True))
    _show_issues(raw.issues, lang)
    return Read(raw, (*about, encoding, said))


def _encoding_place(raw: RawLayer, found: EncodingFinding, lang: Lang) -> Any:
    """Return where encodings are shown: on the page, or folded away where the bytes decide."""
    best = found.candidates[0]
    by_bytes = found.decided and (best.encoding == "utf-8" or best.declared)
    if by_bytes and raw.encoding == best.encoding:
        name = encoding_title(raw.encoding)
        return st.expander(text("intake.encoding_is", lang, encoding=name))
    st.subheader(text("intake.encodings", lang), anchor=False)
    return st.container()


def _choose_encoding(raw: RawLayer, key: str, lang: Lang) -> None:
    """Show what each encoding makes of the texts, and let the user switch."""
    if raw.encodings is None:
        return
    candidates = raw.encodings.candidates
    show_list(encoding_rows(candidates, lang), text("intake.encodings", lang))
    found = [candidate.encoding for candidate in candidates]
    names = [*found, *(name for name in USUAL_ENCODINGS if name not in found)]
    decided = raw.encodings.decided and raw.encoding in names
    st.radio(
        text("intake.choose_encoding", lang),
        names,
        index=names.index(raw.encoding) if decided else None,
        format_func=encoding_title,
        horizontal=True,
        key=key,
    )


def read_text(lang: Lang) -> Read | None:
    """Ask for pasted coordinates and return them as a layer."""
    pasted = st.text_area(
        text("intake.paste", lang),
        height=180,
        key="intake_pasted",
        placeholder=text("intake.paste_example", lang),
        help=text("intake.paste_help", lang),
    )
    shape = st.radio(
        text("intake.paste_shape", lang),
        SHAPES,
        format_func=lambda code: text(f"intake.shape.{code}", lang),
        horizontal=True,
        key="intake_shape",
    )
    if not (pasted or "").strip():
        return None
    key = ("pasted", pasted, shape)
    raw = await_result("paste", key, lambda _: read_pasted(pasted, shape), lang)
    _show_issues(raw.issues, lang)
    return Read(raw, key)


def choose_reading(workspace: Workspace, read: Read, lang: Lang) -> Understood | None:
    """Let the user say what the numbers mean; ``None`` until that is said."""
    table = _choose_table(read, lang) if read.raw.is_table else (None, None)
    if table is None:
        return None
    columns, vertices = table
    key = (*read.key, columns, vertices)

    def work(_: Running[tuple[RawLayer, Understanding]]) -> tuple[RawLayer, Understanding]:
        raw = read.raw
        if columns is not None:
            raw = choose_columns(raw, columns)
            raw = replace(raw, columns=(columns,))  # the user has chosen
        if isinstance(vertices, VertexGrouping):
            raw = join_vertices(raw, vertices)
        return raw, understand(raw)

    raw, understanding = await_result("understand", key, work, lang)
    if columns is not None:
        _show_issues(raw.issues[len(read.raw.issues) :], lang)
    _show_issues(understanding.issues, lang)
    if not understanding.candidates:
        return None
    candidate = _choose_candidate(workspace, Read(raw, key), understanding, lang)
    if candidate is None:
        return None
    if Question.ENCODING in understanding.questions:
        st.info(text("intake.encoding_first", lang))
        return None
    return Understood(raw, understanding, candidate, (*key, candidate.id))


def _choose_table(read: Read, lang: Lang) -> tuple[CoordinateColumns, Answer] | None:
    """Ask which columns hold coordinates, and what rows are; ``None`` until both are said."""
    columns = _choose_columns(read, lang)
    if columns is None:
        return None
    vertices = choose_vertices(read.raw, columns, (*read.key, columns), lang)
    return None if vertices is None else (columns, vertices)


def _choose_columns(read: Read, lang: Lang) -> CoordinateColumns | None:
    """Ask which columns hold coordinates; what their names say is filled in."""
    raw = read.raw
    st.subheader(text("intake.columns", lang), anchor=False)
    names = [str(name) for name in raw.attributes.columns]
    clear = (
        bool(raw.columns)
        and raw.columns[0].named
        and not any(choice.named for choice in raw.columns[1:])
    )
    options: list[CoordinateColumns | str] = [*raw.columns, OTHER]
    if not raw.columns:
        st.warning(text("intake.no_columns", lang))
    chosen = st.selectbox(
        text("intake.choose_columns", lang),
        options,
        index=0 if clear else None,
        placeholder=text("intake.choose", lang),
        format_func=lambda choice: (
            text("intake.other_columns", lang)
            if isinstance(choice, str)
            else text("mark.list", lang).join(choice.names)
        ),
        key=f"intake_columns_{hash(read.key)}",
        filter_mode=None,
    )
    if chosen is None or not isinstance(chosen, str):
        return chosen
    pair = [
        column.selectbox(
            text(f"intake.{which}_column", lang),
            names,
            index=None,
            placeholder=text("intake.choose", lang),
            key=f"intake_{which}_{hash(read.key)}",
            filter_mode=None,
        )
        for which, column in zip(("first", "second"), st.columns(2), strict=True)
    ]
    if pair[0] is None or pair[1] is None or pair[0] == pair[1]:
        return None
    return CoordinateColumns(pair[0], pair[1], named=True)


def _choose_candidate(
    workspace: Workspace, read: Read, understanding: Understanding, lang: Lang
) -> Candidate | None:
    """Show every reading on a map and in a table, and return the one that the user confirms."""
    candidates = understanding.candidates
    st.subheader(text("intake.readings", lang, n=len(candidates)), anchor=False)
    if understanding.is_decided:
        st.markdown(text("intake.decided", lang))
    else:
        st.warning(text("intake.open", lang, questions=question_titles(understanding, lang)))
    _show_candidates(workspace, read, candidates, lang)
    show_list(candidate_rows(candidates, lang), text("intake.readings", lang, n=len(candidates)))
    ids = [candidate.id for candidate in candidates]
    decided = understanding.is_decided and understanding.suggested is not None
    chosen = st.radio(
        text("intake.choose_reading", lang),
        ids,
        index=ids.index(understanding.suggested.id)
        if decided and understanding.suggested is not None
        else None,
        format_func=lambda one: _candidate_title(candidates, ids.index(one), lang),
        key=f"intake_reading_{hash(read.key)}",
    )
    if chosen is None:
        st.info(text("intake.choose_to_go_on", lang))
        return None
    return understanding.candidate(chosen)


def _candidate_title(candidates: Sequence[Candidate], i: int, lang: Lang) -> str:
    return plain(f"{i + 1}  {reading_title(candidates[i].reading, lang)}")


def _show_candidates(
    workspace: Workspace, read: Read, candidates: Sequence[Candidate], lang: Lang
) -> None:
    def make() -> list[Shown]:
        return [
            Shown(
                reading_title(candidate.reading, lang),
                preview(read.raw, candidate.reading),
                number=number,
                position=candidate.position,
            )
            for number, candidate in enumerate(candidates, start=1)
        ]

    title = text("intake.readings", lang, n=len(candidates))
    show_small_map(workspace, make, title, ("intake_candidates", read.key), lang)


def show_small_map(
    workspace: Workspace,
    make: Callable[[], Sequence[Shown]],
    title: str,
    about: tuple[str, object],
    lang: Lang,
) -> None:
    """Show entries on a map of the ground, fitted to them.

    ``about`` names the place on the page and marks what is shown there: it is made once.
    """
    place, key = about

    def document() -> dict[str, Any]:
        return overlay_document(make(), lang, title, fit=True)

    ground = ground_document(cached.display(workspace, lang))
    st_folium(
        build_map(cached.SITE, ground),
        key=place,
        height=MAP_HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=overlay_group(made_once(place, (key, lang), document)),
    )


def _show_issues(issues: Sequence[Issue], lang: Lang) -> None:
    """Say what was noticed, the first few in full."""
    kinds: dict[str, list[Issue]] = {}
    for issue in issues:
        kinds.setdefault(issue.code, []).append(issue)
    for found in list(kinds.values())[:MOST_ISSUES]:
        said = describe(worded(found[0], lang), lang)
        if len(found) > 1:
            said += "  \n" + text("intake.and_more", lang, n=len(found) - 1)
        st.warning(said)

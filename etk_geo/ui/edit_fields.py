"""The form of a feature's properties, made from ``editing.schema``."""

from __future__ import annotations

from typing import Any

import streamlit as st

from etk_geo.editing.schema import (
    FACT_CHOICES,
    SECTIONS,
    Field,
    FieldKind,
    Section,
    choices,
)
from etk_geo.i18n import texts
from etk_geo.intake.partial_date import parse_date
from etk_geo.model import FACT_PROPERTIES
from etk_geo.ui.edit_draft import EditDraft
from etk_geo.ui.edit_words import fact_line, member_label
from etk_geo.ui.grid import plain
from etk_geo.wording import NamedTable, Words

MOST_M = 999_999.0
LONG_PX = 96
WIDE = (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.CHOICES)


def show_fields(draft: EditDraft, words: Words) -> None:
    """Draw every field but the position's, and take what is entered into the draft."""
    for number, section in enumerate(SECTIONS):
        label = words.say(f"edit.section.{section.name}")
        with st.expander(label, expanded=number == 0):
            _show_section(section, draft, words)
    with st.expander(words.say("edit.section.facts", n=len(draft.values["facts"]))):
        _ask_facts(draft, words)


def _show_section(section: Section, draft: EditDraft, words: Words) -> None:
    """Draw the fields of a section: texts over the whole width, the others in pairs."""
    pair: list[Any] = []
    for field in section.fields:
        if field.kind in WIDE:
            ask_field(field, draft, words)
            pair = []
            continue
        pair = pair or list(st.columns(2))
        with pair.pop(0):
            ask_field(field, draft, words)


def ask_field(field: Field, draft: EditDraft, words: Words, *, key: str = "") -> None:
    """Draw a field and take what is entered into the draft.

    Parameters
    ----------
    key
        Tells a second form of the field from the first.
    """
    named = draft.key(f"{key}{field.name}")
    if named not in st.session_state:
        # Streamlit forgets what a page does not draw; the draft does not.
        st.session_state[named] = _shown(field, draft.values[field.name])
    taken = _taken(field, _ask(field, named, words))
    if taken in (None, "") and draft.values[field.name] in (None, ""):
        return  # two ways to say unknown are no change
    draft.values[field.name] = taken


def _shown(field: Field, value: Any) -> Any:
    if field.kind is FieldKind.METRES:
        return None if value is None else float(value)
    if field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.DATE):
        return value or ""
    return list(value) if field.kind is FieldKind.CHOICES else value


def _taken(field: Field, entered: Any) -> Any:
    """Return what was entered as the layer keeps it."""
    if field.kind is FieldKind.DATE:
        typed = str(entered).strip()
        return (parse_date(typed) or typed) or None
    if field.kind is FieldKind.METRES:
        return entered if entered is None or entered % 1 else int(entered)
    if field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        return str(entered).strip()
    if field.kind is FieldKind.CHOICE:
        return None if entered is None else str(entered)
    return list(entered) if field.kind is FieldKind.CHOICES else bool(entered)


def _ask(field: Field, key: str, words: Words) -> Any:
    label = member_label(field.name, words)
    hint = f"edit.hint.{field.name}"
    help_ = words.say(hint) if hint in texts() else None
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        return _ask_choice(field, label, key, words)
    if field.kind is FieldKind.LONG_TEXT:
        return st.text_area(label, key=key, help=help_, height=LONG_PX)
    if field.kind is FieldKind.FLAG:
        return st.checkbox(label, key=key, help=help_)
    if field.kind is FieldKind.METRES:
        return st.number_input(
            label,
            key=key,
            help=help_,
            min_value=0.0,
            max_value=MOST_M,
            step=10.0,
            format="%.10g",
            placeholder=words.say("edit.unknown_empty"),
        )
    example = words.say("edit.date_hint") if field.kind is FieldKind.DATE else None
    return st.text_input(label, key=key, help=help_, placeholder=example)


def _ask_choice(field: Field, label: str, key: str, words: Words) -> Any:
    options = _options(field.domain, key, words)

    def said(code: str) -> str:
        return _choice_text(field.domain, code, words)

    if field.kind is FieldKind.CHOICES:
        several = words.say("edit.choose_several")
        return st.multiselect(label, options, format_func=said, placeholder=several, key=key)
    return st.selectbox(
        label,
        options,
        index=None,
        format_func=said,
        placeholder=words.say("edit.unknown_empty"),
        key=key,
        filter_mode=None,
    )


def _options(domain: str, key: str, words: Words) -> list[str]:
    """Return the codes to choose from, and what is chosen already though its table lost it."""
    codes = list(choices(domain, words.plan))
    held = st.session_state.get(key)
    chosen = held if isinstance(held, list) else [held] if held else []
    return codes + [code for code in chosen if code not in codes]


def _choice_text(domain: str, code: str, words: Words) -> str:
    if domain == "outline":
        return words.citation(code)
    named: tuple[NamedTable, ...] = ("categories", "places", "targets", "sources")
    for table in named:
        if table == domain:
            return words.name(table, code)
    return words.code(domain, code)


def _ask_facts(draft: EditDraft, words: Words) -> None:
    """Draw the published figures: a list, and the form of one of them."""
    facts: list[dict[str, str]] = draft.values["facts"]
    key = draft.key("fact")
    st.caption(words.say("edit.fact.about"))
    at = st.selectbox(
        words.say("edit.fact.choose"),
        range(len(facts)),
        index=None,
        format_func=lambda n: fact_line(facts[n], words),
        placeholder=words.say("edit.fact.none" if not facts else "edit.fact.one"),
        key=key,
        filter_mode=None,
    )
    if at is not None and at < len(facts):
        facts[at] = _ask_fact(draft, at, words)
    add, remove, _ = st.columns([1, 1, 2])
    add.button(
        words.say("edit.fact.add"),
        key=draft.key("fact_add"),
        on_click=_add_fact,
        args=(draft,),
        icon=":material/add:",
    )
    if at is not None:
        remove.button(
            words.say("edit.fact.remove"),
            key=draft.key("fact_remove"),
            on_click=_remove_fact,
            args=(draft, at),
            icon=":material/delete:",
        )


def _ask_fact(draft: EditDraft, at: int, words: Words) -> dict[str, str]:
    """Draw the form of a published figure and return what is entered."""
    fact = draft.values["facts"][at]
    entered: dict[str, str] = {}
    columns = st.columns(2)
    for number, name in enumerate(FACT_PROPERTIES):
        key = draft.key(f"fact_{at}_{name}")
        label = words.say(f"edit.fact.{name}")
        if key not in st.session_state:
            st.session_state[key] = fact[name] or (None if name in FACT_CHOICES else "")
        with columns[number % 2]:
            if name in FACT_CHOICES:
                field = Field(name, FieldKind.CHOICE, FACT_CHOICES[name])
                entered[name] = _ask_choice(field, label, key, words) or ""
            else:
                entered[name] = st.text_input(label, key=key).strip()
    st.caption(plain(fact_line(entered, words)))
    return entered


def _add_fact(draft: EditDraft) -> None:
    facts = draft.values["facts"]
    facts.append(dict.fromkeys(FACT_PROPERTIES, ""))
    st.session_state[draft.key("fact")] = len(facts) - 1


def _remove_fact(draft: EditDraft, at: int) -> None:
    del draft.values["facts"][at]
    for key in [k for k in st.session_state if str(k).startswith(draft.key("fact_"))]:
        del st.session_state[key]
    st.session_state[draft.key("fact")] = None

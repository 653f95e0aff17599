"""What was edited before: seen, undone, restored; features deleted and brought back."""

from __future__ import annotations

import streamlit as st

from etk_geo.editing import Act, Edit, LayerEditor, list_differences
from etk_geo.errors import RecordError
from etk_geo.ui.edit_draft import EditDraft, forget, go_to
from etk_geo.ui.edit_review import ask_signature, attempt, pressed
from etk_geo.ui.edit_words import act_text, difference_rows, history_rows
from etk_geo.ui.grid import plain, show_list
from etk_geo.wording import Words


def show_history(editor: LayerEditor, draft: EditDraft, words: Words) -> None:
    """Draw the edits of a feature, and the ways back."""
    st.subheader(words.say("edit.history"), anchor=False)
    edits = editor.history(draft.feature)
    if not edits:
        st.info(words.say("edit.no_history"))
    else:
        held = editor.counting()
        show_list(history_rows(edits, held, words), words.say("edit.history"))
        _show_ways_back(editor, draft, edits, held, words)
    _show_deletion(editor, draft, words)


def _show_ways_back(
    editor: LayerEditor,
    draft: EditDraft,
    edits: tuple[Edit, ...],
    held: frozenset[int],
    words: Words,
) -> None:
    """Offer to undo the newest edit that counts, and to restore any version."""
    with st.expander(words.say("edit.back"), icon=":material/undo:"):
        st.caption(words.say("edit.back_about"))
        by_number = {edit.number: edit for edit in reversed(edits)}
        first = edits[0].number
        offered = [*by_number, *([0] if edits[0].act is not Act.ADD else [])]
        number = st.selectbox(
            words.say("edit.version"),
            offered,
            format_func=lambda n: _version_text(by_number.get(n), first, words),
            key=draft.key("version"),
            filter_mode=None,
        )
        _show_version(editor, draft, number, words)
        signature = ask_signature(draft.key("back"), words, source=False)
        undo, restore = st.columns(2)
        counts = [edit.number for edit in edits if edit.number in held]
        if pressed(
            undo,
            words.say("edit.undo"),
            draft.key("undo"),
            icon=":material/undo:",
            disabled=not counts or draft.changed,
        ):
            said = {"author": signature.author, "reason": signature.reason}
            _done(
                attempt(
                    lambda: editor.undo(draft.feature, seen=draft.seen, **said), signature, words
                ),
                draft,
            )
        if pressed(
            restore,
            words.say("edit.restore"),
            draft.key("restore"),
            icon=":material/history:",
            disabled=draft.changed,
        ):
            said = {"author": signature.author, "reason": signature.reason}
            _done(
                attempt(
                    lambda: editor.restore(draft.feature, number, seen=draft.seen, **said),
                    signature,
                    words,
                ),
                draft,
            )
        if draft.changed:
            st.caption(words.say("edit.save_first"))


def _version_text(edit: Edit | None, first: int, words: Words) -> str:
    if edit is None:
        return words.say("edit.version_first", n=first)
    return words.say(
        "edit.version_after",
        n=edit.number,
        act=act_text(edit, words),
        author=edit.author,
        at=edit.at[:16].replace("T", " "),
    )


def _show_version(editor: LayerEditor, draft: EditDraft, number: int, words: Words) -> None:
    """Draw what is different between a version and the feature as it is now."""
    try:
        then = editor.version(draft.feature, number)
    except RecordError:
        st.caption(words.say("edit.version_gone"))
        return
    differences = list_differences(draft.base, then)
    if not differences:
        st.caption(words.say("edit.version_same"))
        return
    rows = difference_rows(differences, words)
    rows.columns = [words.say(f"edit.column.{n}") for n in ("member", "now", "version")]
    show_list(rows, words.say("edit.version"))


def _show_deletion(editor: LayerEditor, draft: EditDraft, words: Words) -> None:
    """Offer to delete the feature."""
    with st.expander(words.say("edit.delete"), icon=":material/delete:"):
        name = plain(draft.base["properties"][f"name_{words.lang}"])
        st.markdown(words.say("edit.delete_about", name=name))
        if draft.feature in set(words.plan.projects["id"]):
            st.warning(words.say("edit.delete_project"))
        signature = ask_signature(draft.key("gone"), words)
        if pressed(
            st.columns(3)[0],
            words.say("edit.delete_now"),
            draft.key("delete"),
            icon=":material/delete:",
            disabled=draft.changed,
        ):
            said = vars(signature)
            _done(
                attempt(
                    lambda: editor.delete(draft.feature, seen=draft.seen, **said), signature, words
                ),
                draft,
            )


def show_deleted(editor: LayerEditor, layer: str, words: Words) -> None:
    """Draw the features of a layer that were deleted, to be brought back."""
    deleted = editor.deleted()
    if not deleted:
        return
    label = words.say("edit.deleted", n=len(deleted))
    with st.expander(label, icon=":material/restore_from_trash:"):
        by_feature = {edit.feature: edit for edit in deleted}
        chosen = st.selectbox(
            words.say("edit.choose_deleted"),
            list(by_feature),
            format_func=lambda feature: _deleted_text(by_feature[feature], words),
            key=f"edit_deleted_{layer}",
            filter_mode=None,
        )
        edit = by_feature[chosen]
        rows = difference_rows(
            list_differences(None, editor.version(chosen, edit.number - 1)), words
        )
        show_list(rows.iloc[:, [0, 2]], words.say("edit.deleted", n=len(deleted)))
        signature = ask_signature(f"edit_bring_back_{layer}", words, source=False)
        if pressed(
            st.columns(3)[0],
            words.say("edit.bring_back"),
            f"edit_bring_back_now_{layer}",
            icon=":material/restore_from_trash:",
        ):
            seen = editor.history(chosen)[-1].number
            said = {"author": signature.author, "reason": signature.reason}
            if attempt(lambda: editor.undo(chosen, seen=seen, **said), signature, words):
                go_to(layer, chosen)
            st.rerun()


def _deleted_text(edit: Edit, words: Words) -> str:
    name = edit.before[f"name_{words.lang}"]
    at = edit.at[:16].replace("T", " ")
    return words.say("edit.deleted_one", name=name, author=edit.author, at=at)


def _done(kept: bool, draft: EditDraft) -> None:  # noqa: FBT001
    """Show the page anew, with the feature as it is now."""
    if kept:
        forget(draft)
    st.rerun()

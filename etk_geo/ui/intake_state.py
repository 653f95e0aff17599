"""What one session is taking in: its upload, the work that runs for it, and what it confirmed.

Kept in the session only. A new upload closes the former one, whose files are gone then. Streamlit
lets go of a session that was left only when the next one comes; so a watch removes the files of a
session that nobody can come back to.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from etk_geo.errors import EtkGeoError
from etk_geo.i18n import text
from etk_geo.intake.running import Running
from etk_geo.intake.upload import Upload
from etk_geo.intake.wording import worded
from etk_geo.model import Issue, Lang
from etk_geo.supply.statement import Statement
from etk_geo.ui.frame import describe

STATE = "intake"
PATIENCE_SECONDS = 0.6
"""Work that is over by then shows no progress bar."""
LOOK_EVERY_SECONDS = 1.0
MOST_STEPS = 5
"""So few are steps of the work, not rows."""
CANCELLED = "ETK872"
WATCH_EVERY_SECONDS = 30.0
GONE_AFTER_LOOKS = 6
"""Three minutes: a session can be taken up again within two."""

T = TypeVar("T")


@dataclass
class IntakeState:
    """The intake of this session.

    ``upload`` holds the files of ``signature``; ``running`` is the work by step, each with the
    key of what it is about; ``confirmed`` is the key of what the user confirmed last; ``made`` is
    what was made for show, by place and key; ``handing_over`` and ``supplying`` mark what the
    user asked to be made a list of projects or an official layer. ``answers`` is what stands in
    the boxes of a form, by key: Streamlit forgets it as soon as one view leaves the form out.
    """

    upload: Upload | None = None
    signature: tuple[str, ...] = ()
    running: dict[str, tuple[object, Running[Any]]] = field(default_factory=dict)
    confirmed: object = None
    made: dict[str, tuple[object, Any]] = field(default_factory=dict)
    handing_over: object = None
    supplying: tuple[object, Statement] | None = None
    answers: dict[str, Any] = field(default_factory=dict)

    def forget(self) -> None:
        """End what runs and remove the files."""
        for _, work in self.running.values():
            work.stop.ask()
        self.running.clear()
        self.made.clear()
        self.answers.clear()
        if self.upload is not None:
            self.upload.close()
        self.upload = None
        self.signature = ()
        self.confirmed = self.handing_over = self.supplying = None


def intake_state() -> IntakeState:
    """Return the intake of this session."""
    if STATE not in st.session_state:
        state = IntakeState()
        st.session_state[STATE] = state
        _start_watch(state)
    return cast("IntakeState", st.session_state[STATE])


def _start_watch(state: IntakeState) -> None:
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return
    session = context.session_id
    threading.Thread(
        target=forget_when_left,
        args=(
            weakref.ref(state),
            lambda: runtime.exists() and runtime.get_instance().is_active_session(session),
            threading.Event().wait,
        ),
        daemon=True,
    ).start()


def forget_when_left(
    held: Callable[[], IntakeState | None],
    is_active: Callable[[], bool],
    pause: Callable[[float], object],
) -> None:
    """Remove an intake's files once its session was seen left for long enough.

    Parameters
    ----------
    held
        Returns the intake, or ``None`` when nothing holds it any more: then the watch ends.
    is_active
        Whether the session has a browser.
    pause
        Waits so many seconds.
    """
    looks = 0
    while looks < GONE_AFTER_LOOKS:
        pause(WATCH_EVERY_SECONDS)
        if held() is None:
            return
        looks = 0 if is_active() else looks + 1
    state = held()
    if state is not None:
        state.forget()


def made_once(place: str, key: object, make: Callable[[], T]) -> T:
    """Return what ``make`` returned for this key, making it again only for another key."""
    made = intake_state().made
    if place not in made or made[place][0] != key:
        made[place] = (key, make())
    return cast("T", made[place][1])


def await_result(
    step: str, key: object, work: Callable[[Running[T]], T], lang: Lang, *, can_stop: bool = False
) -> T:
    """Return what work about ``key`` returned; until then show how far it is and end the page.

    What went wrong is said in words, and the page ends there.

    Parameters
    ----------
    step
        Names the work; ``intake.step.<step>`` says what is going on.
    key
        What it is about: work with another key is ended and begun anew.
    work
        Runs beside the page. It must not touch Streamlit.
    can_stop
        Whether the user may end it.
    """
    state = intake_state()
    former = state.running.get(step)
    if former is None or former[0] != key:
        if former is not None:
            former[1].stop.ask()
        state.running[step] = (key, Running(work))
    running = cast("Running[T]", state.running[step][1])
    if not running.wait(PATIENCE_SECONDS):
        _watch(running, step, lang, can_stop=can_stop)
        st.stop()
    try:
        return running.result()
    except EtkGeoError as error:
        _show_error(error, step, lang)
        st.stop()


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def _watch(running: Running[Any], step: str, lang: Lang, *, can_stop: bool) -> None:
    """Show how far work is; when it is over, draw the page again.

    Work that is settled is done for good: ``intake.step.<step>_settled`` says what still goes on.
    """
    if running.wait(0):
        st.rerun()
    said = text(f"intake.step.{step}{'_settled' if running.is_settled else ''}", lang)
    if running.of and not running.is_settled:
        unit = "steps_of" if running.of <= MOST_STEPS else "rows_of"
        count = text(f"intake.{unit}", lang, done=f"{running.done:,}", of=f"{running.of:,}")
        said = f"{said} {count}"
    share = min(1.0, running.done / running.of) if running.of else 0.0
    st.progress(share, text=said)
    offered = can_stop and not running.is_settled
    if offered and st.button(text("intake.cancel", lang), key=f"intake_cancel_{step}"):
        running.stop.ask()
        running.wait(PATIENCE_SECONDS)
        st.rerun()


def forget_work(step: str) -> None:
    """End what goes on in a step and let go of its result, so that it can be done again."""
    former = intake_state().running.pop(step, None)
    if former is not None:
        former[1].stop.ask()


def _show_error(error: EtkGeoError, step: str, lang: Lang) -> None:
    show = st.info if error.code == CANCELLED else st.error
    for issue in Issue.all_of(error):
        show(describe(worded(issue, lang), lang))
    if error.code == CANCELLED and st.button(text("intake.again", lang), key=f"again_{step}"):
        forget_work(step)
        st.rerun()

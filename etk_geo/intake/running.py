"""Work on an upload that runs beside the page: watched, and ended when the user says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from etk_geo.errors import IntakeError
from etk_geo.own_process import Stop

T = TypeVar("T")


class Running(Generic[T]):
    """One piece of work in a thread of its own.

    Parameters
    ----------
    work
        Called in the thread with this object: it may tell ``progress`` and hand ``stop`` on, or
        ``tell``, which does both. Once what it is for is done for good, it sets ``is_settled``:
        from then on nobody is offered to end it.
    """

    def __init__(self, work: Callable[[Running[T]], T]) -> None:
        self.stop = Stop()
        self.done = 0
        self.of = 0
        self.is_settled = False
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Running[T]], T]) -> None:
        try:
            self._results.append(work(self))
        except BaseException as error:  # noqa: BLE001 - handed on to whoever asks for the result
            self._error = error

    def progress(self, done: int, of: int) -> None:
        """Note rows done and rows expected (0: not known)."""
        self.done, self.of = done, of

    def tell(self, done: int, of: int) -> None:
        """Note how far the work is, and end it where the user asked for that.

        Raises
        ------
        IntakeError
            ETK872 the work is to end.
        """
        self.progress(done, of)
        if self.stop.asked:
            raise IntakeError("ETK872", file="")

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether the work is over."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def result(self) -> T:
        """Return what the work returned, or raise what it raised. Waits until it is over."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._results[0]

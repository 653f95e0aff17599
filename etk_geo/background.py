"""Work that goes on in a thread of its own: it tells how far it is, and can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")
Tell = Callable[[int, int, str], None]
"""Called with how many of how many steps are done, and what is done now in the user's words. What
it raises ends the work."""


class StoppedError(Exception):
    """Work was stopped before its end; nothing of it is kept."""


class Background(Generic[Result]):
    """One piece of work in a thread of its own.

    ``done``, ``total`` and ``what`` say how far it is.

    Parameters
    ----------
    work
        Does the work, calls what it is given after each step, and returns the result.
    total
        How many steps there are, where that is known before.
    when_stopped
        Called when it is stopped, for work that need not wait for the end of its step.
    """

    def __init__(
        self,
        work: Callable[[Tell], Result],
        *,
        total: int = 0,
        when_stopped: Callable[[], None] | None = None,
    ) -> None:
        self._work = work
        self._when_stopped = when_stopped
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)
        self._results: list[Result] = []
        self._error: Exception | None = None
        self.done, self.total, self.what = 0, total, ""

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end after the step at hand, or sooner where the work can be."""
        self._stop.set()
        if self._when_stopped is not None:
            self._when_stopped()

    @property
    def stopped(self) -> bool:
        """Whether it was asked to end."""
        return self._stop.is_set()

    def finished(self, within_s: float = 0.0) -> bool:
        """Tell whether it has ended, waiting for so long at most."""
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def result(self) -> Result:
        """Return the result, once the work has ended.

        Raises
        ------
        StoppedError
            If it was stopped.
        EtkGeoError
            What the work raised.
        """
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._work(self._tell))
        except Exception as error:  # noqa: BLE001 - handed to the thread that asks for the result
            self._error = error

    def _tell(self, done: int, total: int, what: str = "") -> None:
        self.done, self.total, self.what = done, total, what
        if self._stop.is_set() and done < total:
            raise StoppedError

"""A layer taken in together with what is wrong with it, and with the repairs that were accepted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from etk_geo.intake.confirm import Choice, Taken, confirm
from etk_geo.intake.problems import Repair, apply_repairs, list_problems, offer_repairs
from etk_geo.intake.raw_layer import RawLayer
from etk_geo.intake.understanding import Understanding
from etk_geo.model import Issue

STEPS = 3
"""Converting, looking for faults, working out repairs."""


@dataclass(frozen=True)
class Reviewed:
    """A layer with the problems of its geometries and the repairs on offer."""

    taken: Taken
    problems: tuple[Issue, ...]
    repairs: tuple[Repair, ...]

    def repaired(self, accepted: Collection[int]) -> Reviewed:
        """Return the layer with the repairs of these rows; each is noted in its issues.

        ``accepted`` are positions in the frame, as in ``Repair.row``.
        """
        chosen = [repair for repair in self.repairs if repair.row in accepted]
        if not chosen:
            return self
        file = self.taken.provenance.origin.upload
        frame = apply_repairs(self.taken.frame, chosen, accepted)
        notes = tuple(_note(repair, file) for repair in chosen)
        taken = replace(self.taken, frame=frame, issues=(*self.taken.issues, *notes))
        return review(taken)


def _note(repair: Repair, file: str) -> Issue:
    detail = {
        "reason": repair.reason,
        "before": f"{repair.before_m2:,.1f}",
        "after": f"{repair.after_m2:,.1f}",
    }
    return Issue(file, repair.label, "ETK873", detail)


def review(taken: Taken, tell: Callable[[int, int], None] | None = None) -> Reviewed:
    """Look at the geometries of a layer that was taken in already."""
    problems = list_problems(taken.frame, taken.labels, taken.provenance.origin.upload)
    if tell is not None:
        tell(2, STEPS)
    return Reviewed(taken, tuple(problems), tuple(offer_repairs(taken.frame, taken.labels)))


def take_and_review(
    raw: RawLayer,
    understanding: Understanding,
    choice: Choice,
    tell: Callable[[int, int], None] | None = None,
) -> Reviewed:
    """Take a layer in as :func:`etk_geo.intake.confirm.confirm` does, and look at its geometries.

    Parameters
    ----------
    raw, understanding, choice
        As for :func:`etk_geo.intake.confirm.confirm`.
    tell
        Called with steps done and steps in all; what it raises ends the work.

    Raises
    ------
    IntakeError
        ETK823 the candidate was not offered.
    """
    taken = confirm(raw, understanding, choice)
    if tell is not None:
        tell(1, STEPS)
    return review(taken, tell)

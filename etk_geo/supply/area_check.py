"""The digitised area of a layer against the area that was published, and how far they may differ.

Three things make the two differ without either being wrong, and the tolerance is their sum:
the accuracy of the boundary along its length; the rounding of the published figure; and that
published areas are often planar, on a 3-degree Gauss-Kruger map, where ours are ellipsoidal (at
most 0.042 % in the banner, at 106.5 E; 1.5 degrees from a central meridian).
"""

from __future__ import annotations

from dataclasses import dataclass

from etk_geo.supply.statement import GazettedArea

PROJECTION_PERCENT = 0.042
M2_PER_HA = 10_000.0


@dataclass(frozen=True)
class AreaCheck:
    """Digitised against gazetted area; percentages are of the gazetted one.

    ``boundary_percent``, ``rounding_percent`` and ``projection_percent`` are the parts of
    ``tolerance_percent``.
    """

    digitised_ha: float
    gazetted_ha: float
    boundary_percent: float
    rounding_percent: float
    projection_percent: float = PROJECTION_PERCENT

    @property
    def difference_percent(self) -> float:
        """Digitised minus gazetted."""
        return (self.digitised_ha - self.gazetted_ha) / self.gazetted_ha * 100

    @property
    def tolerance_percent(self) -> float:
        """How far they may differ."""
        return self.boundary_percent + self.rounding_percent + self.projection_percent

    @property
    def holds(self) -> bool:
        """Whether the difference is within the tolerance."""
        return abs(self.difference_percent) <= self.tolerance_percent


def check_area(digitised_ha: float, strip_m2: float, gazetted: GazettedArea) -> AreaCheck:
    """Compare the digitised with the gazetted area.

    Parameters
    ----------
    digitised_ha
        Ellipsoidal area of the layer, hectares.
    strip_m2
        Length of every outline times its accuracy.
    gazetted
        The published figure.
    """
    return AreaCheck(
        digitised_ha=digitised_ha,
        gazetted_ha=gazetted.ha,
        boundary_percent=strip_m2 / M2_PER_HA / gazetted.ha * 100,
        rounding_percent=gazetted.rounding_ha / gazetted.ha * 100,
    )

"""The shifted coordinates of Chinese web maps, by the formulas that are publicly known.

GCJ-02 adds a smooth shift, BD-09 another on top. In this banner GCJ-02 is off by 417-452 m.
Inverted by fixed-point iteration; arrays in, arrays out, degrees.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

KRASOVSKY_A = 6378245.0
KRASOVSKY_E2 = 0.00669342162296594323
BD_ANGLE = np.pi * 3000.0 / 180.0
ITERATIONS = 12
"""The shift's slope is below 0.01, so that each round gains two digits."""


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return the GCJ-02 coordinates of WGS 84 places in China."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    radians = np.radians(lat)
    root = np.sqrt(1 - KRASOVSKY_E2 * np.sin(radians) ** 2)
    meridian = KRASOVSKY_A * (1 - KRASOVSKY_E2) / root**3
    parallel = KRASOVSKY_A / root * np.cos(radians)
    return lon + np.degrees(east / parallel), lat + np.degrees(north / meridian)


def gcj02_to_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return the WGS 84 coordinates of GCJ-02 places; the inverse to a millimetre."""
    guess_lon, guess_lat = lon.copy(), lat.copy()
    for _ in range(ITERATIONS):
        shifted_lon, shifted_lat = wgs84_to_gcj02(guess_lon, guess_lat)
        guess_lon = guess_lon + (lon - shifted_lon)
        guess_lat = guess_lat + (lat - shifted_lat)
    return guess_lon, guess_lat


def gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return the BD-09 coordinates of GCJ-02 places."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BD_ANGLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BD_ANGLE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return the GCJ-02 coordinates of BD-09 places; the inverse to a millimetre."""
    guess_lon, guess_lat = lon - 0.0065, lat - 0.006
    for _ in range(ITERATIONS):
        shifted_lon, shifted_lat = gcj02_to_bd09(guess_lon, guess_lat)
        guess_lon = guess_lon + (lon - shifted_lon)
        guess_lat = guess_lat + (lat - shifted_lat)
    return guess_lon, guess_lat

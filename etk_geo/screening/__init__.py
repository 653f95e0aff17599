"""Projects against zones: verdicts that hold for every position the stated accuracy allows.

Nothing here knows paths, clocks or networks but :mod:`etk_geo.screening.command`.
"""

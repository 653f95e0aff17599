"""Set-up and start of the plan map: own virtual environment, browser files, server.

Standard library only, and no import of ``etk_geo``: this code runs before anything is installed,
under whichever Python 3.11 or newer the user has.
"""

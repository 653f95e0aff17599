"""The Otog Banner plan map: layers, plan tables and checks behind the app and the command line."""

__version__ = "0.1.0"

"""Turns the tables under ``data/`` into layers with provenance; the same bytes on every run."""

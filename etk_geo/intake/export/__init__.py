"""Frames written for other programs: bytes and what could not be carried, nothing on disk."""

"""What the launcher tells the user: Chinese first, then English, in whole sentences."""

from __future__ import annotations

import io
import sys


class LaunchError(Exception):
    """The launcher cannot go on; the two sentences say why and what to do next.

    ``untouched`` is set where the failure came before anything installed was changed.
    """

    def __init__(self, zh: str, en: str, *, untouched: bool = False) -> None:
        super().__init__(zh)
        self.zh = zh
        self.en = en
        self.untouched = untouched


def prepare_console() -> None:
    """Let a console that lacks a character show a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace", line_buffering=True)


def say(zh: str, en: str) -> None:
    """Print a sentence in both languages."""
    print(zh)
    print(f"  {en}")


def note(zh: str, en: str) -> None:
    """Print a short progress line in both languages."""
    print(f"  {zh} · {en}")


def complain(error: LaunchError) -> None:
    """Print why the launcher stopped, and the way on."""
    print(f"\n【未完成】{error.zh}", file=sys.stderr)
    print(f"[Stopped] {error.en}", file=sys.stderr)

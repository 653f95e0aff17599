"""The reference page of the issue codes, made from ``locale/issues.toml``.

``python -m etk_geo.codes > docs/codes.md`` renews it; a test holds the two together.
"""

from __future__ import annotations

import sys

from etk_geo.i18n import issue_codes, text
from etk_geo.model import LANGS


def codes_page() -> str:
    """Return docs/codes.md: every code with its message and remedy in both languages."""
    lines = [f"# {' · '.join(text('codes.title', lang) for lang in LANGS)}", ""]
    lines += [text("codes.about", lang) + "\n" for lang in LANGS]
    for code, entry in sorted(issue_codes().items()):
        severity = " · ".join(text(f"severity.{entry['severity']}", lang) for lang in LANGS)
        lines += [f"## {code}", "", f"*{severity}*", ""]
        for lang in LANGS:
            lines.append(f"- {entry['message'][lang]}")
            lines.append(f"  → {entry['remedy'][lang]}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(codes_page().encode())

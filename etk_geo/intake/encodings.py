"""Which encoding a text is in: every one that can be, with its evidence and a preview.

Candidates are UTF-8, GB18030 (of which GBK and GB2312 are parts), UTF-16 by its mark, and what the
file declares. Evidence is what the file says and how plausible the decoded characters are; where
two are plausible the answer is left open.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PLAUSIBLE = 0.85
"""Share of characters beyond ASCII that belong to everyday Chinese text."""
LEAST_WIDE = 2
"""Characters of three bytes and more that show UTF-8."""
PREVIEW_LENGTH = 40
PREVIEW_COUNT = 5

LDID_ENCODINGS = {0x4D: "gb18030", 0x4F: "big5", 0x7A: "gb18030"}
"""Language driver ids of a DBF header that name a Chinese encoding."""

_ALIASES = {
    "936": "gb18030",
    "cp936": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "ansi936": "gb18030",
    "ansi 936": "gb18030",
    "oem 936": "gb18030",
    "65001": "utf-8",
    "utf8": "utf-8",
    "950": "big5",
}


@dataclass(frozen=True)
class EncodingCandidate:
    """One encoding that the bytes can be in.

    ``plausibility`` is the share (0-1) of characters beyond ASCII that are everyday Chinese;
    ``declared`` names what in the file says so (``cpg``, ``ldid``, ``mark``), or is empty.
    """

    encoding: str
    plausibility: float
    declared: str
    preview: tuple[str, ...]


@dataclass(frozen=True)
class EncodingFinding:
    """The candidates, most plausible first, and whether the first is beyond doubt."""

    candidates: tuple[EncodingCandidate, ...]
    decided: bool

    @property
    def best(self) -> str:
        """The most plausible encoding."""
        return self.candidates[0].encoding if self.candidates else "utf-8"


def normalise_name(name: str) -> str | None:
    """Return Python's name of an encoding as files spell it, or ``None`` if nobody knows it."""
    cleaned = name.strip().strip("\x00").lower()
    cleaned = _ALIASES.get(cleaned, cleaned)
    try:
        found = codecs.lookup(cleaned).name
    except (LookupError, ValueError):
        return None
    return {"gbk": "gb18030", "gb2312": "gb18030"}.get(found, found)


def find_encoding(samples: Iterable[bytes], declared: dict[str, str]) -> EncodingFinding:
    """Rank the encodings that texts can be in.

    Parameters
    ----------
    samples
        Texts as bytes, each decoded by itself; a text cut at its end (a DBF field that was too
        short) does not count against an encoding.
    declared
        Encoding by where it is declared: ``{"cpg": "gb18030"}``.

    Returns
    -------
    finding
        Never empty: bytes that no candidate decodes leave the declared one or GB18030.
    """
    beyond_ascii = [s for s in dict.fromkeys(samples) if not s.isascii()]
    if not beyond_ascii:
        names = [*declared.values(), "utf-8"]
        candidate = EncodingCandidate(names[0], 1.0, "".join([*declared][:1]), ())
        return EncodingFinding((candidate,), decided=True)
    named = {encoding: where for where, encoding in reversed(declared.items())}
    candidates = []
    for encoding in dict.fromkeys([*named, "utf-8", "gb18030"]):
        texts = _decode_all(beyond_ascii, encoding)
        if texts is None:
            continue
        preview = tuple(t.strip()[:PREVIEW_LENGTH] for t in texts[:PREVIEW_COUNT])
        share = plausibility(texts)
        candidates.append(EncodingCandidate(encoding, share, named.get(encoding, ""), preview))
    if not candidates:
        fallback = next(iter(named), "gb18030")
        preview = tuple(
            s.decode(fallback, errors="replace")[:PREVIEW_LENGTH] for s in beyond_ascii[:5]
        )
        fallback_named = named.get(fallback, "")
        only = EncodingCandidate(fallback, 0.0, fallback_named, preview)
        return EncodingFinding((only,), decided=False)
    candidates.sort(key=lambda c: (-round(c.plausibility, 1), not c.declared))
    return EncodingFinding(tuple(candidates), _is_decided(candidates, beyond_ascii))


def _is_decided(candidates: Sequence[EncodingCandidate], samples: Sequence[bytes]) -> bool:
    """Tell whether the first candidate is beyond doubt.

    Bytes that are sound UTF-8 with characters of three bytes are hardly ever anything else: no
    plausible reading in another encoding is needed to believe them, and none may speak against.
    """
    best = candidates[0]
    rivals = [c for c in candidates[1:] if c.plausibility >= min(best.plausibility, PLAUSIBLE)]
    if rivals or (best.encoding != "utf-8" and not best.declared and _fits_utf8(candidates)):
        return False
    if best.plausibility >= PLAUSIBLE or best.declared:
        return True
    wide = sum(len(c.encode()) > 2 for s in samples for c in s.decode("utf-8", errors="ignore"))
    return best.encoding == "utf-8" and wide >= LEAST_WIDE


def _fits_utf8(candidates: Sequence[EncodingCandidate]) -> bool:
    return any(c.encoding == "utf-8" for c in candidates)


def _decode_all(samples: Sequence[bytes], encoding: str) -> list[str] | None:
    """Decode every sample, or return ``None`` if one cannot be, but for a cut last character."""
    texts = []
    for sample in samples:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            texts.append(decoder.decode(sample, final=False))
        except UnicodeError:
            return None
    return texts


def plausibility(texts: Iterable[str]) -> float:
    """Return the share (0-1) of characters beyond ASCII that everyday Chinese text uses."""
    beyond = [c for text in texts for c in text if ord(c) > 127]
    if not beyond:
        return 1.0
    return sum(map(_is_everyday, beyond)) / len(beyond)


REGIONAL = frozenset("鄂镇旗嘎苏桌斯勒呼敖淖尔柴棋盘赛乌珠汗希额沁鄯碱鸟浩")
"""Characters of local names, some of which GB 2312 counts among the rare."""
SIGNS = frozenset("°′″±²³·×φλ：，。、；（）—“”《》【】℃㎡№")


def _is_everyday(character: str) -> bool:
    """Tell whether everyday Chinese uses a character.

    Those are punctuation and the 3,755 most used Hanzi, the first level of GB 2312.
    """
    if character in REGIONAL or character in SIGNS:
        return True
    try:
        raw = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    # A1-A3: punctuation, numbering, full-width ASCII; B0-D7: first level.
    return len(raw) == 2 and (0xA1 <= raw[0] <= 0xA3 or 0xB0 <= raw[0] <= 0xD7)


def decode(raw: bytes, encoding: str) -> tuple[str, bool]:
    """Decode one text; a last character that was cut off is dropped.

    Returns
    -------
    text, sound
        ``sound`` is False where bytes had to be replaced by U+FFFD.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(raw, final=False), True
    except UnicodeError:
        return raw.decode(encoding, errors="replace"), False


def decode_document(raw: bytes, encoding: str | None = None) -> tuple[str, EncodingFinding]:
    """Decode a whole text file.

    Parameters
    ----------
    raw
        Content of the file.
    encoding
        One that the user chose; ``None`` to find it.
    """
    finding = _by_mark(raw)
    if finding is None:
        lines = [line for line in raw.splitlines() if not line.isascii()][:5000]
        finding = find_encoding(lines, {})
    chosen = encoding or finding.best
    text = raw.decode(chosen, errors="replace")
    return text.removeprefix("\ufeff"), finding


def _by_mark(raw: bytes) -> EncodingFinding | None:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            try:
                lines = raw.decode(encoding).removeprefix("\ufeff").splitlines()
            except UnicodeDecodeError:
                continue
            beyond_ascii = [line for line in lines if not line.isascii()]
            shown = tuple(line[:PREVIEW_LENGTH] for line in beyond_ascii[:PREVIEW_COUNT])
            return EncodingFinding((EncodingCandidate(encoding, 1.0, "mark", shown),), decided=True)
    return None

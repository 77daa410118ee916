"""What texts look like: which of them print cannot tell apart."""

import re
import unicodedata

DASHES = "‐‑‒–—―−─━ー一﹣-"
"""Hyphens, dashes, the minus sign, box-drawing lines and the characters that a recognizer makes of them."""

_LONG_DASH = re.compile(r"[‐‑‒–—―−─━﹣-]+")
_ALIKE = str.maketrans("“”„‟‘’〈〉", '""""\'\'<>')


def look(text: str) -> str:
    """What ``text`` looks like: equal for texts that a scan of print cannot tell apart (width, spaces, kinds of quote, angle and dash)."""
    unspaced = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    plain = unicodedata.normalize("NFKC", unspaced).translate(_ALIKE)
    if re.fullmatch(rf"[{DASHES}]+", plain):
        return "-"
    return _LONG_DASH.sub("-", plain)

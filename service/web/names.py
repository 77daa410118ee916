"""A client's name for a file: data, to be shown and searched, never a path."""

import re
import unicodedata
from typing import Final

MOST_CHARACTERS: Final = 200
"""A longer name loses its middle: the suffix is what people look for."""

_KEPT_AT_THE_END = 20
_UNNAMED = "unnamed"
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of characters that steer, turn around (U+202E) or are no characters; nobody sees them in a name."""


def clean_name(given: str) -> str:
    """``given`` as NFC on one line: without folders, without characters that nobody sees, at most `MOST_CHARACTERS` long."""
    last = re.split(r"[/\\]", given)[-1]
    seen = "".join(character for character in unicodedata.normalize("NFC", last) if unicodedata.category(character) not in _INVISIBLE)
    name = seen.strip(" .")
    if len(name) > MOST_CHARACTERS:
        name = f"{name[: MOST_CHARACTERS - _KEPT_AT_THE_END - 1]}…{name[-_KEPT_AT_THE_END:]}"
    return name or _UNNAMED


def renamed(message: str, known: str, shown: str) -> str:
    """What is wrong with a file, under the name by which its reader knows it; messages put names into quotes."""
    return message.replace(f"'{known}'", f"'{shown}'")


def ascii_name(name: str) -> str:
    """``name`` for programs that know no other characters: letters, digits, ``. - _``; never empty."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._") or _UNNAMED

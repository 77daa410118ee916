"""Names of users: what may be one, and which are the same."""

import unicodedata

from models.errors import UserNameError

LONGEST_NAME = 64
"""Characters; longer than any person's name, short enough for a line of a list."""


def user_name(text: str) -> str:
    """``text`` as a name is kept: NFC.

    Raises:
        UserNameError: it is empty, too long, begins or ends with a blank, or holds what cannot be seen.
    """
    name = unicodedata.normalize("NFC", text) if len(text) <= LONGEST_NAME else text
    if not 1 <= len(name) <= LONGEST_NAME or name != name.strip() or not name.isprintable():
        raise UserNameError(
            "This cannot be the name of a user.",
            f"Give 1 to {LONGEST_NAME} printable characters, no blank at either end.",
        )
    return name


def login_of(text: str) -> str:
    """What names are compared by, so that nobody passes for another by case or width of letters; empty where ``text`` is no name.

    Compatibility caseless matching, the Unicode Standard 15, section 3.13, D146.
    """
    try:
        folded = unicodedata.normalize("NFD", user_name(text)).casefold()
    except UserNameError:
        return ""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", folded).casefold())

"""Text for a cell of a CSV file: a spreadsheet that opens the file must not take it for a formula."""

import unicodedata

from service.wording import without_controls

MARK = "'"
"""Put before such a text: what a person types into a spreadsheet to make a text a text."""

_OPENERS = frozenset("=+-@\u2212")
"""What a formula begins with, and the minus sign, which LibreOffice takes for a hyphen. Full-width and small forms are folded (NFKC)."""

_QUOTES = frozenset("'\"`´‘’‚‛“”„‟＇＂｀′″")
"""Marks at the beginning that a program may strip before it looks on."""

_PASSED_OVER = frozenset({"Zs", "Zl", "Zp", "Cf"})
"""Categories of characters that nobody sees: spaces, and formats such as the zero width space and the byte order mark."""


def begins_formula(text: str) -> bool:
    """Whether ``text``, spaces and quotes at its beginning passed over, begins as a formula does, or with a tab, line end or control."""
    for character in text:
        if unicodedata.category(character) == "Cc":
            return True
        if character in _QUOTES or unicodedata.category(character) in _PASSED_OVER:
            continue
        return unicodedata.normalize("NFKC", character)[:1] in _OPENERS
    return False


def disarmed(text: str) -> str:
    r"""``text`` as a CSV cell holds it: controls as �, line ends as ``\n``, and `MARK` before what begins as a formula.

    Nothing but controls is lost: a cell that begins with `MARK` and goes on as a formula says what stands behind the mark (`armed`).
    """
    clean = without_controls(text)
    return MARK + clean if begins_formula(clean) else clean


def armed(cell: str) -> str:
    """The text behind what `disarmed` gave."""
    return cell[len(MARK) :] if cell.startswith(MARK) and begins_formula(cell[len(MARK) :]) else cell

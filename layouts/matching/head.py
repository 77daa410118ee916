"""The head of a form: its title, and the lines around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from layouts.matching.ledger import Ledger
from layouts.matching.sheet import Sheet, SheetCell
from layouts.matching.titles import BANNERS, Title, find_title
from models.matched import Slot
from models.template import Template, ValueKind, Where

_BRACKETS = "()[]{}〔〕【】<>《》"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top of a form.

    Attributes:
        title: None where it cannot be read.
        lines: the title first, then the other lines of the head from the nearest to the farthest.
    """

    title: Title | None
    lines: tuple[SheetCell, ...]


def find_head(template: Template, above: Sequence[SheetCell], sheet: Sheet) -> Head:
    """The head of a form from the loose lines ``above`` its first grid and the first rows of ``sheet`` that are one cell each."""
    lines = [*above, *_banners(sheet)]
    title = find_title(lines, template.titles)
    if title is None:
        return Head(None, tuple(lines))
    at = title.line.parts[0].box.centre[1]
    return Head(title, (title.line, *sorted(lines, key=lambda line: abs(line.parts[0].box.centre[1] - at))))


def title_slot(title: Title, template: Template, ledger: Ledger) -> Slot:
    """The title without the year that may stand in its line; its lines are noted as used."""
    ledger.use_readings(title.line.parts[0].readings)
    script = title.line.script
    start, end = _year(script.text, template)
    return title.line.slot_of(script.pieces(0, start) + script.pieces(end, len(script.text)))


def _banners(sheet: Sheet) -> list[SheetCell]:
    lines: list[SheetCell] = []
    for row in range(min(BANNERS, sheet.rows)):
        cells = sheet.covering(row)
        if len(cells) != 1:
            break
        lines.append(cells[0])
    return lines


def _year(text: str, template: Template) -> tuple[int, int]:
    """Where the year stands in ``text``, brackets around it included; an empty place at the end where there is none."""
    patterns = [field.pattern for field in template.fields if field.kind is ValueKind.YEAR and Where.LOOSE in field.where]
    match = next((found for pattern in patterns if (found := re.search(pattern, text)) is not None), None)
    if match is None:
        return len(text), len(text)
    start, end = match.span()
    while start > 0 and text[start - 1] in _BRACKETS:
        start -= 1
    while end < len(text) and text[end] in _BRACKETS:
        end += 1
    return start, end

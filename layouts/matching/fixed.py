"""Printed words without a value: section names, and whatever repeats on a later page."""

from collections.abc import Sequence

from layouts.matching.headings import Header
from layouts.matching.labels import alike, key, no_longer, similarity
from layouts.matching.ledger import Ledger
from layouts.matching.sheet import Sheet, SheetCell
from layouts.matching.titles import find_title
from models.template import Template

SECTION = 0.5
"""Similarity from which a section name beside a table (绩/效/指/标, written downwards) is known: nothing else stands there."""


def use_fixed(template: Template, ledger: Ledger) -> None:
    """Note the fixed words of ``template`` in ``ledger``, so that none is taken for a value; those that are labels too may hold one."""
    labels = {label for field in template.fields for label in field.labels}
    names = [key(word) for word in template.fixed if word not in labels]
    for cell in ledger.untouched():
        parts = [key("".join(reading.text for reading in part.readings)) for part in cell.parts]
        texts = [key(cell.script.text), *(part for part in parts if part)]  # of a cut cell each page may print the name again
        if any(alike(name, texts[0]) or all(alike(name, text) for text in texts[1:]) for name in names):
            ledger.use(cell)


def use_repeated(template: Template, sheet: Sheet, headers: Sequence[Header], later: Sequence[SheetCell], ledger: Ledger) -> None:
    """Note what is printed again or half read: labels, names of sections beside the tables of ``headers``, titles among ``later`` lines."""
    names = [key(word) for word in template.fixed]
    labels = [word for word in map(key, _labels(template)) if len(word) > 2]
    for cell in ledger.untouched():
        text = key(cell.script.text)
        beside = cell in sheet.cells and any(_beside(cell, header) for header in headers)
        if any(alike(word, text) for word in labels) or (beside and any(_half_read(name, text) for name in names)):
            ledger.use(cell)
    for line in later:
        if find_title([line], template.titles) is not None:
            ledger.use(line)


def _half_read(name: str, text: str) -> bool:
    return no_longer(name, text) and similarity(name, text) >= SECTION


def _labels(template: Template) -> list[str]:
    fields = [label for field in template.fields for label in field.labels]
    return fields + [word for table in template.tables for word in (*table.rows, *(h for c in table.columns for h in c.headings if h))]


def _beside(cell: SheetCell, header: Header) -> bool:
    """Whether ``cell`` stands to the left of the table, along its rows."""
    first = next(heading for heading in header.cells if heading is not None)
    return cell.right <= first.left + first.width / 2 and cell.bottom > header.row and cell.bottom > cell.top

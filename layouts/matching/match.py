"""One form: its blocks against its template."""

from collections.abc import Sequence
from dataclasses import replace

from layouts.matching.blocks import Block
from layouts.matching.continued import continued
from layouts.matching.fields import find_by_position, find_half_read, find_labels
from layouts.matching.fixed import use_fixed, use_repeated
from layouts.matching.head import find_head, title_slot
from layouts.matching.headings import SIMILAR, Header, find_headers, likeness, repeated_rows
from layouts.matching.join import join, stack
from layouts.matching.labels import key, no_longer
from layouts.matching.ledger import Ledger
from layouts.matching.sheet import Sheet, SheetCell
from layouts.matching.tables import Body, read_body
from layouts.matching.values import Known, read_blank, read_fields
from models.matched import MatchedForm, Row, Slot
from models.template import ColumnSpec, FieldSpec, TableSpec, Template, Where


def match_form(template: Template, blocks: Sequence[Block]) -> MatchedForm:
    """The form of kind ``template`` that ``blocks`` make up, in reading order."""
    stacked = stack([(block.page, block.grid) for block in blocks if block.grid is not None])
    repeated = repeated_rows([find_headers(stacked, table) for table in template.tables], stacked.breaks)
    sheet = join(stacked, repeated)
    headers = [(table, found) for table in template.tables if (found := find_headers(sheet, table))]
    starts = {found[0].row for _, found in headers}
    bodies = [read_body(sheet, table, found[0], repeated, starts - {found[0].row}) for table, found in headers]
    ledger = Ledger([*sheet.cells, *(line for block in blocks for line in (*block.above, *block.below))])
    for cell in _headings(headers, SIMILAR).union(*(body.used for body in bodies)):
        ledger.use(cell)
    use_fixed(template, ledger)
    fields = _fields(template, sheet, bodies, blocks[0].above, ledger)
    for cell in _headings(headers, 0.0):
        ledger.use(cell)
    use_repeated(template, sheet, [found[0] for _, found in headers], [line for block in blocks[1:] for line in block.above], ledger)
    tables = {body.table.name: _rows(body) for body in bodies}
    pages = tuple(sorted({block.page for block in blocks}.union(line.parts[0].page for line in blocks[0].above)))
    return MatchedForm(template.kind, template.name, pages, fields, tables, tuple(ledger.rest()))


def _headings(headers: Sequence[tuple[TableSpec, Sequence[Header]]], least: float) -> set[SheetCell]:
    """The heading cells that are at least so alike to what their column is called, and no more than a heading."""
    pairs = [pair for table, found in headers for header in found for pair in zip(table.columns, header.cells, strict=True)]
    return {cell for column, cell in pairs if cell is not None and likeness(column, cell) >= least and _no_more(column, cell)}


def _no_more(column: ColumnSpec, cell: SheetCell) -> bool:
    return any(no_longer(key(heading), key(cell.script.text)) for heading in column.headings)


def _fields(template: Template, sheet: Sheet, bodies: Sequence[Body], above: Sequence[SheetCell], ledger: Ledger) -> dict[str, Slot]:
    """Every value in the first place its template names; then, with the labels only their neighbours give away, in the others."""
    head = find_head(template, above, sheet)
    titles = [field.name for field in template.fields if Where.TITLE in field.where]
    fields = {name: title_slot(head.title, template, ledger) for name in titles if head.title is not None}
    hits = find_labels(template.fields, [cell for cell in ledger.untouched() if cell.top >= 0], above)
    known = Known(sheet, bodies, head.lines, hits, ledger)
    fields.update(read_fields([replace(field, where=field.where[:1]) for field in template.fields], known))
    order = {cell: i for i, cell in enumerate(sheet.cells)}
    free = [cell for cell in ledger.untouched() if cell in order]
    hits = {**hits, **find_half_read(template.fields, hits, free, order)}
    known = replace(known, hits={**hits, **find_by_position(template.fields, hits, bodies, sheet)})
    fields.update(read_fields(_missing(template, fields), known))
    fields.update(read_blank(_missing(template, fields), known))
    found = continued(fields, template.fields, sheet, ledger)
    return {field.name: found[field.name] for field in template.fields if field.name in found}


def _missing(template: Template, fields: dict[str, Slot]) -> list[FieldSpec]:
    return [field for field in template.fields if field.name not in fields]


def _rows(body: Body) -> tuple[Row, ...]:
    names = [column.name for column in body.table.columns]
    return tuple({name: cell.slot() for name, cell in zip(names, cells, strict=True) if cell is not None} for cells in body.rows)

"""A template's rules, laid over one form: each rule at each place where it applies, with the cells it binds.

A clause says nothing about values. Checking judges it on the values as read (`postprocess.check`); whoever decides numbers jointly judges
the same clause on any other combination of readings (`postprocess.judge`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, singledispatch

from rapidfuzz.fuzz import ratio

from models.form import Form
from models.look import look
from models.template import (
    AtMostRule,
    EqualsRule,
    OrderedRule,
    ProductRule,
    RatioRule,
    Ref,
    RequiredIfRule,
    RequiredRule,
    Rule,
    SumRule,
    Template,
)
from postprocess.places import Cells, Place, cells_of

SAME_ROW = 60.0
"""Least similarity (0-100) of a row's printed name to be that row. The names of the fixed rows are at most 50 alike, and a name of six
characters with two misread ones is 67."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule at one place.

    Attributes:
        rule: as the template states it.
        cells: what it binds, in the order of the rule's attributes (a sum's total, then its parts).
        complete: every row that the rule names was found.
    """

    rule: Rule
    cells: tuple[Place, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """A form's rows as rules refer to them: by printed name where a table's rows are fixed, else by number."""

    form: Form
    template: Template
    cells: Cells

    def places(self, ref: Ref) -> tuple[Place, ...]:
        """Every cell that ``ref`` points at, top to bottom; none where its row was not found."""
        if not ref.table:
            return (Place(ref.name),) if ref.name in self.form.fields else ()
        count = len(self.form.tables.get(ref.table, ()))
        rows = range(count) if not ref.row else self.named_rows(ref.table).get(ref.row, range(0))
        return tuple(Place(ref.name, ref.table, row) for row in rows if ref.name in self.form.tables[ref.table][row])

    def printed_at(self, place: Place) -> object:
        """The same for places that one printed cell fills."""
        field = self.cells[place]
        return (place.table, place.name, field.page, field.box) if field.box.area > 0 else place

    def named_rows(self, table: str) -> dict[str, range]:
        """Printed name of a fixed row to its number, as a range of one; rows that were not found are absent."""
        spec = next(spec for spec in self.template.tables if spec.name == table)
        first = spec.columns[0].name
        return _named(spec.rows, tuple(row[first].text if first in row else "" for row in self.form.tables.get(table, ())))


@lru_cache(maxsize=16)
def _named(names: tuple[str, ...], printed: tuple[str, ...]) -> dict[str, range]:
    """Each name and the row whose printed name is most like it; asked for every clause of a form."""
    scores = [(ratio(look(name), look(text)), name, row) for name in names for row, text in enumerate(printed)]
    found: dict[str, range] = {}
    for score, name, row in sorted(scores, key=lambda entry: (-entry[0], entry[2])):
        if score >= SAME_ROW and name not in found and range(row, row + 1) not in found.values():
            found[name] = range(row, row + 1)
    return found


def clauses(template: Template, form: Form) -> tuple[Clause, ...]:
    """Every rule of ``template`` at every place of ``form``, in the template's order, rows top to bottom."""
    layout = Layout(form, template, cells_of(form))
    return tuple(clause for rule in template.rules for clause in lay(rule, layout))


@singledispatch
def lay(rule: Rule, layout: Layout) -> tuple[Clause, ...]:
    """The clauses of one rule.

    Raises:
        TypeError: no function is registered for this type of rule.
    """
    raise TypeError(f"no clauses for {type(rule).__name__} on a form of kind {layout.form.kind}")


@lay.register
def _(rule: SumRule, layout: Layout) -> tuple[Clause, ...]:
    parts = [layout.places(part) for part in rule.parts]
    cells = [cell for (cell,) in _once([(place,) for places in parts for place in places], layout)]
    return tuple(Clause(rule, (total, *cells), all(parts)) for total in layout.places(rule.total))


@lay.register
def _(rule: RatioRule, layout: Layout) -> tuple[Clause, ...]:
    return _row_by_row(rule, layout, (rule.quotient, rule.numerator, rule.denominator))


@lay.register
def _(rule: ProductRule, layout: Layout) -> tuple[Clause, ...]:
    return _row_by_row(rule, layout, (rule.product, rule.factor, rule.rate, rule.numerator, rule.denominator))


@lay.register
def _(rule: AtMostRule, layout: Layout) -> tuple[Clause, ...]:
    return _row_by_row(rule, layout, (rule.small, rule.large))


@lay.register
def _(rule: EqualsRule, layout: Layout) -> tuple[Clause, ...]:
    return _row_by_row(rule, layout, (rule.ref,))


@lay.register
def _(rule: OrderedRule, layout: Layout) -> tuple[Clause, ...]:
    return _row_by_row(rule, layout, (rule.earlier, rule.later, rule.year))


@lay.register
def _(rule: RequiredIfRule, layout: Layout) -> tuple[Clause, ...]:
    return _row_by_row(rule, layout, (rule.ref, rule.small, rule.large))


@lay.register
def _(rule: RequiredRule, layout: Layout) -> tuple[Clause, ...]:
    return tuple(clause for ref in rule.refs for clause in _row_by_row(rule, layout, (ref,)))


def _row_by_row(rule: Rule, layout: Layout, refs: Sequence[Ref]) -> tuple[Clause, ...]:
    """One clause for each row of the tables named; a field or fixed row takes part in each. None where something was not found."""
    columns = [layout.places(ref) for ref in refs]
    rows = max((len(column) for column in columns), default=0)
    if any(len(column) not in (1, rows) for column in columns):
        return ()
    bound = [tuple(column[row] if len(column) == rows else column[0] for column in columns) for row in range(rows)]
    return tuple(Clause(rule, cells) for cells in _once(bound, layout))


def _once(bound: Sequence[tuple[Place, ...]], layout: Layout) -> list[tuple[Place, ...]]:
    """``bound`` without repetitions: a cell that spans rows stands on each of them, but its number is there once."""
    kept = {tuple(layout.printed_at(place) for place in reversed(places)): places for places in reversed(bound)}
    return list(reversed(kept.values()))

"""A form under a person's hands: changes are laid on it one after another, before any rule is asked again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from models.errors import UsageError
from models.form import Alternative, Field, Form, Status
from models.geometry import Box
from models.look import look
from models.template import TableSpec, Template, ValueKind
from postprocess.names import Names
from postprocess.places import Cells, Place, cells_of, updated
from postprocess.rows import (
    place_after_adding,
    place_after_joining,
    place_after_removing,
    place_after_splitting,
    with_row_added,
    with_row_removed,
    with_row_split,
    with_rows_joined,
)
from postprocess.settling import one_cell, settled, with_settled
from service.review.changes import AddRow, Approve, Change, CloseFinding, JoinRows, KeyField, RemoveRow, Return, SetField, SplitRow
from service.review.steps import Made
from service.store.form_rows import fields_of, with_field

_AS_SEEN = "Look at the form as it is now."


@dataclass(frozen=True, slots=True)
class Closing:
    """A finding that a person has closed.

    Attributes:
        rule: of the finding.
        cells: as its rule would name them now.
        expected: of the finding.
        texts: that stood in those cells that are fields, in their order: it was said of these and no others.
        note: why.
    """

    rule: str
    cells: tuple[str, ...]
    expected: str
    texts: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form, and what people have said of it that is no part of a record.

    Attributes:
        form: no rule has been asked since the last change.
        template: of the form; None for kind unknown.
        keyed: what each person has keyed at places that two must key alike.
        closings: of findings.
    """

    form: Form
    template: Template | None
    keyed: Mapping[Place, Mapping[str, str]] = field(default_factory=dict)
    closings: tuple[Closing, ...] = ()

    def after(self, changes: Sequence[Made]) -> "Sheet":
        """The form after ``changes``, in their order.

        Raises:
            UsageError: a change names what is not on the form.
        """
        sheet, texts = self, dict[str, str]()
        for made in changes:
            if isinstance(made.change, SetField) and not made.change.page:
                texts.pop(made.change.path, None)  # the last one stands, also for the other rows that its cell spans
                texts[made.change.path] = made.change.text
            else:
                sheet, texts = sheet._with_texts(texts)._after(made), {}
        return sheet._with_texts(texts)

    def _with_texts(self, texts: Mapping[str, str]) -> "Sheet":
        return replace(self, form=self._settled(texts)) if texts else self

    def _after(self, made: Made) -> "Sheet":
        match made.change:
            case SetField() as change:
                return self._set(change)
            case KeyField() as change:
                return self._key(change, made.user)
            case CloseFinding() as change:
                return self._close(change, made.reason)
            case AddRow() | RemoveRow() | JoinRows() | SplitRow() as change:
                return self._rowed(change)
            case Approve() | Return():
                return self
            case other:
                raise TypeError(f"not laid on a form: {other}")

    def _set(self, change: SetField) -> "Sheet":
        form = self._settled({change.path: change.text})
        if change.page:
            placed = replace(fields_of(form)[change.path], page=change.page, box=Box(*change.box))
            form = with_field(form, change.path, placed)
        return replace(self, form=form)

    def _settled(self, texts: Mapping[str, str]) -> Form:
        """The form with ``texts`` at their paths, as a person has said."""
        places = self._places() if self.template is not None else {}
        known = fields_of(self.form)
        if unknown := [path for path in texts if path not in known]:
            raise UsageError(f"The form has no field {unknown[0]!r}.", _AS_SEEN)
        form = self.form
        for path, text in texts.items():
            if path not in places:
                form = with_field(form, path, settled(known[path], text, ValueKind.TEXT))
        if self.template is None:
            return form
        return with_settled(form, self.template, {places[path]: text for path, text in texts.items() if path in places})

    def _key(self, change: KeyField, user: str) -> "Sheet":
        """The latest keyings of two people stand where they look alike; else the field waits, both texts to choose from.

        Of one keying alone a record tells nothing, since the second person must not see it.
        """
        place = self._places().get(change.path)
        if place is None or self.template is None:
            raise UsageError(f"The form has no field {change.path!r}.", _AS_SEEN)
        place = next(iter(one_cell(cells_of(self.form), place)))  # also where the other has named another row that the cell spans
        said = {**{name: text for name, text in self.keyed.get(place, {}).items() if name != user}, user: change.text}
        keyed = {**self.keyed, place: said}
        if any(look(text) == look(change.text) for name, text in said.items() if name != user):
            return replace(self, form=self._settled({change.path: change.text}), keyed=keyed)
        cells = cells_of(self.form)
        kind = Names(self.template, cells).kind(place)
        waiting = {
            other: _unsettled(cells[other], change.text, kind, said) if len(said) > 1 else _unsure(cells[other])
            for other in one_cell(cells, place)
        }
        return replace(self, form=updated(self.form, waiting), keyed=keyed)

    def _close(self, change: CloseFinding, note: str) -> "Sheet":
        known = fields_of(self.form)
        named = [path for path in change.cells if path in known]
        if len(named) != len(change.texts):
            raise UsageError(f"The form has not all of {', '.join(change.cells)}.", _AS_SEEN)
        form = self._settled(dict(zip(named, change.texts, strict=True)))
        closing = Closing(change.rule, change.cells, change.expected, change.texts, note)
        return replace(self, form=form, closings=(*self.closings, closing))

    def _rowed(self, change: AddRow | RemoveRow | JoinRows | SplitRow) -> "Sheet":
        table = self._table(change.table)
        try:
            form = _with_rows(self.form, table, change)
        except (IndexError, KeyError) as error:
            raise UsageError(f"The table {table.name} has no such row or column: {error}.", _AS_SEEN) from None
        cells = cells_of(self.form)
        kept = {place: said for place, said in self.keyed.items() if not _is_remade(cells, place, change)}
        keyed = {after: said for place, said in kept.items() if (after := moved(place, change)) is not None}
        return Sheet(form, self.template, keyed, tuple(_followed(self.closings, self._places(), change)))

    def _table(self, name: str) -> TableSpec:
        tables = {table.name: table for table in self.template.tables} if self.template is not None else {}
        if name not in tables:
            raise UsageError(f"The form has no table {name!r} with rows.", _AS_SEEN)
        return tables[name]

    def _places(self) -> dict[str, Place]:
        return {str(place): place for place in cells_of(self.form)}


def _unsure(field_: Field) -> Field:
    """``field_`` as it was read, which arithmetic shall not confirm: a person must say it."""
    return replace(field_, status=Status.DOUBTFUL, confidence=min(field_.confidence, 0.5), settled=False, candidates=(), protected=())


def _unsettled(field_: Field, text: str, kind: ValueKind, said: Mapping[str, str]) -> Field:
    others = tuple(Alternative(other, 0.5) for other in sorted({*said.values()} - {text}))
    return replace(settled(field_, text, kind), status=Status.DOUBTFUL, confidence=0.5, alternatives=others, settled=False)


def _with_rows(form: Form, table: TableSpec, change: AddRow | RemoveRow | JoinRows | SplitRow) -> Form:
    match change:
        case AddRow():
            return with_row_added(form, table, change.row)
        case RemoveRow():
            return with_row_removed(form, table, change.row)
        case JoinRows():
            return with_rows_joined(form, table, change.row)
        case SplitRow():
            if change.lower.keys() != change.upper.keys():
                raise KeyError(", ".join(sorted(change.lower.keys() ^ change.upper.keys())))
            texts = {name: (change.upper[name], change.lower[name]) for name in change.lower}
            return with_row_split(form, table, change.row, texts)


def _is_remade(cells: Cells, place: Place, change: Change) -> bool:
    """Whether ``change`` makes another cell of that at ``place`` of ``cells``, of which nobody has keyed anything."""
    match change:
        case JoinRows(table=place.table):
            joined = {Place(place.name, place.table, row) for row in (change.row, change.row + 1)}
            return place in joined and not joined.issubset(one_cell(cells, place))
        case SplitRow(table=place.table):
            return place.row == change.row and place.name in change.upper
        case _:
            return False


def moved(place: Place, change: Change) -> Place | None:
    """Where what stood at ``place`` stands after ``change``; None where its row was removed."""
    match change:
        case AddRow():
            return place_after_adding(place, change.table, change.row)
        case RemoveRow():
            return place_after_removing(place, change.table, change.row)
        case JoinRows():
            return place_after_joining(place, change.table, change.row)
        case SplitRow():
            return place_after_splitting(place, change.table, change.row)
        case _:
            return place


def _followed(closings: Sequence[Closing], places: Mapping[str, Place], change: Change) -> Iterator[Closing]:
    """``closings`` with their cells where they stand now; one of which a cell is gone is none any more."""
    for closing in closings:
        cells = [str(moved(places[path], change)) if path in places else path for path in closing.cells]
        if str(None) not in cells:
            yield replace(closing, cells=tuple(cells))

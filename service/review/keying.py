"""Double keying: which cells still wait until two people have keyed them alike, and what each of them may see until then."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from models.form import Field, Finding, Form, Status
from models.look import look
from postprocess.equations import Equation, Truth
from postprocess.places import Cells, Place, cells_of, updated
from postprocess.settling import one_cell
from service.pipeline import templates
from service.review import wording
from service.review.deciding import Decided
from service.store.reviews import ReviewState, Standing, doubts_of, open_findings


class Keying(StrEnum):
    """How far the keying of a cell is, for one who looks at it."""

    TO_KEY = "to_key"
    """He has not keyed it; whether another has is not told."""
    KEYED = "keyed"
    """He has, and nobody else."""
    DIFFERENT = "different"
    """Two have, not alike: both texts are told, and it waits until two agree."""
    ALIKE = "alike"
    """What stands there is what two have keyed."""


@dataclass(frozen=True, slots=True)
class DoubleKeyed:
    """A printed cell that two people key.

    Attributes:
        places: of the cell, one for each row that it spans, the first first.
        said: who has keyed what, the latest last.
        text: that stands there.
    """

    places: tuple[Place, ...]
    said: Mapping[str, str]
    text: str

    @property
    def paths(self) -> tuple[str, ...]:
        """Of its places."""
        return tuple(map(str, self.places))

    @property
    def is_compared(self) -> bool:
        """Whether two have keyed it, so that nothing is to be hidden any more."""
        return len(self.said) > 1

    @property
    def is_alike(self) -> bool:
        """Whether two have keyed what stands there."""
        return sum(look(text) == look(self.text) for text in self.said.values()) > 1

    def keying(self, user: str) -> Keying:
        """How far it is for ``user``."""
        if self.is_compared:
            return Keying.ALIKE if self.is_alike else Keying.DIFFERENT
        return Keying.KEYED if user in self.said else Keying.TO_KEY


def is_keyed(form: Form) -> bool:
    """Whether fields of ``form`` can be keyed: its template must be known (`service.review.sheet.Sheet`)."""
    return form.template in templates()


def double_keyed(names: Collection[str], form: Form, keyed: Mapping[Place, Mapping[str, str]]) -> tuple[DoubleKeyed, ...]:
    """The cells of ``form`` that two people key, blank ones too, in its order; none where nothing can be keyed.

    Args:
        names: of fields and columns.
        form: the record.
        keyed: what each person has keyed at each place (`service.review.sheet.Sheet.keyed`).
    """
    return tuple(_double_keyed(names, cells_of(form), keyed)) if names and is_keyed(form) else ()


def _double_keyed(names: Collection[str], cells: Cells, keyed: Mapping[Place, Mapping[str, str]]) -> Iterator[DoubleKeyed]:
    seen: set[Place] = set()
    for place in cells:
        if place.name in names and place not in seen:
            places = tuple(one_cell(cells, place))
            seen.update(places)
            said = next((keyed[each] for each in places if each in keyed), {})
            yield DoubleKeyed(places, said, cells[place].text)


def unkeyed(cells: Sequence[DoubleKeyed]) -> frozenset[str]:
    """Paths of those of ``cells`` that wait for a keying, or for two to agree."""
    return frozenset(path for cell in cells if not cell.is_alike for path in cell.paths)


def entered(names: Collection[str], found: Decided, state: ReviewState, editor: str = "") -> Standing:
    """Where ``found``, a record that a person has made, stands in the queue.

    Args:
        names: of the fields and columns that two people key.
        found: the record.
        state: how far people have come with it.
        editor: who has changed it; empty where this was no change.
    """
    if state is ReviewState.APPROVED:
        return Standing(state, found.closed, editor)
    waiting = [cell for cell in double_keyed(names, found.form, found.keyed) if not cell.is_alike]
    return Standing(state, found.closed, editor, unkeyed=unkeyed(waiting), keyer=_keyer(found, waiting))


def _keyer(found: Decided, waiting: Sequence[DoubleKeyed]) -> str:
    """Who alone has keyed all that still waits on a form; empty where nobody has, or anything else waits."""
    by_path = {path: cell for cell in waiting for path in cell.paths}
    said = [by_path[path].said if path in by_path else {} for path in doubts_of(found.form, by_path)]
    others = [finding for finding in open_findings(found.form, found.closed) if by_path.keys().isdisjoint(finding.cells)]
    people = {frozenset(each) for each in said}
    return next(iter(people.pop()), "") if len(people) == 1 and not others and all(len(each) == 1 for each in said) else ""


def hidden(cells: Sequence[DoubleKeyed]) -> frozenset[str]:
    """Paths of those of ``cells`` of which nobody is told more than what he has keyed himself."""
    return frozenset(path for cell in cells if not cell.is_compared for path in cell.paths)


def shown(form: Form, cells: Sequence[DoubleKeyed], user: str) -> Form:
    """``form`` as ``user`` may see it: of what is `hidden` his own text stands there alone, and findings about it do not say numbers."""
    blind = {place: cell.said.get(user, "") for cell in cells if not cell.is_compared for place in cell.places}
    if not blind:
        return form
    known, concealed = cells_of(form), hidden(cells)
    form = updated(form, {place: _blank(known[place], text) for place, text in blind.items()})
    return replace(form, findings=tuple(each if concealed.isdisjoint(each.cells) else _silenced(each) for each in form.findings))


def _blank(field: Field, text: str) -> Field:
    """``field`` with nothing but its place, and ``text`` in it."""
    return replace(Field(text, None, field.page, field.box, 0.0, Status.DOUBTFUL), sealed=field.sealed)


def _silenced(finding: Finding) -> Finding:
    return replace(finding, message=wording.KEYED_FIRST, expected="", printed="")


def veiled(equation: Equation, concealed: Collection[str]) -> Equation:
    """``equation`` as it is shown to one from whom the cells at ``concealed`` are hidden: it neither says their numbers nor judges them."""
    if not any(path in concealed for path in equation.paths):
        return equation
    terms = tuple(replace(term, text=wording.TO_KEY) if term.path in concealed else term for term in equation.terms)
    return replace(equation, terms=terms, truth=Truth.SILENT, expected="")

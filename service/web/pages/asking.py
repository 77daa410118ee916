"""What a list is asked for in its address. A field that was left empty is not asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, TypeVar
from urllib.parse import urlencode

from fastapi import Depends
from starlette.requests import Request

from models.errors import RequestInvalidError
from models.form import Review
from service.review.queued import Order, Wanted
from service.store.documents import State
from service.store.listed import DocumentFilter, FormFilter
from service.store.reviewed import ReviewedState
from service.store.reviews import ReviewState

_Choice = TypeVar("_Choice", bound=StrEnum)

_YEARS: Final = range(1, 10_000)
_MOST_CHARACTERS: Final = 400
"""Of one value; the place where a page begins is the longest."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The filled fields of a list's form.

    Attributes:
        path: of the list.
        values: what was asked for, by the names of the fields.
        after: where the page begins; empty for the first.
    """

    path: str
    values: Mapping[str, str]
    after: str

    def get(self, name: str) -> str:
        """What stands in a field; empty where nothing does."""
        return self.values.get(name, "")

    def page(self, after: str) -> str:
        """The address of the page that begins at ``after``."""
        query = dict(self.values) | ({"after": after} if after else {})
        return f"{self.path}?{urlencode(query)}" if query else self.path

    def query(self, **more: str) -> str:
        """The fields as a query, with ``more``: for an export of the same."""
        return urlencode(dict(self.values) | more)

    def documents(self, owner: str | None) -> DocumentFilter:
        """Which documents.

        Raises:
            RequestInvalidError: a field does not say what it should.
        """
        return DocumentFilter(self.choice("state", State), self._year(), self.get("unit") or None, owner)

    def documents_in(self, state: State) -> DocumentFilter:
        """Which of the documents in ``state``.

        Raises:
            RequestInvalidError: a field does not say what it should.
        """
        return DocumentFilter(state, self._year(), self.get("unit") or None)

    def forms(self, owner: str | None) -> FormFilter:
        """Which forms.

        Raises:
            RequestInvalidError: a field does not say what it should.
        """
        return FormFilter(
            year=self._year(),
            unit=self.get("unit") or None,
            kind=self.get("kind") or None,
            review=self.choice("review", Review),
            finding=self.get("finding") or None,
            text=self.get("q"),
            owner=owner,
            reviewed=self.choice("reviewed", ReviewedState),
        )

    def queue(self, state: ReviewState, taken: bool) -> Wanted:
        """Which forms of the queue, in which order.

        Raises:
            RequestInvalidError: a field does not say what it should.
        """
        return Wanted(
            state=state,
            year=self._year(),
            unit=self.get("unit") or None,
            kind=self.get("kind") or None,
            finding=self.get("finding") or None,
            text=self.get("q"),
            taken=taken,
            order=self.choice("order", Order) or Order.MOST_DOUBTFUL,
        )

    def _year(self) -> int | None:
        given = self.get("year")
        if not given:
            return None
        if not (given.isascii() and given.isdecimal() and len(given) <= 4 and int(given) in _YEARS):
            raise _nonsense("year")
        return int(given)

    def choice(self, name: str, choices: type[_Choice]) -> _Choice | None:
        """The one of ``choices`` that stands in a field; None where the field is empty.

        Raises:
            RequestInvalidError: something else stands there.
        """
        given = self.get(name)
        if given and given not in set(choices):
            raise _nonsense(name)
        return choices(given) if given else None


def asked(request: Request) -> Asked:
    """A dependency: what the address of ``request`` asks for.

    Raises:
        RequestInvalidError: a value is longer than any that makes sense, or holds control characters.
    """
    values = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    for name, value in values.items():
        if len(value) > _MOST_CHARACTERS or any(ord(character) < 32 for character in value):
            raise _nonsense(name)
    known = {name: value for name, value in values.items() if name in _FIELDS}
    return Asked(request.url.path, known, values.get("after", ""))


_FIELDS: Final = frozenset({"state", "year", "unit", "kind", "review", "reviewed", "finding", "q", "order"})


def _nonsense(name: str) -> RequestInvalidError:
    return RequestInvalidError(f"The field {name!r} does not say what it should.", "Correct it.")


AskedFor = Annotated[Asked, Depends(asked)]

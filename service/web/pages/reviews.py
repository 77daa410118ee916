"""The queue of reviewers: what waits, who works on what, the next free form, and what one has in hand oneself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response
from starlette.responses import RedirectResponse

from models.errors import ForbiddenError
from service.access.identity import demand
from service.access.roles import Right
from service.review.drafts import drafts_of
from service.review.queue import give_back, next_form, state_of, states_of, taken_forms, tallies, waiting_forms
from service.review.queued import Order, Tally, Waiting
from service.store.documents import State
from service.store.listed import DocumentFilter
from service.store.listing import list_documents
from service.store.progress import documents_to_come
from service.store.reviews import ReviewState
from service.web.pages.archive import KINDS, RULES
from service.web.pages.asking import Asked, AskedFor
from service.web.pages.entry import Typed
from service.web.pages.render import render
from service.web.pages.route import PageRoute
from service.web.pages.standing import Standing, standings
from service.web.pages.visit import Acting, Person
from service.web.problems import not_there
from service.web.running import Run, Running
from service.web.seen import place_of
from service.web.shapes.documents import form_id

PATH: Final = "/reviews"

ROWS: Final = 50
"""Of one page: two screens."""

RECENT: Final = 6
"""Documents of the user that stand beside the queue, those that came last."""

MOST_PASSED: Final = 20
"""Forms that one may have passed over; the first is forgotten for the next one."""

_MOST_TAKEN: Final = 200
"""Forms that are shown as worked on; there are as many as people."""

_SAID: Final = {"none": "queue.said_none", "released": "queue.said_released"}
"""What the page says of what was done just before, by the word in its address."""

router = APIRouter(prefix=PATH, route_class=PageRoute, include_in_schema=False)


class Tab(StrEnum):
    """排队 · 识别中 · 待复核 · 复核中 · 退回 · 已通过: documents that are to come, then forms. A form stands below one of them."""

    QUEUED = "queued"
    READING = "reading"
    WAITING = "waiting"
    TAKEN = "taken"
    RETURNED = "returned"
    APPROVED = "approved"

    @property
    def word(self) -> str:
        """Its key in the catalogue."""
        return f"state.{_DOCUMENTS[self]}" if self in _DOCUMENTS else f"review_state.{self}"


_DOCUMENTS: Final = {Tab.QUEUED: State.WAITING, Tab.READING: State.READING}
_FORMS: Final = {Tab.WAITING: ReviewState.WAITING, Tab.RETURNED: ReviewState.RETURNED, Tab.APPROVED: ReviewState.APPROVED}


@dataclass(frozen=True, slots=True)
class Drafted:
    """A form that the user has typed into and not sent: how many values, and when last."""

    entry: Waiting
    count: int
    saved_at: str


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    """A page of the queue.

    Attributes:
        asked: the filter.
        tab: which state is shown.
        counts: of each tab, whatever the filter.
        open: fields and findings that wait, whatever the filter.
        rows: forms; none where documents are shown.
        documents: that are to be read, where the tab shows these.
        next: the page that follows; empty on the last.
        mine: forms that the user works on.
        drafts: what the user has typed and not sent.
        passed: ids of forms that the user does not want now.
        two_people: whoever has changed a form may not approve it.
        user: who looks.
        recent: documents of the user.
        megabytes: of one upload.
        files: of one upload.
        said: key of a sentence on what was done; else empty.
    """

    asked: Asked
    tab: Tab
    counts: Mapping[Tab, int]
    open: int
    rows: Sequence[Waiting]
    documents: Sequence[Standing]
    next: str
    mine: Sequence[Waiting]
    drafts: Sequence[Drafted]
    passed: Sequence[str]
    two_people: bool
    user: str
    recent: Sequence[Standing]
    megabytes: int
    files: int
    said: str
    tabs: tuple[Tab, ...] = tuple(Tab)
    orders: tuple[Order, ...] = tuple(Order)
    kinds: tuple[str, ...] = KINDS
    rules: tuple[str, ...] = RULES

    @property
    def wanted(self) -> dict[str, str | int]:
        """The filter as ``POST /api/v1/reviews/next`` takes it."""
        names = ("unit", "kind", "finding", "q", "order")
        told: dict[str, str | int] = {name: self.asked.get(name) for name in names if self.asked.get(name)}
        year = {"year": int(self.asked.get("year"))} if self.asked.get("year") else {}
        return told | year | {"state": _state(self.tab).value}

    def address(self, path: str = PATH, **changed: str) -> str:
        """Of ``path`` with the filter, ``changed`` where it is, and what was passed over; of the first page."""
        return _address(replace(self.asked, values={**self.asked.values, **changed}), self.passed, path)

    def review(self, entry: Waiting) -> str:
        """Where a form is reviewed; the filter goes along, for whatever is next."""
        return self.address(f"/review/{self.id(entry)}")

    def id(self, entry: Waiting) -> str:
        """Of a form."""
        return form_id(entry.document, entry.number)

    def typed(self, entry: Waiting) -> int:
        """How many values of a form the user has typed and not sent."""
        return next((each.count for each in self.drafts if self.id(each.entry) == self.id(entry)), 0)

    def wants_another(self, entry: Waiting) -> bool:
        """Whether a form waits for nothing but what the user may not do: an approval, or a second keying."""
        return entry.keyer == self.user or self.wants_approval(entry)

    def wants_approval(self, entry: Waiting) -> bool:
        """Whether a form waits for nothing but an approval that the user may not give."""
        return self.two_people and entry.open == 0 and entry.editor == self.user and entry.state is not ReviewState.APPROVED


def passed_over(passed: Annotated[str, Query(max_length=MOST_PASSED * 80)] = "") -> tuple[str, ...]:
    """A dependency: the forms that the user does not want now, by their ids with commas between."""
    ids = tuple(dict.fromkeys(each for each in passed.split(",") if each))
    for each in ids:
        place_of(each)
    return ids[-MOST_PASSED:]


Passed = Annotated[tuple[str, ...], Depends(passed_over)]


@router.get("")
def reviews(running: Run, visit: Person, asked: AskedFor, passed: Passed, said: str = "") -> Response:
    """The queue. A script asks for the same page when the filter changes, and takes the part that is another one."""
    demand(visit.identity, Right.CORRECT)
    me, tab = visit.someone.user, _tab(asked)
    rows, documents, follows = _listed(running, asked, tab)
    found, coming = tallies(running.store), documents_to_come(running.store)
    page = ReviewsPage(
        asked=asked,
        tab=tab,
        counts=_counts(found, coming),
        open=found[ReviewState.WAITING].open + found[ReviewState.RETURNED].open,
        rows=rows,
        documents=documents,
        next=_address(asked, passed, after=follows) if follows else "",
        mine=taken_forms(running.store, me),
        drafts=_drafts(running, me),
        passed=passed,
        two_people=running.settings.policy.two_people,
        user=me,
        recent=standings(running.store, list_documents(running.store, DocumentFilter(owner=me), "", RECENT).items),
        megabytes=running.settings.upload_megabytes,
        files=running.settings.upload_files,
        said=_SAID.get(said, ""),
    )
    return render(visit, "reviews.html", page)


@router.post("/next")
def go_on(running: Run, visit: Acting, asked: AskedFor, passed: Passed) -> Response:
    """Take the first form under the filter that nobody works on, and go to it."""
    me = demand(visit.identity, Right.CORRECT).user
    wanted = asked.queue(_state(_tab(asked)), taken=False)
    keys = [(place.document, place.number) for place in map(place_of, passed)]
    found = next_form(running.store, me, wanted, two_people=running.settings.policy.two_people, passed=keys)
    if found is None:
        return _to(_address(asked, passed, said="none"))
    return _to(_address(asked, passed, f"/review/{form_id(found.document, found.number)}"))


@router.post("/release")
def release(running: Run, visit: Acting, asked: AskedFor, passed: Passed, id: Typed = "") -> Response:  # noqa: A002  the field of the form
    """Let others have a form that the user works on; an administrator does so for whoever does not come back.

    Raises:
        NotThereError: it concerns nobody.
        ForbiddenError: somebody else works on it.
    """
    me, place = demand(visit.identity, Right.CORRECT), place_of(id)
    entry = state_of(running.store, place.document, place.number)
    if entry is None:
        raise not_there()
    mine = entry.taken_by == me.user
    if entry.taken_by and not mine and not me.may(Right.MANAGE):
        raise ForbiddenError(f"{entry.taken_by} works on this form.", "Ask for it, or wait until it is free.")
    give_back(running.store, place.document, place.number, entry.taken_by)
    return _to(_address(asked, (*passed, id) if mine else passed, said="released"))


def _tab(asked: Asked) -> Tab:
    return asked.choice("state", Tab) or Tab.WAITING


def _state(tab: Tab) -> ReviewState:
    """Where the next form is looked for."""
    return _FORMS[tab] if tab in (Tab.WAITING, Tab.RETURNED) else ReviewState.WAITING


def _listed(running: Running, asked: Asked, tab: Tab) -> tuple[Sequence[Waiting], Sequence[Standing], str]:
    """Forms, documents, and where the next page begins."""
    if tab in _DOCUMENTS:
        found = list_documents(running.store, asked.documents_in(_DOCUMENTS[tab]), asked.after, ROWS)
        return (), standings(running.store, found.items), found.next
    if tab is Tab.TAKEN:
        wanted = (asked.queue(state, taken=True) for state in ReviewState)
        taken = [entry for each in wanted for entry in waiting_forms(running.store, each, "", _MOST_TAKEN).items]
        return sorted(taken, key=lambda entry: entry.taken_until), (), ""
    page = waiting_forms(running.store, asked.queue(_FORMS[tab], taken=False), asked.after, ROWS)
    return page.items, (), page.next


def _counts(found: Mapping[ReviewState, Tally], coming: Mapping[State, int]) -> dict[Tab, int]:
    forms = {tab: found[state].forms - found[state].taken for tab, state in _FORMS.items()}
    taken = {Tab.TAKEN: sum(each.taken for each in found.values())}
    return {tab: coming[state] for tab, state in _DOCUMENTS.items()} | forms | taken


def _drafts(running: Running, user: str) -> list[Drafted]:
    drafts = {(each.document, each.number): each for each in drafts_of(running.store, user)}
    entries = {(each.document, each.number): each for each in states_of(running.store, list(drafts))}
    return [Drafted(entries[key], len(each.texts), each.saved_at) for key, each in drafts.items() if key in entries]


def _address(asked: Asked, passed: Sequence[str], path: str = PATH, **more: str) -> str:
    """Of ``path`` with the filter, what was passed over, and ``more``."""
    query = dict(asked.values) | ({"passed": ",".join(passed[-MOST_PASSED:])} if passed else {}) | more
    return f"{path}?{urlencode(query)}" if query else path


def _to(address: str) -> Response:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)

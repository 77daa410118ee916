"""The queue of the forms that concern a person: lists, counts, the next free one, and who works on which."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.review.queue import give_back, next_form, state_of, take, tallies, waiting_forms
from service.review.queued import Order, Wanted
from service.store.reviews import ReviewState
from service.web.forms import FormKey
from service.web.preconditions import reviewed
from service.web.problems import not_there, problems
from service.web.running import Run
from service.web.seen import place_of
from service.web.shapes.forms import Kind
from service.web.shapes.lists import After, Limit, Text, Unit, Year
from service.web.shapes.review import NextJson, ReviewsJson, TalliesJson, WaitingJson, tallies_json, waiting_json
from service.web.who import Corrector

router = APIRouter(tags=["reviews"])


@router.get("/reviews", responses=problems(401, 403, 422), summary="List the forms that concern a person")
async def listed(  # noqa: PLR0913  one a filter
    *,
    running: Run,
    identity: Corrector,  # noqa: ARG001  who may not correct has no queue
    state: Annotated[ReviewState, Query()] = ReviewState.WAITING,
    taken: Annotated[bool | None, Query(description="Only those that somebody works on, or that nobody does.")] = None,
    year: Year = None,
    unit: Unit = None,
    kind: Annotated[Kind | None, Query()] = None,
    finding: Annotated[str | None, Query(max_length=100, pattern="^[a-z_]*$", description="Rule with an open finding.")] = None,
    q: Text = "",
    order: Annotated[Order, Query()] = Order.MOST_DOUBTFUL,
    after: After = "",
    limit: Limit = 50,
) -> ReviewsJson:
    """`next` of a page is `after` of the next, in the same order. `q` finds what stands in any text of a form."""
    ask = running.searches.run if q else running.look
    found = await ask(waiting_forms, running.store, Wanted(state, year, unit, kind, finding, order, taken, q), after, limit)
    return ReviewsJson(reviews=[waiting_json(each) for each in found.items], next=found.next)


@router.get("/reviews/tallies", responses=problems(401, 403), summary="How much waits in each state")
def counted(running: Run, identity: Corrector) -> TalliesJson:  # noqa: ARG001  who may not correct has no queue
    """Forms, the fields and findings that wait in them, and how many somebody works on."""
    return tallies_json(tallies(running.store))


_NEXT = problems(401, 403, 413, 422) | {204: {"description": "There is none that is free."}}


@router.post("/reviews/next", response_model=WaitingJson, responses=_NEXT, summary="Take the next form")
def next_one(running: Run, identity: Corrector, said: NextJson) -> Response:
    """The first that nobody works on; it is yours for 15 minutes. No two people get the same."""
    wanted = Wanted(said.state, said.year, said.unit, said.kind, said.finding, said.order, text=said.q)
    passed = [(place.document, place.number) for place in map(place_of, said.passed)]
    found = next_form(running.store, identity.user, wanted, two_people=running.office.policy.two_people, passed=passed)
    if found is None:
        return Response(status_code=204)
    return Response(waiting_json(found).model_dump_json(), media_type="application/json")


@router.put("/forms/{id}/reservation", responses=problems(401, 403, 404, 422, 423), summary="Take a form, or keep it")
def reserve(running: Run, identity: Corrector, id: FormKey) -> WaitingJson:  # noqa: A002  the name that callers see
    """Yours for another 15 minutes. A form that concerns nobody needs no reservation: 404."""
    place = reviewed(running, identity, id)
    if state_of(running.store, place.document, place.number) is None:
        raise not_there()
    return waiting_json(take(running.store, place.document, place.number, identity.user))


@router.delete("/forms/{id}/reservation", status_code=204, responses=problems(401, 403, 404, 422), summary="Give a form back")
def release(running: Run, identity: Corrector, id: FormKey) -> None:  # noqa: A002  the name that callers see
    """Others may have it at once; nothing happens where somebody else works on it."""
    place = reviewed(running, identity, id)
    give_back(running.store, place.document, place.number, identity.user)

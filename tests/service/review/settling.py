"""Steps by which people settle a form, as reviewing writes them, without any rule asked."""

from dataclasses import replace

from models.form import Form, Review
from service.review.acting import state_after
from service.review.changes import Change, entry_of
from service.review.steps import Made, Taken, steps_of
from service.store.correcting import Step, record_steps, version_of
from service.store.opening import Store
from service.store.reviews import ReviewState, Standing
from tests.service.store.samples import form_of

DOUBTED = replace(form_of(), review=Review.NEEDS_REVIEW)
"""A form that waits for a person."""


def does(store: Store, document: str, user: str, *changes: Change, number: int = 1, record: Form = DOUBTED) -> ReviewState:
    """Take one step on a form, which leaves ``record``; the state that it leads to."""
    with store.database.reading() as connection:
        steps, version = steps_of(connection, document, number), version_of(connection, document, number)
    state = state_after((*steps, Taken(version + 1, "", tuple(Made(change, user) for change in changes))))
    entries = tuple(entry_of(change) for change in changes)
    record_steps(store, document, user, (Step(number, version, entries, record, "3+a", Standing(state, editor=user)),))
    return state


def moment_of(store: Store, document: str, number: int = 1) -> str:
    """When the last step was taken, ISO 8601, as the history has it."""
    with store.database.reading() as connection:
        return steps_of(connection, document, number)[-1].at

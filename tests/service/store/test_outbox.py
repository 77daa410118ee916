"""Webhooks are told of what happened, once it has, and of nothing that their user may not see."""

import json
from dataclasses import replace

import pytest

from models.errors import StaleVersionError, UsageError
from models.form import Problem
from service.store.database import SQLITE
from service.store.documents import State, mark
from service.store.opening import Store
from service.store.outbox import LEASE_SECONDS, DeliveryState, delivered, deliveries, due, forget_settled, given_up, postponed, returned
from service.store.owners import own
from service.store.saving import save_document
from service.store.schema import DELIVERIES
from service.store.webhooks import Event, Webhook, activate_webhook, add_webhook, remove_webhook, restrict_webhooks, webhooks
from service.store.writing import later, now
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import add, add_read, add_user, document_of, form_of

_URL = "https://example.org/hook"


@pytest.fixture
def hook(store: Store) -> Webhook:
    """Of a user who sees everything, told of everything."""
    return _hooked(store, list(Event))


def _hooked(store: Store, events: list[Event], *, sees_all: bool = True) -> Webhook:
    add_user(store, "li")
    with store.database.writing() as connection:
        return add_webhook(connection, "li", _URL, events, sees_all=sees_all)


def _switched(store: Store, user: str, hook: Webhook, *, active: bool) -> bool:
    with store.database.writing() as connection:
        return activate_webhook(connection, user, hook.id, active=active)


def _told(store: Store, hook: Webhook) -> list[dict[str, object]]:
    """Bodies without id and time, the oldest first."""
    found = [json.loads(each.body) for each in reversed(deliveries(store, hook.user, hook.id))]
    return [{key: value for key, value in each.items() if key not in ("id", "at")} for each in found]


def test_a_webhook_is_kept_with_a_secret_that_is_not_shown(store: Store, hook: Webhook) -> None:
    assert webhooks(store, "li") == [hook]
    assert hook.secret not in repr(hook)
    assert (len(hook.secret), hook.url, set(hook.events)) == (43, _URL, set(Event))
    assert webhooks(store, "wang") == []


def test_a_webhook_without_events_is_refused(store: Store) -> None:
    with pytest.raises(UsageError, match="without events"):
        _hooked(store, [])


def test_each_event_is_told_with_what_it_is_about(store: Store, hook: Webhook) -> None:
    sha256 = add_read(store, form_of("甲"), form_of("乙"))
    correct(store, Correction(sha256, 2, 1, "fields.project_name", "丙", "li"))
    failed, lost = add(store, b"failed"), add(store, b"lost")
    save_document(store, failed, "3+a", document_of(failed, problems=(Problem(0, "input_encrypted", "要密码"),)))
    mark(store, lost, State.FAILED, Problem(0, "page_lost", "lost"))
    assert _told(store, hook) == [
        {"event": "document.done", "document": sha256, "forms": [f"{sha256}.1", f"{sha256}.2"]},
        {"event": "form.corrected", "document": sha256, "form": f"{sha256}.2", "version": 2},
        {"event": "document.failed", "document": failed, "code": "input_encrypted"},
        {"event": "document.failed", "document": lost, "code": "page_lost"},
    ]


def test_what_was_saved_already_or_is_refused_is_not_told(store: Store, hook: Webhook) -> None:
    sha256 = add_read(store)
    save_document(store, sha256, "3+a", document_of(sha256, form_of()))
    with pytest.raises(StaleVersionError):
        correct(store, Correction(sha256, 1, 7, "fields.project_name", "丙", "li"))
    assert len(_told(store, hook)) == 1


def test_only_events_that_were_asked_for_are_told(store: Store) -> None:
    hook = _hooked(store, [Event.CORRECTED])
    sha256 = add_read(store)
    correct(store, Correction(sha256, 1, 1, "fields.project_name", "丙", "li"))
    assert [each["event"] for each in _told(store, hook)] == ["form.corrected"]


def test_a_user_who_sees_only_his_own_is_told_only_of_his_own(store: Store) -> None:
    hook = _hooked(store, list(Event), sees_all=False)
    add_read(store, content=b"of another")
    mine = add(store, b"mine")
    own(store, mine, "li", "a.pdf")
    save_document(store, mine, "3+a", document_of(mine, form_of()))
    assert [each["document"] for each in _told(store, hook)] == [mine]


def test_a_webhook_sees_no_more_than_its_user_from_the_moment_that_this_changes(store: Store, hook: Webhook) -> None:
    with store.database.writing() as connection:
        restrict_webhooks(connection, "li", sees_all=False)
    add_read(store)
    assert _told(store, hook) == []
    with store.database.writing() as connection:
        restrict_webhooks(connection, "li", sees_all=True, active=False)
    add_read(store, content=b"2")
    assert _told(store, hook) == []
    assert [each.active for each in webhooks(store, "li")] == [False]


def test_a_delivery_is_handed_out_once_until_its_lease_ends(store: Store, hook: Webhook) -> None:
    add_read(store)
    at = now()
    (first,) = due(store, at, 10)
    assert (first.webhook, first.event, first.attempts, first.state) == (hook, Event.DONE, 1, DeliveryState.WAITING)
    assert json.loads(first.body)["id"] == first.id
    assert due(store, later(at, LEASE_SECONDS - 1), 10) == []
    (again,) = due(store, later(at, LEASE_SECONDS), 10)
    assert (again.id, again.body, again.attempts) == (first.id, first.body, 2)


def test_what_arrived_is_not_sent_again_and_what_failed_is_at_its_time(store: Store, hook: Webhook) -> None:
    for number in range(3):
        add_read(store, content=f"{number}".encode())
    at = now()
    arrived, failed, lost = due(store, at, 3)
    delivered(store, arrived.id)
    postponed(store, failed.id, "no \0 answer" + "!" * 1000, later(at, 3000))
    given_up(store, lost.id, "after 3 days")
    postponed(store, lost.id, "late", at)
    assert due(store, later(at, 2999), 10) == []
    (again,) = due(store, later(at, 3000), 10)
    assert (again.id, again.attempts, again.last_error[:12], len(again.last_error)) == (failed.id, 2, "no � answer!", 500)
    states = {each.id: (each.state, each.last_error) for each in deliveries(store, "li", hook.id) if each.id != failed.id}
    assert states == {arrived.id: (DeliveryState.DELIVERED, ""), lost.id: (DeliveryState.GIVEN_UP, "after 3 days")}


def test_what_is_handed_back_was_not_tried(store: Store, hook: Webhook) -> None:
    for number in range(3):
        add_read(store, content=f"{number}".encode())
    at = now()
    arrived, failed, waits = (each.id for each in due(store, at, 3))
    delivered(store, arrived)
    postponed(store, failed, "no answer", later(at, 10))
    assert [each.attempts for each in due(store, later(at, 10), 3)] == [2]
    returned(store, [arrived, failed, waits], later(at, 20))
    again = {each.id: (each.attempts, each.last_error) for each in due(store, later(at, 20), 3)}
    assert again == {failed: (2, "no answer"), waits: (1, "")}
    assert {each.id: each.state for each in deliveries(store, "li", hook.id)}[arrived] == DeliveryState.DELIVERED
    returned(store, [], at)


def test_the_longest_due_come_first_and_no_more_than_asked_for(store: Store, hook: Webhook) -> None:
    for number in range(5):
        add_read(store, content=f"{number}".encode())
    at = now()
    made = [each.id for each in reversed(deliveries(store, "li", hook.id))]
    assert [each.id for each in due(store, at, 2)] == made[:2]
    assert [each.id for each in due(store, at, 9)] == made[2:]


@pytest.mark.usefixtures("hook")
def test_two_senders_at_once_get_different_deliveries(store: Store) -> None:
    for number in range(4):
        add_read(store, content=f"{number}".encode())
    if store.database.kind == SQLITE:
        return  # there only one may write at once
    with store.database.writing() as connection:
        held = connection.scalars(DELIVERIES.select().with_only_columns(DELIVERIES.c.id).limit(2).with_for_update()).all()
        taken = [each.id for each in due(store, now(), 4)]
    assert len(taken) == 2
    assert not set(taken) & set(held)


def test_a_webhook_that_rests_is_told_later(store: Store, hook: Webhook) -> None:
    add_read(store)
    assert _switched(store, "li", hook, active=False)
    assert webhooks(store, "li") == [replace(hook, active=False)]
    assert due(store, now(), 1) == []
    assert _switched(store, "li", hook, active=True)
    assert len(due(store, now(), 1)) == 1


def test_a_webhook_is_its_users_alone_and_goes_with_all_that_waits_for_it(store: Store, hook: Webhook) -> None:
    add_read(store)
    assert deliveries(store, "wang", hook.id) == []
    assert not _switched(store, "wang", hook, active=False)
    assert not remove_webhook(store, "wang", hook.id)
    assert remove_webhook(store, "li", hook.id)
    assert (webhooks(store, "li"), due(store, later(now(), 1), 1)) == ([], [])


def test_what_is_settled_is_forgotten_and_what_waits_is_not(store: Store, hook: Webhook) -> None:
    for number in range(2):
        add_read(store, content=f"{number}".encode())
    delivered(store, due(store, now(), 1)[0].id)
    assert forget_settled(store, "2020-01-01T00:00:00.000000Z") == 0
    assert forget_settled(store, later(now(), 1)) == 1
    assert [each.state for each in deliveries(store, "li", hook.id)] == [DeliveryState.WAITING]

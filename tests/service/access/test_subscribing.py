"""Webhooks follow the rights of their user from the moment that they are made."""

import threading
from collections.abc import Callable

import pytest

from models.errors import ForbiddenError, FormTallyError, TooManyError, UserDisabledError, UserUnknownError
from service.access.roles import Role
from service.access.subscribing import subscribe, switch
from service.access.users import add_user, disable, set_role
from service.store.opening import Store
from service.store.outbox import deliveries
from service.store.schema import USERS
from service.store.webhooks import MOST_OF_A_USER, Event, restrict_webhooks, webhooks
from tests.service.store.samples import add_read

_URL = "https://example.org/hook"


@pytest.fixture
def li(store: Store) -> str:
    return add_user(store, "li", Role.REVIEWER)


def shut_out_while(store: Store, user: str, act: Callable[[], object]) -> FormTallyError | None:
    """``act`` begins while a transaction that disables ``user`` is under way; what it fails by."""
    faults: list[FormTallyError] = []

    def tried() -> None:
        try:
            act()
        except FormTallyError as error:
            faults.append(error)

    thread = threading.Thread(target=tried)
    with store.database.writing() as connection:
        connection.execute(USERS.update().where(USERS.c.name == user).values(disabled=True))
        restrict_webhooks(connection, user, sees_all=False, active=False)
        thread.start()
        thread.join(0.3)  # far longer than it takes where it does not wait
        assert thread.is_alive()
    thread.join(30)
    return faults[0] if faults else None


def test_who_is_being_disabled_leaves_no_webhook_behind(store: Store, li: str) -> None:
    hook = subscribe(store, li, _URL, [Event.DONE])
    assert isinstance(shut_out_while(store, li, lambda: subscribe(store, li, _URL, [Event.DONE])), UserDisabledError)
    assert [(each.id, each.active) for each in webhooks(store, li)] == [(hook.id, False)]


def test_who_is_being_disabled_wakes_no_webhook(store: Store, li: str) -> None:
    hook = subscribe(store, li, _URL, [Event.DONE])
    assert isinstance(shut_out_while(store, li, lambda: switch(store, li, hook.id, active=True)), UserDisabledError)
    assert [each.active for each in webhooks(store, li)] == [False]


def test_a_webhook_is_told_what_its_user_may_see_when_it_is_made(store: Store, li: str) -> None:
    set_role(store, li, Role.UPLOADER)
    hook = subscribe(store, li, _URL, [Event.DONE])
    add_read(store)
    assert deliveries(store, li, hook.id) == []


def test_who_may_have_no_webhooks_gets_and_wakes_none(store: Store, li: str) -> None:
    hook = subscribe(store, li, _URL, [Event.DONE])
    set_role(store, li, Role.VIEWER)
    for act in (lambda: subscribe(store, li, _URL, [Event.DONE]), lambda: switch(store, li, hook.id, active=True)):
        with pytest.raises(ForbiddenError):
            act()
    assert [each.active for each in webhooks(store, li)] == [False]
    with pytest.raises(UserUnknownError):
        subscribe(store, "nobody", _URL, [Event.DONE])
    disable(store, li)
    with pytest.raises(UserDisabledError):
        subscribe(store, li, _URL, [Event.DONE])


def test_a_webhook_is_silenced_and_told_again_by_its_user(store: Store, li: str) -> None:
    hook = subscribe(store, li, _URL, [Event.DONE])
    assert switch(store, li, hook.id, active=False)
    assert [each.active for each in webhooks(store, li)] == [False]
    assert switch(store, li, hook.id, active=True)
    assert not switch(store, li, "0" * 32, active=True)


def test_a_user_has_so_many_webhooks_and_no_more(store: Store, li: str) -> None:
    for _ in range(MOST_OF_A_USER):
        subscribe(store, li, _URL, [Event.DONE])
    with pytest.raises(TooManyError, match=f"{MOST_OF_A_USER} webhooks"):
        subscribe(store, li, _URL, [Event.DONE])
    subscribe(store, add_user(store, "wang", Role.UPLOADER), _URL, [Event.DONE])
    assert len(webhooks(store, li)) == MOST_OF_A_USER

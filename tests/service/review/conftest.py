"""An office on each database."""

import pytest

from service.review.acting import Office
from service.review.decider import Decider
from service.store.opening import Store
from tests.service.review.samples import TRUST


@pytest.fixture
def office(store: Store) -> Office:
    """Where one person may correct and approve."""
    return Office(store, Decider(store, TRUST))

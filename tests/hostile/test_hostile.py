"""Each hostile file has the outcome that is written beside it, and every page that is not lost opens."""

import time

import pytest

from models.errors import InputError
from models.limits import Limits
from ocr.opening import check_inside, inspect, open_page
from tests.hostile import HostileCase, write_hostile

_LIMITS = Limits()
_MOST_SECONDS = 30


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[HostileCase]:
    """All hostile files, written once."""
    return write_hostile(tmp_path_factory.mktemp("hostile"))


def _outcome(case: HostileCase) -> tuple[str | None, int, str]:
    """Code of the first error, the page lost (0: all), code of the warning."""
    number, warning = 0, ""
    try:
        check_inside(case.path, case.path.parent)
        facts = inspect(case.path, _LIMITS)
        warning = facts.warnings[0].code if facts.warnings else ""
        for number in range(1, facts.pages + 1):
            open_page(case.path, number, _LIMITS)
    except InputError as error:
        return error.code, number, warning
    return None, 0, warning


def test_every_hostile_file_has_its_named_outcome(cases: list[HostileCase]) -> None:
    assert len({case.path for case in cases}) == len(cases) >= 45
    wrong, slow = [], []
    for case in cases:
        start = time.monotonic()
        outcome = _outcome(case)
        if outcome != (case.expected, case.page, case.warning):
            wrong.append((case.name, outcome))
        if time.monotonic() - start > _MOST_SECONDS:
            slow.append(case.name)
    assert (wrong, slow) == ([], [])

"""What each role may do, and what follows for what it sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ForbiddenError, NotLoggedInError
from service.access.identity import Identity, demand
from service.access.roles import RIGHTS, Right, Role

_MATRIX = """
            viewer  uploader  reviewer  admin
read_all    yes     -         yes       yes
upload      -       yes       yes       yes
correct     -       -         yes       yes
export      yes     yes       yes       yes
webhooks    -       yes       yes       yes
manage      -       -         -         yes
"""


def test_the_rights_are_those_of_the_matrix() -> None:
    heading, *rows = (line.split() for line in _MATRIX.strip().splitlines())
    told = {(Role(role), Right(right)) for right, *cells in rows for role, cell in zip(heading, cells, strict=True) if cell == "yes"}
    assert told == {(role, right) for role, rights in RIGHTS.items() for right in rights}
    assert [Right(right) for right, *_ in rows] == list(Right)
    assert heading == list(Role)


@given(st.sampled_from(Role), st.sampled_from(Right))
def test_a_right_is_demanded_of_an_identity(role: Role, right: Right) -> None:
    identity = Identity("li", role)
    if right in RIGHTS[role]:
        assert demand(identity, right) is identity
    else:
        with pytest.raises(ForbiddenError, match=f"{role} .*'{right}'"):
            demand(identity, right)
    with pytest.raises(NotLoggedInError):
        demand(None, right)


@given(st.sampled_from(Role))
def test_who_may_not_read_all_sees_his_own(role: Role) -> None:
    identity = Identity("li", role)
    assert identity.sees == (None if identity.may(Right.READ_ALL) else "li")


@given(st.text(), st.text())
def test_the_csrf_secret_is_the_one_given_and_a_token_has_none(csrf: str, given: str) -> None:
    assert Identity("li", Role.VIEWER, "s", csrf).has_csrf(given) == (csrf == given != "")
    assert not Identity("li", Role.VIEWER).has_csrf(given)


def test_an_identity_does_not_show_its_secrets() -> None:
    assert repr(Identity("li", Role.ADMIN, "session", "csrf")) == "Identity(user='li', role=<Role.ADMIN: 'admin'>)"

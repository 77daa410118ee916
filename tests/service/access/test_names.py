"""Which texts are names of users, and which of them are the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UserNameError
from service.access.names import LONGEST_NAME, login_of, user_name


@pytest.mark.parametrize("name", ["li", "李四", "Anna-Lena Müller", "a" * LONGEST_NAME, "=1+1", "../x", "<b>"])
def test_names_of_people_are_names(name: str) -> None:
    assert user_name(name) == name


@pytest.mark.parametrize(
    "text",
    ["", " ", " li", "li ", "a\tb", "a\nb", "a\0b", "\ud800", "a" * 65, "a" * 100_000, "li\u200b", "\u202eil", "l\u00a0i", "\ufeffli"],
    ids=lambda text: ascii(text)[:20],
)
def test_what_cannot_be_seen_or_is_too_long_is_none(text: str) -> None:
    with pytest.raises(UserNameError) as caught:
        user_name(text)
    assert text.strip() == "" or text not in str(caught.value)
    assert login_of(text) == ""


@pytest.mark.parametrize(
    ("one", "other"), [("li", "LI"), ("Ａｄｍｉｎ", "admin"), ("straße", "STRASSE"), ("e\u0301va", "Éva"), ("㍿", "株式会社")]
)
def test_names_that_look_alike_are_the_same(one: str, other: str) -> None:
    assert login_of(one) == login_of(other) != ""


def test_names_that_differ_are_not() -> None:
    assert len({login_of(name) for name in ("li", "li1", "李", "理", "lì")}) == 5


@given(st.text(max_size=70))
def test_a_name_is_kept_as_it_is_kept_and_compared_as_it_is_compared(text: str) -> None:
    try:
        name = user_name(text)
    except UserNameError:
        assert login_of(text) == ""
        return
    assert user_name(name) == name
    for form in ("NFC", "NFD"):
        for written in (name, name.casefold()):
            same = unicodedata.normalize(form, written)
            assert login_of(same) in (login_of(name), "")  # "": decomposed it may be too long

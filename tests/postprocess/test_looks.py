"""What several views of one line say together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postprocess.beam import Hypothesis
from postprocess.looks import pooled

chances = st.floats(0.01, 0.98)


def said(**shares: float) -> list[Hypothesis]:
    return [Hypothesis(text, share) for text, share in shares.items()]


def test_one_view_stands_as_it_is() -> None:
    assert pooled([said(a=0.6, b=0.4)]) == tuple(said(a=0.6, b=0.4))


def test_views_that_agree_are_surer_than_each_of_them() -> None:
    best, *_ = pooled([said(a=0.8, b=0.1), said(a=0.7, c=0.2), said(a=0.8, d=0.1)])
    assert best.text == "a"
    assert best.probability > 0.8


def test_the_view_that_stands_alone_is_outvoted() -> None:
    best, *_ = pooled([said(a=0.6, b=0.4), said(b=0.95, a=0.05), said(b=0.9, a=0.1)])
    assert best.text == "b"


@given(st.lists(chances, min_size=2, max_size=8))
def test_shares_are_probabilities_and_the_order_of_views_does_not_matter(shares: list[float]) -> None:
    views = [said(a=share, b=0.99 - share) for share in shares]
    forth = {each.text: each.probability for each in pooled(views)}
    back = {each.text: each.probability for each in pooled(views[::-1])}
    assert forth == pytest.approx(back)
    assert sum(forth.values()) <= 1 + 1e-9


@given(chances, chances)
def test_no_text_comes_of_it_that_no_view_offers(one: float, other: float) -> None:
    assert {each.text for each in pooled([said(a=one), said(b=other)])} == {"a", "b"}


def test_a_view_that_alone_says_anything_does_not_decide_alone() -> None:
    (lonely,) = pooled([[] for _ in range(7)] + [said(a=0.98)])
    assert lonely.probability < 0.001


def test_nothing_said_is_nothing() -> None:
    assert pooled([]) == ()
    assert pooled([[], []]) == ()

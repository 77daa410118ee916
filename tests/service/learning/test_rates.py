"""Shares and their intervals."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.learning.rates import Cluster, clustered_rate, rate, wilson
from tests.forms.generate import seeded

COUNTS = st.integers(0, 10**6).flatmap(lambda count: st.tuples(st.just(count), st.integers(0, count)))
CLUSTERS = st.lists(
    st.integers(1, 80).flatmap(
        lambda fields: st.builds(Cluster, st.just(fields), st.integers(0, fields), st.sampled_from([1.0, 10.0, 50.0]))
    ),
    min_size=1,
    max_size=30,
)


@given(COUNTS)
def test_an_interval_holds_the_share_that_was_seen_and_stays_within_0_and_1(counts: tuple[int, int]) -> None:
    found = rate(*counts)
    assert 0 <= found.low <= found.share <= found.high <= 1


@given(COUNTS)
def test_hits_and_misses_are_mirror_images(counts: tuple[int, int]) -> None:
    count, hits = counts
    found, other = rate(count, hits), rate(count, count - hits)
    assert math.isclose(found.low, 1 - other.high, abs_tol=1e-12)
    assert math.isclose(found.high, 1 - other.low, abs_tol=1e-12)


@given(st.integers(1, 1000).flatmap(lambda count: st.tuples(st.just(count), st.integers(0, count))), st.integers(2, 50))
def test_more_of_the_same_narrows_the_interval(counts: tuple[int, int], times: int) -> None:
    count, hits = counts
    few, many = rate(count, hits), rate(count * times, hits * times)
    assert many.high - many.low < few.high - few.low


def test_the_interval_is_wilsons() -> None:
    """Newcombe, 1998, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, table I, method 3."""
    for count, hits, low, high in ((263, 81, 0.2553, 0.3662), (148, 15, 0.0624, 0.1605), (20, 0, 0.0, 0.1611), (29, 1, 0.0061, 0.1718)):
        found = rate(count, hits)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_of_nothing_nothing_is_known() -> None:
    assert (rate(0, 0).low, rate(0, 0).high) == (0.0, 1.0)
    assert (clustered_rate([]).low, clustered_rate([]).high) == (0.0, 1.0)


@pytest.mark.parametrize("counts", [(3, 4), (3, -1), (-1, 0)])
def test_more_hits_than_cases_are_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="of"):
        rate(*counts)


@given(CLUSTERS)
def test_forms_never_tell_more_than_their_fields_would_if_these_were_independent(clusters: list[Cluster]) -> None:
    found = clustered_rate(clusters)
    alone = wilson(found.share, found.count)
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert found.high - found.low >= alone[1] - alone[0] - 1e-12


def test_forms_that_were_drawn_seldom_stand_for_more() -> None:
    found = clustered_rate([Cluster(10, 1, 100.0), Cluster(10, 0, 100.0), Cluster(10, 5, 1.0)])
    assert math.isclose(found.share, 105 / 2010)
    assert (found.count, found.hits) == (30, 6)


def test_the_interval_holds_the_true_share_as_often_as_it_says_although_fields_of_a_form_go_wrong_together() -> None:
    """A form in ten is bad, and of a bad one a fifth of the fields is wrong: the naive interval holds the truth in half of the cases."""
    rng, held, naive = seeded("clustered"), 0, 0
    for _ in range(400):
        clusters = [_drawn(rng, 0.2 if rng.random() < 0.1 else 0.0) for _ in range(200)]
        found = clustered_rate(clusters)
        low, high = wilson(found.share, found.count)
        held += found.low <= 0.02 <= found.high
        naive += low <= 0.02 <= high
    assert held >= 0.92 * 400
    assert naive < 0.8 * 400


def _drawn(rng: random.Random, share: float) -> Cluster:
    return Cluster(60, sum(rng.random() < share for _ in range(60)), 20.0)

"""The probability of given texts under a lattice: all paths, with bounds for what the lattice left out."""

from itertools import groupby, product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reading import Lattice
from postprocess.support import Support, supports, supports_in_views
from tests.postprocess.drawn import Step, lattice, line

CHARACTERS = ("", "a", "b")
TEXTS = [text for length in range(5) for text in map("".join, product("ab", repeat=length))]


def spelt(path: tuple[str, ...]) -> str:
    return "".join(character for character, _ in groupby(path))


def by_paths(steps: list[Step], text: str) -> float:
    """The definition: every path that spells ``text``."""
    found = [path for path in product(*steps) if spelt(tuple(character for character, _ in path)) == text]
    return sum(prod(share for _, share in path) for path in found)


@st.composite
def distributions(draw: st.DrawFn) -> Step:
    weights = [draw(st.integers(1, 20)) for _ in CHARACTERS]
    return sorted(zip(CHARACTERS, (weight / sum(weights) for weight in weights), strict=True), key=lambda entry: -entry[1])


@given(st.lists(distributions(), min_size=1, max_size=4))
def test_every_path_counts(steps: list[Step]) -> None:
    found = supports(lattice(steps), TEXTS)
    assert [support.least for support in found] == pytest.approx([by_paths(steps, text) for text in TEXTS], abs=1e-6)
    assert sum(support.least for support in found) == pytest.approx(1.0, abs=1e-5)
    assert [support.most for support in found] == pytest.approx([support.least for support in found], abs=1e-4)


@given(st.lists(distributions(), min_size=1, max_size=4))
def test_what_was_left_out_lies_between_the_bounds(steps: list[Step]) -> None:
    whole = lattice(steps)
    cut = Lattice(whole.codes[:, :2].copy(), whole.log_probabilities[:, :2].copy())
    for exact, support in zip(supports(whole, TEXTS), supports(cut, TEXTS), strict=True):
        assert support.least <= exact.least + 1e-6
        assert exact.least <= support.most + 1e-6


def test_a_character_left_out_is_no_more_probable_than_the_last_one_kept() -> None:
    (found,) = supports(lattice([[("岀", 0.9), ("山", 0.001)]]), ["出"])
    assert found.least == 0.0
    assert found.most == pytest.approx(0.001)


def test_nor_than_what_remains() -> None:
    (found,) = supports(lattice([[("岀", 0.6), ("山", 0.39)]]), ["出"])
    assert found.most == pytest.approx(0.01, abs=1e-4)


@pytest.mark.parametrize("text", ["其中：当年财政拨款", "其中:当年财政拨款", "其中: 当年财政拨款"])
def test_spellings_that_print_cannot_tell_apart_count_together(text: str) -> None:
    (found,) = supports(line(text, {2: [("：", 0.6), (":", 0.4)]}).lattice, ["其中：当年财政拨款"])
    assert found.least > 0.99


def test_one_is_no_dash_within_a_word() -> None:
    found = supports(line("一次性项目").lattice, ["一次性项目", "—次性项目"])
    assert found[0].least > 0.99
    assert found[1].most < 1e-3


def test_a_doubled_character_needs_a_blank_between() -> None:
    steps: list[Step] = [[("类", 1.0)], [("类", 1.0)]]
    assert supports(lattice(steps), ["类", "类类"]) == (Support(1.0, 1.0), Support(0.0, 0.0))


def test_nothing_asked() -> None:
    assert supports(lattice([[("a", 1.0)]]), []) == ()
    assert supports(lattice([]), ["", "a"]) == (Support(1.0, 1.0), Support(0.0, 0.0))


@given(st.lists(st.lists(distributions(), min_size=1, max_size=2), min_size=1, max_size=4))
def test_views_share_out_one(seen: list[list[Step]]) -> None:
    found = supports_in_views([lattice(steps) for steps in seen], TEXTS)
    assert sum(each.least for each in found) <= 1 + 1e-6
    assert all(each.least <= each.most + 1e-9 <= 1 + 2e-9 for each in found)
    turned = supports_in_views([lattice(steps) for steps in seen[::-1]], TEXTS)
    assert [each.least for each in turned] == pytest.approx([each.least for each in found])


def test_views_that_agree_are_surer_than_one_and_those_that_differ_less() -> None:
    one, other = lattice([[("a", 0.8), ("b", 0.2)]]), lattice([[("b", 0.8), ("a", 0.2)]])
    assert supports_in_views([one], ["a", "b"]) == supports(one, ["a", "b"])
    assert supports_in_views([one, one], ["a", "b"])[0].least > 0.9
    assert supports_in_views([one, other], ["a", "b"])[0].least == pytest.approx(0.5, abs=1e-3)

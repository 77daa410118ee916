"""The prefix beam gives every text the sum over its paths."""

from collections import defaultdict
from itertools import groupby, product
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reading import BLANK, Lattice
from postprocess.beam import best_readings
from tests.postprocess.drawn import lattice, line


def every_path(given_lattice: Lattice) -> dict[str, float]:
    """Text to probability by walking all paths: merge repeats, drop blanks."""
    sums: dict[str, float] = defaultdict(float)
    steps = [list(zip(row, logs, strict=True)) for row, logs in zip(given_lattice.codes, given_lattice.log_probabilities, strict=True)]
    for path in product(*steps):
        text = "".join(chr(code) for code, _ in groupby(code for code, _ in path) if code != BLANK)
        sums[text] += exp(sum(float(log) for _, log in path))
    return sums


shares = st.tuples(*(st.floats(0.05, 1.0) for _ in range(3)))


@given(st.lists(shares, max_size=3))
def test_probabilities_are_the_sum_over_all_paths(weights: list[tuple[float, float, float]]) -> None:
    steps = [[(character, weight / sum(row)) for character, weight in zip(("", "1", "2"), row, strict=True)] for row in weights]
    drawn = lattice(steps)
    expected = every_path(drawn)
    found = {entry.text: entry.probability for entry in best_readings(drawn)}
    assert found == pytest.approx(dict(expected), abs=1e-6)
    assert [entry.probability for entry in best_readings(drawn)] == sorted(found.values(), reverse=True)


def test_repeats_are_one_character_unless_a_blank_stands_between() -> None:
    assert best_readings(lattice([[("1", 1.0)], [("1", 1.0)]]))[0].text == "1"
    assert best_readings(lattice([[("1", 1.0)], [("", 1.0)], [("1", 1.0)]]))[0].text == "11"


def test_many_weak_paths_beat_one_strong_path() -> None:
    """The best path is blank, blank (0.36); "1" has three paths and 0.64."""
    assert best_readings(lattice([[("", 0.6), ("1", 0.4)], [("", 0.6), ("1", 0.4)]]))[0].text == "1"


def test_a_long_sure_line_keeps_its_probability() -> None:
    text = "财政项目支出绩效自评表" * 12
    best = best_readings(line(text).lattice)[0]
    assert best.text == text
    assert best.probability == pytest.approx(0.9999 ** (2 * len(text) + 1), rel=1e-3)

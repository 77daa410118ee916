"""The generated forms, and what the three readers make of them where nothing is hard to read."""

from collections.abc import Sequence

import numpy as np
import pytest

from bench.repair.lattices import perturbed
from bench.repair.printed import PLANTED, forms, kind_of, numbers
from bench.repair.readers import READERS, readings
from bench.repair.tally import tally
from models.form import Review
from models.reading import AskedLine
from models.template import ValueKind
from postprocess.places import Place
from postprocess.second_look import Looks

CERTAIN = 200.0


def _no_look(_: Sequence[AskedLine]) -> Looks:
    return {}


def test_a_shorter_list_begins_a_longer_one() -> None:
    assert forms(5, 1) == forms(20, 1)[:5]
    assert forms(5, 1) != forms(5, 2)


def test_about_the_wanted_share_of_the_forms_is_wrong_on_paper() -> None:
    share = sum(bool(form.planted) for form in forms(500, 1)) / 500
    assert share == pytest.approx(PLANTED, abs=0.03)


def test_numbers_are_those_printed_without_the_year() -> None:
    form = forms(1, 1)[0]
    found = numbers(form)
    assert found[Place("total_score")] == form.total_score
    assert found[Place("executed", "funds", 0)] == form.funds[0].executed
    assert all(found.values())
    assert ValueKind.YEAR not in {kind_of(place) for place in found}


@pytest.mark.parametrize("index", range(4))
def test_every_reader_reads_what_nothing_spoils(index: int) -> None:
    form = forms(4, 3)[index]
    seen = readings(form, perturbed(form, CERTAIN, np.random.default_rng(index)), _no_look)
    assert tuple(seen) == READERS
    for read in seen.values():
        count = tally(form, read)
        assert (count["numbers"], count["wrong"], count["repaired"]) == (len(numbers(form)), 0, 0)
        assert read.review is (Review.NEEDS_REVIEW if form.planted else Review.CLEAR) or read.findings


def test_noise_is_what_the_level_says() -> None:
    form = forms(1, 1)[0]

    def wrong(level: float) -> int:
        return sum(slot.text != numbers(form)[place] for place, slot in perturbed(form, level, np.random.default_rng(1)).items())

    assert wrong(CERTAIN) == 0 < wrong(8.0) < wrong(1.0)

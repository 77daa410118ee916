"""Counting, judging and printing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from bench.repair import plot, table
from bench.repair.lattices import perturbed
from bench.repair.printed import forms
from bench.repair.readers import READERS, readings
from bench.repair.tally import tally, verdict, wrong_repairs
from models.form import Form, Status
from models.reading import AskedLine
from postprocess.places import Place, cells_of, updated
from postprocess.second_look import Looks
from tests.forms.contents import SelfEvaluation

TOTAL = Place("total_score")


def _no_look(_: Sequence[AskedLine]) -> Looks:
    return {}


def _read(form: SelfEvaluation) -> Form:
    return readings(form, perturbed(form, 200.0, np.random.default_rng(1)), _no_look)["joint"]


def _with(seen: Form, text: str, status: Status) -> Form:
    return updated(seen, {TOTAL: replace(cells_of(seen)[TOTAL], text=text, value=Decimal(text), status=status)})


def test_a_number_repaired_into_another_than_the_printed_one_is_a_wrong_repair() -> None:
    form = next(form for form in forms(9, 1) if not form.planted)
    seen = _with(_read(form), "1.23", Status.REPAIRED)
    count = tally(form, seen)
    assert (count["wrong"], count["repaired"], count["repaired_wrong"], count["accepted_wrong"]) == (1, 1, 1, 1)
    assert set(wrong_repairs(form, seen)) == {TOTAL}


def test_right_is_what_stands_on_the_paper_even_if_the_paper_is_wrong() -> None:
    form = replace(next(form for form in forms(9, 1) if not form.planted), total_score="12.34", planted=("fields.total_score",))
    kept = tally(form, _with(_read(form), "12.34", Status.READ))
    mended = tally(form, _with(_read(form), "12.35", Status.REPAIRED))
    assert (kept["wrong"], kept["planted"], kept["planted_changed"]) == (0, 1, 0)
    assert (mended["wrong"], mended["planted_changed"]) == (1, 1)


def test_what_is_left_to_a_person_is_not_accepted() -> None:
    form = next(form for form in forms(9, 1) if not form.planted)
    count = tally(form, _with(_read(form), "1.23", Status.DOUBTFUL))
    assert (count["wrong"], count["accepted_wrong"], count["repaired_wrong"]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("plain_wrong", "joint_wrong", "repaired_wrong", "said"),
    [
        (100, 50, 0, "met"),
        (100, 51, 0, "errors not halved"),
        (100, 50, 2, "too many wrong repairs"),
        (9, 9, 1, ""),
        (9, 9, 2, "too many wrong repairs"),
        (201, 201, 0, ""),
    ],
)
def test_the_goals_are_those_asked_for(plain_wrong: int, joint_wrong: int, repaired_wrong: int, said: str) -> None:
    plain, joint = Counter(numbers=2000, wrong=plain_wrong), Counter(numbers=2000, wrong=joint_wrong, repaired_wrong=repaired_wrong)
    assert verdict(plain, joint) == said


def test_a_row_has_as_many_cells_as_the_head() -> None:
    counts = {reader: Counter(numbers=10, forms=1) for reader in READERS}
    rows = table.rows("blur", 1.5, counts).splitlines()
    assert [row.split(" | ")[2] for row in rows] == list(READERS)
    assert {row.count("|") for row in (*rows, *table.HEAD.splitlines())} == {15}


def test_every_noise_has_an_axis() -> None:
    assert set(plot.FALLING) <= set(plot.AXES) == {"blur", "resolution", "seal", "lattice"}

"""The best path through small lattices written out by hand."""

import numpy as np
import pytest

from models.geometry import Box
from models.reading import Lattice
from ocr import ctc


def lattice(*steps: str) -> Lattice:
    """One time step for each argument: its most probable character (``_`` for the blank) with probability 0.8, then ``x``."""
    codes = np.array([[0 if step == "_" else ord(step), ord("x")] for step in steps], np.int32)
    return Lattice(codes, np.log(np.tile(np.array([0.8, 0.1], np.float32), (len(steps), 1))))


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        ("12", "12"),
        ("1122", "12"),
        ("1_1", "11"),
        ("__", ""),
        ("_9_._8_", "9.8"),
        (" 9 ", "9"),
        ("_ 9 _8_ _", "9 8"),
    ],
)
def test_repeats_are_one_character_and_blanks_separate(steps: str, text: str) -> None:
    assert ctc.best_path(lattice(*steps))[0] == text


def test_a_character_is_as_sure_as_its_surest_step() -> None:
    codes = np.array([[ord("7")], [ord("7")], [0], [ord("1")]], np.int32)
    found = ctc.best_path(Lattice(codes, np.log(np.array([[0.5], [0.9], [0.99], [0.6]], np.float32))))
    assert found[0] == "71"
    assert found[1] == pytest.approx((0.9, 0.6))


def test_a_reading_keeps_its_lattice() -> None:
    given = lattice("1", "_", "2")
    assert ctc.reading(Box(0, 0, 9, 9), given).lattice is given


def test_no_steps_no_text() -> None:
    empty = Lattice(np.zeros((0, 2), np.int32), np.zeros((0, 2), np.float32))
    assert ctc.best_path(empty) == ("", ())

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


def unsure(before: str, mark: str, other: str, behind: str) -> str:
    """The text of ``before``, a mark of probability 0.7 that is ``other`` to 0.2, and ``behind``."""
    sure = [[(character, 0.99), ("x", 0.01)] for character in before]
    rest = [[(character, 0.99), ("x", 0.01)] for character in behind]
    steps = [*sure, [(mark, 0.7), (other, 0.2)], *rest]
    codes = np.array([[ord(character) for character, _ in step] for step in steps], np.int32)
    logs = np.log(np.array([[probability for _, probability in step] for step in steps], np.float32))
    return ctc.reading(Box(0, 0, 9, 9), Lattice(codes, logs)).text


@pytest.mark.parametrize(
    ("before", "behind", "text"),
    [("正常", "无长", "正常，无长"), ("完成", "", "完成，"), ("2020", "10", "2020.10"), ("项目1", "建设", "项目1.建设"), ("", "5", ".5")],
)
def test_a_point_inside_chinese_text_is_rather_the_next_mark(before: str, behind: str, text: str) -> None:
    assert unsure(before, ".", "，", behind) == text


@pytest.mark.parametrize(
    ("before", "behind", "text"),
    [
        ("2012", "2024", "2012-2024"),
        ("1月", "3月", "1月-3月"),
        ("第", "3", "第一3"),
        ("10", "期", "10一期"),
        ("", "5", "一5"),
    ],
)
def test_one_between_digits_is_rather_a_dash(before: str, behind: str, text: str) -> None:
    assert unsure(before, "一", "-", behind) == text


@pytest.mark.parametrize(("before", "behind", "text"), [("保证", "", "保证。"), ("", "完备", "。完备"), ("阿", "买提", "阿·买提")])
def test_a_middle_dot_stands_between_parts_of_a_name_only(before: str, behind: str, text: str) -> None:
    assert unsure(before, "·", "。", behind) == text


def test_one_alone_is_a_dash_and_nothing_else() -> None:
    alone, among = (
        Lattice(np.array([[ord(text)] for text in texts], np.int32), np.zeros((len(texts), 1), np.float32)) for texts in ("一", "统一")
    )
    assert ctc.best_path(ctc.with_lone_dash(alone))[0] == "—"
    assert ctc.best_path(ctc.with_lone_dash(among))[0] == "统一"


def test_a_weighed_step_still_tells_what_the_pixels_said() -> None:
    codes = np.array([[ord("成"), ord("x")], [ord("."), ord("，")]], np.int32)
    kept = ctc.reading(Box(0, 0, 9, 9), Lattice(codes, np.log(np.array([[0.9, 0.05], [0.98, 0.01]], np.float32)))).lattice
    assert [chr(code) for code in kept.codes[1]] == ["，", "."]
    assert np.exp(kept.log_probabilities[1]) == pytest.approx([0.01 / 0.0298, 0.0098 / 0.0298], rel=1e-2)

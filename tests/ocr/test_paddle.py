"""The real recognizer on lines drawn here."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from models.geometry import Box
from models.reading import LineCrop
from ocr import ctc
from ocr.paddle import BATCH_WIDTH, HEIGHT, TOP_K, PaddleEngine, _batches, _to_height, load_engine

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def engine() -> PaddleEngine:
    return load_engine(1)


def line(text: str, height: int = 40) -> LineCrop:
    """``text`` black on white, about as tight as a line of a cell is cut."""
    font = ImageFont.load_default(height * 0.8)
    width = round(font.getlength(text)) + height
    image = Image.new("L", (width, height), 255)
    ImageDraw.Draw(image).text((height / 2, height / 2), text, fill=0, font=font, anchor="lm")
    return LineCrop(1, Box(0, 0, width, height), np.asarray(image, np.uint8).copy())


@pytest.mark.parametrize("text", ["1,721,494.3", "99.15%", "100", "2020-12-27", "8"])
def test_numbers_are_read_with_their_lattice(engine: PaddleEngine, text: str) -> None:
    (lattice,) = engine.recognize([line(text)])
    read, confidences = ctc.best_path(lattice)
    assert read == text
    assert min(confidences) > 0.5
    assert lattice.codes.shape[1] == TOP_K
    assert (np.diff(lattice.log_probabilities, axis=1) <= 0).all(), "most probable first"
    assert (np.exp(lattice.log_probabilities).sum(axis=1) <= 1.001).all()


def test_answers_keep_the_order_of_the_crops_whatever_their_widths(engine: PaddleEngine) -> None:
    texts = ["1234567.89", "5", "43.21", "7", "1234567.88", "98"]
    assert [ctc.best_path(lattice)[0] for lattice in engine.recognize([line(text) for text in texts])] == texts


def test_neighbours_in_a_batch_do_not_change_a_reading(engine: PaddleEngine) -> None:
    alone = engine.recognize([line("980,710")])[0]
    among = engine.recognize([line("111,111"), line("980,710"), line("1088156.00")])[1]
    assert np.abs(alone.log_probabilities[:, 0] - among.log_probabilities[:, 0]).max() < 1e-3
    assert (alone.codes[:, 0] == among.codes[:, 0]).all()


def test_the_detector_finds_lines_of_text(engine: PaddleEngine) -> None:
    sheet = np.full((200, 600, 3), 255, np.uint8)
    drawn = line("budget 2020", 48).pixels
    sheet[40 : 40 + drawn.shape[0], 100 : 100 + drawn.shape[1]] = drawn[:, :, None]
    (box,) = engine.detect(1, sheet)
    assert 80 < box.left < 140
    assert 30 < box.top < 60


def test_batches_have_one_width_and_a_bound() -> None:
    widths = [320, 64, 320, 64, 5000, 320, 320, 320, 320]
    batches = _batches(widths)
    assert sorted(index for batch in batches for index in batch) == list(range(len(widths)))
    for batch in batches:
        assert len({widths[index] for index in batch}) == 1
        assert len(batch) == 1 or sum(widths[index] for index in batch) <= BATCH_WIDTH


def test_lines_are_scaled_to_the_height_of_the_network_and_padded_with_paper() -> None:
    scaled = _to_height(np.zeros((24, 50), np.uint8))
    assert scaled.shape == (HEIGHT, 128)
    assert (scaled[:, :100] == 0).all()
    assert (scaled[:, 100:] == 255).all()


def test_nothing_of_paddle_is_imported_before_the_engine_is_asked_for() -> None:
    check = "import sys, ocr.paddle; sys.exit('paddleocr' in sys.modules or 'paddlex' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0

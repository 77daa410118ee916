"""The recorded engine answers as the recorded one did, also for a crop a pixel beside, and says so where it cannot."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.arrays import Bgr
from models.geometry import Box
from models.reading import Lattice, LineCrop
from tests.recorded import RecordedEngine, Recording, RecordingEngine, RecordingError


class Numbering:
    """An engine whose nth answer is n time steps long."""

    def __init__(self) -> None:
        self.given = 0

    def recognize(self, crops: Sequence[LineCrop]) -> list[Lattice]:
        """Count on."""
        return [self._next() for _ in crops]

    def detect(self, page: int, image: Bgr) -> list[Box]:
        """One box as wide as the page number."""
        assert image.ndim == 3
        return [Box(0, 0, page, 1)]

    def _next(self) -> Lattice:
        self.given += 1
        return Lattice(np.full((self.given, 2), self.given, np.int32), np.full((self.given, 2), -0.5, np.float32))


def crop(page: int, left: float) -> LineCrop:
    return LineCrop(page, Box(left, 0, left + 100, 30), np.full((30, 100), 255, np.uint8))


@pytest.fixture
def engine(tmp_path: Path) -> RecordedEngine:
    recorder = RecordingEngine(Numbering())
    recorder.recognize([crop(1, 0), crop(1, 200)])
    recorder.recognize([crop(2, 0)])
    recorder.recognize([crop(1, 0)])
    recorder.detect(3, np.zeros((1, 1, 3), np.uint8))
    recorder.recording.save(tmp_path / "recording.npz")
    return RecordedEngine(Recording.load(tmp_path / "recording.npz"))


def test_answers_come_by_page_call_and_place(engine: RecordedEngine) -> None:
    first = engine.recognize([crop(1, 203), crop(1, -4)])
    assert [len(lattice.codes) for lattice in first] == [2, 1]
    assert [len(lattice.codes) for lattice in engine.recognize([crop(2, 1)])] == [3]
    assert [len(lattice.codes) for lattice in engine.recognize([crop(1, 0)])] == [4]
    assert engine.detect(3, np.zeros((1, 1, 3), np.uint8)) == [Box(0, 0, 3, 1)]
    assert float(first[0].log_probabilities[0, 0]) == -0.5


def test_a_place_that_was_not_recorded_is_named(engine: RecordedEngine) -> None:
    with pytest.raises(RecordingError, match=r"page 1: nothing recorded at .*left=500"):
        engine.recognize([crop(1, 500)])
    with pytest.raises(RecordingError, match="no recorded detection"):
        engine.detect(1, np.zeros((1, 1, 3), np.uint8))

"""The engine of the tests: answers recorded from the real one, replayed by page, call and place.

A recording does not hang on exact pixels (another CPU or OpenCV build resamples differently in the last bit): a crop gets the answer of the
recorded crop of the same page and call that it overlaps most. Record again with ``pytest --record`` after a change of cleaning or layout.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.arrays import Bgr
from models.geometry import Box
from models.reading import Engine, Lattice, LineCrop

SAME_PLACE = 0.5
"""Least overlap (intersection over union) of a crop and the recorded one."""


class RecordingError(LookupError):
    """The recording has no answer for this crop."""


@dataclass
class Recording:
    """Every answer an engine gave: recognized crops and detected boxes, by page and call."""

    crops: dict[tuple[int, int], list[tuple[Box, Lattice]]] = field(default_factory=dict)
    detections: dict[tuple[int, int], list[Box]] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write plain arrays (no pickle), log-probabilities as float16."""
        rows = [(page, call, box, lattice) for (page, call), answers in self.crops.items() for box, lattice in answers]
        found = [(page, call, box) for (page, call), boxes in self.detections.items() for box in boxes]
        none = Lattice(np.zeros((0, 1), np.int32), np.zeros((0, 1), np.float32))
        np.savez_compressed(
            path,
            crops=np.array([(page, call, *_corners(box), len(lattice.codes)) for page, call, box, lattice in rows], np.float32),
            codes=np.concatenate([lattice.codes for *_, lattice in rows] or [none.codes]),
            log_probabilities=np.concatenate([lattice.log_probabilities for *_, lattice in rows] or [none.log_probabilities]).astype(
                np.float16
            ),
            detections=np.array([(page, call, *_corners(box)) for page, call, box in found], np.float32).reshape(-1, 6),
            detect_calls=np.array(list(self.detections), np.int32).reshape(-1, 2),
        )

    @classmethod
    def load(cls, path: Path) -> "Recording":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as file:
            arrays: dict[str, NDArray[np.generic]] = dict(file)
        recording = cls(detections={(int(page), int(call)): [] for page, call in arrays["detect_calls"].tolist()})
        codes = arrays["codes"].astype(np.int32)
        log_probabilities = arrays["log_probabilities"].astype(np.float32)
        start = 0
        for page, call, *corners, steps in arrays["crops"].tolist():
            end = start + int(steps)
            answer = Box(*corners), Lattice(codes[start:end].copy(), log_probabilities[start:end].copy())
            recording.crops.setdefault((int(page), int(call)), []).append(answer)
            start = end
        for page, call, *corners in arrays["detections"].tolist():
            recording.detections[int(page), int(call)].append(Box(*corners))
        return recording


class RecordedEngine:
    """Replays a `Recording`; one for each pass over a document."""

    def __init__(self, recording: Recording) -> None:
        """Start before the first call."""
        self._recording = recording
        self._recognized: Counter[int] = Counter()
        self._detected: Counter[int] = Counter()

    def recognize(self, crops: Sequence[LineCrop]) -> list[Lattice]:
        """The recorded lattice of each crop's place."""
        if not crops:
            return []
        page = crops[0].page
        answers = self._recording.crops.get((page, self._recognized[page]), [])
        self._recognized[page] += 1
        used: Counter[int] = Counter()
        return [_closest(crop, answers, used) for crop in crops]

    def detect(self, page: int, image: Bgr) -> list[Box]:  # noqa: ARG002  only the place in the order of calls counts
        """The recorded boxes of this call."""
        call = self._detected[page]
        self._detected[page] += 1
        if (page, call) not in self._recording.detections:
            raise RecordingError(f"page {page}: no recorded detection {call}; run pytest --record")
        return list(self._recording.detections[page, call])


class RecordingEngine:
    """Passes everything on to a real engine and keeps its answers."""

    def __init__(self, engine: Engine) -> None:
        """Record what ``engine`` says."""
        self._engine = engine
        self.recording = Recording()
        self._recognized: Counter[int] = Counter()
        self._detected: Counter[int] = Counter()

    def recognize(self, crops: Sequence[LineCrop]) -> list[Lattice]:
        """Ask the real engine."""
        lattices = self._engine.recognize(crops)
        if crops:
            page = crops[0].page
            key = page, self._recognized[page]
            self._recognized[page] += 1
            self.recording.crops[key] = [(crop.box, lattice) for crop, lattice in zip(crops, lattices, strict=True)]
        return lattices

    def detect(self, page: int, image: Bgr) -> list[Box]:
        """Ask the real engine."""
        boxes = self._engine.detect(page, image)
        self.recording.detections[page, self._detected[page]] = boxes
        self._detected[page] += 1
        return boxes


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def _closest(crop: LineCrop, answers: Sequence[tuple[Box, Lattice]], used: Counter[int]) -> Lattice:
    """The answer at the place of ``crop``; several views of one place were recorded in order and are ``used`` in order."""
    overlaps = [_overlap(crop.box, box) for box, _ in answers]
    best = max(overlaps, default=0.0)
    if best < SAME_PLACE:
        raise RecordingError(f"page {crop.page}: nothing recorded at {crop.box}; run pytest --record")
    chosen = min((index for index, overlap in enumerate(overlaps) if overlap == best), key=lambda index: (used[index], index))
    used[chosen] += 1
    return answers[chosen][1]


def _overlap(one: Box, other: Box) -> float:
    common = one.intersection(other).area
    return common / (one.area + other.area - common) if common else 0.0

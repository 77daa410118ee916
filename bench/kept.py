"""What the recognizer said, kept by the pixels it was shown: nothing that is changed around the recognizer makes it untrue."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from models.arrays import Bgr, Grey
from models.geometry import Box
from models.reading import Engine, Lattice, LineCrop


class KeptEngine:
    """A `models.reading.Engine` that asks another one only what it was never asked. That one is loaded when it is needed."""

    def __init__(self, path: Path, load: Callable[[], Engine]) -> None:
        """Keep answers in the file ``path``."""
        self._path, self._load = path, load

    def recognize(self, crops: Sequence[LineCrop]) -> list[Lattice]:
        """One lattice for each crop, in the same order."""
        known = _read(self._path) if self._path.exists() else {}
        names = [_name(crop.pixels) for crop in crops]
        asked = {name: crop for name, crop in zip(names, crops, strict=True) if name not in known}
        if asked:
            known |= zip(asked, self._load().recognize(list(asked.values())), strict=True)
            _write(self._path, known)
        return [known[name] for name in names]

    def detect(self, page: int, image: Bgr) -> list[Box]:
        """Asks the other one every time."""
        return self._load().detect(page, image)


def _name(pixels: Grey) -> bytes:
    return sha256(repr(pixels.shape).encode() + pixels.tobytes()).digest()


def _read(path: Path) -> dict[bytes, Lattice]:
    with np.load(path, allow_pickle=False) as kept:
        ends = np.cumsum(kept["steps"])[:-1]
        planes = zip(np.split(kept["codes"], ends), np.split(kept["logs"], ends), strict=True)
        return {name.tobytes(): Lattice(codes, logs) for name, (codes, logs) in zip(kept["names"], planes, strict=True)}


def _write(path: Path, known: Mapping[bytes, Lattice]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez(
        part,
        names=np.array([np.frombuffer(name, np.uint8) for name in known]),
        steps=np.array([len(lattice.codes) for lattice in known.values()]),
        codes=np.concatenate([lattice.codes for lattice in known.values()]),
        logs=np.concatenate([lattice.log_probabilities for lattice in known.values()]),
    )
    part.replace(path)

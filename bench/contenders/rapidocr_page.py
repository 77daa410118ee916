"""RapidOCR 3.10, full page, as installed: PP-OCRv6 small on ONNX Runtime, all cores."""

from answering import answer
from rapidocr import RapidOCR

_ENGINE = RapidOCR(params={"Global.log_level": "error"})


def _read(path: str) -> int:
    return len(_ENGINE(path).txts or ())


answer(_read)

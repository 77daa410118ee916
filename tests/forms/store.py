"""Scans into files: image-only PDF, TIFF, PNG, JPEG."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from tests.forms.scan import Stored

_QUALITY = {"office": (72, 90), "phone": (70, 88), "fax": (62, 80), "clean": (90, 95)}


def store(rng: random.Random, scans: Sequence[Stored], stem: Path, dpi: int, kind: str) -> Path:
    """Write ``scans`` as ``stem`` with a suffix; usually a PDF, a single page sometimes PNG or JPEG. Returns the file."""
    images = [_image(scan) for scan in scans]
    quality = rng.randint(*_QUALITY.get(kind, (85, 85)))
    lossy: dict[str, Any] = {} if images[0].mode == "1" else {"quality": quality}
    suffix = _suffix(rng, images)
    path = stem.with_name(stem.name + suffix)
    first, rest = images[0], images[1:]
    match suffix:
        case ".png":
            first.save(path, dpi=(dpi, dpi))
        case ".jpg":
            first.convert("L" if first.mode == "1" else first.mode).save(path, dpi=(dpi, dpi), quality=quality)
        case ".tif":
            packing = "group4" if first.mode == "1" else "jpeg"
            first.save(path, save_all=True, append_images=rest, dpi=(dpi, dpi), compression=packing, **lossy)
        case _:
            first.save(path, save_all=True, append_images=rest, resolution=dpi, **lossy)
    return path


def _suffix(rng: random.Random, images: Sequence[Image.Image]) -> str:
    if len(images) > 1:
        return rng.choices((".pdf", ".tif"), (6, 1))[0]
    if images[0].mode == "1":
        return rng.choices((".pdf", ".tif", ".png"), (3, 1, 1))[0]
    return rng.choices((".pdf", ".png", ".jpg"), (3, 1, 2))[0]


def _image(scan: Stored) -> Image.Image:
    if scan.ndim == 3:
        return Image.fromarray(scan[..., ::-1].copy())
    return Image.fromarray(scan)

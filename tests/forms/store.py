"""Scans into files: image-only PDF, TIFF, PNG, JPEG."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ExifTags, Image

from tests.forms.scan import Stored

_QUALITY = {"office": (72, 90), "phone": (70, 88), "fax": (62, 80), "clean": (90, 95)}
_ORIENTATIONS = {0: 1, 90: 8, 180: 3, 270: 6}  # EXIF values by the clockwise turn that they undo


def choose_quality(rng: random.Random, kind: str) -> int:
    """JPEG quality as such a machine sets it."""
    return rng.randint(*_QUALITY.get(kind, (85, 85)))


def choose_suffix(rng: random.Random, scans: Sequence[Stored]) -> str:
    """Usually ``.pdf``; several pages sometimes ``.tif``, a single page sometimes ``.png`` or ``.jpg``."""
    if len(scans) > 1:
        return rng.choices((".pdf", ".tif"), (6, 1))[0]
    if scans[0].dtype == np.bool_:
        return rng.choices((".pdf", ".tif", ".png"), (3, 1, 1))[0]
    return rng.choices((".pdf", ".png", ".jpg"), (3, 1, 2))[0]


def store(scans: Sequence[Stored], path: Path, dpi: int, quality: int, undone: int = 0) -> Path:
    """Write ``scans`` to ``path``, in the format its suffix names, and return it.

    Colour and grey are compressed as JPEG of ``quality`` in PDF, TIFF and JPEG; black and white as fax group 4. A JPEG file tells its
    viewer to undo a turn of ``undone`` degrees clockwise (0, 90, 180, 270), as cameras do.

    Raises:
        ValueError: several pages for a format that holds one.
    """
    first, *rest = (_image(scan) for scan in scans)
    if rest and path.suffix in (".png", ".jpg"):
        raise ValueError(f"{len(scans)} pages do not fit into {path.name}")
    lossy: dict[str, Any] = {} if first.mode == "1" else {"quality": quality}
    match path.suffix:
        case ".png":
            first.save(path, dpi=(dpi, dpi))
        case ".jpg":
            exif = Image.Exif()
            exif[ExifTags.Base.Orientation] = _ORIENTATIONS[undone]
            first.save(path, dpi=(dpi, dpi), exif=exif, **lossy)
        case ".tif":
            packing = "group4" if first.mode == "1" else "jpeg"
            first.save(path, save_all=True, append_images=rest, dpi=(dpi, dpi), compression=packing, **lossy)
        case _:
            first.save(path, save_all=True, append_images=rest, resolution=dpi, **lossy)
    return path


def _image(scan: Stored) -> Image.Image:
    if scan.ndim == 3:
        return Image.fromarray(scan[..., ::-1].copy())
    return Image.fromarray(scan)

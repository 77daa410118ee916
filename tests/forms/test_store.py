"""Files hold what was scanned."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.forms.generate import seeded
from tests.forms.store import store


@pytest.mark.parametrize("pages", [1, 3])
@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", ["office", "copier"])
def test_every_page_is_stored_in_its_size(tmp_path: Path, kind: str, seed: int, pages: int) -> None:
    scan = np.zeros((90, 60), np.bool_) if kind == "copier" else np.full((90, 60, 3), 200, np.uint8)
    path = store(seeded(str(seed)), [scan] * pages, tmp_path / "a.b", 150, kind)
    assert path.name.startswith("a.b.")
    if path.suffix == ".pdf":
        data = path.read_bytes()
        assert data.count(b"/Subtype /Image") == pages
        assert data.count(b"/Width 60") == pages
        assert b"/Font" not in data
    else:
        with Image.open(path) as image:
            assert image.size == (60, 90)
            assert getattr(image, "n_frames", 1) == pages


def test_blue_stays_blue(tmp_path: Path) -> None:
    scan = np.zeros((40, 40, 3), np.uint8)
    scan[..., 0] = 255
    paths = [store(seeded(str(seed)), [scan], tmp_path / str(seed), 150, "office") for seed in range(12)]
    png = next(path for path in paths if path.suffix == ".png")
    with Image.open(png) as image:
        assert image.getpixel((20, 20)) == (0, 0, 255)

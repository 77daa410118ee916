"""The picture of a page: four panels side by side, whatever the page, and named errors where it cannot be drawn."""

from pathlib import Path

import pytest
from PIL import Image

from models.errors import InstallationError, OutputError
from models.limits import Limits
from service import show
from tests.recorded import RecordedEngine, Recording

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "performance_target_fax.pdf"
PANELS = 4


@pytest.fixture
def engine() -> RecordedEngine:
    return RecordedEngine(Recording.load(ROOT / "tests" / "resources" / "recordings" / f"{SAMPLE.name}.npz"))


def test_every_intermediate_is_drawn_side_by_side(engine: RecordedEngine, tmp_path: Path) -> None:
    show.show_page(SAMPLE, 2, tmp_path / "page.png", engine, Limits())
    with Image.open(tmp_path / "page.png") as picture:
        assert picture.format == "PNG"
        stored, clean, grid, roles = (
            picture.crop((picture.width * i // PANELS, 0, picture.width * (i + 1) // PANELS, picture.height)) for i in range(PANELS)
        )
    assert len({panel.tobytes() for panel in (stored, clean, grid, roles)}) == PANELS
    red, green, blue = (band.getextrema() for band in clean.split())
    assert red == green == blue, "a scan without colour has no seal to tint"
    assert any(low != high for low, high in (band.getextrema() for band in grid.split()))


def test_a_place_that_cannot_be_written_is_named(engine: RecordedEngine, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="--out"):
        show.show_page(SAMPLE, 1, tmp_path / "missing" / "page.png", engine, Limits())


def test_without_a_chinese_font_the_mend_is_named(engine: RecordedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show, "FONTS", ())
    with pytest.raises(InstallationError, match="fonts-wqy-zenhei"):
        show.show_page(SAMPLE, 1, tmp_path / "page.png", engine, Limits())

"""Machines keep sizes, repeat themselves under one seed and leave writing legible."""

import cv2
import numpy as np
import pytest

from models.arrays import Grey
from tests.forms.scan import MACHINES, Sheet
from tests.forms.seal import Spot, stamp


def written() -> Grey:
    """(1100, 800) white with a frame and twelve lines of strokes, black."""
    page = np.full((1100, 800), 255, np.uint8)
    cv2.rectangle(page, (80, 90), (720, 1000), (0,), 2)
    for y in range(160, 1000, 70):
        cv2.putText(page, "1,088,156.00  98.09%", (110, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2)
    return page


def scanned(kind: str, seed: int, seal: str = "") -> np.ndarray[tuple[int, ...], np.dtype[np.uint8 | np.bool_]]:
    page = written()
    return MACHINES[kind].work(np.random.default_rng(seed), Sheet(page, page, 150, seal))


@pytest.mark.parametrize("kind", ["clean", "office", "copier"])
def test_flatbed_machines_keep_the_size(kind: str) -> None:
    assert scanned(kind, 1).shape[:2] == (1100, 800)


def test_fax_is_enlarged_to_the_resolution_it_claims() -> None:
    assert scanned("fax", 1).shape == (round(1100 * 200 / 150), round(800 * 200 / 150))


def test_photograph_shows_desk_around_the_page() -> None:
    picture = scanned("phone", 1)
    assert 800 < picture.shape[1] < 960
    assert 1100 < picture.shape[0] < 1260
    assert picture[:6].mean() < picture[550].mean()


@pytest.mark.parametrize(
    ("kind", "shape", "dtype"), [("office", 3, np.uint8), ("phone", 3, np.uint8), ("fax", 2, np.uint8), ("copier", 2, np.bool_)]
)
def test_colour_grey_and_black_and_white(kind: str, shape: int, dtype: type) -> None:
    page = scanned(kind, 2)
    assert page.ndim == shape
    assert page.dtype == dtype


@pytest.mark.parametrize("kind", MACHINES)
def test_same_seed_same_pixels(kind: str) -> None:
    assert np.array_equal(scanned(kind, 3, "甘泉县文化馆"), scanned(kind, 3, "甘泉县文化馆"))


@pytest.mark.parametrize("kind", sorted(set(MACHINES) - {"clean"}))
def test_another_seed_other_pixels(kind: str) -> None:
    assert not np.array_equal(scanned(kind, 3), scanned(kind, 4))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["office", "copier", "fax"])
def test_ink_survives(kind: str, seed: int) -> None:
    page = scanned(kind, seed)
    grey = page if page.ndim == 2 else page.min(axis=2)
    dark = np.asarray(grey, np.float32) < np.asarray(grey, np.float32).max() * 0.6
    whole = (written() < 128).mean()
    assert 0.6 * whole < dark[60:-60, 60:-60].mean() < 2.0 * whole


def test_seal_reddens_paper_and_leaves_strokes_black() -> None:
    page = np.full((600, 600, 3), 255, np.uint8)
    page[290:310] = 0
    sealed = stamp(np.random.default_rng(1), page, "凤凰县财政局", Spot(0.5, 0.5), 200)
    ink = (sealed != page).any(axis=2)
    assert 0.05 < ink.mean() < 0.4
    assert sealed[ink][:, 2].min() > sealed[ink][:, 0].min()
    assert (sealed[290:310] == 0).all()


def test_seal_may_hang_over_the_edge() -> None:
    page = np.full((300, 300, 3), 255, np.uint8)
    sealed = stamp(np.random.default_rng(1), page, "凤凰县财政局", Spot(0.99, 0.02), 150)
    assert sealed.shape == page.shape
    assert (sealed != page).any()

"""What paper and light add: clouds, grain and plain geometry, all from one seeded generator."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Grey

Field = NDArray[np.float32]


def clouds(rng: np.random.Generator, shape: tuple[int, int], grain: int, low: float, high: float) -> Field:
    """Smooth random field of ``shape`` (H, W), features of about ``grain`` px, values between ``low`` and ``high``."""
    height, width = shape
    coarse = rng.random((height // max(1, grain) + 3, width // max(1, grain) + 3), np.float32)
    field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(low + field * (high - low), min(low, high), max(low, high)), np.float32)


def slope(rng: np.random.Generator, shape: tuple[int, int], low: float) -> Field:
    """Light that falls off in a random direction, from 1 down to ``low``."""
    angle = rng.uniform(0, 2 * np.pi)
    x, y = np.linspace(-1, 1, shape[1], dtype=np.float32), np.linspace(-1, 1, shape[0], dtype=np.float32)
    along = (x[None, :] * np.float32(np.cos(angle)) + y[:, None] * np.float32(np.sin(angle))) / np.float32(1.42)
    return np.asarray(1 - (along + 1) / 2 * np.float32(1 - low), np.float32)


def grain(rng: np.random.Generator, image: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    """``image`` with Gaussian noise of ``sigma`` grey levels, the same in every channel."""
    noise = rng.standard_normal(image.shape[:2], np.float32) * np.float32(sigma)
    spread = noise if image.ndim == 2 else np.asarray(cv2.merge([noise] * image.shape[2]), np.float32)
    return np.asarray(cv2.add(image, spread, dtype=cv2.CV_8U), np.uint8)


def lit(image: NDArray[np.uint8], light: Field) -> NDArray[np.uint8]:
    """``image`` multiplied by ``light`` (H, W)."""
    if image.ndim == 3:
        return np.asarray(cv2.merge([cv2.multiply(channel, light, dtype=cv2.CV_8U) for channel in cv2.split(image)]), np.uint8)
    return np.asarray(cv2.multiply(image, light, dtype=cv2.CV_8U), np.uint8)


def skewed(image: NDArray[np.uint8], degrees: float, shift: tuple[float, float], border: tuple[int, int, int]) -> NDArray[np.uint8]:
    """``image`` turned counter-clockwise about its middle and shifted (px), same size, ``border`` where no paper was."""
    height, width = image.shape[:2]
    matrix = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), np.float64)
    matrix[:, 2] += shift
    return np.asarray(cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=border), np.uint8)


def soften(image: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    """Gaussian blur of ``sigma`` px."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)


def pale(page: Grey, strength: float) -> Grey:
    """Ink at ``strength`` (1 leaves it black)."""
    return np.asarray(255 - (255 - page.astype(np.float32)) * strength, np.uint8)

"""Specks: small dots that belong to no text. A point, a comma, a dash, the rest of a faded stroke stand near other ink and stay."""

import cv2
import numpy as np

from models.arrays import Grey, Mask
from ocr.cleaning.text import character_size, text_mask

_DARK = 20
"""Darkness (0-255) of a px of the reduced picture that belongs to a dot: one black px among nine gives 28."""

_LARGEST = 0.3
"""Longest side of a speck, em. Full stops measure 0.12, the ring of a Chinese one (。) 0.3; dashes 0.5 and more, a 1 is 0.6 high."""

_BLUR = 1
"""Reduced px by which a dot may look longer than it is."""

_REACH_ALONG, _REACH_ACROSS = 3.0, 0.6
"""Half width and half height of the window around a dot in which other ink is looked for, em. With 0.8 and 0.45 the lower dot of a colon
set in the middle of its square and the 、 behind a lone 1 were taken off; specks beside a line cost nothing: lines are cut to their ink."""

_COMPANY = 0.02
"""Ink, in square em, from which on a dot is not alone: a thin 1 has 0.05, of which 0.035 in the window; a second speck as large as a full
stop has 0.011."""


def find_specks(darkness: Grey) -> Mask:
    """Dots without other ink near them.

    Args:
        darkness: (h, w) uint8 reduced picture of the straight page, ink 255, about 100 dpi.

    Returns:
        (h, w) bool, specks with a rim of one px.
    """
    text = text_mask(darkness)
    em = character_size(text)
    if em == 0:
        return np.zeros(darkness.shape, np.bool_)
    window = (2 * round(_REACH_ALONG * em) + 1, 2 * round(_REACH_ACROSS * em) + 1)
    ink = cv2.boxFilter(np.where(text, darkness, 0).astype(np.float32), -1, window, normalize=False, borderType=cv2.BORDER_CONSTANT)
    _, labels, stats, centres = cv2.connectedComponentsWithStats((darkness > _DARK).view(np.uint8), connectivity=8)
    small = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) <= _LARGEST * em + _BLUR
    small[0] = False
    own = np.bincount(labels[text], darkness[text], len(stats))
    x, y = np.rint(centres).astype(int).T
    lonely = small & (ink[y, x] - own < _COMPANY * em * em * 255)
    specks = cv2.dilate(lonely.astype(np.uint8)[labels], np.ones((3, 3), np.uint8))
    return np.asarray(specks > 0, np.bool_)

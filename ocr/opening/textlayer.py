"""The text that a PDF carries, character by character, as far as it is not more than a page can hold."""

import json
import time
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from models.errors import InputError
from models.limits import Limits
from models.textlayer import TextLayer
from ocr.opening.bounded import Allowance, checked, run, text_child
from ocr.opening.sniff import PDF, media_type
from ocr.opening.source import Source, opened

MOST_CHARACTERS = 50_000
"""Of a page. An A3 page of 6.5 point type without any margin has 40,000."""

MOST_PICTURES = 1_000
"""On a page; one that is composed of more is a picture."""

SECONDS = 5
"""For one page. The forms take 0.1 s; what takes longer is no form, and its pixels are there all the same."""

_FRACTIONS = 1_000_000
_REPLACEMENT = "\ufffd"
_NO_TEXT = TextLayer()


def text_layer(path: Path, number: int, limits: Limits) -> TextLayer:
    """The characters that page ``number`` (1-based) of the file at ``path`` carries; none of an image file, or where they cannot be had.

    Args:
        path: any name at all.
        number: 1-based.
        limits: on memory and time; of the time at most `SECONDS`.

    Raises:
        InputError: the file cannot be opened at all.
        InstallationError: PDFium is missing.
    """
    with opened(path, limits) as source:
        if media_type(source.head(), source.name) != PDF:
            return _NO_TEXT
        allowance = Allowance.of(limits)
        try:
            return _told(source, number, replace(allowance, until=min(allowance.until, time.monotonic() + SECONDS)))
        except InputError:  # poppler opened it; without its text it is read from its pixels
            return _NO_TEXT


def _told(source: Source, number: int, allowance: Allowance) -> TextLayer:
    with run(text_child(str(number), str(MOST_CHARACTERS), str(MOST_PICTURES)), source, allowance) as ended:
        return _parsed(checked(ended, source.name).output)


def _parsed(answer: BinaryIO) -> TextLayer:
    """What the child wrote. It may be in a stranger's hands: sizes are checked here again, and whatever does not fit is no text."""
    try:
        facts = json.loads(answer.readline(200))
        count, pictures = int(facts["characters"]), int(facts["pictures"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return _NO_TEXT
    body = answer.read(21 * MOST_CHARACTERS + 16 * MOST_PICTURES + 1)
    if not (0 < count <= MOST_CHARACTERS and 0 <= pictures <= MOST_PICTURES and len(body) == 21 * count + 16 * pictures):
        return _NO_TEXT
    codes = np.frombuffer(body, "<u4", count)
    boxes = np.frombuffer(body, "<i4", 4 * count, 4 * count).reshape(count, 4)
    painted = np.frombuffer(body, np.uint8, count, 20 * count) == 1
    covers = np.frombuffer(body, "<i4", 4 * pictures, 21 * count).reshape(pictures, 4)
    for left, top, right, bottom in covers:
        painted &= (boxes[:, 2] < left) | (boxes[:, 0] > right) | (boxes[:, 3] < top) | (boxes[:, 1] > bottom)
    texts = [_character(code) for code in codes.tolist()]
    painted &= np.array([text != _REPLACEMENT for text in texts], np.bool_)
    return TextLayer("".join(texts), boxes / _FRACTIONS, painted)


def _character(code: int) -> str:
    """The character of ``code``; U+FFFD for what is none: surrogates, private use, unassigned, controls."""
    character = chr(code) if code < 0x110000 else _REPLACEMENT
    return _REPLACEMENT if unicodedata.category(character).startswith("C") else character

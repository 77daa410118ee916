"""From a page as stored to a page that can be read: upright, flat, evenly lit, without seal, specks and surroundings."""

from ocr.cleaning.page import clean

__all__ = ["clean"]

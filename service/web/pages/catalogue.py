"""Every sentence of the pages in Chinese and English, and which of the two a visitor reads."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

COOKIE: Final = "formtally_language"
"""Set by whoever chooses a language; it goes before what the browser asks for."""

_FILE: Final = Path(__file__).with_name("catalogue.toml")


class Language(StrEnum):
    """As `lang` of a page says it; in the order of the catalogue."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


Texts = Mapping[str, str]
"""Sentences by their keys, such as ``login.title``."""


@cache
def texts(language: Language) -> Texts:
    """All sentences in ``language``."""
    place = list(Language).index(language)
    parts = tomllib.loads(_FILE.read_text("utf-8"))
    return MappingProxyType({f"{part}.{key}": both[place] for part, pairs in parts.items() for key, both in pairs.items()})


def say(language: Language, key: str, **values: object) -> str:
    """The sentence of ``key`` with ``values`` put in. They are data: nothing in them is taken for a placeholder.

    Raises:
        KeyError: the catalogue has no such key, or the sentence wants another value.
    """
    return texts(language)[key].format(**values)


def language_of(chosen: str, accepted: str) -> Language:
    """What a visitor reads: what he has chosen, else what his browser likes best of the two (RFC 9110, 12.5.4), else Chinese."""
    if chosen in set(Language):
        return Language(chosen)
    ranked = [(_weight(parameters), tag.strip().lower()) for tag, _, parameters in (each.partition(";") for each in accepted.split(","))]
    for weight, tag in sorted(ranked, key=lambda entry: -entry[0]):
        for language in Language:
            if weight > 0 and tag.partition("-")[0] == language.partition("-")[0]:
                return language
    return Language.CHINESE


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0

"""Sentences: templates of ``words.yaml`` filled with places, numbers, dates and documents."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.forms.words import WORDS, Domain

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a form is about: its field of work, its place and its year."""

    domain: Domain
    place: str
    year: int


def subject(rng: random.Random, year: int) -> Subject:
    """A random field of work at a random place."""
    return Subject(rng.choice(WORDS.domains), rng.choice(WORDS.places), year)


def fill(rng: random.Random, template: str, about: Subject) -> str:
    """``template`` with every slot filled; each slot is drawn anew."""
    return _SLOT.sub(lambda match: _slot(rng, match.group(1), about), template)


def _slot(rng: random.Random, name: str, about: Subject) -> str:
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    match name:
        case "thing":
            return rng.choice(about.domain.things)
        case "act":
            return rng.choice(about.domain.acts)
        case "doc":
            return document(rng, about)
        case "month":
            return rng.choice((f"{month}月", f"{about.year}年{month}月", f"{about.year}.{month}"))
        case "day":
            return rng.choice((f"{about.year}年{month}月{day}日", f"{about.year}-{month:02d}-{day:02d}", f"{about.year}/{month}/{day}"))
    return str(_number(rng, name, about))


def _number(rng: random.Random, name: str, about: Subject) -> str | int:
    values: dict[str, str | int] = {
        "place": about.place,
        "year": about.year,
        "old": about.year - rng.randint(3, 18),
        "n": rng.choice((rng.randint(2, 98), rng.randint(100, 999), rng.randint(1000, 26000))),
        "h": rng.randint(2, 9),
        "pct": rng.choice((f"{rng.randint(60, 99)}%", f"{rng.randint(600, 999) / 10}%", f"{rng.randint(1000, 9999) / 100}%")),
        "small": rng.choice(("0.5%", "1%", "3‰", "2%")),
        "money": rng.choice((f"{rng.randint(2, 99)}", f"{rng.randint(100, 99999) / 100}", f"{rng.randint(1000, 9999) / 10}")),
        "score": f"{rng.randint(8000, 9900) / 100}",
    }
    return values[name]


def document(rng: random.Random, about: Subject) -> str:
    """A decree that nobody has issued, with its number in one of the usual brackets."""
    year, number = about.year - rng.randint(0, 6), rng.randint(2, 418)
    title = f"《关于{fill(rng, rng.choice(WORDS.subjects), about)}的{rng.choice(WORDS.doc_kinds)}》"
    left, right = rng.choice(("〔〕", "〔〕", "〔〕", "[]", "【】"))
    return f"{title}（{rng.choice(WORDS.bodies)}{left}{year}{right}{number}号）"


def passage(rng: random.Random, about: Subject, templates: Sequence[str], most: int) -> str:
    """One to ``most`` sentences; sometimes numbered, and numbered ones sometimes in paragraphs, which a newline divides."""
    chosen = rng.sample(templates, min(len(templates), rng.randint(1, most)))
    sentences = [fill(rng, template, about) for template in chosen]
    if len(sentences) < 2 or rng.random() < 0.55 or sentences[0].startswith("第"):
        return "".join(sentences)
    pattern = rng.choice(("{}、", "{}.", "（{}）", "({})"))
    return rng.choice(("", "\n")).join(pattern.format(i) + text for i, text in enumerate(sentences, 1))

"""Which of many texts are near each other, without comparing all with all.

Texts within a few edits share some of their rarest pairs of neighbouring characters (the prefix filter of Chaudhuri, Ganti and Kaushik,
2006, "A primitive operator for similarity joins in data cleaning"): only those are compared.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from service.audit.names import Difference, difference, distinguishing

RAREST = 5
"""Pairs of characters of a text that are looked up: two edits change at most four."""

COMMONEST = 300
"""Texts that may share a pair of characters which is looked up. It bounds the work on hostile archives; within one unit and one set of
numerals, a real one stays far below."""


def near_pairs(texts: Iterable[str]) -> Iterator[tuple[str, str, Difference]]:
    """Every two different ``texts`` that a slip or another wording parts, each pair once and in order, and how they differ."""
    alike: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        alike[distinguishing(text)].add(text)
    for group in alike.values():
        if len(group) > 1:
            yield from _near(sorted(group))


def _near(texts: list[str]) -> Iterator[tuple[str, str, Difference]]:
    pairs = {text: {one + other for one, other in pairwise(text)} for text in texts}
    count = Counter(pair for found in pairs.values() for pair in found)
    holders: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        for pair in pairs[text]:
            holders[pair].append(text)
    found: set[tuple[str, str]] = set()
    for text in texts:
        for pair in sorted(pairs[text], key=lambda pair: (count[pair], pair))[:RAREST]:
            if 1 < count[pair] <= COMMONEST:
                found.update((min(text, other), max(text, other)) for other in holders[pair] if other != text)
    for one, other in sorted(found):
        if (how := difference(one, other)) is not Difference.OTHER:
            yield one, other, how

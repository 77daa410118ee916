"""What the views of a line that was read in several ways say together.

The views of a line are not independent, they share the paper and the network. Their probabilities are multiplied (logarithmic opinion
pool, Genest and Zidek, 1986, "Combining Probability Distributions", section 3) with an exponent that makes all of them count as
`INDEPENDENT` observations.
"""

from collections.abc import Sequence
from math import exp, log

from postprocess.beam import WIDTH, Hypothesis

INDEPENDENT = 2.0
"""As how many independent observations all views of a line count."""

UNSEEN = 1e-4
"""Least share of a text in a view, offered or not: no single view rules out what the others see."""


def pooled(found: Sequence[Sequence[Hypothesis]]) -> tuple[Hypothesis, ...]:
    """The texts that any view offers with what all views say of them together, best first, at most `postprocess.beam.WIDTH`.

    Views share out the geometric mean of what each of them gives to all of its texts: less than 1 where a grammar left out what the
    pixels say best. A view that offers nothing says nothing of which text it is, but lowers what is shared out.

    Args:
        found: readings of each view, best first.
    """
    telling = [readings for readings in found if readings]
    if len(found) <= 1 or not telling:
        return tuple(telling[0]) if telling else ()
    weight = min(1.0, INDEPENDENT / len(telling))
    said = [_shared(readings) for readings in telling]
    texts = dict.fromkeys(text for each in said for text in each)
    logs = {text: weight * sum(log(max(UNSEEN, each.get(text, 0.0))) for each in said) for text in texts}
    top = max(logs.values())
    mass = exp(sum(log(max(UNSEEN, sum(each.probability for each in readings))) for readings in found) / len(found))
    total = sum(exp(value - top) for value in logs.values()) / min(1.0, mass)
    ranked = sorted(logs, key=lambda text: (-logs[text], text))[:WIDTH]
    return tuple(Hypothesis(text, exp(logs[text] - top) / total) for text in ranked)


def _shared(readings: Sequence[Hypothesis]) -> dict[str, float]:
    """The share of each text among all of ``readings``."""
    total = sum(each.probability for each in readings)
    return {each.text: each.probability / total for each in readings}

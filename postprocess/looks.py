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
"""Greatest probability of a text that a view does not offer at all."""


def pooled(found: Sequence[Sequence[Hypothesis]]) -> tuple[Hypothesis, ...]:
    """The texts that any view offers with what all views say of them together, best first, at most `postprocess.beam.WIDTH`.

    Args:
        found: readings of each view, best first.
    """
    if len(found) == 1:
        return tuple(found[0])
    weight = min(1.0, INDEPENDENT / len(found)) if found else 0.0
    said = [{each.text: each.probability for each in readings} for readings in found]
    least = [_least(readings) for readings in found]
    texts = dict.fromkeys(text for each in said for text in each)
    logs = {text: weight * sum(log(max(each.get(text, floor), floor)) for each, floor in zip(said, least, strict=True)) for text in texts}
    other = weight * sum(log(max(1 - sum(each.values()), floor)) for each, floor in zip(said, least, strict=True))
    top = max([other, *logs.values()])
    total = exp(other - top) + sum(exp(value - top) for value in logs.values())
    ranked = sorted(logs, key=lambda text: (-logs[text], text))[:WIDTH]
    return tuple(Hypothesis(text, exp(logs[text] - top) / total) for text in ranked)


def _least(readings: Sequence[Hypothesis]) -> float:
    """Greatest probability of a text that is not among ``readings``: that of the last one kept, if some were dropped."""
    return min(UNSEEN, readings[-1].probability) if len(readings) == WIDTH else UNSEEN

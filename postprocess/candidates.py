"""What else a number or date may be: every well-formed reading that its pixels support, for deciding numbers jointly.

Probabilities are those of the lattice, divided among the readings that may stand on paper: a text that is not well formed is
`postprocess.evidence.ILL_FORMED` times less likely to be printed than one that is.
"""

from collections.abc import Iterable, Sequence
from math import exp, log

from models.form import Alternative, Candidate, Value
from models.matched import Piece, Slot
from models.template import ValueKind
from postprocess.evidence import ILL_FORMED, MOST, SHOWN, Evidence, is_word, well_formed
from postprocess.grammar import Grammar
from postprocess.values import parse_value, says_nothing
from postprocess.views import views

NEGLIGIBLE = 1e-6
"""Least probability of a candidate. A form has some 400 digits: what was left out is wrong on one form in 2,500 at the most."""

LONE_ONE = 0.01
"""How much less likely an amount or rate is to be 1 than any other that the pixels offer: of the 200 on the nine genuine forms none is, and
some cells are struck out with a stroke."""

CONFUSED_STROKE = 0.1
"""Least share of a lone 1 that goes to a slash, which stands in empty cells. Of 39 slashes on 24 drawn scans the recognizer read 32 as 1,
nine of them with about 0.01 left for the slash. A true 1 is a weight or score, which sums confirm."""


def candidates(slot: Slot, kind: ValueKind, grammar: Grammar, free: Evidence, evidence: Evidence) -> tuple[Candidate, ...]:
    """The values that ``slot`` may print, best first; none where it is blank, a word, or not read from its lattice.

    Texts of one value with as many decimals are one candidate; that of ``evidence``, if it is among them, stands for it.

    Args:
        slot: its lines are put together.
        kind: of the value.
        grammar: of that kind, with the marks for no value.
        free: the slot as read without any grammar.
        evidence: the slot as read under one, before any rule is asked.
    """
    if not views(_inked(slot)) or (is_word(evidence.text) and not says_nothing(evidence.text, kind)):
        return ()
    found = {reading.text: reading.probability for reading in well_formed(slot, grammar, free)}
    offered = _with_stroke(found if evidence.text in found else {evidence.text: evidence.confidence} | found, kind)
    return _normalized(_by_value(evidence.text, kind, offered.items()))


def _with_stroke(found: dict[str, float], kind: ValueKind) -> dict[str, float]:
    """``found`` where a slash is at least `CONFUSED_STROKE` as probable as a lone one, and this as rare as it is on paper."""
    one = found.get("1", 0.0)
    if one == 0.0:
        return found
    rare = LONE_ONE if kind in (ValueKind.AMOUNT, ValueKind.PERCENT) else 1.0
    return found | {"1": rare * one, "/": max(found.get("/", 0.0), CONFUSED_STROKE * one)}


def sharpened(evidence: Evidence, known: Sequence[Candidate]) -> Evidence:
    """``evidence`` with the probabilities that remain where what is not well formed is set aside.

    Of what else was read, the candidates keep theirs, all others are `ILL_FORMED` times less likely.
    """
    shares = {candidate.text: exp(candidate.log_probability) for candidate in known}
    if evidence.text not in shares:
        return evidence
    free = {other.text: other.confidence * ILL_FORMED for other in evidence.alternatives}
    others = {text: share for text, share in (free | shares).items() if text != evidence.text and share >= SHOWN}
    ranked = sorted(others.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST]
    share = shares[evidence.text]
    return Evidence(evidence.text, share, tuple(Alternative(text, other) for text, other in ranked))


def _inked(slot: Slot) -> list[Piece]:
    return [piece for piece in slot.pieces if piece.text.strip()]


def _by_value(first: str, kind: ValueKind, readings: Iterable[tuple[str, float]]) -> list[tuple[str, Value, float]]:
    """Text, value and probability of each value, that of the text ``first`` under this text."""
    groups: dict[str, tuple[str, Value, float]] = {}
    for text, share in readings:
        value = parse_value(text, kind)
        if value is None and not says_nothing(text, kind):
            continue
        held, _, sum_before = groups.get(str(value), (text, value, 0.0))
        groups[str(value)] = (first if text == first else held), value, sum_before + share
    return list(groups.values())


def _normalized(readings: list[tuple[str, Value, float]]) -> tuple[Candidate, ...]:
    known = sum(share for _, _, share in readings)
    total = known + ILL_FORMED * max(0.0, 1.0 - known)
    kept = [(text, value, share / total) for text, value, share in readings if share / total >= NEGLIGIBLE]
    return tuple(Candidate(text, value, log(share)) for text, value, share in sorted(kept, key=lambda entry: (-entry[2], entry[0])))

"""The three readers: one form, the same lattices, decided in three ways. All that the bench asks of ``postprocess`` is asked here."""

from collections.abc import Mapping
from dataclasses import replace

from bench.repair.printed import TEMPLATE, kind_of, matched
from models.form import Field, Form, Status
from models.geometry import Size, Straightening
from models.matched import Slot
from postprocess.check import check
from postprocess.evidence import weigh
from postprocess.places import Place, cells_of, updated
from postprocess.reassemble import reassemble
from postprocess.values import parse_value, says_nothing
from tests.forms.contents import SelfEvaluation

READERS = ("plain", "grammar", "joint")
"""Plain: the best path of each number, taken as it is. Grammar: what number's grammar makes of its lattice, nothing decided together.
Joint: the product."""

PLAIN_ACCEPTS = 0.95
"""Probability from which the plain reader accepts a number that it understands."""

_FRAME = Straightening(Size(6000, 6000), Size(6000, 6000))


def readings(form: SelfEvaluation, seen: Mapping[Place, Slot]) -> dict[str, Form]:
    """``form``, its numbers ``seen`` so, as each of the `READERS` gives it, checked by its rules."""
    whole = reassemble(matched(form, seen), TEMPLATE, {1: _FRAME})
    alone = {place: replace(field, candidates=()) for place, field in cells_of(whole).items()}
    plain = alone | {place: _plain(seen[place], alone[place], place) for place in seen}
    return {
        "plain": check(updated(whole, plain), TEMPLATE),
        "grammar": check(updated(whole, alone), TEMPLATE),
        "joint": check(whole, TEMPLATE),
    }


def _plain(slot: Slot, field: Field, place: Place) -> Field:
    evidence = weigh(slot)
    kind = kind_of(place)
    value = parse_value(evidence.text, kind)
    understood = value is not None or says_nothing(evidence.text, kind)
    read = Status.READ if understood and evidence.confidence >= PLAIN_ACCEPTS else Status.DOUBTFUL
    status = read if evidence.text else field.status
    return replace(field, text=evidence.text, value=value, confidence=evidence.confidence, status=status)

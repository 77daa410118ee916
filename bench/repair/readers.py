"""The readers: one form, the same lattices, decided in different ways. All that the bench asks of ``postprocess`` is asked here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bench.repair.printed import TEMPLATE, kind_of, matched
from models.form import Field, Form, Status
from models.geometry import Size, Straightening
from models.matched import MatchedForm, Slot
from models.reading import AskedLine
from postprocess.check import check
from postprocess.evidence import weigh
from postprocess.places import Place, cells_of, updated
from postprocess.reassemble import reassemble
from postprocess.second_look import Looks, lines_in_doubt, with_looks
from postprocess.values import parse_value, says_nothing
from tests.forms.contents import SelfEvaluation

READERS = ("plain", "grammar", "joint", "second look")
"""Plain: the best path of each number, taken as it is. Grammar: what the number's grammar makes of its lattice, nothing decided together.
Joint: all numbers decided together. These three decode the same lattices. Second look: joint, the lines in doubt read again, as the product
does."""

Look = Callable[[Sequence[AskedLine]], Looks]
"""Looks again at lines."""

PLAIN_ACCEPTS = 0.95
"""Probability from which the plain reader accepts a number that it understands."""

_FRAME = Straightening(Size(6000, 6000), Size(6000, 6000))
_FRAMES = {1: _FRAME, 2: _FRAME}


def readings(form: SelfEvaluation, seen: Mapping[Place, Slot], look: Look) -> dict[str, Form]:
    """``form``, its numbers ``seen`` so, as each of the `READERS` gives it, checked by its rules."""
    found = matched(form, seen)
    whole = _typed(found)
    alone = {place: replace(field, candidates=()) for place, field in cells_of(whole).items()}
    plain = alone | {place: _plain(seen[place], alone[place], place) for place in seen}
    joint = check(whole, TEMPLATE)
    looks = look(lines_in_doubt([found], [joint]))
    return {
        "plain": check(updated(whole, plain), TEMPLATE),
        "grammar": check(updated(whole, alone), TEMPLATE),
        "joint": joint,
        "second look": check(_typed(with_looks(found, looks)), TEMPLATE) if looks else joint,
    }


def _typed(found: MatchedForm) -> Form:
    return reassemble(found, TEMPLATE, _FRAMES)


def _plain(slot: Slot, field: Field, place: Place) -> Field:
    evidence = weigh(slot)
    kind = kind_of(place)
    value = parse_value(evidence.text, kind)
    understood = value is not None or says_nothing(evidence.text, kind)
    read = Status.READ if understood and evidence.confidence >= PLAIN_ACCEPTS else Status.DOUBTFUL
    status = read if evidence.text else field.status
    return replace(field, text=evidence.text, value=value, confidence=evidence.confidence, status=status)

"""Rules of a template: from plain values to typed data, every reference resolved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from layouts.template_file import schema
from layouts.template_file.faults import Fault, Place
from layouts.template_file.names import ANY, Names, resolve
from layouts.template_file.shaped import shaped
from models.template import (
    AtMostRule,
    EqualsRule,
    OrderedRule,
    ProductRule,
    RatioRule,
    Ref,
    RequiredIfRule,
    RequiredRule,
    Rule,
    SumRule,
    ValueKind,
)


@dataclass(frozen=True, slots=True)
class _Refs:
    """The resolved references of one rule by key."""

    found: dict[str, tuple[Ref, ...]]

    def one(self, key: str) -> Ref:
        return self.found[key][0]

    def all(self, key: str) -> tuple[Ref, ...]:
        return self.found[key]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of rule: the key that tells it, its shape in the file, and how it is built from that shape."""

    key: str
    shape: type[BaseModel]
    build: Callable[[Any, _Refs], Rule]
    row_by_row: bool = False


_RULES = (
    _Kind("sum", schema.SumShape, lambda r, refs: SumRule(r.id, r.severity, refs.one("sum"), refs.all("parts"))),
    _Kind("ratio", schema.RatioShape, lambda r, refs: RatioRule(r.id, r.severity, *map(refs.one, ("ratio", "of", "to"))), True),
    _Kind(
        "product",
        schema.ProductShape,
        lambda r, refs: ProductRule(r.id, r.severity, *map(refs.one, ("product", "factor", "rate", "of", "to"))),
        True,
    ),
    _Kind(
        "at_most",
        schema.AtMostShape,
        lambda r, refs: AtMostRule(r.id, r.severity, refs.one("at_most"), refs.one("limit"), r.not_negative),
        True,
    ),
    _Kind("equals", schema.EqualsShape, lambda r, refs: EqualsRule(r.id, r.severity, refs.one("equals"), r.value)),
    _Kind("earlier", schema.OrderedShape, lambda r, refs: OrderedRule(r.id, r.severity, *map(refs.one, ("earlier", "later", "year")))),
    _Kind(
        "when_less",
        schema.RequiredIfShape,
        lambda r, refs: RequiredIfRule(r.id, r.severity, *map(refs.one, ("required", "when_less", "than"))),
        True,
    ),
    _Kind("required", schema.RequiredShape, lambda r, refs: RequiredRule(r.id, r.severity, refs.all("required"))),
)
"""Of the kinds whose key is present the first holds."""

_NUMBERS = frozenset(kind for kind in ValueKind if kind.numeric)
_ALLOWED = {
    "earlier": frozenset({ValueKind.DATE}),
    "later": frozenset({ValueKind.DATE}),
    "year": frozenset({ValueKind.YEAR}),
    "required": ANY,
}
"""What a reference may point at; numbers where the key is not named."""

_OTHER_KEYS = frozenset({"id", "severity", "not_negative", "value"})


def read_rules(values: Sequence[object], names: Names, place: Place, faults: list[Fault]) -> tuple[Rule, ...]:
    """All rules of the list at ``place`` that are right; what is wrong with the others goes to ``faults``."""
    rules = (_rule(value, names, (*place, i), faults) for i, value in enumerate(values))
    return tuple(rule for rule in rules if rule is not None)


def _rule(value: object, names: Names, place: Place, faults: list[Fault]) -> Rule | None:
    keys = value if isinstance(value, dict) else {}
    kind = next((kind for kind in _RULES if kind.key in keys), None)
    if kind is None:
        known = ", ".join(kind.key for kind in _RULES if kind.key != "when_less")
        faults.append(Fault(place, f"rule of unknown kind: it needs one of {known}"))
        return None
    rule = shaped(kind.shape, value, place, faults)
    refs = _resolved(rule, names, place, faults) if rule is not None else None
    if refs is not None and kind.row_by_row and len({ref.table for found in refs.found.values() for ref in found}) > 1:
        faults.append(Fault(place, "this kind of rule holds row by row: all its references must be fields, or all of one table"))
        return None
    return kind.build(rule, refs) if refs is not None else None


def _resolved(rule: BaseModel, names: Names, place: Place, faults: list[Fault]) -> _Refs | None:
    found: dict[str, tuple[Ref, ...]] = {}
    complete = True
    for key, value in rule.model_dump(exclude=set(_OTHER_KEYS)).items():
        written = [((*place, key), value)] if isinstance(value, str) else [((*place, key, i), text) for i, text in enumerate(value)]
        refs = [_reference(text, _ALLOWED.get(key, _NUMBERS), names, where, faults) for where, text in written]
        found[key] = tuple(ref for ref in refs if ref is not None)
        complete &= len(found[key]) == len(refs)
    return _Refs(found) if complete else None


def _reference(text: str, allowed: frozenset[ValueKind], names: Names, place: Place, faults: list[Fault]) -> Ref | None:
    target = resolve(text, names, place, faults)
    if target is None:
        return None
    ref, kinds = target
    if not kinds & allowed:
        faults.append(Fault(place, f"{text!r} is of kind {', '.join(kinds)}, but here stands one of {', '.join(sorted(allowed))}"))
        return None
    return ref

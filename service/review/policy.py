"""Rules about people: how many it takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from models.errors import UsageError
from postprocess.places import Place
from service.pipeline import templates
from service.review.changes import Approve, Change, KeyField, Return, SetField, SplitRow
from service.review.steps import Taken, counting


@dataclass(frozen=True, slots=True)
class Policy:
    """What an office asks for.

    Attributes:
        two_people: whoever approves has changed nothing himself.
        double_keyed: names of fields and columns (``total_score``, ``executed``) that two people key, neither seeing what the other did.
    """

    two_people: bool = False
    double_keyed: frozenset[str] = frozenset()

    def asked(self, change: Change) -> tuple[Change, ...]:
        """``change`` as this policy takes it: what is keyed once is one of two keyings, also where a row is split for it."""
        match change:
            case SetField() if self.is_double_keyed(change.path):
                return (KeyField(change.path, change.text),)
            case SplitRow():
                return tuple(self._split(change))
            case _:
                return (change,)

    def _split(self, change: SplitRow) -> Iterator[Change]:
        """The cells that two people key are blank in both rows until they have."""
        rows = (change.upper, change.lower)
        upper, lower = ({name: "" if name in self.double_keyed else text for name, text in row.items()} for row in rows)
        yield replace(change, upper=upper, lower=lower)
        for row, texts in enumerate(rows, change.row):
            yield from (KeyField(str(Place(name, change.table, row)), text) for name, text in texts.items() if name in self.double_keyed)

    def is_double_keyed(self, path: str) -> bool:
        """Whether two people key the field at ``path``."""
        return path.rpartition(".")[2] in self.double_keyed

    def may_approve(self, user: str, steps: Iterable[Taken]) -> bool:
        """Whether ``user`` may approve a form on which ``steps`` were taken."""
        return not self.two_people or user not in editors(steps)


ONE_PERSON = Policy()
"""Whoever corrects may approve."""


def policy_of(two_people: bool, double_keyed: Iterable[str]) -> Policy:
    """The policy that settings ask for.

    Raises:
        UsageError: no template has a field or column of such a name.
    """
    names = frozenset(name.strip() for name in double_keyed) - {""}
    known = {field.name for template in templates().values() for field in template.fields}
    known |= {column.name for template in templates().values() for table in template.tables for column in table.columns}
    if unknown := sorted(names - known):
        raise UsageError(f"No form has a field {unknown[0]!r} that two people could key.", f"Name some of {', '.join(sorted(known))}.")
    return Policy(two_people, names)


def editors(steps: Iterable[Taken]) -> frozenset[str]:
    """Who made the changes that count; what two have keyed alike has had its second person."""
    made = (made for step in counting(tuple(steps)) for made in step.changes)
    return frozenset(each.user for each in made if not isinstance(each.change, Approve | Return | KeyField))

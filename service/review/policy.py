"""Rules about people: how many it takes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from postprocess.places import Place
from service.review.changes import Approve, Change, KeyField, Return, SetField, SplitRow, Undo
from service.review.steps import Made, Taken, counting


@dataclass(frozen=True, slots=True)
class Policy:
    """What an office asks for.

    Attributes:
        two_people: whoever approves has changed nothing himself.
        double_keyed: names of fields and columns (``total_score``, ``executed``) that two people key on every form under review, also
            where the machine is sure, neither seeing what the other did.
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
            keyed = {name: text for name, text in texts.items() if name in self.double_keyed and text}  # nothing typed is nothing keyed
            yield from (KeyField(str(Place(name, change.table, row)), text) for name, text in keyed.items())

    def is_double_keyed(self, path: str) -> bool:
        """Whether two people key the field at ``path``."""
        return path.rpartition(".")[2] in self.double_keyed

    def may_approve(self, user: str, steps: Iterable[Taken]) -> bool:
        """Whether ``user`` may approve a form on which ``steps`` were taken."""
        return not self.two_people or user not in editors(steps)


ONE_PERSON = Policy()
"""Whoever corrects may approve."""


def editors(steps: Iterable[Taken]) -> frozenset[str]:
    """Who made the changes that count; what two have keyed alike has had its second person."""
    made = (made for step in counting(tuple(steps)) for made in step.changes)
    return frozenset(each.user for each in made if not isinstance(each.change, Approve | Return | KeyField))


def approvers(steps: Sequence[Taken]) -> frozenset[str]:
    """By whom a form stands approved on which ``steps`` were taken; nobody where it does not."""
    return frozenset(made.user for step in counting(steps)[-1:] for made in step.changes if isinstance(made.change, Approve))


def may_undo(user: str, version: int, steps: Sequence[Taken]) -> bool:
    """Whether ``user`` may undo the step that made ``version``, the last of ``steps`` that can be.

    An approval counts again by whoever gave it, for he may have withdrawn it. What was done on top of one that still stands, whoever did
    it may take away as well: he says nothing that was not said.
    """
    undone = next(step for step in steps if step.version == version)
    left = (*steps, Taken(steps[-1].version + 1, "", (Made(Undo(version), user),)))
    approved_by, his_own = approvers(left), not undone.undoes and all(made.user == user for made in undone.changes)
    return not approved_by or user in approved_by or his_own

"""What was done to a form so far, read from the history, and which of it counts.

A step is all that one person did at once; it made one version of the record. Steps are undone last in, first out: so every step that
counts was taken on the record that the counting steps before it make.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models.errors import StoreDamagedError
from service.review.changes import Arrange, Change, Undo, change_of
from service.store.schema import CORRECTIONS
from service.store.writing import Record


@dataclass(frozen=True, slots=True)
class Made:
    """A change that somebody made, and why."""

    change: Change
    user: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """One step.

    Attributes:
        version: of the record that it made.
        at: when, ISO 8601.
        changes: in their order.
    """

    version: int
    at: str
    changes: tuple[Made, ...]

    @property
    def undoes(self) -> int:
        """The version that it undoes; 0 where it undoes none."""
        first = self.changes[0].change
        return first.version if isinstance(first, Undo) else 0


def steps_of(connection: Connection, document: str, number: int) -> tuple[Taken, ...]:
    """Every step taken on a form, in their order."""
    mine = (CORRECTIONS.c.document == document, CORRECTIONS.c.form == number)
    steps: list[Taken] = []
    for row in connection.execute(select(CORRECTIONS).where(*mine).order_by(CORRECTIONS.c.id)):
        made = _made(row)
        if steps and steps[-1].version == row.version:
            steps[-1] = Taken(row.version, row.at, (*steps[-1].changes, made))
        else:
            steps.append(Taken(row.version, row.at, (made,)))
    return tuple(steps)


def counting(steps: Sequence[Taken]) -> tuple[Taken, ...]:
    """Those of ``steps`` that count: neither undone nor an undo."""
    return tuple(_played(steps)[0])


def undoable(steps: Sequence[Taken]) -> int:
    """The version that an undo would undo: that of the last step that counts; 0 where there is none."""
    return done[-1].version if (done := _played(steps)[0]) else 0


def redoable(steps: Sequence[Taken]) -> int:
    """The version of the undo that is to be undone next, so that what it undid counts again; 0 where something new was done since."""
    return undone[-1][1].version if (undone := _played(steps)[1]) else 0


def _played(steps: Sequence[Taken]) -> tuple[list[Taken], list[tuple[Taken, Taken]]]:
    """The steps that count; and those that do not with the undo of each, the next to count again last."""
    done: list[Taken] = []
    undone: list[tuple[Taken, Taken]] = []
    for step in steps:
        if not step.undoes:
            done.append(step)
            undone.clear()
        elif done and step.undoes == done[-1].version:
            undone.append((done.pop(), step))
        elif undone and step.undoes == undone[-1][1].version:
            done.append(undone.pop()[0])
        else:
            raise StoreDamagedError(
                f"Version {step.version} undoes version {step.undoes}, which was not the last.", "Run `formtally history verify`."
            )
    return done, undone


def since_arranged(steps: Sequence[Taken]) -> tuple[Arrange | None, tuple[Made, ...]]:
    """How the form was last arranged by a person, None where by the machine; and the changes that count since."""
    arranged: Arrange | None = None
    changes: list[Made] = []
    for made in _changes(counting(steps)):
        if isinstance(made.change, Arrange):
            arranged, changes = made.change, []
        else:
            changes.append(made)
    return arranged, tuple(changes)


def _changes(steps: Iterable[Taken]) -> Iterable[Made]:
    return (made for step in steps for made in step.changes)


def _made(row: Record) -> Made:
    return Made(change_of(row.action, row.path, row.text, row.payload), row.user, row.reason)

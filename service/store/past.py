"""What persons have corrected on one form, read back from the history."""

from dataclasses import dataclass

from sqlalchemy import select

from service.store.opening import Store
from service.store.schema import CORRECTIONS


@dataclass(frozen=True, slots=True)
class PastCorrection:
    """A correction that was made.

    Attributes:
        at: when, ISO 8601.
        user: who made it.
        version: of the record that it made.
        path: of the field.
        text_before: as it stood.
        text: as it stands since.
        reason: why; may be empty.
    """

    at: str
    user: str
    version: int
    path: str
    text_before: str
    text: str
    reason: str


def corrections_of(store: Store, document: str, number: int) -> tuple[PastCorrection, ...]:
    """Every correction of a form, the oldest first.

    Args:
        store: where it stands.
        document: SHA-256 of its original, hex.
        number: of the form, from 1.

    Raises:
        StoreError: the database cannot be read.
    """
    whose = (CORRECTIONS.c.document == document, CORRECTIONS.c.form == number)
    with store.database.reading() as connection:
        rows = connection.execute(select(CORRECTIONS).where(*whose).order_by(CORRECTIONS.c.id))
        return tuple(PastCorrection(row.at, row.user, row.version, row.path, row.text_before, row.text, row.reason) for row in rows)

"""Results of earlier runs: which of them still stand, so that nothing is read twice."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import ValidationError

from models.errors import PageLostError, TooHungryError, TooLargeError, TooManyPagesError, TooSlowError
from models.limits import Limits
from service.document_json import parse_json
from service.document_shape import DocumentJson
from service.naming import SUMMARY, WORKBOOK

_BY_LIMITS = frozenset({TooHungryError.code, TooLargeError.code, TooManyPagesError.code, TooSlowError.code})
"""Problems that other limits may undo."""

_BY_CHANCE = frozenset({PageLostError.code})
"""Problems that another try may undo."""


def earlier_result(path: Path) -> DocumentJson | None:
    """The document JSON at ``path``; None where there is none."""
    try:
        return parse_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a result the same: the same bytes, read by the same version, and nothing to gain from trying again."""

    sha256: str
    version: str
    limits: Limits

    def still_stands(self, record: DocumentJson) -> bool:
        """Whether ``record`` is what reading again would give."""
        codes = {problem.code for problem in record.problems}
        refused_for_limits = not codes.isdisjoint(_BY_LIMITS) and record.reader.limits.model_dump() != asdict(self.limits)
        return (
            bool(self.sha256)
            and (record.source.sha256, record.reader.version) == (self.sha256, self.version)
            and not refused_for_limits
            and codes.isdisjoint(_BY_CHANCE)
        )


def belongs(record: DocumentJson | None, sha256: str, origin: str) -> bool:
    """Whether an earlier result is of the input at ``origin`` or of the same bytes; another's must not be overwritten."""
    return record is not None and (record.source.path == origin or (bool(sha256) and record.source.sha256 == sha256))


def is_result(path: Path, out: Path) -> bool:
    """Whether ``path`` is something that an earlier run wrote into ``out``."""
    if not str(path).startswith(f"{out}{os.sep}"):
        return False
    return path in (out / WORKBOOK, out / SUMMARY) or (path.suffix == ".json" and earlier_result(path) is not None)

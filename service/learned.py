"""What an office has taught its reader: a folder that `formtally learn` fills and a person hands over, checked before it counts."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from models.errors import UsageError
from postprocess.calibration import Calibration, Trust, builtin_calibration, parse_calibration, trust
from postprocess.proposals import NO_WORDS, Lexicon, parse_lexicon
from service.wording import display

CALIBRATION, LEXICON = "calibration.json", "lexicon.json"

MOST_BYTES: Final = 32 << 20
"""Of one file: the largest lexicon is smaller."""

_REMEDY: Final = "Have `formtally learn --write` write it anew, or leave --learned out."

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Learned:
    """What is read by.

    Attributes:
        calibration: of the office, or the one that comes with the program.
        through: last day whose approvals it has counted, ISO 8601; empty where none.
        lexicon: of the office; empty where it has none.
    """

    calibration: Calibration
    through: str
    lexicon: Lexicon


def learned_trust(target_error: float, folder: str) -> Trust:
    """What is accepted where the share ``target_error`` (0-1) of it may be wrong, by what stands in ``folder``.

    Raises:
        UsageError: see `learned_from`.
    """
    found = learned_from(folder)
    return trust(target_error, found.calibration, found.lexicon)


def learned_from(folder: str) -> Learned:
    """What stands in ``folder``. A file that is not there leaves what comes with the program; where ``folder`` is empty, all does.

    Raises:
        UsageError: the folder holds neither file, or one that is not what it should be.
    """
    if not folder:
        return Learned(builtin_calibration(), "", NO_WORDS)
    place = Path(folder)
    counted = _read(place / CALIBRATION, _counted)
    lexicon = _read(place / LEXICON, parse_lexicon)
    if counted is None and lexicon is None:
        raise UsageError(f"The folder {display(place)!r} holds nothing that was learned.", _REMEDY)
    calibration, through = counted if counted is not None else (builtin_calibration(), "")
    return Learned(calibration, through, lexicon if lexicon is not None else NO_WORDS)


def _counted(text: str) -> tuple[Calibration, str]:
    """A calibration, and the last day that it has counted."""
    through = json.loads(text)["fitted_on"].get("through", "")
    return parse_calibration(text), date.fromisoformat(through).isoformat() if through else ""


def _read(path: Path, parse: Callable[[str], _T]) -> _T | None:
    """What ``parse`` makes of a file; None where there is none."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise UsageError(f"The file {display(path)!r} is too large.", _REMEDY)
        return parse(content.decode())
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError) as error:
        raise UsageError(f"The file {display(path)!r} cannot be used: {type(error).__name__}: {error}.", _REMEDY) from error

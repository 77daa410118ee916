"""What a run may cost, from options, then environment variables, then defaults. Standard library only: ``--help`` must be quick."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from models.errors import UsageError
from models.limits import Limits

WORKER_MEGABYTES = 1024
"""A worker that holds more after a page is replaced. A loaded one holds about 500 MB and should stay below 700."""

TARGET_ERROR = "0.001"
"""The share of accepted fields that may be wrong, as an option says it; the same as `postprocess.calibration.TARGET_ERROR`."""

TARGET_ERROR_OPTION, TARGET_ERROR_VARIABLE = "--target-error", "FORMTALLY_TARGET_ERROR"
TARGET_ERROR_HELP = "share of accepted fields that may be wrong; what is less sure is left to a person"

LEARNED_OPTION, LEARNED_VARIABLE = "--learned", "FORMTALLY_LEARNED"
LEARNED_HELP = "folder that `formtally learn --write` has filled, to read by"

CHECK_SHARE = "0"
"""The share of clear forms that a person looks at all the same, as an option says it."""

CHECK_SHARE_OPTION, CHECK_SHARE_VARIABLE = "--check-share", "FORMTALLY_CHECK_SHARE"
CHECK_SHARE_HELP = "share of clear forms, drawn at random, that a person looks at all the same"

MOST_ERROR = 0.1
"""Nobody wants more than one field in ten wrong; a larger number was meant as percent."""

_LARGEST = 1_000_000_000
"""No setting beyond this is meant."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One number that can be set.

    Attributes:
        option: on the command line.
        name: in `Limits`, or of its own.
        default: where neither option nor variable is given.
        help: one line, with the unit.
    """

    option: str
    name: str
    default: int
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that stands for the option."""
        return "FORMTALLY_" + self.option.removeprefix("--").replace("-", "_").upper()


_DEFAULT = Limits()
SETTINGS = (
    Setting("--max-pages", "pages", _DEFAULT.pages, "pages a document may have"),
    Setting("--max-megapixels", "megapixels", _DEFAULT.megapixels, "millions of pixels a page may have"),
    Setting("--page-seconds", "seconds_a_page", _DEFAULT.seconds_a_page, "seconds for opening a page, and again for reading it"),
    Setting("--page-megabytes", "megabytes", _DEFAULT.megabytes, "memory of the process that opens a page, MB"),
    Setting("--max-file-megabytes", "file_megabytes", _DEFAULT.file_megabytes, "size of a file, MB"),
    Setting("--worker-megabytes", "worker_megabytes", WORKER_MEGABYTES, "memory above which a worker is replaced after its page, MB"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """One run of ``formtally digitize``.

    Attributes:
        inputs: files and folders as given.
        out: folder for the results.
        workers: processes.
        limits: what one input may cost.
        worker_megabytes: a worker that holds more after a page is replaced.
        target_error: share of accepted fields that may be wrong (0-1).
        learned: folder of what an office has taught; empty where nothing.
    """

    inputs: tuple[Path, ...]
    out: Path
    workers: int
    limits: Limits
    worker_megabytes: int = WORKER_MEGABYTES
    target_error: float = float(TARGET_ERROR)
    learned: str = ""


def positive(text: str, name: str) -> int:
    """A whole number from 1.

    Raises:
        UsageError: ``text`` is none; the message starts with ``name``.
    """
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:12]) <= _LARGEST:
        raise UsageError(f"{name} must be a whole number from 1 to {_LARGEST}, not {text!r}.", "See `formtally digitize --help`.")
    return int(text)


def target_error(option: str | None, environment: Mapping[str, str]) -> float:
    """The share of accepted fields that may be wrong: from the option, else from the environment, else `TARGET_ERROR`.

    Raises:
        UsageError: it is no share between 0 and `MOST_ERROR`.
    """
    name, text = TARGET_ERROR_OPTION, option
    if text is None:
        name, text = TARGET_ERROR_VARIABLE, environment.get(TARGET_ERROR_VARIABLE, TARGET_ERROR)
    if re.fullmatch(r"0?\.[0-9]{1,9}|0", text, re.ASCII) is None or not float(text) <= MOST_ERROR:
        wanted = f"{name} must be a share from 0 to {MOST_ERROR}, such as {TARGET_ERROR}, not {text!r}."
        raise UsageError(wanted, "See `formtally digitize --help`.")
    return float(text)


def learned(option: str | None, environment: Mapping[str, str]) -> str:
    """The folder of what an office has taught, absolute: from the option, else from the environment; empty where neither names one."""
    named = option if option is not None else environment.get(LEARNED_VARIABLE, "")
    return str(Path(named).absolute()) if named else ""


def check_share(option: str | None, environment: Mapping[str, str]) -> float:
    """The share of clear forms that a person looks at all the same: from the option, else from the environment, else `CHECK_SHARE`.

    Raises:
        UsageError: it is no share between 0 and 1.
    """
    name, text = CHECK_SHARE_OPTION, option
    if text is None:
        name, text = CHECK_SHARE_VARIABLE, environment.get(CHECK_SHARE_VARIABLE, CHECK_SHARE)
    if re.fullmatch(r"0?\.[0-9]{1,9}|0|1", text, re.ASCII) is None:
        raise UsageError(f"{name} must be a share from 0 to 1, such as 0.02, not {text!r}.", "See `formtally worker --help`.")
    return float(text)


def setting_values(options: Mapping[str, str | None], environment: Mapping[str, str]) -> dict[str, int]:
    """Every setting by name: from ``options`` (by name, None where not given), else from ``environment``, else its default.

    Raises:
        UsageError: a value is no whole number from 1.
    """

    def value(setting: Setting) -> int:
        if (given := options.get(setting.name)) is not None:
            return positive(given, setting.option)
        if (given := environment.get(setting.variable)) is not None:
            return positive(given, setting.variable)
        return setting.default

    return {setting.name: value(setting) for setting in SETTINGS}


def limits_of(values: Mapping[str, int]) -> Limits:
    """The `Limits` among ``values``."""
    return Limits(**{field.name: values[field.name] for field in fields(Limits)})

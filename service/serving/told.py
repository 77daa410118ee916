"""What a process that answers is told by the one that starts it, on its command line."""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

METRICS_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Of its environment: the folder in which processes count together (prometheus_client)."""


@dataclass(frozen=True, slots=True)
class Told:
    """What it inherits, and how many share the work.

    Attributes:
        channel: descriptor through which connections come (`service.serving.dealing`).
        sign: descriptor of a `service.serving.sign.Sign`: whether anything reads documents.
        processes: that answer side by side, itself among them.
    """

    channel: int
    sign: int
    processes: int


def options_of(told: Told) -> list[str]:
    """``told`` as options; the inverse of `told_by`."""
    return ["--channel", str(told.channel), "--sign", str(told.sign), "--processes", str(told.processes)]


def told_by(arguments: Sequence[str]) -> tuple[Told, list[str]]:
    """What a command line tells, and the rest of it."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    for name in ("--channel", "--sign", "--processes"):
        parser.add_argument(name, type=int, required=True)
    found, rest = parser.parse_known_args(arguments)
    return Told(found.channel, found.sign, found.processes), rest

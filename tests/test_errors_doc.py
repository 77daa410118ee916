"""docs/errors.md lists every error code with its exit code, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

from models.errors import FormTallyError

_DOC = Path(__file__).parents[1] / "docs" / "errors.md"
_ROW = re.compile(r"^\| `(\w+)` \| (.+) \| (.+) \| (\d+) \|$", re.MULTILINE)


def _family(root: type[FormTallyError]) -> Iterator[type[FormTallyError]]:
    yield root
    for child in root.__subclasses__():
        yield from _family(child)


def test_every_code_stands_in_the_table_with_its_exit_code_and_no_other() -> None:
    told = [(code, int(status)) for code, _, _, status in _ROW.findall(_DOC.read_text(encoding="utf-8"))]
    ours = {error for error in _family(FormTallyError) if error.__module__ == FormTallyError.__module__}
    assert sorted(told) == sorted((error.code, int(error.exit_code)) for error in ours)


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in _family(FormTallyError)]
    assert len(codes) == len(set(codes))

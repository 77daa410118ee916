"""An archive of nothing but hostile files: the run comes to its end, and each file has its named outcome."""

from pathlib import Path

import pytest

from models.errors import ExitCode, WrongSuffixError
from models.limits import Limits
from service.digitizing import digitize
from service.document_json import parse_json
from service.document_shape import DocumentJson
from service.settings import Settings
from tests.hostile import HostileCase, write_hostile
from tests.service.opening_reader import OPENING


def _told(document: DocumentJson) -> tuple[str | None, int, str]:
    """Code of the first error, its page, code of the warning."""
    errors = [problem for problem in document.problems if problem.code != WrongSuffixError.code]
    warning = WrongSuffixError.code if len(errors) < len(document.problems) else ""
    return (errors[0].code, errors[0].page, warning) if errors else (None, 0, warning)


def _expected(case: HostileCase) -> tuple[str | None, int, str]:
    return case.expected, case.page, case.warning


def test_a_run_over_hostile_files_names_the_outcome_of_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    cases = write_hostile(folder)
    outcomes, exit_code = digitize(Settings((folder,), tmp_path / "out", 2, Limits()), OPENING)
    assert exit_code is ExitCode.INPUT
    outputs = {outcome.file.path: tmp_path / "out" / outcome.output for outcome in outcomes}
    assert len(set(outputs.values())) == len(cases)
    wrong = []
    for case in cases:
        told = _told(parse_json(outputs[case.path].read_bytes()))
        if told != _expected(case):
            wrong.append((case.name, told))
    assert wrong == []
    printed = capsys.readouterr()
    assert all(character.isprintable() for line in (printed.out + printed.err).splitlines() for character in line)

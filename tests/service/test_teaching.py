"""``formtally learn``, and a reader that takes up what it wrote."""

import json
from pathlib import Path

import pytest

from models.errors import UsageError
from models.form import Review
from models.limits import Limits
from postprocess.calibration import TARGET_ERROR, builtin_calibration, trust
from service.cli import main
from service.learned import CALIBRATION, LEXICON, learned_from, learned_trust
from service.learning.calibrating import LEAST_FIELDS
from service.learning.taking_in import take_in
from service.pipeline_reader import PipelineReader
from service.reader import PIPELINE, ReaderSpec, open_reader
from service.store.home import find_home
from service.store.opening import open_store
from service.store.schema import TALLIES
from tests.service.learning.samples import approve, form, number, read


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An archive in which four forms were approved, three of them drawn."""
    place = tmp_path / "home"
    with open_store(find_home(str(place), None, None, {})) as store:
        for count in range(4):
            machine = form(
                {"total_score": number("98"), "department": read("某局", 1)}, review=Review.CLEAR if count else Review.NEEDS_REVIEW
            )
            approve(store, f"{count}", machine, form({"total_score": number("93"), "department": read("某局", 1)}), share=1.0)
    return place


def add_readings(home: Path, count: int) -> None:
    """Let people have looked at ``count`` figures of the surest, none of them wrong, yesterday or before."""
    with open_store(find_home(str(home), None, None, {})) as store:
        take_in(store)
        row = {"subject": "sure", "name": "figure\tonce\t0.9999\t0.02", "period": "d2024-03-01", "count": count, "wrong": 0}
        with store.database.writing() as connection:
            connection.execute(TALLIES.insert(), row)


def test_the_figures_are_printed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "--home", str(home)]) == 0
    said = capsys.readouterr().out
    assert "forms that needed no person: 3 of 4, 75.00%" in said
    assert "accepted fields that were wrong, by random checks: 3 of 6, 50.00%" in said
    assert "read 8 for 3: 4" in said


def test_with_too_few_readings_no_calibration_is_written(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "learned"
    assert main(["learn", "--home", str(home), "--write", str(out)]) == 0
    assert "The calibration stays" in capsys.readouterr().out
    assert [path.name for path in out.iterdir()] == [LEXICON]
    assert learned_from(str(out)).lexicon.words["department"] == {"某局": "某局"}


def test_what_is_written_is_read_by_and_says_so_in_the_version(home: Path, tmp_path: Path) -> None:
    add_readings(home, 40 * LEAST_FIELDS)
    out = tmp_path / "learned"
    assert main(["learn", "--home", str(home), "--write", str(out)]) == 0
    found = learned_from(str(out))
    assert found.calibration != builtin_calibration()
    assert found.through
    spec = ReaderSpec(PIPELINE, Limits(), TARGET_ERROR, str(out))
    versions = {open_reader(spec).version, PipelineReader(Limits(), TARGET_ERROR).version}
    (out / CALIBRATION).unlink()
    assert len(versions | {open_reader(spec).version}) == 3


def test_what_was_counted_is_not_counted_again(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_readings(home, 40 * LEAST_FIELDS)
    out = tmp_path / "learned"
    main(["learn", "--home", str(home), "--write", str(out)])
    before = (out / CALIBRATION).read_bytes()
    capsys.readouterr()
    assert main(["learn", "--home", str(home), "--write", str(out), "--learned", str(out)]) == 0
    assert "The calibration stays" in capsys.readouterr().out
    assert (out / CALIBRATION).read_bytes() == before


def test_without_a_folder_the_program_reads_as_it_comes() -> None:
    assert learned_trust(TARGET_ERROR, "") == trust(TARGET_ERROR)


CURVES = json.loads((Path(__file__).parents[2] / "postprocess" / "calibration.json").read_text("utf-8"))["curves"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (CALIBRATION, "{"),
        (CALIBRATION, "[]"),
        (CALIBRATION, json.dumps({"fitted_on": {}, "curves": {}})),
        (CALIBRATION, json.dumps({"fitted_on": {"through": "soon"}, "curves": CURVES})),
        (CALIBRATION, json.dumps({"fitted_on": {}, "curves": CURVES | {"figure": []}})),
        (CALIBRATION, json.dumps({"fitted_on": {}, "curves": CURVES | {"figure": [[0, 1, 2]]}})),
        (CALIBRATION, json.dumps({"fitted_on": {}, "curves": CURVES | {"figure": [[0.5, 2, 1]]}})),
        (CALIBRATION, json.dumps({"fitted_on": {}, "curves": CURVES | {"figure": [[0, 2, 1], [0, 2, 1]]}})),
        (CALIBRATION, '{"fitted_on": {}, "curves": NaN}'),
        (LEXICON, json.dumps({"schema": "formtally/lexicon/9"})),
        (LEXICON, "[" * 100_000),
        (LEXICON, "\udc80"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_by_its_name(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match=name):
        learned_from(str(tmp_path))


def test_a_folder_that_holds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing that was learned"):
        PipelineReader(Limits(), TARGET_ERROR, str(tmp_path))


@pytest.mark.parametrize("option", ["--from", "--to"])
def test_a_day_that_is_none_is_refused(home: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "--home", str(home), option, "yesterday"]) == 1
    assert option in capsys.readouterr().err

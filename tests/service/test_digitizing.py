"""Whole runs, with a reader whose inputs say what shall happen."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from models.errors import ExitCode, InstallationError, OutputError
from models.limits import Limits
from service import answers, digitizing, pool
from service.digitizing import digitize
from service.machine import resident_megabytes
from service.outcome import Outcome
from service.settings import Settings
from tests.service.planned_reader import PLANNED, PREPARE, PlannedReader, pages_read


def _put(folder: Path, **plans: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, plan in plans.items():
        (folder / f"{name}.pdf").write_text(plan)
    return folder


def _run(folder: Path, *, workers: int = 2, limits: Limits | None = None, megabytes: int = 1000) -> tuple[tuple[Outcome, ...], ExitCode]:
    settings = Settings((folder,), folder.parent / "out", workers, limits or Limits(), megabytes)
    return digitize(settings, PLANNED)


def _json(folder: Path, name: str) -> Any:
    return json.loads((folder.parent / "out" / name).read_bytes())


def _problems(folder: Path, name: str) -> list[tuple[int, str]]:
    return [(problem["page"], problem["code"]) for problem in _json(folder, name)["problems"]]


def _pages(folder: Path, name: str) -> list[int]:
    return [page for form in _json(folder, name)["forms"] for page in form["pages"]]


def test_every_input_gets_its_document_and_the_run_its_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _put(tmp_path / "in", a="pages=3", b="pages=1")
    (folder / "Thumbs.db").touch()
    outcomes, exit_code = _run(folder)
    assert exit_code is ExitCode.OK
    assert [outcome.output.name for outcome in outcomes] == ["a.json", "b.json"]
    assert _pages(folder, "a.json") == [1, 2, 3]
    summary = _json(folder, "summary.json")
    assert (summary["exit_code"], summary["finished"], summary["version"]["reader"]) == (0, True, "planned-1")
    assert [entry["output"] for entry in summary["inputs"]] == ["a.json", "b.json"]
    assert [(entry["path"], entry["reason"]) for entry in summary["ignored"]] == [(f"{folder}/Thumbs.db", "hidden or left by a system")]
    assert (summary["totals"]["pages"], summary["totals"]["forms"], summary["totals"]["clear"]) == (4, 4, 4)
    assert (tmp_path / "out/forms.xlsx").is_file()
    printed = capsys.readouterr()
    assert sorted(printed.out.splitlines()) == [
        f"read: {folder}/a.pdf: 3 forms on 3 pages, 3 clear, 0 to review -> a.json",
        f"read: {folder}/b.pdf: 1 form on 1 page, 1 clear, 0 to review -> b.json",
    ]
    assert "2 inputs: 4 forms, 4 clear, 0 to review." in printed.err


def test_bad_inputs_are_named_and_the_rest_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _put(tmp_path / "in", a="pages=1", damaged="?", empty="", foreign="pages=1 inspect=fail")
    assert _run(folder)[1] is ExitCode.INPUT
    assert _pages(folder, "a.json") == [1]
    assert _problems(folder, "damaged.json") == [(0, "input_damaged")]
    assert _problems(folder, "empty.json") == [(0, "input_empty")]
    assert _problems(folder, "foreign.json") == [(0, "page_unreadable")]
    states = {entry["output"]: entry["status"] for entry in _json(folder, "summary.json")["inputs"]}
    assert states == {"a.json": "read", "damaged.json": "failed", "empty.json": "failed", "foreign.json": "failed"}
    complaints = capsys.readouterr().err
    assert f"{folder}/damaged.pdf: input_damaged: 'damaged.pdf' is no plan. Write one." in complaints
    assert "ZeroDivisionError: page inspect" in complaints
    assert "3 inputs could not be read, or not wholly" in complaints


def test_an_input_that_is_not_there(tmp_path: Path) -> None:
    outcomes, exit_code = digitize(Settings((tmp_path / "missing.pdf",), tmp_path / "out", 1, Limits()), PLANNED)
    assert exit_code is ExitCode.INPUT
    assert [problem.code for problem in outcomes[0].problems] == ["input_not_found"]
    assert json.loads((tmp_path / "out/missing.json").read_bytes())["forms"] == []


def test_a_page_costs_only_itself(tmp_path: Path) -> None:
    folder = _put(tmp_path / "in", a="pages=4 1=damaged 3=fail", b="pages=1 1=damaged")
    _run(folder)
    assert _pages(folder, "a.json") == [2, 4]
    assert _problems(folder, "a.json") == [(1, "input_damaged"), (3, "page_unreadable")]
    assert _problems(folder, "b.json") == [(1, "input_damaged")]
    assert [entry["status"] for entry in _json(folder, "summary.json")["inputs"]] == ["partly", "failed"]


def test_a_worker_that_dies_is_replaced_and_its_page_tried_once_more(tmp_path: Path) -> None:
    folder = _put(tmp_path / "in", a="pages=3 2=die-once", b="pages=2 1=die", c="pages=1")
    assert _run(folder)[1] is ExitCode.INPUT
    assert _pages(folder, "a.json") == [1, 2, 3]
    assert _problems(folder, "a.json") == []
    assert _pages(folder, "b.json") == [2]
    assert _problems(folder, "b.json") == [(1, "page_lost")]
    assert pages_read(folder).count("b.pdf 1") == 2
    assert _pages(folder, "c.json") == [1]


def test_a_worker_that_dies_over_a_whole_input(tmp_path: Path) -> None:
    folder = _put(
        tmp_path / "in", a="pages=1 inspect=die", b="pages=1 inspect=die-once", c="pages=1 assemble=die", d="pages=1 assemble=die-once"
    )
    _run(folder)
    assert _problems(folder, "a.json") == [(0, "page_lost")]
    assert _pages(folder, "b.json") == [1]
    assert _problems(folder, "c.json") == [(0, "page_lost")]
    assert _pages(folder, "d.json") == [1]


@pytest.mark.parametrize("accident", ["die", "fail", "damaged", "hang"])
def test_a_second_look_that_goes_wrong_costs_nothing_that_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accident: str) -> None:
    monkeypatch.setattr(answers, "_SECONDS_A_KEPT_PAGE", 1)
    folder = _put(tmp_path / "in", a=f"pages=2 look={accident}")
    _run(folder, limits=Limits(seconds_a_page=1))
    assert _pages(folder, "a.json") == [1, 2]
    assert _problems(folder, "a.json") == []


def test_a_page_over_its_time_is_ended_and_named(tmp_path: Path) -> None:
    folder = _put(tmp_path / "in", a="pages=2 1=hang")
    begun = time.monotonic()
    _run(folder, limits=Limits(seconds_a_page=1))
    assert time.monotonic() - begun < 10
    assert _problems(folder, "a.json") == [(1, "input_too_slow")]
    assert _pages(folder, "a.json") == [2]


def test_a_page_that_wants_too_much_memory_is_named(tmp_path: Path) -> None:
    folder = _put(tmp_path / "in", a="pages=2 1=hoard")
    _run(folder, workers=1)
    assert _problems(folder, "a.json") == [(1, "input_too_hungry")]
    assert _pages(folder, "a.json") == [2]


def test_an_error_that_is_not_the_inputs_ends_the_run_and_the_summary_says_so(tmp_path: Path) -> None:
    folder = _put(tmp_path / "in", a="pages=1", b="pages=1 1=broken")
    with pytest.raises(InstallationError, match="weights"):
        _run(folder, workers=1)
    summary = _json(folder, "summary.json")
    assert (summary["exit_code"], summary["finished"]) == (3, False)
    assert [entry["output"] for entry in summary["inputs"]] == ["a.json"]


def test_a_recognizer_that_does_not_load_is_a_fault_of_the_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREPARE, "no such network")
    with pytest.raises(InstallationError, match="no such network"):
        _run(_put(tmp_path / "in", a="pages=1"), workers=1)


def test_a_library_that_does_not_load_is_a_fault_of_the_installation(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match=r"tests\.nothing"):
        digitize(Settings((tmp_path,), tmp_path / "out", 1, Limits()), "tests.nothing:Reader")


def test_a_full_disk_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="disk is full"):
        _run(_put(tmp_path / "in", a="pages=1 1=full"), workers=1)


def test_workers_that_cannot_start_are_a_fault_of_the_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "serve", os.abort)
    with pytest.raises(InstallationError, match="Worker processes end"):
        _run(_put(tmp_path / "in", a="pages=1"), workers=1)


def test_a_worker_that_has_grown_is_replaced_after_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[int] = []

    def measure(process: int) -> int:
        measured.append(process)
        return resident_megabytes(process)

    monkeypatch.setattr(pool, "resident_megabytes", measure)
    folder = _put(tmp_path / "in", a="pages=4 2=grow")
    assert _run(folder, workers=1, megabytes=200)[1] is ExitCode.OK
    first, second = sorted(set(measured), key=measured.index)
    assert measured == [first] * 3 + [second] * 3  # inspecting and two pages; two pages and putting together
    assert pages_read(folder) == ["a.pdf 1", "a.pdf 2", "a.pdf 3", "a.pdf 4"]


def test_a_second_run_does_nothing_but_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _put(tmp_path / "in", a="pages=2", b="pages=1 1=damaged", empty="")
    first = _run(folder)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir() if path.is_file()}
    second = _run(folder)
    assert second[1] is first[1] is ExitCode.INPUT
    assert len(pages_read(folder)) == 3
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert "Nothing to do: 3 inputs done already" in capsys.readouterr().err


def test_a_changed_input_is_read_again_and_only_that(tmp_path: Path) -> None:
    folder = _put(tmp_path / "in", a="pages=1", b="pages=1")
    _run(folder)
    _put(folder, b="pages=2")
    outcomes, _ = _run(folder)
    assert [outcome.unchanged for outcome in outcomes] == [True, False]
    assert _pages(folder, "b.json") == [1, 2]
    assert _json(folder, "summary.json")["totals"]["forms"] == 3


def test_another_version_of_the_reader_reads_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _put(tmp_path / "in", a="pages=1")
    _run(folder)
    monkeypatch.setattr(PlannedReader, "version", "planned-2")
    assert not _run(folder)[0][0].unchanged


def test_a_lost_page_is_tried_again_by_the_next_run(tmp_path: Path) -> None:
    folder = _put(tmp_path / "in", a="pages=1 1=die")
    _run(folder)
    _run(folder)
    assert len(pages_read(folder)) == 4


def test_what_limits_refused_is_tried_again_under_others(tmp_path: Path) -> None:
    folder = _put(tmp_path / "in", a="pages=1 1=slow", b="pages=1 1=hang")
    _run(folder, limits=Limits(seconds_a_page=1))
    assert _problems(folder, "b.json") == [(1, "input_too_slow")]
    again, _ = _run(folder, limits=Limits(seconds_a_page=1))
    assert [outcome.unchanged for outcome in again] == [True, True]
    _put(folder, b="pages=1 1=slow")
    under_others, _ = _run(folder, limits=Limits(seconds_a_page=2))
    assert [outcome.unchanged for outcome in under_others] == [True, False]


def test_kept_pages_that_are_damaged_are_read_again(tmp_path: Path) -> None:
    folder = _put(tmp_path / "in", a="pages=2 2=broken")
    with pytest.raises(InstallationError):
        _run(folder, workers=1)
    (kept,) = (path for path in (tmp_path / "out/.formtally/pages").rglob("*") if path.is_file())
    kept.write_bytes(b"torn")
    _put(folder, a="pages=2 2=broken")
    with pytest.raises(InstallationError):
        _run(folder, workers=1)
    assert pages_read(folder) == ["a.pdf 1", "a.pdf 2", "a.pdf 2"]


def test_two_folders_with_the_same_names_overwrite_nothing(tmp_path: Path) -> None:
    first, second = _put(tmp_path / "2019", a="pages=1"), _put(tmp_path / "2020", a="pages=2")
    out = tmp_path / "out"
    digitize(Settings((first, second), out, 1, Limits()), PLANNED)
    assert _pages(first, "a.json") == [1]
    assert _pages(first, "a.pdf.json") == [1, 2]
    digitize(Settings((second,), out, 1, Limits()), PLANNED)
    assert _pages(first, "a.json") == [1]
    third = _put(tmp_path / "2021", a="pages=3")
    digitize(Settings((third,), out, 1, Limits()), PLANNED)
    assert _pages(first, "a.json") == [1]
    assert _pages(first, "a.pdf~2.json") == [1, 2, 3]


@pytest.mark.parametrize("out", ["in/out", "in"])
def test_the_output_may_lie_inside_the_input_or_be_it(tmp_path: Path, out: str) -> None:
    folder = _put(tmp_path / "in", a="pages=1")
    for _ in range(2):
        outcomes, exit_code = digitize(Settings((folder,), tmp_path / out, 1, Limits()), PLANNED)
        assert exit_code is ExitCode.OK
        assert [outcome.file.relative.name for outcome in outcomes] == ["a.pdf"]


def test_one_content_under_two_names(tmp_path: Path) -> None:
    folder = _put(tmp_path / "in", a="pages=2 1=slow", b="pages=2 1=slow")
    _run(folder)
    assert _pages(folder, "a.json") == _pages(folder, "b.json") == [1, 2]
    assert _json(folder, "b.json")["source"]["name"] == "b.pdf"


def test_an_input_that_changes_while_it_is_read_is_reported(tmp_path: Path) -> None:
    folder = _put(tmp_path / "in", a="pages=1 assemble=append")
    _run(folder)
    assert _problems(folder, "a.json") == [(0, "input_damaged")]
    assert "changed while it was read" in _json(folder, "a.json")["problems"][0]["message"]


def test_names_that_could_steer_a_terminal_are_printed_harmlessly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in (b"line\nbreak.pdf", b"\x1b[31mred.pdf", b"\xc4\xea.pdf", "右\u202eleft.pdf".encode(), b"[bold]markup.pdf"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text("pages=1")
    assert _run(folder)[1] is ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert all(character.isprintable() for line in lines for character in line)
    names = [Path(entry["input"]).name for entry in _json(folder, "summary.json")["inputs"]]
    assert names == ["\x1b[31mred.pdf", "[bold]markup.pdf", "line\nbreak.pdf", "\\xc4\\xea.pdf", "右\u202eleft.pdf"]


def test_no_input_at_all_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    assert _run(tmp_path / "in") == ((), ExitCode.OK)
    assert "No input was found." in capsys.readouterr().err


def test_pages_are_kept_only_while_they_are_needed(tmp_path: Path) -> None:
    folder = _put(tmp_path / "in", a="pages=2", b="pages=1 1=damaged")
    _run(folder)
    assert [path.name for path in (tmp_path / "out/.formtally").rglob("*") if path.is_file()] == ["lock"]


def test_a_name_too_long_and_a_way_through_a_loop_of_links_are_inputs_not_found(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    given = (tmp_path / ("x" * 300), tmp_path / "loop" / "a.pdf")
    outcomes, exit_code = digitize(Settings(given, tmp_path / "out", 1, Limits()), PLANNED)
    assert exit_code is ExitCode.INPUT
    assert [[problem.code for problem in outcome.problems] for outcome in outcomes] == [["input_not_found"]] * 2


def test_an_interruption_after_the_last_input_leaves_no_summary_that_says_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _put(tmp_path / "in", a="pages=1")
    _run(folder)
    _put(folder, b="pages=1")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(digitizing, "write_workbook", interrupted)
        with pytest.raises(KeyboardInterrupt):
            _run(folder)
    summary = _json(folder, "summary.json")
    assert (summary["exit_code"], summary["finished"]) == (130, False)
    assert [entry["output"] for entry in summary["inputs"]] == ["a.json", "b.json"]
    _run(folder)
    assert _json(folder, "summary.json")["finished"] is True

"""Where results are written."""

import os
from pathlib import Path, PurePath

import pytest

from service.inputs import InputFile
from service.naming import Names


def _claim(names: Names, *inputs: str) -> list[str]:
    files = (InputFile(Path("/in") / name, PurePath(name), PurePath(name)) for name in inputs)
    return [str(names.claim(file, lambda _: False)) for file in files]


def test_results_lie_as_their_inputs_do(tmp_path: Path) -> None:
    assert _claim(Names(tmp_path), "a.pdf", "2020/环保/b.tiff", "noend") == ["a.json", "2020/环保/b.json", "noend.json"]


def test_inputs_of_one_stem_keep_apart(tmp_path: Path) -> None:
    assert _claim(Names(tmp_path), "a.pdf", "a.png", "a.png", "a.png") == ["a.json", "a.png.json", "a.png~2.json", "a.png~3.json"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("summary.pdf", "forms.pdf"), ("a.pdf", "a.json/b.pdf"), ("forms.xlsx/a.pdf", "b.pdf"), (".formtally/a.pdf", "summary.json/a.pdf")],
)
def test_no_result_stands_in_the_way_of_another_or_of_the_runs_own_files(tmp_path: Path, first: str, second: str) -> None:
    own = ["summary.json", "forms.xlsx", ".formtally/lock"]
    for name in own + _claim(Names(tmp_path), first, second):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        with (tmp_path / name).open("x"):  # fails where a file or folder is there already
            pass


def test_what_lies_there_already_is_kept_unless_it_is_of_the_same_input(tmp_path: Path) -> None:
    (tmp_path / "a.json").touch()
    file = InputFile(Path("/in/a.pdf"), PurePath("a.pdf"), PurePath("a.pdf"))
    assert str(Names(tmp_path).claim(file, lambda _: False)) == "a.pdf.json"
    assert str(Names(tmp_path).claim(file, lambda path: path == tmp_path / "a.json")) == "a.json"


def test_names_as_long_as_the_file_system_allows(tmp_path: Path) -> None:
    long = "长" * 83 + ".pdf"  # 253 bytes; with .json 254
    longer = "x" * 251 + ".pdf"  # 255 bytes; with .json 256
    other = "x" * 250 + "y.pdf"
    names = _claim(Names(tmp_path), long, longer, other)
    assert names[0] == "长" * 83 + ".json"
    assert len(set(names)) == 3
    for name in names:
        (tmp_path / name).touch()


def test_folders_nested_deeper_than_a_path_can_say(tmp_path: Path) -> None:
    deep = "/".join(["folder"] * 600)
    names = _claim(Names(tmp_path), f"{deep}/a.pdf", f"{deep}/more/a.pdf")
    assert len(set(names)) == 2
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xc4\xea\xb6\xc8.pdf")  # 年度 as GBK
    assert _claim(Names(tmp_path), name) == [os.fsdecode(b"\xc4\xea\xb6\xc8.json")]

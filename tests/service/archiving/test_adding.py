"""What becomes a document, and what is told of where it was found."""

from pathlib import Path

import pytest

from models.errors import UsageError
from models.limits import Limits
from service.archiving.adding import add, path_pattern, told_by
from service.store.documents import State
from service.store.opening import Store
from service.store.reading import document, documents_in
from tests.service.archiving.conftest import Write

PATTERN = r"(?P<year>20\d\d)/(?P<unit>[^/]+)/"


def test_the_same_bytes_are_one_document_with_every_place_it_was_found(store: Store, write: Write, tmp_path: Path) -> None:
    write("a.pdf", "pages=1")
    write("copy/b.pdf", "pages=1")
    write("c.pdf", "pages=2")
    first = [each.registered.known for each in add(store, [tmp_path / "scans"], None, Limits()) if each.registered]
    again = [each.registered.known for each in add(store, [tmp_path / "scans"], None, Limits()) if each.registered]
    assert first == [False, False, True]
    assert again == [True, True, True]
    found = [document(store, sha256) for sha256 in documents_in(store, State.WAITING)]
    assert sorted(tuple(Path(path).name for path in each.paths) for each in found if each) == [("a.pdf", "b.pdf"), ("c.pdf",)]


def test_droppings_are_passed_over_and_links_out_of_the_folder_refused(store: Store, write: Write, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_text("pages=1")
    write("Thumbs.db", "x")
    write("~$a.pdf", "x")
    (tmp_path / "scans" / "link.pdf").symlink_to(secret)
    (added,) = add(store, [tmp_path / "scans"], None, Limits())
    assert added.registered is None
    assert added.refusal is not None
    assert added.refusal.code == "input_outside_folder"
    assert list(documents_in(store, State.WAITING)) == []


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/scans/2020/环境监察/a.pdf", (2020, "环境监察")),
        ("/scans/1820/环境监察/a.pdf", (None, "")),
        ("/scans/a.pdf", (None, "")),
    ],
)
def test_a_path_tells_year_and_unit(path: str, told: tuple[int | None, str]) -> None:
    assert told_by(path_pattern(PATTERN), Path(path)) == told


@pytest.mark.parametrize("pattern", ["(?P<year>20", r"20\d\d"])
def test_a_pattern_that_tells_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(UsageError):
        path_pattern(pattern)

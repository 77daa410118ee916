"""Pages that the machine has read the wrong way up, turned by a person."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from models.content import PageContent
from models.errors import NothingToUndoError, StaleVersionError, UsageError
from service import content_file
from service.document_json import form_to_json
from service.pipeline import assemble
from service.review.acting import Office, Seen
from service.review.arranging import undo_arrangement, without_page
from service.review.changes import SetField
from service.review.decider import Decider
from service.review.turning import Turn, others_of, turn_page, turned_pages
from service.store.history import verify_history
from service.store.pages import keep_page, page_content
from service.store.reading import document as stored_document
from service.store.saving import save_document
from tests.service.kept import COPIER, FAX, OFFICE, kept
from tests.service.review.samples import TRUST, VERSION, Hands, add_sample, record
from tests.service.store.samples import add


def upside_down(content: PageContent) -> PageContent:
    """What the machine makes of a page that it reads the wrong way up: loose words that say nothing."""
    frame = content.straightening
    words = tuple(replace(line, text="X" * len(line.text)) for cell in content.grids[0].cells for line in cell.readings)[:5]
    return replace(content, straightening=replace(frame, turns=(frame.turns + 2) % 4), grids=(), loose=words, seen_again=())


def add_wrong(office: Office, name: str, page: int) -> tuple[str, bytes, int]:
    """Store a sample one page of which was read upside down; its SHA-256, what stands on that page, and the turns that tell it."""
    document, contents = kept(name)
    pages = [content_file.decode(content) for content in contents]
    right = pages[page - 1]
    pages[page - 1] = upside_down(right)
    sha256 = add(office.store, name.encode(), name)
    for each in pages:
        keep_page(office.store, sha256, each.number, VERSION, content_file.encode(each))
    source = replace(document.source, sha256=sha256)
    save_document(office.store, sha256, VERSION, assemble(pages, source, (), lambda _: {}, TRUST))
    return sha256, content_file.encode(replace(right, turned=True)), right.straightening.turns


def versions(office: Office, sha256: str) -> dict[int, int]:
    found = stored_document(office.store, sha256)
    assert found is not None
    return {form.number: form.version for form in found.forms}


def records(office: Office, sha256: str) -> Iterator[str]:
    return (form_to_json(record(office.store, sha256, number)) for number in versions(office, sha256))


@pytest.mark.parametrize(("name", "page"), [(FAX, 1), (FAX, 2), (COPIER, 2), (OFFICE, 1), (OFFICE, 2)])
def test_a_page_turned_gives_the_forms_of_a_page_that_was_read_upright(office: Office, name: str, page: int) -> None:
    sha256, content, turns = add_wrong(office, name, page)
    wrong = dict(zip(versions(office, sha256), records(office, sha256), strict=True))
    right = [form_to_json(form) for form in kept(name)[0].forms]
    assert sorted(wrong.values()) != sorted(right)
    turn = Turn(sha256, page, turns, versions(office, sha256), "甲")
    assert len(others_of(office, turn).pages) == len(kept(name)[1]) - 1
    done = turn_page(office, turn, content, "倒置")
    assert sorted(records(office, sha256)) == sorted(right)
    assert turned_pages(office.store, sha256) == {page: turns}
    assert {number for number in done.versions if number in versions(office, sha256)} == set(done.forms)
    first = min(done.versions)
    undo_arrangement(office, Seen(sha256, first, done.versions[first], "乙"))
    assert dict(zip(versions(office, sha256), records(office, sha256), strict=True)) == wrong
    assert turned_pages(office.store, sha256) == {}
    assert verify_history(office.store.database) == []


def test_a_form_of_a_turned_page_is_decided_like_any_other(office: Office) -> None:
    sha256, content, turns = add_wrong(office, FAX, 2)
    done = turn_page(office, Turn(sha256, 2, turns, versions(office, sha256), "甲"), content)
    anew = Office(office.store, Decider(office.store, TRUST))
    hands = Hands(anew, sha256, version=done.versions[1])
    hands.does(SetField("fields.project_name", "新名称"))
    found = record(office.store, sha256)
    assert found.fields["project_name"].text == "新名称"
    right = kept(FAX)[0].forms[0].tables["indicators"]
    assert [row["level3"].text for row in found.tables["indicators"]] == [row["level3"].text for row in right]
    left = without_page(anew, hands.seen, 1)
    assert record(office.store, sha256).pages == (2,)
    assert turned_pages(office.store, sha256) == {2: turns}
    undo_arrangement(anew, Seen(sha256, 1, left.versions[1], "甲"))
    assert record(office.store, sha256) == found


def test_what_was_done_since_is_not_lost_by_an_undo(office: Office) -> None:
    sha256, content, turns = add_wrong(office, FAX, 2)
    done = turn_page(office, Turn(sha256, 2, turns, versions(office, sha256), "甲"), content)
    hands = Hands(office, sha256, version=done.versions[1])
    hands.does(SetField("fields.project_name", "新名称"))
    with pytest.raises(NothingToUndoError):
        undo_arrangement(office, hands.seen)


def test_nothing_changes_where_somebody_was_quicker(office: Office) -> None:
    sha256, content, turns = add_wrong(office, FAX, 2)
    seen = versions(office, sha256)
    Hands(office, sha256).does(SetField("fields.project_name", "新名称"))
    before = list(records(office, sha256))
    with pytest.raises(StaleVersionError):
        turn_page(office, Turn(sha256, 2, turns, seen, "乙"), content)
    with pytest.raises(StaleVersionError):
        turn_page(office, Turn(sha256, 2, turns, {}, "乙"), content)
    assert list(records(office, sha256)) == before


def test_forms_of_other_pages_stay_as_they_are(office: Office) -> None:
    sha256, content, turns = add_wrong(office, OFFICE, 2)
    Hands(office, sha256).does(SetField("fields.project_name", "新名称"))
    before = form_to_json(record(office.store, sha256))
    done = turn_page(office, Turn(sha256, 2, turns, versions(office, sha256), "甲"), content)
    assert 1 not in done.versions
    assert form_to_json(record(office.store, sha256)) == before


def test_a_page_that_stands_so_already_is_not_turned(office: Office) -> None:
    sha256 = add_sample(office.store, FAX)
    page = page_content(office.store, sha256, 1, VERSION)
    assert page is not None
    turns = content_file.decode(page).straightening.turns
    with pytest.raises(UsageError):
        others_of(office, Turn(sha256, 1, turns, {1: 1}, "甲"))
    with pytest.raises(UsageError):
        others_of(office, Turn(add(office.store, b"unread"), 1, 2, {}, "甲"))

"""Forms that reviewers put together anew: read again from the kept pages, undone as a whole, numbers that stay."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete

from models.errors import NothingToUndoError, PagesNotKeptError, StaleVersionError, UsageError
from models.matched import UNKNOWN
from service.document_json import form_to_json
from service.review.acting import Office, Seen, standing_of, undo
from service.review.arranging import (
    arrangement_of,
    join_forms,
    read_as,
    split_form,
    undo_arrangement,
    without_page,
)
from service.review.changes import SetField
from service.review.decider import Decider
from service.review.deciding import decided
from service.review.queue import waiting_forms
from service.review.queued import Wanted
from service.review.steps import since_arranged
from service.store.history import verify_history
from service.store.pages import keep_page
from service.store.reading import document as stored_document
from service.store.reading import form as stored_form
from service.store.schema import PAGES
from tests.service.kept import COPIER, FAX, OFFICE, kept
from tests.service.review.samples import TRUST, VERSION, Hands, add_sample, record

TARGET = "shanghai/performance_target@1"


def numbers(office: Office, sha256: str) -> list[int]:
    """Of the forms that there are."""
    found = stored_document(office.store, sha256)
    assert found is not None
    return [form.number for form in found.forms]


def test_a_form_is_read_again_by_another_template_and_back(office: Office) -> None:
    seen = Seen(add_sample(office.store, OFFICE), 1, 1, "甲")
    before = record(office.store, seen.document)
    done = read_as(office, seen, TARGET)
    assert record(office.store, seen.document).kind == "performance_target"
    assert done.versions == {1: 2}
    undo_arrangement(office, Seen(seen.document, 1, 2, "甲"))
    assert record(office.store, seen.document) == before
    assert verify_history(office.store.database) == []


def test_pages_that_are_kept_after_somebody_asked_for_them_are_used(office: Office) -> None:
    sha256 = add_sample(office.store, OFFICE)
    with office.store.database.writing() as connection:
        connection.execute(delete(PAGES))
    seen = Seen(sha256, 1, 1, "甲")
    with pytest.raises(PagesNotKeptError):
        arrangement_of(office, seen)
    for number, content in enumerate(kept(OFFICE)[1], 1):
        keep_page(office.store, sha256, number, VERSION, content)
    assert arrangement_of(office, seen).blocks


def test_what_was_done_before_counts_no_more_but_comes_back_with_an_undo(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    hands.does(SetField("fields.project_name", "新名称"))
    read_as(office, hands.seen, TARGET)
    version = read_as(office, Seen(hands.seen.document, 1, 3, "甲"), "shanghai/self_evaluation@1").versions[1]
    assert record(office.store, hands.seen.document).fields["project_name"].text != "新名称"
    undo_arrangement(office, Seen(hands.seen.document, 1, version, "甲"))
    undo_arrangement(office, Seen(hands.seen.document, 1, version + 1, "甲"))
    assert record(office.store, hands.seen.document).fields["project_name"].text == "新名称"


def test_a_form_that_is_read_again_is_decided_like_any_other(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    hands.saw_version(read_as(office, hands.seen, "shanghai/self_evaluation@1").versions[1])
    hands.does(SetField("fields.total_score", "12"))
    standing = standing_of(office, hands.seen)
    arranged, changes = since_arranged(standing.steps)
    base = Decider(office.store, TRUST).base(standing, arranged)
    assert base is not None
    assert form_to_json(decided(base, changes).form) == standing.record


@pytest.mark.parametrize("name", [FAX, COPIER])
def test_two_pages_are_split_and_joined_again(office: Office, name: str) -> None:
    seen = Seen(add_sample(office.store, name), 1, 1, "甲")
    before = record(office.store, seen.document)
    known = arrangement_of(office, seen)
    second = next(block for block in known.blocks if block[0] == 2)
    done = split_form(office, seen, second, known.template)
    assert (done.versions, numbers(office, seen.document)) == ({1: 2, 2: 1}, [1, 2])
    assert record(office.store, seen.document).pages == (1,)
    assert record(office.store, seen.document, 2).pages == (2,)
    done = join_forms(office, Seen(seen.document, 1, 2, "乙"), Seen(seen.document, 2, 1, "乙"))
    assert (done.versions, done.forms) == ({1: 3, 2: 2}, (1,))
    joined = record(office.store, seen.document)
    assert form_to_json(joined) == form_to_json(before)
    assert numbers(office, seen.document) == [1]
    undo_arrangement(office, Seen(seen.document, 2, 2, "丙"))
    assert numbers(office, seen.document) == [1, 2]
    undo_arrangement(office, Seen(seen.document, 1, 4, "丙"))
    assert record(office.store, seen.document) == before
    assert numbers(office, seen.document) == [1]
    assert len(waiting_forms(office.store, Wanted()).items) == 1
    assert verify_history(office.store.database) == []


def test_a_page_is_left_out_and_with_its_last_page_the_form(office: Office) -> None:
    seen = Seen(add_sample(office.store, FAX), 1, 1, "甲")
    without_page(office, seen, 2)
    assert record(office.store, seen.document).pages == (1,)
    done = without_page(office, Seen(seen.document, 1, 2, "甲"), 1)
    assert done.forms == ()
    assert stored_form(office.store, seen.document, 1) is None
    with pytest.raises(StaleVersionError):
        read_as(office, Seen(seen.document, 1, 3, "甲"), TARGET)
    with pytest.raises(StaleVersionError):
        Hands(office, seen.document, version=3).does(SetField("fields.year", "1"))
    undo_arrangement(office, Seen(seen.document, 1, 3, "甲"))
    assert record(office.store, seen.document).pages == (1,)


def test_of_several_forms_none_is_put_back_alone(office: Office) -> None:
    seen = Seen(add_sample(office.store, FAX), 1, 1, "甲")
    known = arrangement_of(office, seen)
    split_form(office, seen, known.blocks[-1], known.template)
    with pytest.raises(NothingToUndoError):
        undo(office, Seen(seen.document, 1, 2, "甲"))
    Hands(office, seen.document, "乙", number=2).does(SetField("fields.year", "2019"))
    with pytest.raises(NothingToUndoError):
        undo_arrangement(office, Seen(seen.document, 1, 2, "甲"))
    undo(office, Seen(seen.document, 2, 2, "乙"))
    assert undo_arrangement(office, Seen(seen.document, 1, 2, "甲")).forms == (1,)


def test_a_form_of_kind_unknown_has_its_cells(office: Office) -> None:
    seen = Seen(add_sample(office.store, FAX), 1, 1, "甲")
    split_form(office, seen, arrangement_of(office, seen).blocks[-1], "")
    found = record(office.store, seen.document, 2)
    assert found.kind == UNKNOWN
    acted = Hands(office, seen.document, number=2).does(SetField("tables.cells[0]", "甲"))
    assert acted.form is not None
    assert acted.form.cell_fields[0].text == "甲"


def test_what_cannot_be_is_refused(office: Office) -> None:
    seen = Seen(add_sample(office.store, FAX), 1, 1, "甲")
    wrongs: list[Callable[[], object]] = [
        lambda: read_as(office, seen, "nowhere/nothing@1"),
        lambda: read_as(office, seen, ""),
        lambda: split_form(office, seen, (1, 0), TARGET),
        lambda: split_form(office, seen, (9, 0), TARGET),
        lambda: without_page(office, seen, 9),
        lambda: join_forms(office, seen, seen),
    ]
    for wrong in wrongs:
        with pytest.raises(UsageError):
            wrong()
    with pytest.raises(NothingToUndoError):
        undo_arrangement(office, seen)
    assert standing_of(office, seen).version == 1

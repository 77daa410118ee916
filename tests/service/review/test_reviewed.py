"""What lists tell of how far people have come: that of the queue, and by whose doing, whatever was undone in between."""

from random import Random

import pytest
from sqlalchemy import MetaData, text

from service.review.changes import Approve, Change, Return, SetField, Undo
from service.review.queue import give_back, take
from service.review.steps import counting, redoable, steps_of, undoable
from service.store import decisions
from service.store.home import Home
from service.store.listed import FormFilter
from service.store.listing import list_documents, list_forms
from service.store.opening import Store, open_store
from service.store.progress import progress
from service.store.reading import Selection, counts, form, forms
from service.store.reviewed import UNTOUCHED, Reviewed, ReviewedState
from service.store.schema import CORRECTIONS
from tests.service.review.settling import DOUBTED, does, moment_of
from tests.service.store.samples import add_read, form_of


def told(store: Store, document: str, number: int = 1) -> Reviewed:
    """What every way of reading tells of a form; they agree."""
    (listed,) = (row.reviewed for row in list_forms(store, FormFilter(document=document)).items if row.number == number)
    (head,) = (head.reviewed for head in progress(store, [document])[document].forms if head.number == number)
    found = form(store, document, number)
    assert found is not None
    assert listed == head == found.reviewed
    assert [row.number for row in list_forms(store, FormFilter(document=document, reviewed=listed.state)).items if row.number == number]
    return listed


def test_a_clear_form_concerns_nobody_and_a_doubtful_one_waits(store: Store) -> None:
    document = add_read(store, form_of(), DOUBTED)
    assert told(store, document, 1) == UNTOUCHED
    assert told(store, document, 2) == Reviewed(ReviewedState.WAITING)
    (row,) = list_documents(store).items
    assert (row.forms, row.to_review, row.approved) == (2, 1, 0)


def test_who_approved_or_sent_back_is_told_with_the_moment_of_the_history(store: Store) -> None:
    document = add_read(store, DOUBTED)
    does(store, document, "甲", SetField("fields.project_name", "河道"))
    assert told(store, document) == Reviewed(ReviewedState.WAITING)
    does(store, document, "乙", Return())
    assert told(store, document) == Reviewed(ReviewedState.RETURNED, "乙", moment_of(store, document))
    assert (list_documents(store).items[0].to_review, list_documents(store).items[0].approved) == (1, 0)
    does(store, document, "丙", SetField("fields.project_name", "河"), Approve())
    assert told(store, document) == Reviewed(ReviewedState.APPROVED, "丙", moment_of(store, document))
    assert (list_documents(store).items[0].to_review, list_documents(store).items[0].approved) == (0, 1)
    found = counts(store)
    assert found.reviewed == dict.fromkeys(ReviewedState, 0) | {ReviewedState.APPROVED: 1}
    assert [each.document for each in forms(store, Selection(reviewed=ReviewedState.APPROVED))] == [document]
    assert list(forms(store, Selection(reviewed=ReviewedState.WAITING))) == []


def test_who_works_on_a_form_is_told_for_as_long(store: Store) -> None:
    document = add_read(store, DOUBTED)
    take(store, document, 1, "甲")
    assert told(store, document) == Reviewed(ReviewedState.WAITING, taken_by="甲")
    give_back(store, document, 1, "甲")
    assert told(store, document) == Reviewed(ReviewedState.WAITING)
    take(store, document, 1, "甲")
    with store.database.writing() as connection:
        connection.execute(text("UPDATE reviews SET taken_until = '2020-03-01T08:15:00.000000Z'"))
    assert told(store, document) == Reviewed(ReviewedState.WAITING)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_undone_and_done_again_the_last_decision_that_counts_is_told(store: Store, seed: int) -> None:
    rng, document, seen = Random(seed), add_read(store, DOUBTED), set[ReviewedState]()  # noqa: S311  no secret
    for _ in range(25):
        with store.database.reading() as connection:
            steps = steps_of(connection, document, 1)
        backs = [Undo(version) for version in (undoable(steps), redoable(steps)) if version]
        changes: list[Change] = [SetField("fields.year", "2020"), Approve(), Return(), *backs, *backs]
        does(store, document, rng.choice("甲乙丙"), rng.choice(changes))
        with store.database.reading() as connection:
            last = counting(steps_of(connection, document, 1))[-1:]
        decided = [(step.at, made.user) for step in last for made in step.changes if isinstance(made.change, Approve | Return)]
        found = told(store, document)
        seen.add(found.state)
        assert [(found.at, found.by)] == (decided or [("", "")])
    assert seen == set(ReviewedState) - {ReviewedState.NONE}


_BEFORE = (
    "DROP INDEX catalogue_by_reviewed",
    "ALTER TABLE catalogue DROP COLUMN reviewed",
    "ALTER TABLE reviews DROP COLUMN decided_by",
    "ALTER TABLE reviews DROP COLUMN decided_at",
    "ALTER TABLE reviews DROP COLUMN keyer",
    "ALTER TABLE reviews DROP COLUMN held",
    "UPDATE alembic_version SET version_num = '0007'",
)


def test_an_archive_of_an_earlier_program_is_told_who_approved_its_forms(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(home) as store:
        documents = [add_read(store, form_of(), DOUBTED, DOUBTED, content=name.encode()) for name in "ab"]
        does(store, documents[0], "甲", Approve(), number=2)
        does(store, documents[0], "乙", Approve(), number=2)
        does(store, documents[0], "丙", Undo(3), number=2)
        does(store, documents[1], "乙", Return(), number=3)
        expected = [row.reviewed for row in list_forms(store).items]
        assert sorted(each.by for each in expected) == ["", "", "", "", "乙", "甲"]
        with store.database.writing() as connection:
            for statement in _BEFORE:
                connection.execute(text(statement))
    monkeypatch.setattr(decisions, "CORRECTIONS", CORRECTIONS.to_metadata(MetaData(), name="of_a_later_program"))
    with open_store(home) as store:
        assert [row.reviewed for row in list_forms(store).items] == expected
        assert len(list_forms(store, FormFilter(reviewed=ReviewedState.NONE)).items) == 2
        assert len(list_forms(store, FormFilter(reviewed=ReviewedState.APPROVED)).items) == 1

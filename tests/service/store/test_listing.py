"""Lists: every filter, page after page, nothing twice and nothing left out; and no filter that goes through all rows."""

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import event

from models.errors import UsageError
from models.form import Problem, Review, Status
from service.store.cursors import cursor
from service.store.documents import State, mark
from service.store.home import find_home
from service.store.listed import DocumentFilter, FormFilter, FormRow, Listed
from service.store.listing import MOST_ROWS, list_documents, list_forms
from service.store.opening import Store, open_store
from service.store.owners import own
from service.store.reviewed import ReviewedState
from service.store.saving import save_document
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import add, add_read, add_user, document_of, form_of, unknown_form, words


def _projects(listed: Listed[FormRow]) -> list[str]:
    return [row.project for row in listed.items]


def test_a_row_tells_what_a_list_shows(store: Store) -> None:
    doubtful = replace(words("环保"), status=Status.DOUBTFUL)
    form = form_of()
    sha256 = add_read(store, replace(form, fields={**form.fields, "project_name": doubtful}, review=Review.NEEDS_REVIEW))
    (row,) = list_forms(store).items
    assert (row.id, row.document, row.number, row.name, row.version) == (f"{sha256}.1", sha256, 1, "a.pdf", 1)
    assert (row.kind, row.template, row.review) == (form.kind, form.template, Review.NEEDS_REVIEW)
    assert (row.year, row.unit, row.project) == (2020, "上海市某局", "环保")
    assert (row.state, row.doubtful, row.findings) == (State.DONE, 1, 1)
    (document,) = list_documents(store).items
    assert (document.sha256, document.name, document.bytes, document.pages) == (sha256, "a.pdf", 6, 2)
    assert (document.state, document.year, document.unit, document.error_code, document.forms) == (State.DONE, None, "", "", 1)


def test_a_document_that_failed_says_why(store: Store) -> None:
    sha256 = add(store, year=2020, unit="甲局")
    mark(store, sha256, State.FAILED, Problem(0, "input_encrypted", "A password is needed."))
    (row,) = list_documents(store, DocumentFilter(state=State.FAILED, year=2020, unit="甲局")).items
    assert (row.error_code, row.forms) == ("input_encrypted", 0)


def _archive(store: Store) -> dict[str, FormFilter]:
    """Forms of several kinds; for each filter alone, one that picks some of them."""
    add_user(store, "li")
    for number in range(7):
        form = form_of(f"项目{number}", str(2019 + number % 2), f"单位{number % 3}")
        clear = replace(form, findings=(), review=Review.NEEDS_REVIEW, template="other@1") if number % 2 else form
        sha256 = add_read(store, clear, *([unknown_form()] if number == 3 else []), content=f"{number}".encode())
        if number < 4:
            own(store, sha256, "li", f"我的{number}.pdf")
        if number == 5:
            mark(store, sha256, State.READING)
    document = list_forms(store, FormFilter(kind="unknown")).items[0].document
    return {
        "year": FormFilter(year=2019),
        "unit": FormFilter(unit="单位0"),
        "kind": FormFilter(kind="self_evaluation"),
        "review": FormFilter(review=Review.CLEAR),
        "template": FormFilter(template="other@1"),
        "finding": FormFilter(finding="funds_sum"),
        "document": FormFilter(document=document),
        "state": FormFilter(state=State.READING),
        "text": FormFilter(text="980710"),
        "reviewed": FormFilter(reviewed=ReviewedState.WAITING),
        "owner": FormFilter(owner="li"),
    }


def test_every_filter_picks_what_it_says_and_together_they_pick_what_all_of_them_do(store: Store) -> None:
    alone = _archive(store)
    assert set(alone) == {field.name for field in fields(FormFilter)}
    everything = [row.id for row in list_forms(store).items]
    picked = {name: {row.id for row in list_forms(store, wanted).items} for name, wanted in alone.items()}
    assert {name: len(ids) for name, ids in picked.items()} == {
        "year": 4,
        "unit": 3,
        "kind": 7,
        "review": 4,
        "template": 3,
        "finding": 4,
        "document": 2,
        "state": 1,
        "text": 7,
        "reviewed": 4,
        "owner": 5,
    }
    for count in (2, 3):
        for names in combinations(alone, count):
            both = FormFilter(**{name: getattr(alone[name], name) for name in names})
            expected = [each for each in everything if all(each in picked[name] for name in names)]
            assert [row.id for row in list_forms(store, both).items] == expected, names


@pytest.mark.parametrize("wanted", [FormFilter(), FormFilter(text="项目"), FormFilter(owner="li"), FormFilter(finding="funds_sum")])
def test_pages_follow_each_other_and_end(store: Store, wanted: FormFilter) -> None:
    _archive(store)
    expected = [row.id for row in list_forms(store, wanted).items]
    for limit in (1, 2, 3, len(expected)):
        found, after = list[str](), ""
        for _ in range(len(expected) + 1):
            page = list_forms(store, wanted, after, limit)
            assert len(page.items) <= limit
            found += [row.id for row in page.items]
            after = page.next
            if not after:
                break
        assert found == expected
        assert after == ""


@pytest.mark.parametrize("wanted", [DocumentFilter(), DocumentFilter(owner="li"), DocumentFilter(state=State.DONE)])
def test_pages_of_documents_follow_each_other_too(store: Store, wanted: DocumentFilter) -> None:
    _archive(store)
    expected = [row.sha256 for row in list_documents(store, wanted).items]
    found, after = list[str](), ""
    for _ in expected:
        page = list_documents(store, wanted, after, 1)
        found += [row.sha256 for row in page.items]
        after = page.next
    assert (found, after) == (expected, "")


def test_what_comes_meanwhile_moves_no_later_page(store: Store) -> None:
    for number in range(4):
        add_read(store, form_of(f"{number}"), content=f"{number}".encode())
    first = list_forms(store, limit=2)
    add_read(store, form_of("新"), content=b"new")
    assert _projects(list_forms(store, after=first.next, limit=2)) == ["1", "0"]


def test_a_corrected_form_is_the_newest(store: Store) -> None:
    sha256 = add_read(store, form_of("一"), form_of("二"))
    correct(store, Correction(sha256, 1, 1, "fields.project_name", "三", "li"))
    assert [(row.project, row.version) for row in list_forms(store).items] == [("三", 2), ("二", 1)]


def test_filters_of_documents_pick_together_what_all_of_them_do(store: Store) -> None:
    add_user(store, "li")
    expected = []
    for number in range(12):
        sha256 = add(store, f"{number}".encode(), year=2019 + number % 2, unit=f"单位{number % 3}")
        if number < 9:
            own(store, sha256, "li", "a.pdf")
        if number % 4 == 1:
            mark(store, sha256, State.FAILED)
        expected.append((sha256, State.FAILED if number % 4 == 1 else State.WAITING, 2019 + number % 2, f"单位{number % 3}", number < 9))
    for state in (None, State.FAILED, State.WAITING, State.DONE):
        for year in (None, 2020):
            for unit in (None, "单位1"):
                for owner in (None, "li"):
                    found = [row.sha256 for row in list_documents(store, DocumentFilter(state, year, unit, owner)).items]
                    assert found == [
                        sha256
                        for sha256, its_state, its_year, its_unit, owned in reversed(expected)
                        if state in (None, its_state) and year in (None, its_year) and unit in (None, its_unit) and (owner is None or owned)
                    ]


def test_a_name_is_that_of_the_owner_who_asks(store: Store) -> None:
    add_user(store, "li")
    sha256 = add_read(store)
    own(store, sha256, "li", "我的.pdf")
    assert [row.name for row in list_documents(store, DocumentFilter(owner="li")).items] == ["我的.pdf"]
    assert [row.name for row in list_forms(store, FormFilter(owner="li")).items] == ["我的.pdf"]
    assert [row.name for row in list_documents(store).items] == ["a.pdf"]


def test_the_state_of_a_document_is_that_of_its_forms(store: Store) -> None:
    sha256 = add_read(store)
    mark(store, sha256, State.WAITING)
    assert [row.state for row in list_forms(store, FormFilter(state=State.WAITING)).items] == [State.WAITING]
    save_document(store, sha256, "4+a", document_of(sha256, form_of()))
    assert [row.state for row in list_forms(store).items] == [State.DONE]


@pytest.mark.parametrize("asked", [list_documents, list_forms])
@pytest.mark.parametrize("limit", [0, -1, MOST_ROWS + 1])
def test_a_page_has_at_least_one_row_and_not_too_many(store: Store, asked: Callable[..., object], limit: int) -> None:
    with pytest.raises(UsageError):
        asked(store, limit=limit)


_PLACES = [(), ("甲",), ("a\n", "b"), (0,), (2**31,)]
_SENSELESS = ["x", "=", "!!", "é", "AAAA", "W10", "W" * 5000, *map(cursor, _PLACES)]


@pytest.mark.parametrize("after", [*_SENSELESS, cursor(("a", "b")), cursor((1, 2)), "WzFd\n", "W3RydWVd", "WzEuMF0"])
def test_a_cursor_that_no_page_gave_is_refused_by_forms(store: Store, after: str) -> None:
    """The last two are ``[true]`` and ``[1.0]``."""
    with pytest.raises(UsageError, match="cannot go on"):
        list_forms(store, after=after)


@pytest.mark.parametrize("after", [*_SENSELESS, cursor((1,)), cursor(("a", 1)), cursor(("a", "b", "c"))])
def test_a_cursor_that_no_page_gave_is_refused_by_documents(store: Store, after: str) -> None:
    with pytest.raises(UsageError, match="cannot go on"):
        list_documents(store, after=after)


@pytest.mark.parametrize("strange", ["", "\0", "\ud800", "x" * 10_000, "' OR 1=1 --"])
def test_a_value_that_stands_nowhere_finds_nothing(store: Store, strange: str) -> None:
    add_read(store, form_of())
    by_words = [FormFilter(unit=strange), FormFilter(kind=strange), FormFilter(template=strange), FormFilter(finding=strange)]
    for wanted in [*by_words, FormFilter(document=strange), FormFilter(owner=strange)]:
        assert list_forms(store, wanted).items == ()
    assert list_documents(store, DocumentFilter(owner=strange)).items == ()
    for year in (-1, 2**31, 2**63, 10**30):
        assert list_forms(store, FormFilter(year=year)).items == ()
        assert list_documents(store, DocumentFilter(year=year)).items == ()


_SQLITE_PLANS = [
    (FormFilter(), "catalogue USING INTEGER PRIMARY KEY"),
    (FormFilter(year=2019), "catalogue USING COVERING INDEX catalogue_by_year"),
    (FormFilter(unit="单位0"), "catalogue USING COVERING INDEX catalogue_by_unit"),
    (FormFilter(kind="unknown"), "catalogue USING COVERING INDEX catalogue_by_kind"),
    (FormFilter(review=Review.CLEAR), "catalogue USING COVERING INDEX catalogue_by_review"),
    (FormFilter(reviewed=ReviewedState.APPROVED), "catalogue USING COVERING INDEX catalogue_by_reviewed"),
    (FormFilter(reviewed=ReviewedState.RETURNED, year=2019), "catalogue USING INDEX catalogue_by_reviewed"),
    (FormFilter(reviewed=ReviewedState.APPROVED, year=2019), "catalogue USING INDEX catalogue_by_year"),
    (FormFilter(reviewed=ReviewedState.APPROVED, review=Review.CLEAR), "catalogue USING INDEX catalogue_by_reviewed"),
    (FormFilter(reviewed=ReviewedState.APPROVED, owner="li"), "catalogue_owners USING COVERING INDEX catalogue_owners_newest"),
    (FormFilter(template="other@1"), "catalogue USING COVERING INDEX catalogue_by_template"),
    (FormFilter(state=State.DONE), "catalogue USING COVERING INDEX catalogue_by_state"),
    (FormFilter(document="0" * 64), "catalogue USING COVERING INDEX catalogue_by_form"),
    (FormFilter(finding="funds_sum"), "catalogue_rules USING COVERING INDEX catalogue_rules_newest"),
    (FormFilter(owner="li"), "catalogue_owners USING COVERING INDEX catalogue_owners_newest"),
    (FormFilter(owner="li", year=2019), "catalogue_owners USING COVERING INDEX catalogue_owners_newest"),
    (FormFilter(owner="li", year=2019, unit="单位0"), "catalogue USING INDEX catalogue_by_unit"),
    (FormFilter(year=2019, kind="unknown"), "catalogue USING INDEX catalogue_by_kind"),
    (FormFilter(year=2019, kind="self_evaluation"), "catalogue USING INDEX catalogue_by_year"),
    (FormFilter(state=State.DONE, kind="unknown", unit="单位0", year=2019), "catalogue USING INDEX catalogue_by_unit"),
    (DocumentFilter(), "documents USING COVERING INDEX documents_newest"),
    (DocumentFilter(state=State.DONE), "documents USING COVERING INDEX documents_by_state"),
    (DocumentFilter(year=2019, state=State.DONE), "documents USING COVERING INDEX documents_by_year"),
    (DocumentFilter(unit="单位0", year=2019), "documents USING COVERING INDEX documents_by_unit"),
    (DocumentFilter(owner="li", year=2019), "owners USING INDEX owners_by_user"),
    (DocumentFilter(owner="li", year=2019, state=State.DONE), "owners USING INDEX owners_by_state"),
]


@pytest.mark.parametrize(("wanted", "way"), _SQLITE_PLANS)
def test_a_list_goes_by_the_index_of_its_most_selective_filter(tmp_path: Path, wanted: FormFilter | DocumentFilter, way: str) -> None:
    """SQLite keeps no statistics here, so that its plans are the same however much there is."""
    with open_store(find_home(str(tmp_path), None, None, {})) as store:
        _archive(store)
        statements: list[tuple[str, tuple[object, ...]]] = []
        event.listen(store.database._engine, "before_cursor_execute", lambda *told: statements.append((told[2], told[3])))
        if isinstance(wanted, FormFilter):
            list_forms(store, wanted, cursor((5,)))
        else:
            list_documents(store, wanted, cursor(("2", "")))
        statement, values = next(told for told in statements if told[0].startswith("SELECT"))
        with store.database.reading() as connection:
            plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert any(way in step for step in plan), plan
    if isinstance(wanted, DocumentFilter):
        assert len([step for step in plan if step == "SEARCH reviews USING PRIMARY KEY (document=?)"]) == 2, plan
    few = isinstance(wanted, DocumentFilter) or wanted.document is not None  # one page, or the forms of one document, are put in order
    assert few or not [step for step in plan if "ORDER BY" in step], plan

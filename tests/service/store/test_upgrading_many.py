"""Archives of thousands of forms, as earlier programs left them: after the upgrade everything is read as before, on either database."""

import datetime as dt
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, func, insert, select, text

from models.form import Form, Review, Status
from service.document_json import form_to_json
from service.learning.figures import figures
from service.learning.taking_in import take_in
from service.review.acting import Office, Said, Seen, act, approve, close_finding
from service.review.changes import Return, SetField
from service.review.decider import Decider
from service.review.drafts import Draft, keep_draft
from service.review.queue import tallies
from service.review.queued import Wanted
from service.review.trail import trail
from service.store.database import SQLITE, Database
from service.store.form_rows import fields_of
from service.store.history import head_of, verify_history
from service.store.home import Home, find_home
from service.store.listed import FormFilter
from service.store.listing import list_forms
from service.store.opening import Store, open_store
from service.store.reading import forms
from service.store.reviews import ReviewState, is_open
from service.store.saving import save_document
from service.store.schema import DRAFTS, EARLIER_FORMS, METADATA
from service.store.search import index_texts
from service.store.upgrading import _config
from tests.service.review.samples import TRUST, record
from tests.service.review.test_queue import every, needing
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import add, document_of, form_of, unknown_form

DOCUMENTS, FORMS_EACH = 40, 50
CORRECTED, APPROVED, RETURNED, TYPED = 60, 30, 5, 20

WORDS = ("环保", "第217号", "河道疏浚第2", "980,710", "某局", "附注", "没有这样的字", "改过的名称", "旧")
"""That are searched for; of the last nothing but an index of before would know."""

SEARCHED_BY_FOURS = "0006"
"""The first tables whose index is today's; what an earlier one held counts no more."""

Facts = Mapping[str, Any]
"""What is read in an archive, by what it is."""


def fill(store: Store) -> None:
    """Keep documents of forms that need a person and of such that do not; a part of them is corrected, twice."""
    for document in range(DOCUMENTS):
        unit, year = f"{document % 7}局", 2015 + document % 9
        sha256 = add(store, f"%PDF-{document}".encode(), f"{unit}/{document}.pdf", unit, year)
        save_document(store, sha256, "3+a", document_of(sha256, *(_form(document, number) for number in range(FORMS_EACH))))
    for each in every(store, Wanted(ReviewState.WAITING), 500)[::5][:CORRECTED]:
        for version, name in enumerate((f"改过的名称{each.number}", "项目之二"), each.version):
            correct(store, Correction(each.document, each.number, version, "fields.project_name", name, "李四", "印章遮住"))


def _form(document: int, number: int) -> Form:
    match (document + number) % 4:
        case 0:
            return form_of(f"环保第{document}号")
        case 1:
            return needing(f"河道疏浚第{document}号", 1 + number % 5)
        case 2:
            return replace(form_of(f"校舍第{document}号"), review=Review.NEEDS_REVIEW)
        case _:
            return unknown_form()


def review(store: Store) -> None:
    """Go on as reviewers do: settle forms and approve them, send some back, type what is not sent."""
    office = Office(store, Decider(store, TRUST))
    waiting = every(store, Wanted(ReviewState.WAITING), 500)
    for place, each in enumerate(waiting[-APPROVED - RETURNED :]):
        seen, form = Seen(each.document, each.number, each.version, "王五"), record(store, each.document, each.number)
        said = [Said(SetField(path, "7")) for path, field in fields_of(form).items() if field.status is Status.DOUBTFUL]
        closed = [Said(close_finding(form, index), "原件如此") for index, found in enumerate(form.findings) if is_open(found)]
        settled = act(office, seen, [*said, *closed]).version if said or closed else each.version
        approved = approve(office, replace(seen, version=settled))
        if place >= APPROVED:
            act(office, replace(seen, version=approved.version, user="李四"), [Said(Return(), "金额请再看")])
    for each in waiting[:TYPED]:
        keep_draft(store, Draft(each.document, each.number, "王五", each.version, {"fields.project_name": "写到一半"}, ""))


def read_all(store: Store) -> Facts:
    """Everything that can be read in an archive, through the doors that its program has."""
    records = {(each.document, each.number): (each.version, form_to_json(each.form)) for each in forms(store)}
    with store.database.reading() as connection:
        earlier = connection.execute(select(EARLIER_FORMS).order_by("document", "number", "version")).all()
        head = head_of(connection)
        drafts = [tuple(row) for row in connection.execute(select(DRAFTS).order_by("document", "form"))]
    corrected = sorted({(row.document, row.number) for row in earlier})
    waiting = [each for state in ReviewState for each in every(store, Wanted(state), 500)]
    # 0005 cannot know since when a corrected form waits
    by_form = {(each.document, each.number): replace(each, since="") for each in waiting}
    return {
        "records": records,
        "earlier records": [tuple(row) for row in earlier],
        "history": (head, [trail(store, *key) for key in corrected]),
        "list": _listed(store, FormFilter()),
        "found": {words: sorted(_listed(store, FormFilter(text=words))) for words in WORDS},
        "drafts": drafts,
        "queue": [each for each in waiting if each.state is not ReviewState.WAITING],
        "waiting": by_form,
        "tallies": tallies(store),
    }


def _listed(store: Store, wanted: FormFilter) -> list[tuple[str, int]]:
    page = list_forms(store, wanted, limit=500)
    found = list(page.items)
    while page.next:
        page = list_forms(store, wanted, page.next, 500)
        found += page.items
    return [(row.document, row.number) for row in found]


def taught_by(store: Store) -> object:
    """What the approved forms teach."""
    while take_in(store):
        pass
    return figures(store, dt.date(2020, 1, 1), dt.date(2100, 1, 1))


def make_earlier(home: Home, revision: str, archive: Store) -> None:
    """Put into the tables of ``revision`` what an archive holds, as far as these had a place for it."""
    home.folder.mkdir()
    with Database(home.database) as database, archive.database.reading() as there, database.writing() as connection:
        command.upgrade(_config(connection), revision)
        tables = MetaData()
        tables.reflect(connection, only=lambda name, _: name in METADATA.tables)
        for table in tables.sorted_tables:
            rows = there.execute(select(*(METADATA.tables[table.name].c[column.name] for column in table.columns))).mappings().all()
            for start in range(0, len(rows), 1000):
                connection.execute(insert(table), [dict(row) for row in rows[start : start + 1000]])
        _as_it_was(connection, revision, tables)


def _as_it_was(connection: Connection, revision: str, tables: MetaData) -> None:
    """What no row holds: numbers given out so far, and on SQLite the index."""
    if connection.dialect.name != SQLITE:
        for name in ("catalogue", "events"):
            last = select(func.max(tables.tables[name].c.id)).scalar_subquery()
            connection.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), last)))
    elif revision >= SEARCHED_BY_FOURS:
        index_texts(connection)
    else:
        connection.execute(text("INSERT INTO search (rowid, grams) SELECT entry, '旧' FROM texts"))


@dataclass(frozen=True, slots=True)
class Archive:
    """Where it is, and what is read there."""

    home: Home
    facts: Facts
    taught: object


def made(folder: Path, *doings: Callable[[Store], None]) -> Archive:
    """The archive in ``folder``, once all that is done there has been done."""
    home = find_home(str(folder), None, None, {})
    with open_store(home) as store:
        for do in doings:
            do(store)
        return Archive(home, read_all(store), taught_by(store))


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Of today's program; people have corrected fields there and done nothing else."""
    return made(tmp_path_factory.mktemp("corrected") / "home", fill)


@pytest.fixture(scope="module")
def reviewed(corrected: Archive, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The same after reviewers have gone on."""
    folder = tmp_path_factory.mktemp("reviewed") / "home"
    shutil.copytree(corrected.home.folder, folder)
    return made(folder, review)


@pytest.mark.parametrize(("revision", "archive"), [("0004", "corrected"), ("0005", "reviewed"), ("0006", "reviewed")])
def test_everything_is_read_as_before(home: Home, revision: str, archive: str, request: pytest.FixtureRequest) -> None:
    before: Archive = request.getfixturevalue(archive)
    with open_store(before.home) as source:
        make_earlier(home, revision, source)
    assert len(before.facts["records"]) == DOCUMENTS * FORMS_EACH
    with open_store(home) as store:
        after = read_all(store)
        for name, facts in before.facts.items():
            assert after[name] == facts, name
        assert verify_history(store.database) == []
        assert taught_by(store) == before.taught
        first = next(iter(after["waiting"].values()))
        correct(store, Correction(first.document, first.number, first.version, "fields.project_name", "升级以后", "李四"))
        assert _listed(store, FormFilter(text="升级以后")) == [(first.document, first.number)]
        assert _listed(store, FormFilter())[0] == (first.document, first.number)

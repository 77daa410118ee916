"""Large archives without scans: made within minutes, and how long lists and search take over them.

    python -m bench.stores --forms 100000
    python -m bench.stores --forms 100000 --postgres
    python -m bench.stores --forms 100000 --home DIR

A document holds one form, drawn as for the tests (`tests.forms`) and written as the store's own rows; the same for the same ``--seed``.
Printed are the size of each table, and for each filter and search the 95th percentile, ms, of the first page of 50 and of one far behind,
alone and from 8 threads at once. With ``--home`` the archive is kept, and taken as it is where it is there.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Table, func, select, text

from models.form import Finding, Form, Review, Status, Verdict
from models.matched import UNKNOWN, Slot, UnknownCell
from models.template import Severity
from postprocess.places import cells_of, updated
from service.store.catalogue import enter
from service.store.cursors import cursor
from service.store.database import SQLITE
from service.store.documents import State
from service.store.form_rows import field_rows, finding_rows, form_row
from service.store.home import find_home
from service.store.listed import DocumentFilter, FormFilter
from service.store.listing import list_documents, list_forms
from service.store.opening import Store, open_store
from service.store.reviewed import ReviewedState
from service.store.reviews import ReviewState, Standing, enter_review
from service.store.schema import CATALOGUE, DOCUMENTS, FIELDS, FINDINGS, FORMS, OWNERS, SOURCES, TEXTS, USERS
from service.store.writing import Values, later
from tests import postgres
from tests.forms.contents import truth
from tests.forms.generate import papers, seeded
from tests.postprocess.records import SELF_EVALUATION, TARGET, record

YEARS = range(2020, 2024)
"""A project comes back in each of them with the same words."""

UPLOADERS = {"zhang": 0.6, "li": 0.01, "wang": 0.0005}
"""Who uploaded which share; the rest came from folders."""

WAITING, FAILED, STRANGE, DOUBTED, BROKEN = 0.002, 0.01, 0.01, 0.25, 0.1
"""Shares of documents that wait, that failed, and of forms that fit no template, have doubtful fields, break rules."""

RULES = ("execution_rate", "funds_sum", "score_total", "weight_total", "deviation_required")

_FIRST = "2024-01-01T00:00:00.000000Z"
_AT_ONCE = 400
_PAGE = 50
_THREADS = 8


def fill(store: Store, count: int, seed: int = 1) -> None:
    """Put ``count`` documents of one form each into an empty store, as if they had been read; there are no originals."""
    with store.database.writing() as connection:
        connection.execute(USERS.insert(), [{"name": name, "added_at": _FIRST} for name in UPLOADERS])
    for first in range(0, count, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, count), len(YEARS))
        drawn = [each for number in numbers for each in _drawn(seed, number, min(len(YEARS), count - number))]
        with store.database.writing() as connection:
            for table in (DOCUMENTS, SOURCES, OWNERS, FORMS, FIELDS, FINDINGS):
                if rows := [row for each in drawn for row in each.rows.get(table, ())]:
                    connection.execute(table.insert(), rows)
            for each in drawn:
                for row in each.rows.get(FORMS, ()):
                    standing = _standing(str(row["document"]), each.form)
                    enter(connection, row, each.form, State.DONE, ReviewedState(standing.state) if standing else ReviewedState.NONE)
                    enter_review(connection, row, each.form, standing)
    if store.database.kind != SQLITE:
        with store.database.session() as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as the server does by itself, later


def _standing(document: str, form: Form) -> Standing | None:
    """Half of the forms that need a person are approved, and one of sixteen was sent back."""
    states = [ReviewState.RETURNED, *[ReviewState.APPROVED] * 8, *[ReviewState.WAITING] * 7]
    return Standing(states[int(document[0], 16)]) if form.review is Review.NEEDS_REVIEW else None


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A document to be written: its form, and its rows by table."""

    form: Form
    rows: Mapping[Table, Sequence[Values]]


def _drawn(seed: int, number: int, years: int) -> Iterator[_Drawn]:
    """The documents from ``number`` on: one project in as many years."""
    rng = seeded(f"stores/{seed}/{number}")
    form, unit = _form(seed, number)
    row, fields, findings = form_row(form, None, unit), field_rows("", 1, form), finding_rows("", 1, form)
    for place, year in enumerate(YEARS[:years]):
        document, at = sha256(f"{seed}/{number + place}".encode()).hexdigest(), later(_FIRST, 30 * (number + place))
        chance = rng.random()
        state = State.WAITING if chance < WAITING else State.FAILED if chance < WAITING + FAILED else State.DONE
        path = f"{unit}/{year}/{number + place:06}.pdf"
        senders = [name for name, share in UPLOADERS.items() if rng.random() < share]
        rows: dict[Table, Sequence[Values]] = {
            DOCUMENTS: [_document(document, path, at) | {"year": year, "unit": unit, "state": state.value}],
            SOURCES: [{"document": document, "path_sha256": document, "path": path, "added_at": at}],
            OWNERS: [{"document": document, "user": name, "name": "扫描件.pdf", "at": at, "state": state.value} for name in senders],
        }
        if state == State.DONE:
            key = {"document": document, "number": 1, "version": 1, "pipeline": "1+bench"}
            rows |= {FORMS: [{**row, **key, "year": year, "made_at": at}]}
            rows |= {table: [{**each, "document": document} for each in below] for table, below in ((FIELDS, fields), (FINDINGS, findings))}
        yield _Drawn(form, rows)


def _document(document: str, path: str, at: str) -> dict[str, object]:
    name = path.rpartition("/")[2]
    known: dict[str, object] = {"sha256": document, "name": name, "path": path, "bytes": 400_000, "pages": 2, "version": "1+bench"}
    return known | {"error_code": "", "error": "", "added_at": at, "changed_at": at}


def _form(seed: int, number: int) -> tuple[Form, str]:
    """What one project prints, and the unit that it belongs to."""
    rng = seeded(f"stores/{seed}/form/{number}")
    told = truth(papers(rng, "mixed", 1, 0.0)[0])
    template = SELF_EVALUATION if told["form"] == SELF_EVALUATION.kind else TARGET
    fields = {name: str(value) for name, value in told.items() if isinstance(value, str | int)}
    tables = {name: value for name, value in told.items() if isinstance(value, list)}
    form = record(template, fields, tables)
    unit = fields.get("department") or fields.get("applicant_unit") or ""
    if rng.random() < STRANGE:
        contents = tuple(cells_of(form).values())
        cells = tuple(UnknownCell(row, 0, 1, 1, Slot(1, field.box, ())) for row, field in enumerate(contents))
        return Form(UNKNOWN, "", (1,), cells=cells, cell_fields=contents), unit
    if rng.random() < DOUBTED:
        places = rng.sample(sorted(cells_of(form)), 3)
        doubtful = {place: replace(cells_of(form)[place], status=Status.DOUBTFUL, confidence=0.7) for place in places}
        return updated(form, doubtful), unit
    if rng.random() < BROKEN:
        broken = Finding(rng.choice(RULES), Severity.ERROR, Verdict.ON_PAPER, "合计不符", ("fields.total_score",), "3", "4")
        return replace(form, findings=(broken,)), unit
    return replace(form, review=Review.CLEAR), unit


@dataclass(frozen=True, slots=True)
class Question:
    """A page of a list: what it is called, of what, and behind which place."""

    name: str
    wanted: DocumentFilter | FormFilter
    after: str

    def ask(self, store: Store) -> int:
        """The number of its rows."""
        if isinstance(self.wanted, DocumentFilter):
            return len(list_documents(store, self.wanted, self.after, _PAGE).items)
        return len(list_forms(store, self.wanted, self.after, _PAGE).items)


def questions(store: Store) -> list[Question]:
    """Every filter of documents and forms, first page and one far behind; and searches for common and rare words."""
    with store.database.reading() as connection:
        far = (connection.scalar(select(func.max(CATALOGUE.c.id))) or 0) // 5
        middle = connection.execute(select(DOCUMENTS).order_by(DOCUMENTS.c.added_at).offset(far).limit(1)).one()
        unit, document = connection.execute(select(CATALOGUE.c.unit, CATALOGUE.c.document).where(CATALOGUE.c.id == far)).one()
        words = _words(connection)
    after = {"": "", ", far": cursor((far,))}
    behind = {"": "", ", far": cursor((middle.added_at, middle.sha256))}
    documents = {
        "all": DocumentFilter(),
        **{f"state {state}": DocumentFilter(state=state) for state in (State.DONE, State.FAILED, State.WAITING)},
        "year": DocumentFilter(year=2021),
        "unit": DocumentFilter(unit=unit),
        **{f"owner of {share:.2%}": DocumentFilter(owner=name) for name, share in UPLOADERS.items()},
        "unit, failed": DocumentFilter(unit=unit, state=State.FAILED),
        "owner, year, failed": DocumentFilter(owner="zhang", year=2021, state=State.FAILED),
    }
    forms = {
        "all": FormFilter(),
        "year": FormFilter(year=2021),
        "unit": FormFilter(unit=unit),
        "kind": FormFilter(kind=TARGET.kind),
        "kind unknown": FormFilter(kind=UNKNOWN),
        "review": FormFilter(review=Review.NEEDS_REVIEW),
        **{f"reviewed {state}": FormFilter(reviewed=state) for state in ReviewedState},
        "approved, year": FormFilter(reviewed=ReviewedState.APPROVED, year=2021),
        "template": FormFilter(template=SELF_EVALUATION.name),
        "finding": FormFilter(finding="funds_sum"),
        "document": FormFilter(document=document),
        "state": FormFilter(state=State.DONE),
        "state failed": FormFilter(state=State.FAILED),
        **{f"owner of {share:.2%}": FormFilter(owner=name) for name, share in UPLOADERS.items()},
        "year, kind unknown, clear (none)": FormFilter(year=2021, kind=UNKNOWN, review=Review.CLEAR),
        "owner, finding, year, unit": FormFilter(owner="zhang", finding="funds_sum", year=2021, unit=unit),
    }
    searches = {f"{word!r} in {share:.2%}": FormFilter(text=word) for word, share in words.items()}
    wide = {f"{name}, owner of {share:.2%}": replace(wanted, owner=user) for name, wanted in searches.items() for user, share in _TWO}
    wide |= {f"{name}, year": replace(wanted, year=2021) for name, wanted in searches.items()}
    asked = [Question(f"documents: {name}{place}", f, at) for name, f in documents.items() for place, at in behind.items()]
    asked += [Question(f"forms: {name}{place}", f, at) for name, f in forms.items() for place, at in after.items()]
    asked += [Question(f"search: {name}{place}", f, at) for name, f in searches.items() for place, at in after.items()]
    return asked + [Question(f"search: {name}", f, "") for name, f in wide.items()]


_TWO = [(name, UPLOADERS[name]) for name in ("zhang", "wang")]


def _words(connection: Connection) -> dict[str, float]:
    """Words of 1, 2, 3 and 8 characters, of each a common, a middling and a rare one, and misleading ones; with their shares of texts."""
    texts = list(connection.scalars(select(TEXTS.c.text).where(TEXTS.c.entry % 50 == 0)))
    held = {length: _held(texts, length) for length in (*range(1, 7), 8)}
    found: dict[str, float] = {}
    for length in (1, 2, 3, 8):
        order = sorted((count, word) for word, count in held[length].items() if not word.isascii())
        middling = min(order, key=lambda each: abs(each[0] - len(texts) / 50))
        for count, word in (order[-1], middling, order[0]):
            found[word] = count / len(texts)
    for length in (3, 4, 5, 6):
        found |= {word: held[length][word] / len(texts) for word in _misleading(held[length - 1], held[length], len(texts))}
    return found | {"鸩": 0.0, "鸩酒止渴": 0.0}


def _held(texts: Sequence[str], length: int) -> Counter[str]:
    """In how many of ``texts`` each run of ``length`` characters stands."""
    return Counter(word for each in texts for word in {each[i : i + length] for i in range(len(each) - length + 1)} if " " not in word)


def _misleading(parts: Mapping[str, int], words: Mapping[str, int], count: int) -> list[str]:
    """Of words whose two parts, all but the last and all but the first character, are common: one that stands nowhere, one that is rare."""
    common = {part: held for part, held in parts.items() if held > count * _COMMON}
    following: dict[str, list[str]] = {}
    for part in common:
        following.setdefault(part[:-1], []).append(part)
    made = [(min(held, common[next_]), first + next_[-1]) for first, held in common.items() for next_ in following.get(first[1:], ())]
    absent = [each for each in made if each[1] not in words]
    rare = [each for each in made if 0 < words.get(each[1], 0) < count * _RARE]
    return [max(group)[1] for group in (absent, rare) if group]


_COMMON, _RARE = 0.03, 0.005


def p95(ask: Callable[[], object], times: int) -> float:
    """Milliseconds that all but a twentieth of ``times`` calls stay below."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - start)
    return 1000 * sorted(taken)[int(0.95 * (times - 1))]


def measure(store: Store, times: int) -> None:
    """Print for each question: rows, then the 95th percentile alone and from several threads at once, ms."""
    print(f"{'question':64} rows  alone  {_THREADS} threads")
    with ThreadPoolExecutor(_THREADS) as threads:
        for question in questions(store):
            ask = partial(question.ask, store)
            rows, alone = ask(), p95(ask, times)
            together = max(threads.map(lambda ask: p95(ask, times), [ask] * _THREADS))
            print(f"{question.name:64} {rows:4} {alone:6.1f} {together:6.1f}", flush=True)


def sizes(store: Store) -> dict[str, int]:
    """Bytes of each table with its indices, the largest first."""
    if store.database.kind == SQLITE:
        query = "SELECT CASE WHEN tbl_name LIKE 'search%' THEN 'search' ELSE tbl_name END AS held, sum(pgsize) FROM dbstat"
        query += " JOIN sqlite_schema USING (name) GROUP BY held"
    else:
        query = "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        query += " UNION ALL SELECT 'search (within texts)', pg_relation_size('search')"
    with store.database.reading() as connection:
        found = {str(name): int(size) for name, size in connection.execute(text(query))}
    return dict(sorted(found.items(), key=lambda each: -each[1]))


@contextmanager
def _store(folder: Path, *, on_postgres: bool) -> Iterator[Store]:
    programs = postgres.programs()
    if not on_postgres:
        with open_store(find_home(str(folder), None, None, {})) as store:
            yield store
    elif programs is None:
        raise SystemExit("PostgreSQL's server is not installed.")
    else:
        with postgres.cluster(programs) as cluster, open_store(find_home(str(folder), postgres.new_database(cluster), None, {})) as store:
            yield store


def main() -> None:
    """Make the archive and print what was measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.stores", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--forms", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=60, help="each list is asked for, in each thread")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own instead of SQLite")
    parser.add_argument("--home", type=Path, help="folder of the archive, which is kept")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary, _store(options.home or Path(temporary), on_postgres=options.postgres) as store:
        if not list_documents(store).items:
            start = time.perf_counter()
            fill(store, options.forms, options.seed)
            print(f"{options.forms} forms made in {time.perf_counter() - start:.0f} s")
        for name, size in sizes(store).items():
            print(f"{name:30} {size / 1e6:8.1f} MB")
        measure(store, options.times)


if __name__ == "__main__":
    main()

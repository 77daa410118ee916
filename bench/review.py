"""How long a reviewer waits: taking the next form, a page of the queue, and deciding a form of many indicators again.

Run: python -m bench.review [--forms 100000] [--indicators 30] [--database URL]

The queue is a table of its own and knows no records, so that entries alone are made for it, of 400 units in ten years. The form that is
decided has the numbers of a genuine one and as many indicators as asked for, three candidates for each number, one in ten doubtful; it is
decided with 40 fields said before, then written to a store with a record.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from math import log
from pathlib import Path

from sqlalchemy import insert, text

from models.form import Candidate, Document, Field, Form, Source, Status
from postprocess.calibration import TARGET_ERROR, trust
from postprocess.equations import Equations
from postprocess.places import cells_of, updated
from postprocess.reconcile import UNKNOWN
from service.review.acting import Office, Said, Seen, act
from service.review.changes import SetField
from service.review.decider import Decider
from service.review.deciding import Base, decided
from service.review.queue import next_form, tallies, waiting_forms
from service.review.queued import Order, Wanted
from service.review.steps import Made
from service.store.home import find_home
from service.store.opening import Store, open_store
from service.store.saving import save_document
from service.store.schema import DOCUMENTS, FORMS, REVIEW_RULES, REVIEWS
from tests.postprocess.records import GENUINE, SELF_EVALUATION, self_evaluation
from tests.service.store.samples import add

RULES = ("score_total", "funds_sum", "execution_rate", "weight_total", "dates_in_order")
DAY = "2026-01-01T00:00:00.{:06d}Z"


def main() -> None:
    """Print a line for each measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--forms", type=int, default=100_000)
    parser.add_argument("--indicators", type=int, default=30)
    parser.add_argument("--database", default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_store(find_home(str(Path(folder) / "home"), options.database, None, {})) as store:
        measure_deciding(store, options.indicators)
        fill(store, options.forms)
        measure_queue(store)


def fill(store: Store, count: int) -> None:
    """Make ``count`` entries of the queue, with the few columns of documents and forms that it shows."""
    for begin in range(0, count, 10_000):
        numbers = range(begin, min(begin + 10_000, count))
        with store.database.writing() as connection:
            for table, row in ((DOCUMENTS, _document), (FORMS, _form), (REVIEWS, _entry)):
                connection.execute(insert(table), [row(number) for number in numbers])
            connection.execute(insert(REVIEW_RULES), [_rule(number) for number in numbers if number % 3 == 0])
    with store.database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))


def measure_queue(store: Store) -> None:
    """Choices and pages, the first and a late one, with every filter."""
    asked = {
        "all": Wanted(),
        "oldest first": Wanted(order=Order.OLDEST),
        "year": Wanted(year=2020),
        "unit": Wanted(unit="第7局"),
        "unit, oldest first": Wanted(unit="第7局", order=Order.OLDEST),
        "unit and year": Wanted(unit="第7局", year=2020),
        "kind": Wanted(kind="unknown"),
        "finding": Wanted(finding="score_total"),
        "finding and unit": Wanted(finding="score_total", unit="第7局"),
        "a unit that is none": Wanted(unit="无"),
    }
    for name, wanted in asked.items():
        report(f"next form, {name}", partial(next_form, store, "甲", wanted, two_people=True))
        report(f"page, {name}", partial(waiting_forms, store, wanted))
    late = waiting_forms(store, Wanted(), "", 500).next
    report("page, a late one", lambda: waiting_forms(store, Wanted(), late))
    report("tallies", lambda: tallies(store))


def measure_deciding(store: Store, indicators: int) -> None:
    """One more change of a form on which 40 were made."""
    form = long_form(indicators)
    base = Base(form, SELF_EVALUATION, UNKNOWN)
    paths = [str(place) for place in cells_of(form)]
    before = [Made(SetField(path, cells_of(form)[place].text), "li") for place, path in zip(cells_of(form), paths, strict=True)][:40]
    number = iter(range(1_000_000))

    def once() -> None:
        decided(base, [*before, Made(SetField(f"tables.indicators[{next(number) % indicators}].score", "1"), "li")])

    report(f"deciding {indicators} indicators", once)
    equations = Equations(form, SELF_EVALUATION)
    report("equations at a keystroke", lambda: equations.involving("fields.total_score", {"fields.total_score": str(next(number))}))
    sha256 = add(store, b"bench")
    save_document(store, sha256, "5+bench", Document(Source("a.pdf", sha256, 1), (decided(base, ()).form,)))
    office = Office(store, Decider(store, trust(TARGET_ERROR)))
    version = iter(range(1, 1_000_000))
    path = "tables.indicators[0].score"
    report(
        f"deciding and writing {indicators} indicators",
        lambda: act(office, Seen(sha256, 1, seen := next(version), "li"), [Said(SetField(path, str(seen % 4)))]),
    )


def long_form(indicators: int) -> Form:
    """A genuine form with as many indicators, its numbers read from pixels."""
    numbers = GENUINE["信息化能力建设"]
    rows = tuple(("3", "3" if row % 5 else "2.5") for row in range(indicators))
    score = sum(float(each) for _, each in rows) + float(numbers.score)
    form = self_evaluation(replace(numbers, indicators=rows, total_score=f"{score:g}"))
    return updated(form, {place: _seen(field, index) for index, (place, field) in enumerate(cells_of(form).items())})


def _seen(field: Field, index: int) -> Field:
    if not isinstance(field.value, Decimal):
        return field
    others = [Candidate(f"{9 - other}", Decimal(9 - other), log(0.001 / (other + 1))) for other in range(2)]
    doubtful = index % 10 == 0
    sure = Candidate(field.text, field.value, log(0.8 if doubtful else 0.998))
    return replace(field, candidates=(sure, *others), status=Status.DOUBTFUL if doubtful else field.status)


def report(name: str, do: Callable[[], object], times: int = 60) -> None:
    """Print the first call, then median and p95 of the others, by the clock and by the processor time of this process."""
    clock, processor = [], []
    for _ in range(times):
        begun, before = time.perf_counter(), time.process_time()
        do()
        clock.append(1000 * (time.perf_counter() - begun))
        processor.append(1000 * (time.process_time() - before))
    told = "   ".join(
        f"{word} {statistics.median(each[1:]):6.1f} {_p95(each[1:]):6.1f}" for word, each in (("clock", clock), ("cpu", processor))
    )
    print(f"{name:40} first {clock[0]:7.1f}   {told} ms", flush=True)


def _p95(taken: list[float]) -> float:
    return sorted(taken)[int(0.95 * len(taken))]


def _document(number: int) -> dict[str, object]:
    texts = dict.fromkeys(("name", "path", "unit", "version", "error_code", "error"), "")
    return {**texts, "sha256": f"{number:064x}", "bytes": 1, "pages": 1, "state": "done", "added_at": DAY, "changed_at": DAY, "priority": 1}


def _form(number: int) -> dict[str, object]:
    texts = dict.fromkeys(("pipeline", "template", "made_at", "record"), "")
    about = {"document": f"{number:064x}", "number": 1, "version": 1, "review": "needs_review", "project": f"项目{number}"}
    return {**texts, **about, **_about(number)}


def _entry(number: int) -> dict[str, object]:
    who = {"editor": "甲" if number % 50 == 0 else "", "taken_by": "", "taken_until": ""}
    return {**_key(number), **_about(number), **who, "open": number % 23, "state": "approved" if number % 10 == 9 else "waiting"}


def _rule(number: int) -> dict[str, object]:
    return {**_key(number), "rule": RULES[number % len(RULES)]}


def _key(number: int) -> dict[str, object]:
    state = "approved" if number % 10 == 9 else "waiting"
    return {"document": f"{number:064x}", "form": 1, "state": state, "rank": -(number % 23), "entered_at": DAY.format(number)}


def _about(number: int) -> dict[str, object]:
    kind = ("self_evaluation", "performance_target", "unknown")[number % 16 // 7]
    return {"year": 2016 + number * 7 % 10, "unit": f"第{number * 13 % 400}局", "kind": kind}


if __name__ == "__main__":
    main()

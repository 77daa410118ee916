"""How long figures take over a large archive, and what a lesson costs; without scans.

    python -m bench.figures --forms 5000 --days 750 --tallies 400

Forms are those of `bench.stores`. So many of them are approved as `--approved` says, through the store as a reviewer would, and taken in;
and `--tallies` names are counted on each of `--days` days, as an archive of years has them. Printed are the milliseconds that a form takes
to be taken in, those of the figures (95th percentile), and the bytes of a lesson.
"""

import argparse
import datetime as dt
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from bench.stores import fill, p95
from service.document_json import parse_form
from service.learning.figures import figures
from service.learning.taking_in import day_of, month_of, take_in
from service.review.changes import Approve, SetField, entry_of
from service.store.correcting import Step, record_steps
from service.store.home import find_home
from service.store.opening import Store, open_store
from service.store.reviews import ReviewState, Standing
from service.store.schema import FORMS, LESSONS, TALLIES

FIRST = dt.date(2023, 1, 1)


def approve(store: Store, count: int) -> None:
    """Let ``count`` forms be approved, one field of each corrected."""
    with store.database.reading() as connection:
        rows = connection.execute(select(FORMS.c.document, FORMS.c.record).limit(count)).all()
    change = (entry_of(SetField("fields.project_name", "另一项目")), entry_of(Approve()))
    for row in rows:
        step = Step(1, 1, change, parse_form(row.record), "1+bench", Standing(ReviewState.APPROVED, editor="zhang"))
        record_steps(store, row.document, "zhang", (step,))


def tally(store: Store, days: int, names: int) -> None:
    """Count ``names`` fields on each of ``days`` days."""
    told = [f"shanghai/self_evaluation@1\tindicators.column{name % 40}\tgrey\taccepted{name}" for name in range(names)]
    with store.database.writing() as connection:
        for day in range(days):
            at = (FIRST + dt.timedelta(day)).isoformat()
            for period in (day_of(at), *([month_of(at)] if at.endswith("-01") else [])):
                rows = [{"period": period, "subject": "field", "name": name, "count": 100, "wrong": 1} for name in told]
                connection.execute(TALLIES.insert(), rows)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option, default in (("--forms", 5000), ("--approved", 300), ("--days", 750), ("--tallies", 400)):
        parser.add_argument(option, type=int, default=default)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, open_store(find_home(str(Path(folder) / "home"), None, None, {})) as store:
        fill(store, asked.forms)
        approve(store, asked.approved)
        begun = time.perf_counter()
        while take_in(store):
            pass
        taken = 1000 * (time.perf_counter() - begun) / asked.approved
        tally(store, asked.days, asked.tallies)
        always = partial(figures, store, FIRST, FIRST + dt.timedelta(2000))
        year = partial(figures, store, FIRST, FIRST + dt.timedelta(364))
        with store.database.reading() as connection:
            size = connection.scalar(select(func.avg(func.length(LESSONS.c.counted)))) or 0
        print(f"taken in: {taken:.1f} ms a form; a lesson: {size:.0f} bytes")
        for name, ask in (("of all days", always), ("of a year", year)):
            print(f"figures {name}: {p95(ask, 20):.0f} ms")


if __name__ == "__main__":
    main()

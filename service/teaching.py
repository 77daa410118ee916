"""``formtally learn``: how good the machine was on the forms that people approved, and what its reader may take from that."""

import datetime as dt
import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.errors import ExitCode, UsageError
from postprocess.calibration import print_calibration
from postprocess.proposals import print_lexicon
from service.ending import ends_orderly
from service.learned import CALIBRATION, LEXICON, learned_from
from service.learning.calibrating import Recalibration, recalibrated, samples
from service.learning.figures import Accuracy, Figures, figures
from service.learning.rates import Rate
from service.learning.taking_in import take_in
from service.learning.words import LEAST_FORMS, words_of
from service.report import print_line
from service.settings import learned
from service.store.home import home_of
from service.store.opening import Store, open_existing
from service.wording import display, plural, printable
from service.writing import write_file

_YEAR = dt.timedelta(days=364)
_DAY = dt.timedelta(days=1)


def run(options: Namespace) -> ExitCode:
    """Print the figures, and what the calibration would become; write it on request, with the words of approved forms.

    Raises:
        FormTallyError: the store cannot be read, a file not be written, or a value makes no sense.
        KeyboardInterrupt: Ctrl-C or a signal to end; what was there before stays.
    """
    today = dt.datetime.now(dt.UTC).date()
    last = _day(options.last, "--to") or today
    first = _day(options.first, "--from") or last - _YEAR
    reader = learned_from(learned(options.learned, os.environ))
    with ends_orderly(), open_existing(home_of(options)) as store:
        while take_in(store):
            pass
        for line in told(figures(store, first, last)):
            print_line(line, sys.stdout)
        until = min(last, today - _DAY)  # today is not over: what comes later would never be counted
        found = recalibrated(reader.calibration, samples(store, reader.through, until))
        for line in told_calibration(found):
            print_line(line, sys.stdout)
        if options.write:
            _write(store, Path(options.write), found, until)
    return ExitCode.OK


def told(found: Figures) -> Iterator[str]:
    """The figures as lines."""
    yield f"{found.first} to {found.last}, days in UTC; in brackets the interval that holds the true share 95 times of 100."
    yield f"forms that needed no person: {_share(found.untouched)}"
    yield f"approved forms of which any field was wrong: {_share(found.approved)}; put together anew: {found.arranged}"
    yield f"accepted fields that were wrong, by random checks: {_share(found.checks.fields)}"
    yield f"  checked forms with any: {_share(found.checks.forms)}; drawn and waiting: {found.checks.waiting}"
    if found.seconds.forms:
        timed = found.seconds
        yield f"seconds a form: {timed.median:.0f} in the middle, nine of ten below {timed.slow:.0f}, of {timed.forms}"
    for title, rows in (("field", found.fields), ("template", found.templates), ("page", found.sources)):
        yield from _told_accuracy(title, rows)
    for named in found.slips:
        yield f"changed, {named.name}: {named.count}"
    for each in found.confusions:
        yield f"read {printable(each.read)} for {printable(each.printed)}: {each.count}"
    for named in found.closed:
        yield f"{named.name} closed as wrong on paper: {named.count}"


def told_calibration(found: Recalibration) -> Iterator[str]:
    """What the calibration would become, as lines."""
    for band in found.bands:
        looked = " after a second look" if band.looked else ""
        said = f"{band.sort}{looked} from {band.before.least:g}: told {band.before.probability:.4f}, {band.wrong} of {band.count} wrong"
        yield f"{said}, now {band.after.probability:.4f}" if band.after != band.before else f"{said}: too few, unchanged"
    if found.strange:
        yield f"{plural(found.strange, 'reading')} of another calibration left out"


def _told_accuracy(title: str, rows: Sequence[Accuracy]) -> Iterator[str]:
    for row in rows:
        yield f"{title} {row.name}: wrong {_share(row.wrong)}, of those accepted {_share(row.accepted)}"


def _share(found: Rate) -> str:
    if not found.count:
        return "nothing counted"
    return f"{found.hits} of {found.count}, {found.share:.2%} ({found.low:.2%} to {found.high:.2%})"


def _write(store: Store, folder: Path, found: Recalibration, until: dt.date) -> None:
    """Write what there is enough of, and say so."""
    if found.changed:
        provenance = {"through": until.isoformat(), "readings": sum(band.count for band in found.bands), "command": "formtally learn"}
        write_file(folder / CALIBRATION, print_calibration(found.calibration, provenance).encode())
        print_line(f"{display(folder / CALIBRATION)}: written; forms read by it get another version, and are read again.", sys.stdout)
    else:
        print_line("The calibration stays: too few readings were checked.", sys.stdout)
    words = words_of(store)
    count = sum(map(len, words.values()))
    if count:
        write_file(folder / LEXICON, print_lexicon(words, {"through": until.isoformat(), "forms_at_least": LEAST_FORMS}).encode())
        print_line(f"{display(folder / LEXICON)}: {plural(count, 'word')}.", sys.stdout)
    else:
        print_line(f"No text stands on {LEAST_FORMS} approved forms: there is no lexicon yet.", sys.stdout)


def _day(text: str | None, option: str) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} must be a day such as 2024-03-31, not {text!r}.", "See `formtally learn --help`.") from None

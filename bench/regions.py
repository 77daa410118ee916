"""How long a reviewer waits for a box that he has drawn: ``python -m bench.regions``.

A child process with the real recognizer, as the service keeps it, reads boxes around the fields on the first page of each sample scan: the
very first (the process is started, the recognizer loaded), the first on a page that is not at hand (opened and straightened), all others.
Told are seconds, and how many boxes gave the text of the record. Exit code 1 where 95 of 100 further boxes take longer than `GOAL`.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from models.errors import FormTallyError
from models.form import Document
from models.limits import Limits
from postprocess.places import cells_of
from service.jobs.readers import Readers
from service.messages import ReadRegion, Region, Wanted
from service.pool import Pool
from service.reader import PIPELINE, ReaderSpec
from tests.service.kept import COPIER, FAX, OFFICE, PHONE, SAMPLES, kept

GOAL = 1.0
"""Seconds; typing a number takes longer."""


def main() -> int:
    """Measure, and say whether it is quick enough."""
    first, further, right = list[float](), list[float](), 0
    with TemporaryDirectory() as folder, Readers(Pool(1, ReaderSpec(PIPELINE, Limits()), 1024, Path(folder)), _stop) as readers:
        for name in (OFFICE, COPIER, FAX, PHONE):
            for number, (task, text) in enumerate(boxes(name, kept(name)[0])):
                begun = time.monotonic()
                found = readers.ask(task, 120)
                (further if number else first).append(time.monotonic() - begun)
                right += isinstance(found, Region) and found.text == text
    cold, *pages = first
    slow = quantiles(further, n=20)[-1]
    print(f"very first box          {cold:.1f} s")
    print(f"first box on a page     {min(pages):.1f} to {max(pages):.1f} s")
    print(f"further boxes           median {median(further):.3f} s, 95 of 100 below {slow:.3f} s, {len(further)} boxes")
    print(f"the text of the record  {right} of {len(first) + len(further)}")
    return int(slow > GOAL)


def boxes(name: str, document: Document) -> Iterator[tuple[ReadRegion, str]]:
    """The boxes around the fields on the first page of a sample, each once, and what the record says of them."""
    path, seen = os.fsencode(SAMPLES / name), set[tuple[str, object]]()
    for form in document.forms:
        unit = form.fields["currency_unit"].text if "currency_unit" in form.fields else ""
        for place, field in cells_of(form).items():
            if field.page == 1 and field.box.area > 0 and (place.name, field.box) not in seen:
                seen.add((place.name, field.box))
                box = (field.box.left, field.box.top, field.box.right, field.box.bottom)
                yield ReadRegion(path, 1, box, None, Wanted(form.template, str(place), unit)), field.text


def _stop(error: FormTallyError) -> None:
    sys.exit(str(error))


if __name__ == "__main__":
    sys.exit(main())

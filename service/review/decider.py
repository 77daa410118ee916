"""Forms as they stand, with what they are decided from kept at hand: a reviewer's next change must not wait for pages to be matched."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from sqlalchemy import Connection, select

from models.errors import StaleVersionError, UsageError
from models.form import Form
from postprocess.calibration import Trust
from service.document_json import form_to_json, parse_form
from service.pipeline import templates
from service.review.changes import Arrange
from service.review.deciding import Base, Decided, decided, decided_on
from service.review.matter import Matter, Turns, matter_of
from service.review.steps import Made, Taken, counting, since_arranged, steps_of
from service.store.correcting import version_of
from service.store.opening import Store
from service.store.saving import form_key
from service.store.schema import EARLIER_FORMS, FORMS

KEPT = 32
"""Documents whose pages are kept at hand, about 2 MB each: those that a dozen reviewers have open, and some that they go back to."""


@dataclass(frozen=True)
class Standing:
    """A form as it stands.

    Attributes:
        document: SHA-256 of the original, hex.
        number: of the form, from 1.
        version: that it stands at, or stood at last.
        pipeline: version of the pipeline whose reading it stands on.
        record: JSON of the form; empty where it has ceased to be.
        steps: that people have taken on it.
    """

    document: str
    number: int
    version: int
    pipeline: str
    record: str
    steps: tuple[Taken, ...]

    @cached_property
    def form(self) -> Form:
        """The record itself, taken apart when it is first asked for, which takes 6 ms.

        Raises:
            StaleVersionError: it has ceased to be.
        """
        if not self.record:
            raise StaleVersionError("The form is none any more.", "Look at the document as it is now.")
        return parse_form(self.record)


def standing(connection: Connection, document: str, number: int) -> Standing | None:
    """A form as it stands, or as it ceased to be; None where there never was one."""
    version = version_of(connection, document, number)
    if not version:
        return None
    row = connection.execute(select(FORMS.c.pipeline, FORMS.c.record).where(form_key(document, number))).one_or_none()
    steps = steps_of(connection, document, number)
    if row is not None:
        return Standing(document, number, version, row.pipeline, row.record, steps)
    earlier = (EARLIER_FORMS.c.document == document, EARLIER_FORMS.c.number == number)
    pipeline = connection.scalar(select(EARLIER_FORMS.c.pipeline).where(*earlier).order_by(EARLIER_FORMS.c.version.desc()).limit(1))
    return Standing(document, number, version, pipeline or "", "", steps)


def earlier_record(connection: Connection, document: str, number: int, version: int) -> str:
    """JSON of a form as it stood at ``version`` before; empty where it was none then."""
    key = (EARLIER_FORMS.c.document == document, EARLIER_FORMS.c.number == number, EARLIER_FORMS.c.version == version)
    return connection.scalar(select(EARLIER_FORMS.c.record).where(*key)) or ""


class Decider:
    """Decides forms of one store again; usable from several threads."""

    def __init__(self, store: Store, trusted: Trust, kept: int = KEPT) -> None:
        """Nothing is read yet.

        Args:
            store: where forms stand.
            trusted: what is accepted; the same as for reading, else pages tell other records than those that stand.
            kept: how many documents to keep at hand.
        """
        self._store = store
        self._trusted = trusted
        self._kept = kept
        self._matters: OrderedDict[tuple[str, str, Turns], Matter] = OrderedDict()
        self._bases: OrderedDict[tuple[str, str, int, Arrange | None], Base] = OrderedDict()
        self._alive: OrderedDict[tuple[str, int, int], bool] = OrderedDict()
        self._lock = Lock()

    def decide(self, form: Standing, changes: Sequence[Made]) -> Decided:
        """The record that ``changes`` make of ``form``.

        It is decided from the kept pages and all that people have done since, where these make the record that stands; else (another
        program has read or decided it) from the record itself, so that nothing changes that nobody has touched.

        Raises:
            UsageError: a change names what is not on the form.
            StaleVersionError: the form has ceased to be.
        """
        stands = form.form
        arranged, before = since_arranged(form.steps)
        base = self.base(form, arranged)
        if base is not None and self._makes(form, base, before):
            return decided(base, (*before, *changes))
        return decided_on(stands, self.origin(form), before, changes, Base(stands, templates().get(stands.template)))

    def made(self, form: Standing) -> None:
        """Note that ``form`` was just made by `decide`: where its pages told the record before, they tell this one too."""
        with self._lock:
            alive = self._alive.get((form.document, form.number, form.version - 1), False)
        if alive:
            self._note((form.document, form.number, form.version), alive=True)

    def prepare(self, form: Standing) -> None:
        """Bring the pages of ``form`` at hand, so that the first change does not wait for them."""
        if form.record:
            arranged, before = since_arranged(form.steps)
            if (base := self.base(form, arranged)) is not None:
                self._makes(form, base, before)

    def base(self, form: Standing, arranged: Arrange | None) -> Base | None:
        """What a form is decided from; None where its pages are not there, or never made it.

        Raises:
            UsageError: a person arranged it in a way that its pages do not allow.
        """
        key = (form.document, form.pipeline, form.number if arranged is None else 0, arranged)
        with self._lock:
            if key in self._bases:
                self._bases.move_to_end(key)
                return self._bases[key]
        matter = self.matter(form.document, form.pipeline, arranged.turns if arranged is not None else ())
        found = None if matter is None else matter.base(form.number) if arranged is None else matter.rearranged(arranged)
        if found is None:  # its pages may come yet: the document may be read again
            return None
        with self._lock:
            self._bases[key] = found
            while len(self._bases) > self._kept * 4:
                self._bases.popitem(last=False)
        return found

    def matter(self, document: str, pipeline: str, turns: Turns = ()) -> Matter | None:
        """The pages of a document as ``pipeline`` has read them, those in ``turns`` as people say; None where they cannot be used."""
        key = (document, pipeline, turns)
        with self._lock:
            if key in self._matters:
                self._matters.move_to_end(key)
                return self._matters[key]
        found = matter_of(self._store, document, pipeline, self._trusted, turns)
        if found is None:
            return None
        with self._lock:
            self._matters[key] = found
            while len(self._matters) > self._kept:
                self._matters.popitem(last=False)
        return found

    def _makes(self, form: Standing, base: Base, changes: Sequence[Made]) -> bool:
        """Whether ``changes`` make the record that stands of ``base``."""
        key = (form.document, form.number, form.version)
        with self._lock:
            if key in self._alive:
                return self._alive[key]
        try:
            alive = form_to_json(decided(base, changes).form) == form.record
        except UsageError:
            alive = False
        self._note(key, alive=alive)
        return alive

    def _note(self, key: tuple[str, int, int], *, alive: bool) -> None:
        with self._lock:
            self._alive[key] = alive
            while len(self._alive) > self._kept * 16:
                self._alive.popitem(last=False)

    def origin(self, form: Standing) -> Form:
        """The record before the first of the changes that count since the form was last arranged; the one that stands where there is none.

        Raises:
            StaleVersionError: the form has ceased to be.
        """
        steps = counting(form.steps)
        arranged = [place for place, step in enumerate(steps) if any(isinstance(made.change, Arrange) for made in step.changes)]
        since = steps[arranged[-1] + 1 :] if arranged else steps
        if not since:
            return form.form
        with self._store.database.reading() as connection:
            record = earlier_record(connection, form.document, form.number, since[0].version - 1)
        return parse_form(record) if record else form.form

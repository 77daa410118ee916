"""The equations of the forms that reviewers have open, laid over each version once: they are asked at every keystroke."""

from collections import OrderedDict
from threading import Lock
from typing import Final

from models.form import Form
from postprocess.equations import Equations
from service.pipeline import templates
from service.store.opening import Store
from service.store.reading import form as stored_form
from service.store.reading import form_version

KEPT: Final = 64
"""Forms whose equations are kept at hand, some 300 kB each: those that a dozen reviewers have open, and versions just made."""


class LaidEquations:
    """Equations of one store's forms; usable from several threads. A version of a form never changes, so none is ever out of date."""

    def __init__(self, store: Store, kept: int = KEPT) -> None:
        """Nothing is laid yet; ``kept`` forms will be at most."""
        self._store = store
        self._kept = kept
        self._laid: OrderedDict[tuple[str, int, int], Equations | None] = OrderedDict()
        self._lock = Lock()

    def of(self, document: str, number: int) -> Equations | None:
        """The equations of a form as it stands; None where there is no such form, or it is of kind unknown.

        Raises:
            StoreError: the database cannot be read.
        """
        key = (document, number, form_version(self._store, document, number))
        with self._lock:
            if key in self._laid:
                self._laid.move_to_end(key)
                return self._laid[key]
        found = stored_form(self._store, document, number)
        return self.over(document, number, found.version, found.form) if found is not None else None

    def over(self, document: str, number: int, version: int, form: Form) -> Equations | None:
        """The same where ``form``, the record of that version, was read already."""
        key = (document, number, version)
        with self._lock:
            if key in self._laid:
                self._laid.move_to_end(key)
                return self._laid[key]
        template = templates().get(form.template)
        made = Equations(form, template) if template is not None else None
        with self._lock:
            self._laid[key] = made
            while len(self._laid) > self._kept:
                self._laid.popitem(last=False)
        return made

"""What is hidden of the forms that reviewers have open, worked out for each version once: it is asked at every keystroke."""

from collections import OrderedDict
from threading import Lock
from typing import Final

from service.review.acting import Office
from service.review.keying import unkeyed
from service.review.opened import Opened, opened
from service.store.reading import form_version

KEPT: Final = 256
"""Forms of which it is kept at hand, at most some 10 kB each: more than reviewers have open at once."""


class HiddenFields:
    """What two people key and have not keyed alike as yet; usable from several threads. A version never changes: none is out of date."""

    def __init__(self, office: Office, kept: int = KEPT) -> None:
        """Nothing is known yet; of ``kept`` forms it will be at most."""
        self._office = office
        self._kept = kept
        self._hidden: OrderedDict[tuple[str, int, int], frozenset[str]] = OrderedDict()
        self._lock = Lock()

    def of(self, document: str, number: int) -> frozenset[str]:
        """Paths of such fields of a form as it stands; none where there is no such form.

        Raises:
            StoreError: the database cannot be read.
        """
        if not self._office.policy.double_keyed:
            return frozenset()
        key = (document, number, form_version(self._office.store, document, number))
        with self._lock:
            if key in self._hidden:
                self._hidden.move_to_end(key)
                return self._hidden[key]
        found = opened(self._office, document, number, "")
        return self.over(found) if found is not None else frozenset()

    def over(self, found: Opened) -> frozenset[str]:
        """The same where the form was opened already, by whomever."""
        key = (found.standing.document, found.standing.number, found.standing.version)
        concealed = unkeyed(found.double_keyed)
        with self._lock:
            self._hidden[key] = concealed
            self._hidden.move_to_end(key)
            while len(self._hidden) > self._kept:
                self._hidden.popitem(last=False)
        return concealed

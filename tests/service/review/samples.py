"""Documents whose pages are kept, as reviewers find them."""

from dataclasses import replace

from models.form import Form
from postprocess.calibration import TARGET_ERROR, trust
from service.review.acting import Acted, Office, Said, Seen, act
from service.review.changes import Change
from service.store.opening import Store
from service.store.pages import keep_page
from service.store.reading import form as stored_form
from service.store.saving import save_document
from tests.service.kept import kept
from tests.service.store.samples import add

TRUST = trust(TARGET_ERROR)
VERSION = "5+a"


def add_sample(store: Store, name: str, version: str = VERSION, copy: int = 0) -> str:
    """Store what was read of a sample, another document for another ``copy``; its SHA-256."""
    document, contents = kept(name)
    sha256 = add(store, f"{name} {copy}".encode(), name)
    for number, content in enumerate(contents, 1):
        keep_page(store, sha256, number, version, content)
    save_document(store, sha256, version, replace(document, source=replace(document.source, sha256=sha256)))
    return sha256


def record(store: Store, sha256: str, number: int = 1) -> Form:
    """The record that stands."""
    found = stored_form(store, sha256, number)
    assert found is not None
    return found.form


class Hands:
    """One reviewer with one form before the eyes: each change is seen before the next is made."""

    def __init__(self, office: Office, document: str, user: str = "李四", number: int = 1, version: int = 1) -> None:
        self.office = office
        self.seen = Seen(document, number, version, user)

    def does(self, *changes: Change, reason: str = "") -> Acted:
        """Make ``changes`` at once."""
        acted = act(self.office, self.seen, [Said(change, reason) for change in changes])
        self.saw(acted)
        return acted

    def saw(self, acted: Acted) -> None:
        """Look at what came of it."""
        self.seen = replace(self.seen, version=acted.version)

    def saw_version(self, version: int) -> None:
        """Look at ``version``."""
        self.seen = replace(self.seen, version=version)

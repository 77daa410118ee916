"""What one user may see: everything a route shows is fetched through here. What he may not see is not there."""

import re
from dataclasses import dataclass, replace

from models.form import Field
from models.limits import Limits
from service.access.identity import Identity
from service.store.form_rows import fields_of
from service.store.owners import Upload, owned, upload_of
from service.store.progress import Progress, progress
from service.store.reading import form
from service.store.stored import StoredForm
from service.web.problems import not_there
from service.web.running import Running

_FORM_ID = re.compile(r"([0-9a-f]{64})\.([1-9][0-9]{0,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form stands: its document, and its number from 1."""

    document: str
    number: int


def seen_document(running: Running, identity: Identity, sha256: str) -> Progress:
    """How far a document has come, as this user knows it, but for its name: see `shown_name`.

    Raises:
        NotThereError: there is none that this user may see.
        StoreError: the database cannot be read.
    """
    upload = upload_seen(running, identity, sha256)
    found = progress(running.store, [sha256]).get(sha256)
    if found is None:
        raise not_there()
    return told_of(found, upload)


def upload_seen(running: Running, identity: Identity, sha256: str) -> Upload | None:
    """The upload by which this user may see a document; None where he may see everything.

    Raises:
        NotThereError: he may not.
        StoreError: the database cannot be read.
    """
    if identity.sees is None:
        return None
    upload = upload_of(running.store, sha256, identity.sees)
    if upload is None:
        raise not_there()
    return upload


def told_of(found: Progress, upload: Upload | None) -> Progress:
    """How far a document has come, for him who may see it by ``upload``: since when and where others have it is not his to know."""
    if upload is None:
        return found
    return replace(found, year=None, unit="", added_at=upload.at, changed_at=max(upload.at, found.changed_at))


def check_seen(running: Running, identity: Identity, sha256: str) -> None:
    """Make sure that this user may see a document, if there is one.

    Raises:
        NotThereError: he may not.
    """
    if not sees(running, identity, sha256):
        raise not_there()


def sees(running: Running, identity: Identity, sha256: str) -> bool:
    """Whether this user may see a document, if there is one.

    Raises:
        StoreError: the database cannot be read.
    """
    return identity.sees is None or owned(running.store, sha256, identity.sees)


def shown_name(running: Running, identity: Identity, found: Progress) -> str:
    """The name by which this user knows a document: his own, where he sees only what is his."""
    upload = upload_seen(running, identity, found.sha256)
    return found.name if upload is None else upload.name


def seen_form(running: Running, identity: Identity, form_id: str) -> StoredForm:
    """A form by its id.

    Raises:
        NotThereError: there is none that this user may see.
        StoreError: the database cannot be read.
    """
    place = place_of(form_id)
    check_seen(running, identity, place.document)
    found = form(running.store, place.document, place.number)
    if found is None:
        raise not_there()
    return found


def seen_field(running: Running, identity: Identity, form_id: str, path: str) -> tuple[StoredForm, Field]:
    """A field by the id of its form and its path.

    Raises:
        NotThereError: there is none that this user may see.
        StoreError: the database cannot be read.
    """
    found = seen_form(running, identity, form_id)
    field = fields_of(found.form).get(path)
    if field is None:
        raise not_there()
    return found, field


def place_of(form_id: str) -> Place:
    """The inverse of `service.web.shapes.documents.form_id`.

    Raises:
        NotThereError: it is no id of a form.
    """
    found = _FORM_ID.fullmatch(form_id)
    if found is None:
        raise not_there()
    return Place(found[1], int(found[2]))


def picture(running: Running, sha256: str, page: int) -> bytes:
    """A page as PNG; who may see it was asked before. Blocks, for seconds where it is not kept.

    Raises:
        InputError: the page cannot be opened.
        StoreError: the original is gone, or the disk fails.
    """
    limits: Limits = running.settings.limits
    return running.store.images.picture(sha256, page, limits)


def reduced_picture(running: Running, sha256: str, page: int) -> bytes:
    """The same as a smaller JPEG (`service.store.images.REDUCED_PIXELS`), in a part of the time."""
    limits: Limits = running.settings.limits
    return running.store.images.reduced(sha256, page, limits)

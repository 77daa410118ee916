"""A box drawn on a page: what stands there is read, so that a reviewer need not type it.

Nothing is changed by it: whoever takes the text sends it as a change of the field, with the page and the box.
"""

import os
from dataclasses import dataclass

from anyio import to_thread
from fastapi import APIRouter

from models.errors import KeyedFirstError, ServiceFaultError
from models.geometry import Box
from service.access.identity import Identity
from service.messages import ReadRegion, Region, Wanted
from service.review.turning import turned_pages
from service.store.form_rows import fields_of
from service.store.reading import document as stored_document
from service.store.stored import StoredForm
from service.web.children import ask
from service.web.forms import FormKey
from service.web.problems import not_there, problems
from service.web.running import Run, Running
from service.web.seen import seen_document, seen_form, shown_name
from service.web.shapes.regions import ReadingJson, RegionJson, RegionReadJson
from service.web.who import Corrector

router = APIRouter(tags=["reviews"])

_UNIT = "fields.currency_unit"

_SLACK = 0.01
"""By so much of a page, 2 to 3 mm, a hand may miss the line to the next cell; that cell is not read."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A box on a page of a document.

    Attributes:
        document: SHA-256 of the original, hex.
        name: by which a person knows it.
        page: 1-based.
        box: fractions of the page as stored.
        turns: quarter turns clockwise that make that page upright, where a person has said so.
        wanted: what it is read for.
    """

    document: str
    name: str
    page: int
    box: tuple[float, float, float, float]
    turns: int | None
    wanted: Wanted


@router.post("/forms/{id}/region", responses=problems(401, 403, 404, 409, 413, 422, 429), summary="Read a box on a page")
async def read(running: Run, identity: Corrector, id: FormKey, said: RegionJson) -> RegionReadJson:  # noqa: A002  the name that callers see
    """The text in a box, read by the recognizer as the cell of that field. Any page of the document will do.

    Seconds for the first box after a while, one or two for the first on a page, a tenth for a further one: whoever is about to have one
    read may ask for any box of that page before. What two people must key is read to nobody before they have.
    """
    shown = await to_thread.run_sync(_shown, running, identity, id, said)
    async with running.regions.place(identity.user):
        return await running.regions.run(_read, running, shown)


def _shown(running: Running, identity: Identity, form_id: str, said: RegionJson) -> _Shown:
    stored = seen_form(running, identity, form_id)
    document, fields = seen_document(running, identity, stored.document), fields_of(stored.form)
    if said.page > document.pages or (said.path and said.path not in fields):
        raise not_there()
    left, top, right, bottom = said.box
    _check_keyed(running, stored, said.path, said.page, Box(left, top, right, bottom))
    unit = fields[_UNIT].text if _UNIT in fields else ""
    wanted = Wanted(stored.form.template, said.path, unit)
    return _Shown(
        document=stored.document,
        name=shown_name(running, identity, document),
        page=said.page,
        box=(left, top, right, bottom),
        turns=turned_pages(running.store, stored.document).get(said.page),
        wanted=wanted,
    )


def _check_keyed(running: Running, stored: StoredForm, path: str, page: int, box: Box) -> None:
    """Make sure that nothing is read which two people must key as yet, on whichever form of the document.

    Raises:
        KeyedFirstError: it would be.
    """
    names = running.office.policy.double_keyed
    found = stored_document(running.store, stored.document) if names else None
    for form in found.forms if found is not None else ():
        asked = {
            name
            for name, field in fields_of(form.form).items()
            if running.office.policy.is_double_keyed(name)
            and ((name == path and form.number == stored.number) or (field.page == page and _lies_on(box, field.box)))
        }
        if asked and not asked.isdisjoint(running.hidden.of(form.document, form.number)):
            raise KeyedFirstError("Two people must key what stands there.", "Key it as it stands on the scan.")


def _lies_on(box: Box, cell: Box) -> bool:
    """Whether ``box`` covers more of ``cell`` than a hand that meant the next one would; small ones are not spared."""
    common = box.intersection(cell)
    wide, high = min(_SLACK, box.width / 2, cell.width / 2), min(_SLACK, box.height / 2, cell.height / 2)
    return common.width > wide and common.height > high


def _read(running: Running, shown: _Shown) -> RegionReadJson:
    """What stands there; blocks.

    Raises:
        InputError: the page cannot be opened or read.
        InstallationError: nothing can be read just now.
        StoreError: the original is gone.
    """
    with running.store.originals.local(shown.document) as original:
        task = ReadRegion(os.fsencode(original), shown.page, shown.box, shown.turns, shown.wanted)
        found = ask(running.readers, task, running.settings.limits, original.name, shown.name)
    if not isinstance(found, Region):
        raise ServiceFaultError("A box was read and something else came of it.", "Report this.")
    others = [ReadingJson(text=other.text, confidence=other.confidence) for other in found.alternatives]
    return RegionReadJson(text=found.text, confidence=found.confidence, alternatives=others)

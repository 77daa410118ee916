"""What tests compare: the texts of matched forms."""

from collections.abc import Iterator, Sequence

from layouts.matching import match_forms
from layouts.template_file import builtin_templates
from models.content import PageContent
from models.matched import MatchedForm, Slot


def match(*pages: PageContent) -> tuple[MatchedForm, ...]:
    """The forms on ``pages`` by the templates built in."""
    return match_forms(pages, builtin_templates())


def only(*pages: PageContent) -> MatchedForm:
    """The one form on ``pages``."""
    forms = match(*pages)
    assert [form.kind for form in forms] == [forms[0].kind]
    return forms[0]


def fields(form: MatchedForm) -> dict[str, str]:
    """Text of every field."""
    return {name: slot.text for name, slot in form.fields.items()}


def rows(form: MatchedForm, table: str) -> list[list[str]]:
    """Text of every cell of ``table``."""
    return [[slot.text for slot in row.values()] for row in form.tables.get(table, ())]


def unplaced(form: MatchedForm) -> list[str]:
    """Text that has no role."""
    return [slot.text for slot in form.unplaced]


def slots(forms: Sequence[MatchedForm]) -> Iterator[Slot]:
    """Every slot of ``forms``."""
    for form in forms:
        yield from form.fields.values()
        for table in form.tables.values():
            for row in table:
                yield from row.values()
        yield from form.unplaced
        yield from (cell.slot for cell in form.cells)

"""The generated forms: what is printed where, and what the layout stage would find of it."""

from collections.abc import Mapping, Sequence

from layouts.template_file import builtin_templates
from models.geometry import Box
from models.matched import MatchedForm, Piece, Row, Slot
from models.reading import Reading, certain
from models.template import TableSpec, ValueKind
from postprocess.places import Place
from tests.forms.contents import SelfEvaluation, self_evaluation
from tests.forms.figures import habit
from tests.forms.generate import seeded
from tests.forms.plant import plant

PLANTED = 0.15
"""Share of the forms that are wrong on paper."""

ROWS = (3, 5, 6, 8, 10, 14, 20)
"""How many indicators a form may have; the genuine ones have 5 to 13."""

TEMPLATE = next(template for template in builtin_templates() if template.kind == SelfEvaluation.kind)
"""Of the generated forms."""

ELSEWHERE = 5000
"""Where cells without pixels are said to stand, px."""

_KINDS: Mapping[tuple[str, str], ValueKind] = {("", spec.name): spec.kind for spec in TEMPLATE.fields} | {
    (table.name, column.name): column.kind for table in TEMPLATE.tables for column in table.columns
}


def forms(count: int, seed: int) -> list[SelfEvaluation]:
    """``count`` self-evaluations of as many offices, `PLANTED` of them wrong; the first of a longer list are those of a shorter one."""
    drawn = []
    for index in range(count):
        rng = seeded(f"repair/{seed}/{index}")
        form = self_evaluation(rng, habit(rng), rng.randint(2018, 2024), rng.choice(ROWS))
        wrong = plant(rng, form) if rng.random() < PLANTED else form
        drawn.append(wrong if isinstance(wrong, SelfEvaluation) else form)
    return drawn


def kind_of(place: Place) -> ValueKind:
    """How the text at ``place`` is understood."""
    return _KINDS[place.table, place.name]


def numbers(form: SelfEvaluation) -> dict[Place, str]:
    """What is printed in each cell of a number that is not blank, in reading order; without the year, which stands in a line of words."""
    return {place: text for place, text in _texts(form).items() if text and kind_of(place) in _COUNTED}


_COUNTED = (ValueKind.AMOUNT, ValueKind.PERCENT, ValueKind.NUMBER)


def matched(form: SelfEvaluation, seen: Mapping[Place, Slot]) -> MatchedForm:
    """``form`` as the layout stage finds it: its numbers as ``seen``, all words as printed."""
    slots = {
        place: seen[place] if place in seen else _sure(text, apart(number)) for number, (place, text) in enumerate(_texts(form).items())
    }
    fields = {spec.name: slots[Place(spec.name)] for spec in TEMPLATE.fields}
    tables = {table.name: tuple(_row(slots, table, row) for row in range(len(_rows(form, table.name)))) for table in TEMPLATE.tables}
    return MatchedForm(TEMPLATE.kind, TEMPLATE.name, (1,), fields, tables)


def _row(slots: Mapping[Place, Slot], table: TableSpec, row: int) -> Row:
    return {column.name: slots[Place(column.name, table.name, row)] for column in table.columns}


def _texts(form: SelfEvaluation) -> dict[Place, str]:
    """Everything that is printed, by its place, paragraphs put together."""
    texts = {
        Place(spec.name): str(getattr(form, spec.name)) for spec in TEMPLATE.fields if spec.name not in ("total_weight", "total_score")
    }
    for table in TEMPLATE.tables:
        for index, row in enumerate(_rows(form, table.name)):
            texts |= {Place(column.name, table.name, index): str(getattr(row, column.name)) for column in table.columns}
    texts |= {Place(name): str(getattr(form, name)) for name in _TOTALS}
    return {place: text.replace("\n", "") for place, text in texts.items()}


_TOTALS = ("total_weight", "total_score")


def _rows(form: SelfEvaluation, table: str) -> Sequence[object]:
    rows: Mapping[str, Sequence[object]] = {"funds": form.funds, "indicators": form.indicators}
    return rows[table]


def apart(number: int) -> Box:
    """A box of its own, px, far from those of scans: cells that share one are one cell that spans rows."""
    return Box(ELSEWHERE, number, ELSEWHERE + 1, number + 1)


def _sure(text: str, box: Box) -> Slot:
    if not text:
        return Slot(1, box)
    return Slot(1, box, (Piece(1, Reading(box, text, (1.0,) * len(text), certain(text)), 0, len(text)),))

"""Step 6: a matched form becomes a record of typed fields, each with its place, its probability and what else it may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from models.form import Candidate, Field, FieldRow, Form, Status
from models.geometry import Box, Straightening
from models.matched import MatchedForm, Row, Slot
from models.template import ColumnSpec, FieldSpec, TableSpec, Template, ValueKind, Where
from postprocess.calibration import TARGET_ERROR, Trust, sort_of, trust
from postprocess.candidates import candidates, sharpened
from postprocess.doubts import amount_in_doubt, labelled_unit, misplaced, status_of
from postprocess.evidence import Evidence, weigh, weigh_number
from postprocess.grammar import grammar, grammar_or_nothing
from postprocess.lexicon import rivalled, weigh_word
from postprocess.places import Place
from postprocess.proposals import with_proposals
from postprocess.second_look import sure_at_first
from postprocess.shifted import without_shifted
from postprocess.shown import value_alone
from postprocess.values import parse_value, says_nothing
from postprocess.views import views
from postprocess.vocabulary import run_together

CURRENCY_UNIT = "currency_unit"
"""Name of the field that says in which unit a form's amounts are."""

NOWHERE = Box(0, 0, 0, 0)


def reassemble(
    matched: MatchedForm,
    template: Template | None,
    frames: Mapping[int, Straightening],
    trusted: Trust | None = None,
    bilevel: frozenset[int] = frozenset(),
) -> Form:
    """Type every value of ``matched``.

    Statuses follow from each value alone; no rule has been asked yet (`postprocess.check`). Every field of the template is there: one that
    was not found is blank and doubtful, on the form's first page, with an empty box and confidence 0.

    Args:
        matched: which readings make which field.
        template: of the form; None for kind ``unknown``, whose cells are kept as text.
        frames: 1-based page number to the way back to the page as stored.
        trusted: what is accepted; None for what `TARGET_ERROR` asks.
        bilevel: 1-based pages that have no grey.

    Raises:
        KeyError: a page of the form is not in ``frames``.
    """
    unit = matched.fields[CURRENCY_UNIT].text.strip() if CURRENCY_UNIT in matched.fields else ""
    printed = _printed(template) if template is not None else frozenset()
    reader = _Reader(frames, matched.pages[0], unit, printed, trust(TARGET_ERROR) if trusted is None else trusted, bilevel)
    form = Form(matched.kind, matched.template, matched.pages, unplaced=reader.left_over(matched.unplaced))
    if template is None:
        return replace(form, cells=matched.cells, cell_fields=reader.texts([cell.slot for cell in matched.cells]))
    fields = {spec.name: reader.field(matched.fields.get(spec.name), spec, _words(spec, template), spec.name) for spec in template.fields}
    tables = {table.name: without_shifted(reader.rows(matched, table), table) for table in template.tables}
    return replace(form, fields=_with_strays(fields, form.unplaced), tables=tables)


@dataclass(frozen=True, slots=True)
class Sought:
    """What a person says that a place is.

    Attributes:
        place: of a field, in a form of ``template``; None, or one that it does not have, for text of any kind.
        template: of the form; None for kind ``unknown``.
        unit: of the form's amounts; empty where it does not say.
    """

    place: Place | None
    template: Template | None
    unit: str = ""


def value_at(slot: Slot, sought: Sought, frame: Straightening, trusted: Trust, *, bilevel: bool) -> Field:
    """What stands in ``slot`` as what is ``sought`` there: its kind and its usual words are known then.

    Args:
        slot: its lines.
        sought: what it is.
        frame: the way back to the page as stored.
        trusted: what is accepted.
        bilevel: the page has no grey.
    """
    reader = _Reader({slot.page: frame}, slot.page, sought.unit, frozenset(), trusted, frozenset({slot.page} if bilevel else ()))
    found = _spec_at(sought)
    if found is None:
        return reader.read(slot, ValueKind.TEXT, ())
    spec, words, name = found
    return reader.field(value_alone(slot, spec) if isinstance(spec, FieldSpec) else slot, spec, words, name)


def _spec_at(sought: Sought) -> tuple[FieldSpec | ColumnSpec, tuple[str, ...], str] | None:
    """What a template says of a place, its usual words, and what a lexicon calls it; None where it has no such place."""
    place, template = sought.place, sought.template
    if place is None or template is None:
        return None
    if not place.table:
        return next(((spec, _words(spec, template), spec.name) for spec in template.fields if spec.name == place.name), None)
    columns = ((table, column) for table in template.tables if table.name == place.table for column in table.columns)
    found = ((column, _words_in(column, table), f"{table.name}.{column.name}") for table, column in columns if column.name == place.name)
    return next(found, None)


def _words_in(column: ColumnSpec, table: TableSpec) -> tuple[str, ...]:
    """The usual words of a column; the names of fixed rows are among those of the first."""
    return (table.rows if column is table.columns[0] else ()) + column.choices


def _with_strays(fields: Mapping[str, Field], unplaced: Sequence[Field]) -> Mapping[str, Field]:
    """``fields``, those that are blank doubtful where a text in a table found no field: it may be theirs."""
    astray = any(stray.status is Status.DOUBTFUL and stray.text for stray in unplaced)
    blank = {name for name, field in fields.items() if astray and field.status is Status.BLANK}
    return {name: replace(field, status=Status.DOUBTFUL) if name in blank else field for name, field in fields.items()}


def _printed(template: Template) -> frozenset[str]:
    """Every word that forms of ``template`` print."""
    columns = [column for table in template.tables for column in table.columns]
    specs: list[tuple[str, ...]] = [words for spec in template.fields for words in (spec.labels, spec.choices)]
    specs += [words for column in columns for words in (column.headings, column.choices)]
    return frozenset(chain(template.fixed, *specs, *(table.rows for table in template.tables)))


def _words(spec: FieldSpec, template: Template) -> tuple[str, ...]:
    return template.titles if Where.TITLE in spec.where else spec.choices


@dataclass(frozen=True, slots=True)
class _Reader:
    """What the slots of one form have in common.

    Attributes:
        frames: 1-based page number to the way back to the page as stored.
        page: where what was not found is said to be.
        unit: of the form's amounts; empty where it does not say.
        printed: words that such forms print.
        trust: what is accepted.
        bilevel: 1-based pages that have no grey.
    """

    frames: Mapping[int, Straightening]
    page: int
    unit: str
    printed: frozenset[str]
    trust: Trust
    bilevel: frozenset[int]

    def rows(self, matched: MatchedForm, table: TableSpec) -> list[FieldRow]:
        """Every row of one table; none where it was not found."""
        return [self.row(row, table) for row in matched.tables.get(table.name, ())]

    def row(self, row: Row, table: TableSpec) -> FieldRow:
        """One row.

        Where one of its cells is several, its columns may be shifted, and a person must look at all of them.
        """
        page = min((slot.page for slot in row.values()), default=self.page)
        here = replace(self, page=page)
        words = {spec.name: _words_in(spec, table) for spec in table.columns}
        fields = {spec.name: here.field(row.get(spec.name), spec, words[spec.name], f"{table.name}.{spec.name}") for spec in table.columns}
        shifted = any(self._several(field, words[name]) for name, field in fields.items())
        return {name: replace(field, status=Status.DOUBTFUL, misplaced=True) if shifted else field for name, field in fields.items()}

    def field(self, slot: Slot | None, spec: FieldSpec | ColumnSpec, words: tuple[str, ...], name: str) -> Field:
        """One value with every doubt that it raises by itself; ``name`` is what a lexicon calls it."""
        if slot is None:
            return Field("", None, self.page, NOWHERE, 0.0, Status.DOUBTFUL)
        field = self.read(slot, spec.kind, words)
        sound = self._understood(field.text, slot, spec.kind) and not rivalled(field, words) and not self._several(field, words)
        return with_proposals(field if sound else replace(field, status=Status.DOUBTFUL), name, self.trust.lexicon)

    def _several(self, field: Field, words: tuple[str, ...]) -> bool:
        """Whether a cell for one of ``words`` holds several: it was made of several cells."""
        return bool(words) and run_together(field.text, words, self.printed)

    def left_over(self, slots: Sequence[Slot]) -> tuple[Field, ...]:
        """Texts that found no field: in a table each may belong to one, so a person must look; around the tables they are read or not."""
        return tuple(
            replace(field, status=Status.READ if slot.loose else Status.DOUBTFUL)
            for slot, field in zip(slots, self.texts(slots), strict=True)
        )

    def texts(self, slots: Sequence[Slot]) -> tuple[Field, ...]:
        """What no template says anything about."""
        return tuple(self.read(slot, ValueKind.TEXT, ()) for slot in slots)

    def read(self, slot: Slot, kind: ValueKind, words: tuple[str, ...]) -> Field:
        """What stands there, as ``kind``; where the vocabulary is closed, most likely one of ``words``."""
        evidence, known = self._weighed(slot, kind, words)
        value, text = parse_value(evidence.text, kind), evidence.text
        frame = self.frames[slot.page]
        looks = sum(len(piece.reading.looks) for piece in slot.pieces)
        sort = sort_of(text, kind, slot.page in self.bilevel)
        doubted = looks > 0 and not all(map(sure_at_first, slot.pieces))  # a number may be looked at only for the rule it breaks
        probability = self.trust.calibration.probability(sort, doubted, evidence.certainty)
        return Field(
            text=text,
            value=value,
            page=slot.page,
            box=frame.to_page(slot.box).fractions(frame.stored),
            confidence=probability,
            status=status_of(slot, text, kind, value, self.trust.accepts(sort, probability)),
            alternatives=evidence.alternatives,
            sealed=slot.sealed,
            looks=looks,
            incurable=not self.trust.looks_pay(sort),
            misplaced=misplaced(slot, kind),
            certainty=evidence.certainty,
            candidates=known,
        )

    def _weighed(self, slot: Slot, kind: ValueKind, words: tuple[str, ...]) -> tuple[Evidence, tuple[Candidate, ...]]:
        """The evidence for one value; a number's with all that its grammar leaves of the lattice.

        Where no unit is known, three decimals of an amount may be thousands of 万元: the grammar then settles nothing.
        """
        unit = labelled_unit(slot) or self.unit
        strict, open_ended = grammar(kind, unit), grammar_or_nothing(kind, unit)
        if strict is None or open_ended is None:
            return (_weigh_word(slot, words) if words else weigh(slot)), ()

        def understood(text: str) -> bool:
            return self._understood(text, slot, kind)

        free = weigh(slot)
        evidence = weigh_number(slot, free, strict, understood)
        known = candidates(slot, kind, open_ended, free, evidence)
        open_unit = kind is ValueKind.AMOUNT and not unit and not says_nothing(evidence.text, kind)
        return evidence if open_unit else sharpened(evidence, known), known

    def _understood(self, text: str, slot: Slot, kind: ValueKind) -> bool:
        """Whether ``text`` is blank or a value of its kind, as it can stand in this form's unit."""
        value = parse_value(text, kind)
        odd = kind is ValueKind.AMOUNT and amount_in_doubt(text, value, labelled_unit(slot) or self.unit)
        return (value is not None or says_nothing(text, kind)) and not odd


def _weigh_word(slot: Slot, words: tuple[str, ...]) -> Evidence:
    return weigh_word(weigh(slot), views([piece for piece in slot.pieces if piece.text.strip()]), words)

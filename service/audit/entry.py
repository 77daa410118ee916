"""One stored form as the audit sees it: small, so that an archive of them fits into memory while its forms pass by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from sys import intern

from rapidfuzz.fuzz import ratio

from models.form import Field, FieldRow, Form, Status
from postprocess.dates import FIRST_YEAR, LAST_YEAR
from service.audit.amounts import ACCEPTED, Amount, Cell, read_amount
from service.audit.names import Name, project_name, unit_name
from service.store.stored import StoredForm

SELF, TARGET = "self_evaluation", "performance_target"
TOTAL_ROW = "年度资金总额"
SAME_ROW = 80
"""Least rapidfuzz ratio (0-100) of a misread 年度资金总额: the other sources stay below 50."""

_GAPS = frozenset({"table_missing", "row_missing", "unplaced_text"})
"""Findings of a form that say that rows or texts of it were not placed."""

_TARGET_AMOUNTS = ("total_budget", "current_budget", "prior_budget", "prior_executed")
_SELF_AMOUNTS = ("initial_budget", "annual_budget", "executed")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, order=True)
class FormRef:
    """Which form is meant.

    Attributes:
        document: SHA-256 of the original, hex.
        number: of the form in its document, from 1.
        version: of its record.
        path: where the original was found; data.
    """

    document: str
    number: int
    version: int
    path: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of 绩效指标: where it stands, its level 1, level 3 and target value, and whether the last two were read."""

    row: int
    page: int
    level1: str
    name: str
    target: str
    name_read: bool
    target_read: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a self-evaluation, funds and indicators together.

    Attributes:
        cells: of every weight that is printed.
        total: their sum; None where one has no number.
        printed: 总分·分值; None where it has no number.
        read: every one of them was.
    """

    cells: tuple[Cell, ...]
    total: Decimal | None
    printed: Decimal | None
    read: bool


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A row of 绩效指标 that lost points and says no reason: its name, score and weight, its cells, and whether all were read."""

    name: str
    score: Decimal
    weight: Decimal
    cells: tuple[Cell, ...]
    read: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One form.

    Attributes:
        ref: which.
        kind: ``self_evaluation`` or ``performance_target``.
        year: of the form, else of its path; None where neither tells.
        year_read: the year is beyond doubt.
        name: of the project.
        unit: 实施单位 or 申报单位, else of the path.
        department: 主管部门 of a self-evaluation.
        amounts: by field name; of a self-evaluation those of 年度资金总额.
        rows: indicators.
        complete: nothing of its tables was lost.
        period: year of the planned start and end of a target form, (0, 0) where not both are read.
        name_cell: where the project's name stands.
        spending: 全年预算数 and 全年执行数 in 元; both 0 where one was not accepted.
        score: 总分·得分 where accepted; None otherwise.
        weights: of a self-evaluation; None where there are none.
        unexplained: rows that lost points and say no reason.
    """

    ref: FormRef
    kind: str
    year: int | None
    year_read: bool
    name: Name
    unit: Name
    department: Name
    amounts: Mapping[str, Amount]
    rows: tuple[Indicator, ...]
    complete: bool
    period: tuple[int, int]
    name_cell: Cell
    spending: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))
    score: Decimal | None = None
    weights: Weights | None = None
    unexplained: tuple[Unexplained, ...] = ()


def entries(forms: Iterable[StoredForm]) -> list[Entry]:
    """Every form of the two kinds, the newest version of each, ordered by document and number whatever the order of ``forms``."""
    newest: dict[tuple[str, int], Entry] = {}
    for stored in forms:
        if stored.form.kind not in (SELF, TARGET):
            continue
        held = newest.get((stored.document, stored.number))
        if held is None or held.ref.version < stored.version:
            newest[stored.document, stored.number] = _entry(stored)
    return [newest[key] for key in sorted(newest)]


def _entry(stored: StoredForm) -> Entry:
    form, fields = stored.form, stored.form.fields
    ours = form.kind == SELF
    year, year_read = _year(fields.get("year"), stored.year)
    own = fields.get("implementing_unit" if ours else "applicant_unit")
    unit = unit_name(intern(own.text), own.status in ACCEPTED) if own is not None and own.text else unit_name(intern(stored.unit))
    department = fields.get("department")
    name = fields.get("project_name")
    funds = _total_row(form)
    amounts = _amounts(form, *funds) if ours else _amounts(form, -1, fields)
    return Entry(
        FormRef(stored.document, stored.number, stored.version, stored.path),
        form.kind,
        year,
        year_read,
        project_name(intern(name.text), year, name.status in ACCEPTED) if name is not None else project_name("", year, False),
        unit,
        unit_name(intern(department.text), department.status in ACCEPTED) if ours and department is not None else unit_name(""),
        amounts,
        tuple(_indicator(index, row) for index, row in enumerate(form.tables.get("indicators", ()))),
        not any(finding.rule in _GAPS for finding in form.findings),
        _period(form),
        _cell("fields.project_name", name) if name is not None else Cell("fields.project_name", form.pages[0], "", False),
        _spending(amounts),
        _score(fields.get("total_score")),
        _weights(form, *funds) if ours else None,
        tuple(_unexplained(form)) if ours else (),
    )


def _year(field: Field | None, stored: int | None) -> tuple[int | None, bool]:
    """The form's own year where it was read; a path may name the year in which it was filed."""
    value = int(field.value) if field is not None and isinstance(field.value, Decimal) else None
    if field is not None and value is not None and field.status in ACCEPTED:
        return value, True
    known = stored if stored is not None and FIRST_YEAR <= stored <= LAST_YEAR else value
    return known, False


def _total_row(form: Form) -> tuple[int, FieldRow]:
    """Number and fields of 年度资金总额; (-1, nothing) where it was not found."""
    likeness = [
        (ratio(TOTAL_ROW, row["source"].text.strip()) if "source" in row else 0.0, -index)
        for index, row in enumerate(form.tables.get("funds", ()))
    ]
    best = max(likeness, default=(0.0, 0))
    return (-best[1], form.tables["funds"][-best[1]]) if best[0] >= SAME_ROW else (-1, {})


def _amounts(form: Form, row: int, fields: Mapping[str, Field]) -> dict[str, Amount]:
    before, names = (f"tables.funds[{row}].", _SELF_AMOUNTS) if form.kind == SELF else ("fields.", _TARGET_AMOUNTS)
    found = {name: read_amount(fields[name], before + name, form) for name in names if name in fields}
    return {name: amount for name, amount in found.items() if amount is not None}


def _spending(amounts: Mapping[str, Amount]) -> tuple[Decimal, Decimal]:
    """Budget and execution in 元; nothing where that is not known: 万元 taken for 元 would weigh a ten-thousandth beside others."""
    budget, spent = amounts.get("annual_budget"), amounts.get("executed")
    if budget is None or spent is None or not (budget.cell.read and spent.cell.read and budget.unit and spent.unit):
        return Decimal(0), Decimal(0)
    return budget.in_yuan(), spent.in_yuan()


def _score(field: Field | None) -> Decimal | None:
    accepted = field is not None and field.status in ACCEPTED
    return field.value if accepted and field is not None and isinstance(field.value, Decimal) else None


def _indicator(index: int, row: FieldRow) -> Indicator:
    name, target = row.get("level3"), row.get("target")
    level1 = row.get("level1")
    return Indicator(
        index,
        name.page if name is not None else 0,
        intern(level1.text) if level1 is not None else "",
        intern(name.text) if name is not None else "",
        intern(target.text) if target is not None else "",
        name is not None and name.status in ACCEPTED,
        target is not None and target.status in ACCEPTED,
    )


def _weights(form: Form, funds_row: int, funds: FieldRow) -> Weights | None:
    placed = [(f"tables.funds[{funds_row}].weight", funds["weight"])] if "weight" in funds else []
    rows = enumerate(form.tables.get("indicators", ()))
    placed += [(f"tables.indicators[{index}].weight", row["weight"]) for index, row in rows if "weight" in row]
    total = form.fields.get("total_weight")
    printed = total.value if total is not None and isinstance(total.value, Decimal) else None
    numbers = [field.value for _, field in placed if isinstance(field.value, Decimal)]
    if not numbers and printed is None:
        return None
    whole = len(numbers) == len(placed) and funds_row >= 0 and bool(form.tables.get("indicators"))
    read = all(field.status in ACCEPTED for _, field in placed) and (printed is None or (total is not None and total.status in ACCEPTED))
    cells = [_cell(path, field) for path, field in placed]
    cells += [_cell("fields.total_weight", total)] if total is not None and printed is not None else []
    return Weights(tuple(cells), sum(numbers, Decimal(0)) if whole else None, printed, read)


def _unexplained(form: Form) -> Iterable[Unexplained]:
    for index, row in enumerate(form.tables.get("indicators", ())):
        fields = {name: row.get(name) for name in ("score", "weight", "deviation")}
        score, weight, reason = fields.values()
        if score is None or weight is None or reason is None or reason.value is not None:
            continue
        if isinstance(score.value, Decimal) and isinstance(weight.value, Decimal) and score.value < weight.value:
            read = score.status in ACCEPTED and weight.status in ACCEPTED and reason.status is not Status.DOUBTFUL
            cells = tuple(_cell(f"tables.indicators[{index}].{name}", field) for name, field in fields.items() if field is not None)
            yield Unexplained(row["level3"].text if "level3" in row else "", score.value, weight.value, cells, read)


def _period(form: Form) -> tuple[int, int]:
    start, end = (form.fields.get(name) for name in ("start_date", "end_date"))
    years = [getattr(field.value, "year", 0) for field in (start, end) if field is not None and field.status in ACCEPTED]
    return (years[0], years[1]) if len(years) == 2 and all(years) else (0, 0)


def _cell(path: str, field: Field) -> Cell:
    return Cell(path, field.page, field.text, field.status in ACCEPTED)

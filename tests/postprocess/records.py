"""Forms for tests, written as their printed texts: the numbers of the genuine self-evaluations of 2020, and how a record is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Final

from layouts.template_file import builtin_templates
from models.form import Candidate, Field, Form, Status
from models.geometry import Box
from models.template import Template, ValueKind
from postprocess.names import Names
from postprocess.places import Place, cells_of, updated
from postprocess.values import parse_value

SELF_EVALUATION, TARGET = (
    next(template for template in builtin_templates() if template.kind == kind) for kind in ("self_evaluation", "performance_target")
)

SOURCES = ("年度资金总额", "其中：当年财政拨款", "上年结转资金", "其他资金")
ACCEPTED = 0.95
"""Share from which a reading is accepted."""

SURE = 0.9999


@dataclass(frozen=True)
class Numbers:
    """What is printed in the numeric cells of a self-evaluation: the first funds row, (weight, score) of each indicator, the totals."""

    initial_budget: str
    annual_budget: str
    executed: str
    rate: str
    score: str
    indicators: tuple[tuple[str, str], ...]
    total_score: str
    parts: tuple[tuple[str, str, str], ...] = (("", "", ""),) * 3
    weight: str = "10"
    total_weight: str = "100"


GENUINE: Final[Mapping[str, Numbers]] = {
    "信息化能力建设": Numbers(
        "1088156.00",
        "1088156.00",
        "980,710",
        "90.13%",
        "9.01",
        (("20", "20"), ("20", "20"), ("20", "20"), ("10", "10"), ("20", "20")),
        "99.01",
    ),
    "排放许可证监管": Numbers(
        "1010060.00",
        "1010060.00",
        "990,675",
        "98.09%",
        "9.81",
        (("20", "20"), ("20", "20"), ("20", "20"), ("15", "15"), ("15", "15")),
        "99.81",
    ),
    "土壤污染": Numbers(
        "1110000.00",
        "1110000.00",
        "1,098,000",
        "98.92%",
        "9.89",
        (("20", "20"), ("20", "20"), ("10", "10"), ("30", "30"), ("10", "10")),
        "99.89",
    ),
    "通讯费": Numbers(
        "1736311.00",
        "1736311.00",
        "1,721,494.3",
        "99.15%",
        "9.92",
        (("20", "20"), ("20", "17"), ("10", "10"), ("30", "28"), ("10", "10")),
        "94.92",
    ),
    "一网通办": Numbers(
        "808800.00",
        "808800.00",
        "808,300",
        "99.94%",
        "9.99",
        (("20", "20"), ("20", "20"), ("10", "10"), ("30", "30"), ("10", "10")),
        "99.99",
    ),
}


def self_evaluation(numbers: Numbers, *, confidence: float = SURE) -> Form:
    """The record of a self-evaluation whose numeric cells print ``numbers``, every cell read with ``confidence``."""
    fields = {"year": "2020", "project_name": "系统运维", "implementing_unit": "信息中心", "currency_unit": "元"}
    fields |= {"total_weight": numbers.total_weight, "total_score": numbers.total_score}
    money = ("initial_budget", "annual_budget", "executed")
    head = {"initial_budget": numbers.initial_budget, "annual_budget": numbers.annual_budget, "executed": numbers.executed}
    head |= {"source": SOURCES[0], "weight": numbers.weight, "execution_rate": numbers.rate, "score": numbers.score}
    parts = [
        {"source": source, "weight": "—"} | dict(zip(money, part, strict=True))
        for source, part in zip(SOURCES[1:], numbers.parts, strict=True)
    ]
    indicators = [
        {"level3": "系统维护", "weight": weight, "score": score, "deviation": "" if weight == score else "偶有卡顿。"}
        for weight, score in numbers.indicators
    ]
    return record(SELF_EVALUATION, fields, {"funds": [head, *parts], "indicators": indicators}, confidence)


def record(
    template: Template, fields: Mapping[str, str], tables: Mapping[str, Sequence[Mapping[str, str]]], confidence: float = SURE
) -> Form:
    """A form that prints these texts; what is not given is blank. Every cell has a box of its own on page 1."""
    place = iter(range(1000))
    single = {spec.name: cell(fields.get(spec.name, ""), spec.kind, next(place), confidence) for spec in template.fields}
    rows = {
        table.name: tuple(
            {spec.name: cell(row.get(spec.name, ""), spec.kind, next(place), confidence) for spec in table.columns}
            for row in tables.get(table.name, ())
        )
        for table in template.tables
    }
    return Form(template.kind, template.name, (1,), single, rows)


def cell(text: str, kind: ValueKind, place: int, confidence: float = SURE) -> Field:
    """A field read as ``text``, at the ``place``-th of 1000 boxes."""
    box = Box(0.1, place / 1000, 0.2, (place + 1) / 1000)
    return Field(text, parse_value(text, kind), 1, box, confidence, Status.READ if text else Status.BLANK)


def printing(form: Form, template: Template, place: Place, text: str) -> Form:
    """``form`` with another text at ``place``, read as surely as what stood there."""
    old = cells_of(form)[place]
    specs = template.fields if not place.table else next(table.columns for table in template.tables if table.name == place.table)
    kind = next(spec.kind for spec in specs if spec.name == place.name)
    return changed(form, place, replace(old, text=text, value=parse_value(text, kind), status=Status.READ if text else Status.BLANK))


def offering(form: Form, template: Template, offers: Mapping[Place, Mapping[str, float]]) -> Form:
    """``form`` read from pixels: at the places of ``offers`` the texts with their probabilities, the first read; elsewhere beyond doubt."""
    names = Names(template, cells_of(form))

    def seen(place: Place, field: Field) -> Field:
        kind = names.kind(place)
        shares = offers.get(place, {field.text: SURE})
        if kind is ValueKind.TEXT or not next(iter(shares)):
            return field
        found = sorted(
            (Candidate(text, parse_value(text, kind), log(share)) for text, share in shares.items()), key=lambda c: -c.log_probability
        )
        text, share = next(iter(shares.items()))
        status = Status.READ if share >= ACCEPTED else Status.DOUBTFUL
        return replace(field, text=text, value=parse_value(text, kind), confidence=share, status=status, candidates=tuple(found))

    return updated(form, {place: seen(place, field) for place, field in cells_of(form).items()})


def changed(form: Form, place: Place, field: Field) -> Form:
    """``form`` with another field at ``place``."""
    if not place.table:
        return replace(form, fields={**form.fields, place.name: field})
    rows = tuple({**row, place.name: field} if index == place.row else row for index, row in enumerate(form.tables[place.table]))
    return replace(form, tables={**form.tables, place.table: rows})

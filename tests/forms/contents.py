"""Random contents of both forms: what will be printed, field by field, with arithmetic that is true.

The field names are those of the document JSON, so a form is its own truth. A newline in a text is a paragraph on paper and no part of
the truth.
"""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import ClassVar, TypeAlias

from tests.forms import figures, prose
from tests.forms.figures import Habit
from tests.forms.indicators import achieved, aims, weights
from tests.forms.prose import Subject
from tests.forms.words import WORDS

SOURCES = ("年度资金总额", "其中：当年财政拨款", "上年结转资金", "其他资金")


@dataclass(frozen=True, slots=True)
class FundsRow:
    """One row of 项目资金."""

    source: str
    initial_budget: str
    annual_budget: str
    executed: str
    weight: str
    execution_rate: str
    score: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row of 绩效指标 on a self-evaluation."""

    level1: str
    level2: str
    level3: str
    target: str
    actual: str
    weight: str
    score: str
    deviation: str


@dataclass(frozen=True, slots=True)
class AimRow:
    """One row of 绩效目标 on a performance target form."""

    level1: str
    level2: str
    level3: str
    target: str


@dataclass(frozen=True, slots=True)
class SelfEvaluation:
    """财政项目支出绩效自评表; ``planted`` names the fields that are wrong on paper."""

    kind: ClassVar[str] = "self_evaluation"
    title: str
    year: int
    project_name: str
    department: str
    implementing_unit: str
    currency_unit: str
    funds: tuple[FundsRow, ...]
    goal_target: str
    goal_actual: str
    indicators: tuple[ResultRow, ...]
    total_weight: str
    total_score: str
    planted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PerformanceTarget:
    """财政项目支出绩效目标表; ``planted`` names the fields that are wrong on paper.

    ``currency_unit`` stands in labels and is no field of its own.
    """

    kind: ClassVar[str] = "performance_target"
    title: str
    year: int
    applicant_unit: str
    project_name: str
    project_category: str
    start_date: str
    end_date: str
    government_purchase: str
    performance_type: str
    overview: str
    basis: str
    necessity: str
    safeguards: str
    plan: str
    goals: str
    total_budget: str
    current_budget: str
    prior_budget: str
    prior_executed: str
    indicators: tuple[AimRow, ...]
    currency_unit: str = "元"
    planted: tuple[str, ...] = ()


Paper: TypeAlias = SelfEvaluation | PerformanceTarget


def truth(form: Paper) -> dict[str, object]:
    """One entry of ``forms`` in a truth file: ``form``, then the fields; ``planted`` only where the paper is wrong."""
    record = {key: _plain(value) for key, value in asdict(form).items()}
    if isinstance(form, PerformanceTarget):
        del record["currency_unit"]
    if not form.planted:
        del record["planted"]
    return {"form": form.kind, **record}


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\n", "")
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def self_evaluation(rng: random.Random, office: Habit, year: int, rows: int) -> SelfEvaluation:
    """A self-evaluation with ``rows`` indicators."""
    about = prose.subject(rng, year)
    weight = Decimal(rng.choices((10, 20), (6, 1))[0])
    funds = _funds(rng, office, weight)
    indicators = _results(rng, office, about, figures.HUNDRED - weight, rows)
    scores = [Decimal(funds[0].score), *(Decimal(row.score) for row in indicators)]
    most = rng.choice((2, 3, 5, 9))
    return SelfEvaluation(
        title=rng.choices(("财政项目支出绩效自评表", "项目支出绩效自评表"), (9, 1))[0],
        year=year,
        project_name=_project(rng, about),
        department=_city(about.place) + about.domain.bureau,
        implementing_unit=_city(about.place) + rng.choice(about.domain.units),
        currency_unit=office.unit,
        funds=funds,
        goal_target=prose.passage(rng, about, WORDS.purposes, most),
        goal_actual=prose.passage(rng, about, WORDS.results, most),
        indicators=indicators,
        total_weight=office.points(figures.HUNDRED),
        total_score=office.points(sum(scores, Decimal(0))),
    )


def _project(rng: random.Random, about: Subject) -> str:
    name = rng.choice(about.domain.projects)
    before = rng.choice(("", "", about.place, _city(about.place)))
    return before + name + rng.choice(("", "", "", f"（{about.year}年度）", f"({about.year})", f"{about.year}年"))


def _city(place: str) -> str:
    """The town without its district."""
    head, town, _ = place.partition("市")
    return head + town if town else place


def _funds(rng: random.Random, office: Habit, weight: Decimal) -> tuple[FundsRow, ...]:
    """Total and parts. Parts are blank, one, two or three; where printed they add up in every column."""
    shares = rng.choices((0, 1, 2, 3), (10, 4, 4, 3))[0]
    total = figures.amount(rng, office.unit, office.quantum)
    annual = figures.split(rng, total, max(1, shares), office.quantum)
    initial = annual if rng.random() < 0.6 else [_revised(rng, part, office.quantum) for part in annual]
    spent = [figures.spend(rng, part, office.quantum) for part in annual]
    sums = [sum(column, Decimal(0)) for column in (initial, annual, spent)]
    head = FundsRow(
        SOURCES[0],
        office.budget(sums[0]),
        office.budget(sums[1]),
        office.spent(sums[2]),
        office.points(weight),
        office.rate(sums[2], sums[1])[0],
        office.score(weight, sums[2], sums[1]),
    )
    with_rate = rng.random() < 0.4
    parts = [_part(office, SOURCES[i + 1], (initial[i], annual[i], spent[i]), with_rate) for i in range(shares)]
    return head, *parts, *(_empty(office, source) for source in SOURCES[1 + shares :])


def _revised(rng: random.Random, part: Decimal, quantum: Decimal) -> Decimal:
    """What a budget was at the beginning of the year, before it was revised."""
    return (part * Decimal(rng.randint(70, 125)) / figures.HUNDRED / quantum).quantize(Decimal(1)) * quantum


def _part(office: Habit, source: str, amounts: Sequence[Decimal], with_rate: bool) -> FundsRow:
    initial, annual, spent = amounts
    rate = office.rate(spent, annual)[0] if with_rate else office.empty_rate
    amounts_printed = (office.budget(initial), office.budget(annual), office.spent(spent))
    return FundsRow(source, *amounts_printed, office.empty_weight, rate, office.empty_rate)


def _empty(office: Habit, source: str) -> FundsRow:
    money = office.empty_money
    return FundsRow(source, money, money, money, office.empty_weight, office.empty_rate, office.empty_rate)


def _results(rng: random.Random, office: Habit, about: Subject, total: Decimal, rows: int) -> tuple[ResultRow, ...]:
    shares = weights(rng, total, rows)
    unspoiled = rng.choice(("", "", "", "", "无", "—"))
    drawn = []
    for aim, weight in zip(achieved(rng, about, rows), shares, strict=True):
        score = weight - _lost(rng, weight)
        deviation = prose.fill(rng, rng.choice(WORDS.deviations), about) if score < weight else unspoiled
        drawn.append(ResultRow(*aim, office.points(weight), office.points(score), deviation))
    return tuple(drawn)


def _lost(rng: random.Random, weight: Decimal) -> Decimal:
    """Points that an indicator fell short of its weight, mostly none."""
    lost = rng.choice((Decimal(1), Decimal("0.5"), Decimal("0.1"))) * rng.randint(1, 6) if rng.random() < 0.22 else Decimal(0)
    return lost if lost < weight else Decimal(0)


def performance_target(rng: random.Random, office: Habit, year: int, rows: int) -> PerformanceTarget:
    """A performance target form with ``rows`` indicators."""
    about = prose.subject(rng, year)
    start, end = _dates(rng, year)
    total, current, prior, spent = _budgets(rng, office)
    most = rng.choice((2, 2, 4, 8))
    return PerformanceTarget(
        title=rng.choices(("财政项目支出绩效目标表", "项目支出绩效目标表"), (9, 1))[0],
        year=year,
        applicant_unit=_city(about.place) + rng.choice((about.domain.bureau, rng.choice(about.domain.units))),
        project_name=_project(rng, about),
        project_category=rng.choice(("其他一次性项目", "一次性项目", "经常性项目", "其他经常性项目")),
        start_date=start,
        end_date=end,
        government_purchase=rng.choice(("是", "否")),
        performance_type=rng.choice(("其他类", "信息化建设工程类")),
        overview=prose.passage(rng, about, WORDS.backgrounds, most),
        basis=_basis(rng, about),
        necessity=prose.passage(rng, about, WORDS.backgrounds + WORDS.results[4:6], most),
        safeguards=prose.passage(rng, about, WORDS.safeguards, most),
        plan=prose.passage(rng, about, WORDS.plans, most),
        goals=prose.passage(rng, about, WORDS.purposes, most),
        total_budget=total,
        current_budget=current,
        prior_budget=prior,
        prior_executed=spent,
        indicators=tuple(AimRow(*aim) for aim in aims(rng, about, rows)),
        currency_unit=office.unit,
    )


def _basis(rng: random.Random, about: Subject) -> str:
    papers = [prose.document(rng, about) for _ in range(rng.randint(1, 3))]
    if len(papers) == 1:
        return rng.choice(("{}。", "依据{}等文件要求设立。", "根据{}及本级部门职责。")).format(papers[0])
    return rng.choice(("", "\n")).join(f"{i}、{paper}；" for i, paper in enumerate(papers[:-1], 1)) + f"{len(papers)}、{papers[-1]}。"


def _dates(rng: random.Random, year: int) -> tuple[str, str]:
    pattern = rng.choices(("{}-{:02d}-{:02d}", "{}年{}月{}日", "{}/{:02d}/{:02d}", "{}.{}.{}"), (7, 1, 1, 1))[0]
    first = (year, rng.choice((1, 1, 2, 3)), rng.choice((1, 1, rng.randint(2, 28))))
    last = (year + rng.choices((0, 1), (6, 1))[0], rng.randint(10, 12), rng.randint(1, 30))
    return pattern.format(*first), pattern.format(*last)


def _budgets(rng: random.Random, office: Habit) -> tuple[str, str, str, str]:
    """Total and current budget, budget and spending of the year before; the latter two may be blank."""
    total = figures.amount(rng, office.unit, office.quantum)
    current = total if rng.random() < 0.7 else figures.spend(rng, total, office.quantum)
    if rng.random() < 0.3:
        blank = rng.choice(("", "", "", "—", "0", "0.00"))
        return office.budget(total), office.budget(current), blank, blank
    prior = figures.spend(rng, total, office.quantum)
    return office.budget(total), office.budget(current), office.budget(prior), office.spent(figures.spend(rng, prior, office.quantum))

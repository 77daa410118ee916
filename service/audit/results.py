"""What each project achieved in each year, for the plots: of accepted numbers only."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from postprocess.roundings import EXACT
from service.audit.entry import HUNDRED, SELF
from service.audit.finding import Audit


@dataclass(frozen=True, slots=True)
class Result:
    """One self-evaluation.

    Attributes:
        unit: of the project.
        project: its name.
        year: of the form.
        budget: 全年预算数 in 元, executed: 全年执行数 in 元; both 0 where one was not accepted.
        score: 总分·得分; None where it was not accepted.
    """

    unit: str
    project: str
    year: int
    budget: Decimal
    executed: Decimal
    score: Decimal | None

    @property
    def rate(self) -> Decimal | None:
        """执行率 in percent; None where there is no budget."""
        return _percent(self.executed, self.budget)


def results(audit: Audit) -> Iterator[Result]:
    """One for each self-evaluation, in the order of the projects; of several of a project and year only the first."""
    for project in audit.projects:
        seen = set()
        for entry in project.entries:
            if entry.kind == SELF and entry.year is not None and entry.year not in seen:
                seen.add(entry.year)
                yield Result(project.unit, project.name, entry.year, *entry.spending, entry.score)


def unit_rates(found: Iterable[Result]) -> Mapping[int, Decimal]:
    """Year to execution rate in percent of all ``found`` together, weighed by their budgets."""
    sums: dict[int, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for result in found:
        sums[result.year][0] += result.executed
        sums[result.year][1] += result.budget
    rates = {year: _percent(*sums[year]) for year in sorted(sums)}
    return {year: rate for year, rate in rates.items() if rate is not None}


def unit_scores(found: Iterable[Result]) -> Mapping[int, Decimal]:
    """Year to mean score of ``found``."""
    scores: dict[int, list[Decimal]] = defaultdict(list)
    for result in found:
        if result.score is not None:
            scores[result.year].append(result.score)
    return {year: EXACT.divide(sum(scores[year], Decimal(0)), Decimal(len(scores[year]))) for year in sorted(scores)}


def _percent(executed: Decimal, budget: Decimal) -> Decimal | None:
    return EXACT.multiply(EXACT.divide(executed, budget), HUNDRED) if budget else None

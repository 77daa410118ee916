"""What is drawn is true: checked here by arithmetic of its own, not by the generator's."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest

from tests.forms import contents, figures
from tests.forms.contents import FundsRow, Paper, PerformanceTarget, SelfEvaluation
from tests.forms.generate import papers, seeded
from tests.forms.plant import plant

SEEDS = range(120)
ROUNDINGS = (ROUND_HALF_UP, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN)
GENUINE = (
    "上海市环境保护局信息化能力建设项目(运维)",
    "上海市重点污染源主要污染物排放许可证监管与信息发布系统(2020升级改造)",
    "上海市建设用地地块土壤污染环境管理系统",
    "三江路监测大楼业务网络通讯费",
    "上海市生态环境局一网通办服务系统",
    "环保热线运行",
    "上海市环境监察移动执法系统(2020升级改造)",
    "上海市环境监察移动执法系统(运维)",
    "执法服装",
)


def number(text: str) -> Decimal | None:
    """Value of a printed number; None for blanks and dashes."""
    stripped = text.replace(",", "").rstrip("%")
    return Decimal(stripped) if any(character.isdigit() for character in stripped) else None


def value(text: str) -> Decimal:
    found = number(text)
    assert found is not None, text
    return found


def ways(exact: Decimal, printed: str) -> set[Decimal]:
    """``exact`` rounded in every usual way to the decimals of ``printed``, or to two where fewer are printed and zeros may be missing."""
    places = len(printed.rstrip("%").partition(".")[2])
    return {exact.quantize(Decimal(1).scaleb(-p), rounding=mode) for p in {places, 2} for mode in ROUNDINGS}


def broken(form: Paper) -> set[str]:
    """Rules that no rounding can save."""
    return set(_broken_result(form) if isinstance(form, SelfEvaluation) else _broken_target(form))


def _broken_result(form: SelfEvaluation) -> Iterator[str]:
    for row in form.funds:
        yield from _broken_row(row)
    for column in ("initial_budget", "annual_budget", "executed"):
        total, *parts = (number(getattr(row, column)) for row in form.funds)
        if any(parts) and total != sum(part for part in parts if part is not None):
            yield "funds_sum"
    head = form.funds[0]
    weights = [value(head.weight), *(value(row.weight) for row in form.indicators)]
    scores = [value(head.score), *(value(row.score) for row in form.indicators)]
    if value(form.total_weight) != sum(weights):
        yield "weight_total"
    if value(form.total_score) != sum(scores):
        yield "score_total"
    if any(not 0 <= score <= weight for score, weight in zip(scores, weights, strict=True)):
        yield "score_at_most_weight"


def _broken_row(row: FundsRow) -> Iterator[str]:
    spent, budget, rate = number(row.executed), number(row.annual_budget), number(row.execution_rate)
    if rate is None or spent is None or not budget:
        return
    exact = spent / budget * 100
    if rate not in ways(exact, row.execution_rate):
        yield "execution_rate"
    weight, score = number(row.weight), number(row.score)
    if (
        weight is not None
        and score is not None
        and score not in ways(weight * exact / 100, row.score) | ways(weight * rate / 100, row.score)
    ):
        yield "funds_score"


def _broken_target(form: PerformanceTarget) -> Iterator[str]:
    if value(form.current_budget) > value(form.total_budget):
        yield "current_at_most_total"
    spent, budget = number(form.prior_executed), number(form.prior_budget)
    if spent is not None and budget is not None and spent > budget:
        yield "prior_executed_at_most_budget"


def drawn(seed: int) -> list[Paper]:
    return papers(seeded(str(seed)), "mixed", 2, 0.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_unplanted_paper_holds_every_rule(seed: int) -> None:
    for form in drawn(seed):
        assert broken(form) == set()


@pytest.mark.parametrize("seed", SEEDS)
def test_planted_paper_is_wrong_in_one_named_field(seed: int) -> None:
    for form in drawn(seed):
        wrong = plant(seeded(f"fault {seed}"), form)
        if wrong.planted:
            assert broken(wrong)
            changed = [key for key in differences(contents.truth(form), contents.truth(wrong)) if key != "planted"]
            assert changed == [path.removeprefix("fields.").removeprefix("tables.") for path in wrong.planted]


def differences(left: object, right: object, path: str = "") -> list[str]:
    """Paths at which two truths differ, written as findings write them."""
    if isinstance(left, dict) and isinstance(right, dict):
        keys = left.keys() | right.keys()
        return [found for key in sorted(keys) for found in differences(left.get(key), right.get(key), f"{path}.{key}".lstrip("."))]
    if isinstance(left, list) and isinstance(right, list):
        return [found for i, (a, b) in enumerate(zip(left, right, strict=True)) for found in differences(a, b, f"{path}[{i}]")]
    return [] if left == right else [path]


def test_nearly_every_self_evaluation_can_be_spoiled() -> None:
    office = figures.habit(seeded("office"))
    spoiled = [plant(seeded(str(i)), contents.self_evaluation(seeded(str(i)), office, 2021, 6)) for i in range(30)]
    assert all(form.planted for form in spoiled)


def test_truth_of_a_self_evaluation_has_the_keys_of_the_contract() -> None:
    rng = seeded("keys")
    record = contents.truth(contents.self_evaluation(rng, figures.habit(rng), 2022, 4))
    assert list(record) == [
        *("form", "title", "year", "project_name", "department", "implementing_unit", "currency_unit"),
        *("funds", "goal_target", "goal_actual", "indicators", "total_weight", "total_score"),
    ]
    funds, indicators = record["funds"], record["indicators"]
    assert isinstance(funds, list)
    assert isinstance(indicators, list)
    assert [row["source"] for row in funds] == ["年度资金总额", "其中：当年财政拨款", "上年结转资金", "其他资金"]
    assert all(set(row) == {"source", "initial_budget", "annual_budget", "executed", "weight", "execution_rate", "score"} for row in funds)
    assert all(set(row) == {"level1", "level2", "level3", "target", "actual", "weight", "score", "deviation"} for row in indicators)
    assert len(indicators) == 4


def test_truth_of_a_target_form_has_the_keys_of_the_contract() -> None:
    rng = seeded("keys")
    record = contents.truth(contents.performance_target(rng, figures.habit(rng), 2022, 7))
    assert list(record) == [
        *("form", "title", "year", "applicant_unit", "project_name", "project_category", "start_date", "end_date"),
        *("government_purchase", "performance_type", "overview", "basis", "necessity", "safeguards", "plan", "goals"),
        *("total_budget", "current_budget", "prior_budget", "prior_executed", "indicators"),
    ]
    assert isinstance(record["indicators"], list)
    assert all(set(row) == {"level1", "level2", "level3", "target"} for row in record["indicators"])


def test_planted_stands_in_the_truth_only_where_something_is_wrong() -> None:
    rng = seeded("planted")
    form = contents.self_evaluation(rng, figures.habit(rng), 2021, 3)
    wrong = plant(rng, form)
    assert "planted" not in contents.truth(form)
    assert contents.truth(wrong)["planted"] == list(wrong.planted)


def test_paragraphs_are_no_part_of_the_truth() -> None:
    texts = [str(contents.truth(form)) for seed in SEEDS for form in drawn(seed)]
    assert not any("\\n" in text for text in texts)


def test_same_seed_gives_the_same_papers_and_another_seed_others() -> None:
    assert drawn(5) == drawn(5)
    assert drawn(5) != drawn(6)


def test_no_paper_is_one_of_the_genuine_forms() -> None:
    names = {form.project_name for seed in SEEDS for form in drawn(seed)}
    assert names.isdisjoint(GENUINE)
    assert len(names) > 100


def test_levels_of_indicators_are_contiguous_so_that_cells_can_be_merged() -> None:
    for seed in SEEDS:
        for form in drawn(seed):
            pairs = [(row.level1, row.level2) for row in form.indicators]
            starts = [pair for i, pair in enumerate(pairs) if i == 0 or pairs[i - 1] != pair]
            assert len(starts) == len(set(starts))

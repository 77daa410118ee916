"""Every sentence a reviewer reads, in Chinese, in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import singledispatch
from types import MappingProxyType

from models.form import Value, Verdict
from models.template import (
    AtMostRule,
    EqualsRule,
    OrderedRule,
    ProductRule,
    RatioRule,
    RequiredIfRule,
    RequiredRule,
    Rule,
    SumRule,
    ValueKind,
)
from postprocess.judge import Judgement, Outcome
from postprocess.roundings import Explanation, Rounding

ROUNDINGS: Mapping[Rounding, str] = MappingProxyType(
    {Rounding.HALF_UP: "四舍五入", Rounding.HALF_EVEN: "四舍六入五成双", Rounding.UP: "只入不舍", Rounding.DOWN: "只舍不入"}
)
VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.ON_PAPER: "各数均已读清，表上即如此",
        Verdict.UNDECIDED: "其中有未读清之处，须人工核对",
    }
)
NOT_CHECKED = "{name}无法核对：{unread}未读清。"
TABLE_MISSING = "没有找到“{name}”的表格，或其中没有读出任何一行，须人工核对。"
UNPLACED = "表中有文字未能归入任何栏目，须人工核对：{texts}。"
ROW_MISSING = "没有找到“{name}”一行，须人工核对。"
WHERE_LESS = "时须填写"
REQUIRED = "必填"
BLANK_TERM = "（空）"
REPAIRED = "{equation}；{name}原识别为“{read}”，{ground}改读为“{text}”。"


@dataclass(frozen=True, slots=True)
class Repair:
    """A cell that was read otherwise.

    Attributes:
        name: of the cell.
        read: what the recognizer read best.
        text: what it says by the rules.
    """

    name: str
    read: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """What a sentence is about: a judged clause, cell by cell.

    Attributes:
        names: of its cells.
        texts: their values, as `shown`.
        expected: what the rule demands, as `shown`.
        judgement: what the rule says.
    """

    names: Sequence[str]
    texts: Sequence[str]
    expected: str
    judgement: Judgement


def shown(value: Value, kind: ValueKind) -> str:
    """A value as a sentence writes it: plain digits, percents with their sign, ISO dates."""
    match value:
        case Decimal():
            return f"{value:f}%" if kind is ValueKind.PERCENT else f"{value:f}"
        case date():
            return value.isoformat()
        case _:
            return value or ""


def demand(rule: Rule, judgement: Judgement, texts: Sequence[str], kind: ValueKind) -> str:
    """What ``rule`` demands of its first cell; empty where that is only to be filled."""
    match rule:
        case AtMostRule():
            return "≥0" if judgement.named == (0,) else f"≤{texts[1]}"
        case OrderedRule():
            return f"≤{texts[1]}" if judgement.named == (0, 1) else texts[2]
        case _:
            return shown(judgement.expected, kind)


def sentence(rule: Rule, case: Case, verdict: Verdict) -> str:
    """What does not hold, with the numbers, and who is wrong; for an unusual rounding only what it is."""
    said = say(rule, case)
    return f"{said}。" if case.judgement.outcome is Outcome.EXPLAINED else f"{said}；{VERDICTS[verdict]}。"


@singledispatch
def say(rule: Rule, case: Case) -> str:
    """The sentence without its ending.

    Raises:
        TypeError: no sentence is registered for this type of rule.
    """
    raise TypeError(f"no sentence for {type(rule).__name__} about {case.names}")


@say.register
def _(_rule: SumRule, case: Case) -> str:
    parts = [case.texts[index] for index in case.judgement.named if index > 0]
    computed = f"{'+'.join(parts)}={case.expected}" if len(parts) > 1 else case.expected
    return f"{case.names[0]}应为 {computed}，表上读作 {case.texts[0]}"


@say.register
def _(_rule: RatioRule, case: Case) -> str:
    quotient, numerator, denominator = case.texts
    if case.judgement.explained is None:
        return f"{case.names[0]}应为 {numerator}÷{denominator}={case.expected}，表上读作 {quotient}"
    return f"{case.names[0]} {quotient} 是 {numerator}÷{denominator} {_way(case.judgement.explained)}所得，通常四舍五入为 {case.expected}"


@say.register
def _(_rule: ProductRule, case: Case) -> str:
    product, factor, rate, numerator, denominator = case.texts
    exact = f"{numerator}÷{denominator}" if numerator and denominator else rate
    if case.judgement.explained is None:
        return f"{case.names[0]}应为 {factor}×{exact}={case.expected}，表上读作 {product}"
    source = f"表上的 {rate}" if case.judgement.of_printed else exact
    way = _way(case.judgement.explained)
    return f"{case.names[0]} {product} 是 {factor}×{source} {way}所得，按未舍入的比率通常为 {case.expected}"


def _way(explained: Explanation) -> str:
    return f"{ROUNDINGS[explained.rounding]}到 {explained.places} 位小数"


@say.register
def _(_rule: AtMostRule, case: Case) -> str:
    if case.judgement.named == (0,):
        return f"{case.names[0]} {case.texts[0]} 小于 0"
    return f"{case.names[0]} {case.texts[0]} 大于{case.names[1]} {case.texts[1]}"


@say.register
def _(_rule: EqualsRule, case: Case) -> str:
    return f"{case.names[0]}应为 {case.expected}，表上读作 {case.texts[0]}"


@say.register
def _(_rule: OrderedRule, case: Case) -> str:
    if case.judgement.named == (0, 1):
        return f"{case.names[0]} {case.texts[0]} 晚于{case.names[1]} {case.texts[1]}"
    return f"{case.names[0]} {case.texts[0]} 不在 {case.texts[2]} 年度内"


@say.register
def _(_rule: RequiredIfRule, case: Case) -> str:
    return f"{case.names[1]} {case.texts[1]} 低于{case.names[2]} {case.texts[2]}，但{case.names[0]}未填"


@say.register
def _(_rule: RequiredRule, case: Case) -> str:
    return f"{case.names[0]}未填"


def repaired(rule: Rule, names: Sequence[str], texts: Sequence[str], repair: Repair) -> str:
    """Which equation holds now, with the numbers, and what was read before.

    Args:
        rule: the equation.
        names: of its cells.
        texts: their values after the repair, as `shown`.
        repair: the cell that was read otherwise.
    """
    equation, ground = agreement(rule, names, texts)
    return REPAIRED.format(equation=equation, name=repair.name, read=repair.read, ground=ground, text=repair.text)


@singledispatch
def agreement(rule: Rule, names: Sequence[str], texts: Sequence[str]) -> tuple[str, str]:
    """An equation that holds, and how a reviewer calls deciding by it.

    Raises:
        TypeError: no sentence is registered for this type of rule.
    """
    raise TypeError(f"no agreement for {type(rule).__name__} of {names}: {texts}")


@agreement.register
def _(_rule: SumRule, names: Sequence[str], texts: Sequence[str]) -> tuple[str, str]:
    parts = "+".join(text for text in texts[1:] if text)
    return f"合计 {parts}={texts[0]}，与{names[0]} {texts[0]} 一致", "按合计"


@agreement.register
def _(_rule: RatioRule, names: Sequence[str], texts: Sequence[str]) -> tuple[str, str]:
    return f"{texts[1]}÷{texts[2]}，与{names[0]} {texts[0]} 一致", "按比率"


@agreement.register
def _(_rule: ProductRule, names: Sequence[str], texts: Sequence[str]) -> tuple[str, str]:
    product, factor, rate, numerator, denominator = texts
    return f"{factor}×{rate or f'{numerator}÷{denominator}'}，与{names[0]} {product} 一致", "按分值与比率"


@agreement.register
def _(_rule: EqualsRule, names: Sequence[str], texts: Sequence[str]) -> tuple[str, str]:
    return f"{names[0]}应为 {texts[0]}", "据此"

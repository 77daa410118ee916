"""Indicators: names, targets, results and weights, in the order of the printed levels."""

import random
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from tests.forms import prose
from tests.forms.prose import Subject
from tests.forms.words import WORDS

_Measure: TypeAlias = tuple[str, str]
_Maker: TypeAlias = Callable[[random.Random, Subject], _Measure]

RESULT_LEVELS: Mapping[str, Sequence[str]] = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}
AIM_LEVELS: Mapping[str, Sequence[str]] = {
    "投入与管理": ("投入管理", "财务管理", "实施管理"),
    "产出目标": ("数量", "质量", "时效", "成本"),
    "效果目标": ("经济效益", "社会效益", "满意度"),
    "影响力目标": ("配套设施", "信息共享", "其它"),
}
_NAMES: Mapping[str, Sequence[str]] = {
    "质量": WORDS.qualities,
    "时效": WORDS.times,
    "成本": WORDS.costs,
    "经济": WORDS.economies,
    "生态": WORDS.ecologies,
    "可持": WORDS.lasting,
    "满意": WORDS.satisfactions,
    "服务": WORDS.satisfactions,
    "投入": WORDS.inputs,
    "财务": WORDS.finances,
    "实施": WORDS.deliveries,
    "配套": WORDS.supports,
    "信息": WORDS.supports,
    "其它": WORDS.lasting,
}


def weights(rng: random.Random, total: Decimal, rows: int) -> list[Decimal]:
    """``rows`` positive weights that add up to ``total``: whole numbers, or halves on long forms."""
    step = Decimal("0.5") if rows > 18 and rng.random() < 0.6 else Decimal(1)
    units = int(total / step)
    shares = [units // rows] * rows
    for _ in range(units - sum(shares)):
        shares[rng.randrange(rows)] += 1
    for _ in range(rows):
        giver, taker = rng.randrange(rows), rng.randrange(rows)
        moved = rng.randint(0, max(0, shares[giver] - 1) // 2)
        shares[giver] -= moved
        shares[taker] += moved
    return [share * step for share in shares]


def _levels(rng: random.Random, levels: Mapping[str, Sequence[str]], rows: int) -> list[tuple[str, str]]:
    """Level 1 and 2 of each row, in printed order; with enough rows every level 1 appears."""
    pairs = [(one, two) for one, twos in levels.items() for two in twos]
    must = [rng.choice([pair for pair in pairs if pair[0] == one]) for one in levels][-rows:]
    chosen = must + rng.choices(pairs, k=rows - len(must))
    return sorted(chosen, key=pairs.index)


def _percent(rng: random.Random, _: Subject) -> _Measure:
    goal = rng.choice((80, 85, 90, 95, 98, 100))
    target = rng.choice(("≥{}%", "{}%", "={}%", "不低于{}%", "{}%以上") if goal < 100 else ("=100%", "100%"))
    actual = f"{goal}%" if goal == 100 else f"{rng.randint(goal * 10, 1000) / 10:g}%"
    return target.format(goal), actual


def _count(rng: random.Random, about: Subject) -> _Measure:
    _, unit = rng.choice(about.domain.counts)
    return _counted(rng, unit)


def _counted(rng: random.Random, unit: str) -> _Measure:
    goal = rng.choice((rng.randint(1, 60), rng.randint(60, 1500), rng.randint(1500, 60000)))
    target = rng.choice(("≥{}{}", "{}{}", "={}{}", "不少于{}{}")).format(goal, unit)
    return target, f"{goal + rng.choice((0, 0, rng.randint(1, 9)))}{unit}"


def _when(rng: random.Random, about: Subject) -> _Measure:
    month = rng.randint(4, 12)
    done = rng.choice(("{}年{}月{}日", "{}年{}月", "{}-{:02d}-{:02d}")).format(about.year, month - 1, rng.randint(1, 28))
    return rng.choice((f"{about.year}年{month}月前", f"{about.year}年{month}月底前完成", f"{about.year}.{month}.30前")), done


def _limit(rng: random.Random, _: Subject) -> _Measure:
    unit, most = rng.choice((("小时", 48), ("个工作日", 15), ("天", 30), ("万元", 400), ("元/人", 900), ("起", 3)))
    limit = rng.randint(1, most)
    return f"≤{limit}{unit}", f"{rng.randint(0, limit)}{unit}"


def _worded(rng: random.Random, _: Subject) -> _Measure:
    return rng.choice(WORDS.worded)


_MAKERS: Mapping[str, Sequence[_Maker]] = {
    "质量": (_percent, _percent, _worded),
    "时效": (_when, _limit, _percent, _worded),
    "成本": (_limit, _percent, _worded),
    "满意": (_percent, _percent, _worded),
    "服务": (_percent, _percent, _worded),
    "投入": (_percent,),
    "财务": (_worded, _percent),
    "实施": (_worded,),
}


def _indicator(rng: random.Random, about: Subject, level2: str) -> tuple[str, str, str]:
    kind = level2[:2]
    if kind == "数量":
        name, unit = rng.choice(about.domain.counts)
        return (name, *_counted(rng, unit))
    local = about.domain.effects
    names = (*_NAMES[kind], *local) if kind == "经济" else _NAMES.get(kind, local)
    name = prose.fill(rng, rng.choice(names), about)
    return (name, *rng.choice(_MAKERS.get(kind, (_worded, _percent, _count)))(rng, about))


def achieved(rng: random.Random, about: Subject, rows: int) -> list[tuple[str, str, str, str, str]]:
    """Rows of a self-evaluation without weights: level 1 to 3, target, result."""
    return [(one, two, *_indicator(rng, about, two)) for one, two in _levels(rng, RESULT_LEVELS, rows)]


def aims(rng: random.Random, about: Subject, rows: int) -> list[tuple[str, str, str, str]]:
    """Rows of a performance target form: level 1 to 3, target."""
    return [(one, two, *_indicator(rng, about, two)[:2]) for one, two in _levels(rng, AIM_LEVELS, rows)]

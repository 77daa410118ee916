"""Every Chinese sentence and term of the audit, in one place."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from models.form import Verdict
from models.template import Severity
from service.audit.amounts import Amount, likely_units
from service.audit.edges import Ground
from service.audit.entry import SELF, TARGET
from service.audit.finding import AuditRule
from service.audit.identity import Agreement
from service.headings import heading

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "total_budget": "项目总预算",
        "current_budget": "项目当年预算",
        "prior_budget": "同名项目上年预算额",
        "prior_executed": "同名项目上年预算执行数",
        "initial_budget": "年初预算数",
        "annual_budget": "全年预算数",
        "executed": "全年执行数",
    }
)
KINDS: Mapping[str, str] = MappingProxyType({SELF: "绩效自评表", TARGET: "绩效目标表"})
RULES: Mapping[AuditRule, str] = MappingProxyType(
    {
        AuditRule.CURRENT_BUDGET: "当年预算与年初预算数不符",
        AuditRule.PRIOR_BUDGET: "上年预算额与上年自评表不符",
        AuditRule.PRIOR_EXECUTED: "上年执行数与上年自评表不符",
        AuditRule.BUDGET_ADJUSTED: "年中调整预算",
        AuditRule.BUDGET_CHANGED: "同年两份表金额不同",
        AuditRule.TOTAL_BUDGET_CHANGED: "跨年项目总预算变动",
        AuditRule.INDICATOR_MISSING: "目标指标未见自评",
        AuditRule.INDICATOR_CHANGED: "指标或指标值变动",
        AuditRule.INDICATOR_ADDED: "自评指标不在目标中",
        AuditRule.WEIGHTS_NOT_HUNDRED: "分值合计不是 100",
        AuditRule.DEVIATION_MISSING: "扣分未说明偏差原因",
        AuditRule.EVALUATION_MISSING: "缺自评表",
        AuditRule.TARGET_MISSING: "缺目标表",
        AuditRule.EVALUATION_DOUBLE: "自评表重复",
        AuditRule.TARGET_DOUBLE: "目标表重复",
        AuditRule.LINK_AMBIGUOUS: "关联不明",
        AuditRule.FORM_UNPLACED: "未能归入项目",
    }
)
GROUNDS: Mapping[Ground, str] = MappingProxyType(
    {
        Ground.EQUAL: "名称、单位一致",
        Ground.DOUBTFUL: "名称、单位读作一致，但未读清",
        Ground.NAME_SLIP: "名称未读清，仅差个别字",
        Ground.UNIT_SLIP: "单位未读清，仅差个别字",
        Ground.NAME_WORDING: "名称写法有繁简，金额相符",
        Ground.UNIT_WORDING: "单位写法有繁简，金额相符",
        Ground.NAME_YEAR: "名称相同，沿用往年年份",
        Ground.DEPARTMENT: "名称一致，目标表由主管部门申报",
        Ground.UNIT_BLANK: "名称一致，一表未见单位，金额相符",
    }
)
SEVERITY_WORDS: Mapping[Severity, str] = MappingProxyType({Severity.ERROR: "矛盾", Severity.WARNING: "疑点", Severity.INFO: "提示"})
VERDICT_WORDS: Mapping[Verdict, str] = MappingProxyType({Verdict.ON_PAPER: "表上如此", Verdict.UNDECIDED: "待核", Verdict.MISREAD: "误读"})

ALIKE_INITIAL = "，而与该年的年初预算数相符"
_UNREAD = "；其中有未读清或未能确认之处，须核对原件"
_ROW = re.compile(r"tables\.(\w+)\[(\d+)\]")
_TABLES: Mapping[str, str] = MappingProxyType({"funds": "项目资金", "indicators": "绩效指标"})
_LABELS: Mapping[str, str] = MappingProxyType(
    {"level3": "三级指标", "target": "指标值", "weight": "分值", "score": "得分", "deviation": "偏差原因", "total_weight": "总分·分值"}
)
LISTED = 8
"""Names that a sentence lists; more are counted."""


def money(amount: Amount, unit: str) -> str:
    """An amount with its digits as printed, and its unit; where the form does not say it, that it was supposed."""
    return f"{amount.number:,f} {unit}" if amount.unit else f"{amount.number:,f}（未读出单位，按{unit}计）"


def against(years: tuple[int, int], fields: tuple[str, str], texts: tuple[str, str], gap: Decimal) -> str:
    """Two amounts that should be one: of a target form, then of a self-evaluation; ``gap`` in 元."""
    said = f"{years[0]} 年度绩效目标表的{TERMS[fields[0]]}为 {texts[0]}，{years[1]} 年度绩效自评表的{TERMS[fields[1]]}为 {texts[1]}"
    return f"{said}，相差 {plain(gap)} 元"


def adjusted(year: int, texts: tuple[str, str], share: Decimal) -> str:
    """A budget that was revised during the year; ``share`` in percent of the initial one."""
    way = "调增" if share > 0 else "调减"
    return f"{year} 年度自评表的年初预算数为 {texts[0]}，全年预算数为 {texts[1]}，年中{way} {abs(share):.2f}%"


def changed(year: int, kind: str, field: str, texts: Sequence[str]) -> str:
    """Several forms of one kind and year with different amounts."""
    return f"{year} 年度有 {len(texts)} 份{KINDS[kind]}，{TERMS[field]}不尽相同：{'；'.join(texts)}"


def total_changed(years: tuple[int, int], texts: tuple[str, str], period: tuple[int, int]) -> str:
    """The whole budget of a project of several years that differs from one target form to the next."""
    return f"计划期为 {period[0]} 至 {period[1]} 年的项目，总预算在 {years[0]} 年度目标表为 {texts[0]}，{years[1]} 年度为 {texts[1]}"


def missing_indicators(year: int, names: Sequence[str]) -> str:
    """Indicators that were set and not evaluated."""
    return f"{year} 年度目标表的 {len(names)} 项指标在自评表中未见：{listed(names)}"


def added_indicators(year: int, names: Sequence[str]) -> str:
    """Indicators that were evaluated and not set."""
    return f"{year} 年度自评表的 {len(names)} 项指标不在目标表中：{listed(names)}"


def changed_indicators(year: int, changes: Sequence[str]) -> str:
    """Indicators whose name or target value differs."""
    return f"{year} 年度自评表有 {len(changes)} 项指标与目标表不同：{listed(changes)}"


def indicator_change(names: tuple[str, str], targets: tuple[str, str]) -> str:
    """One of them: by its target value, or by its name where that differs."""
    if names[0] == names[1]:
        return f"“{names[0]}”的指标值由“{targets[0]}”变为“{targets[1]}”"
    return f"“{names[0]}”变为“{names[1]}”" + (f"，指标值由“{targets[0]}”变为“{targets[1]}”" if targets[0] != targets[1] else "")


def weights(year: int, total: Decimal | None, printed: Decimal | None) -> str:
    """Weights that do not make 100."""
    parts = [f"资金与各指标分值之和为 {plain(total)}"] if total is not None else []
    parts += [f"总分一栏的分值为 {plain(printed)}"] if printed is not None else []
    return f"{year} 年度自评表{'，'.join(parts)}，应为 100"


def deviation(year: int, rows: Sequence[tuple[str, Decimal, Decimal]]) -> str:
    """Indicators (name, score, weight) that lost points and say no reason."""
    told = [f"“{name}”得 {plain(score)} 分（分值 {plain(weight)}）" for name, score, weight in rows]
    return f"{year} 年度自评表有 {len(rows)} 项指标扣分而未填偏差原因：{listed(told)}"


def evaluation_between(year: int, years: tuple[int, int]) -> str:
    """A year without self-evaluation between two that have one."""
    return f"{years[0]} 年度与 {years[1]} 年度均有自评表，{year} 年度未见"


def evaluation_missing(year: int, shares: tuple[int, int]) -> str:
    """A target form without self-evaluation, where ``shares`` (so many, of so many) other projects of the unit have both."""
    return f"{year} 年度有目标表而未见自评表；该单位当年其他 {shares[1]} 个有目标表的项目中，{shares[0]} 个有自评表"


def target_missing(year: int, shares: tuple[int, int]) -> str:
    """A self-evaluation without target form, where ``shares`` (so many, of so many) other projects of the unit have both."""
    return f"{year} 年度有自评表而未见目标表；该单位当年其他 {shares[1]} 个有自评表的项目中，{shares[0]} 个有目标表"


def double(year: int, kind: str, count: int, alike: bool) -> str:
    """Several forms of one kind and year."""
    return f"{year} 年度有 {count} 份{KINDS[kind]}，" + ("各栏金额相同" if alike else "金额不同或不全")


def ambiguous(names: Sequence[tuple[str, str, str]], grounds: Sequence[Ground]) -> str:
    """Names (unit, project, years) that may be one project and were not joined."""
    told = "；".join(f"“{project}”（{unit or '单位不明'}，{years}）" for unit, project, years in names[:LISTED])
    more = f"等 {len(names)} 个名称" if len(names) > LISTED else ""
    why = "、".join(GROUNDS[ground].removesuffix("，金额相符") for ground in grounds)
    return f"下列名称可能属于同一项目（{why}），但依据不足或互相冲突，未予关联：{told}{more}。"


def unplaced(lacking: Sequence[str]) -> str:
    """A form that could not be compared with any other."""
    return f"此表的{'、'.join(lacking)}未能读出，未参加各表之间的核对。"


def agreed(found: Sequence[Agreement]) -> str:
    """The amounts that two forms share."""
    return "；".join(f"{TERMS[one.field]} {money(one.one, likely_units(one.one, one.other)[0])}" for one in found)


def term(path: str) -> str:
    """What a person calls the cell at ``path``: 年度资金总额的年初预算数 is 项目资金第 1 行·年初预算数."""
    table, _, name = path.rpartition(".")
    found = _ROW.fullmatch(table)
    label = TERMS.get(name) or _LABELS.get(name) or heading(name).split("\n", maxsplit=1)[0]
    return f"{_TABLES[found[1]]}第 {int(found[2]) + 1} 行·{label}" if found is not None and found[1] in _TABLES else label


def listed(texts: Sequence[str]) -> str:
    """The first `LISTED` of them, and that there are more."""
    return "、".join(texts[:LISTED]) + (f"等 {len(texts)} 项" if len(texts) > LISTED else "")


def plain(number: Decimal) -> str:
    """With thousands apart, without zeros at the end."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ended(text: str, certain: bool) -> str:
    """A sentence with its end, which says so where it stands on a reading or link that is not certain."""
    return text + ("。" if certain else _UNREAD + "。")

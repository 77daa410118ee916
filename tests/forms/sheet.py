"""Both forms as HTML, ready for print."""

import html
from collections.abc import Iterable, Sequence
from itertools import groupby

from tests.forms.contents import FundsRow, Paper, PerformanceTarget, ResultRow, SelfEvaluation
from tests.forms.style import Style

_SELF_HEADS = ("一级指标", "二级指标", "三级指标", "年度<br>指标值", "实际<br>完成值", "分值", "得分", "偏差原因分析及改进措施")
_FUNDS_HEADS = ("", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
_TARGET_HEADS = ("一级目标", "二级目标", "三级目标", "指标目标值")


def sheets(papers: Sequence[Paper], look: Style) -> str:
    """One HTML document with each form on a page of its own."""
    bodies = "".join(f"<section>{_head(paper, look)}{_body(paper, look)}{_tail(look)}</section>" for paper in papers)
    return f"<!doctype html><html lang='zh-CN'><meta charset='utf-8'><style>{_css(look)}</style><body>{bodies}</body></html>"


def _css(look: Style) -> str:
    return _page_css(look) + _table_css(look)


def _page_css(look: Style) -> str:
    top, side = look.margin
    font = f"font: {look.size}pt/{look.leading:.2f} '{look.font}';"
    footer = f"@bottom-center {{ content: {look.footer}; {font} }}" if look.footer else ""
    return f"""
@page {{ size: A4 {"landscape" if look.landscape else "portrait"}; margin: {top:.1f}mm {side:.1f}mm; {footer} }}
body {{ margin: 0; {font} }}
section + section {{ break-before: page; }}
h1 {{ font: {look.title_size:.1f}pt '{look.title_font}'; text-align: center; margin: 0 0 4pt; }}
h2 {{ font: inherit; text-align: center; margin: 0 0 6pt; }}
p {{ margin: 0; text-indent: {look.indent}em; }}
"""


def _table_css(look: Style) -> str:
    line, bold = f"{look.line:.2f}pt solid #000", "bold" if look.bold_labels else "normal"
    return f"""
table {{ width: calc(100% - {look.slack}pt); table-layout: fixed; border-collapse: collapse; border: {look.frame:.2f}pt solid #000; }}
table + table {{ border-top: 0; }}
table.first {{ border-bottom: 0; }}
td {{ border: {line}; padding: {look.padding[0]:.1f}pt {look.padding[1]:.1f}pt; vertical-align: {look.valign}; }}
td {{ word-break: break-all; line-break: {"normal" if look.kinsoku else "anywhere"}; }}
table + table > thead > tr:first-child > td {{ border-top: 0; }}
tr {{ break-inside: {"avoid" if look.rows_whole else "auto"}; }}
.l {{ text-align: center; font-weight: {bold}; }}
.b {{ font-weight: {bold}; }}
.c {{ text-align: center; }}
.n {{ text-align: {look.align}; }}
.m {{ text-align: {look.money_align}; }}
.tall {{ width: 1em; display: inline-block; }}
.last {{ break-before: avoid; }}
td.open {{ border-bottom: hidden; }}
td.rest {{ border-top: hidden; }}
"""


def _head(paper: Paper, look: Style) -> str:
    annex = f"<div>{_text(look.annex)}</div>" if look.annex else ""
    return f"{annex}<h1>{_text(paper.title)}</h1><h2>{_text(look.year.format(paper.year))}</h2>"


def _tail(look: Style) -> str:
    return f"<div class=last>{_text(look.signature)}</div>" if look.signature else ""


def _body(paper: Paper, look: Style) -> str:
    match paper:
        case SelfEvaluation():
            return _self_evaluation(paper, look)
        case PerformanceTarget():
            return _performance_target(paper, look)


def _text(text: str) -> str:
    return html.escape(text)


def _long(text: str) -> str:
    return "".join(f"<p>{_text(line)}</p>" for line in text.split("\n"))


def _cell(content: str, kind: str = "c", columns: int = 1, rows: int = 1) -> str:
    spans = (f" colspan={columns}" if columns > 1 else "") + (f" rowspan={rows}" if rows > 1 else "")
    return f"<td class='{kind}'{spans}>{content}</td>"


def _row(*cells: str) -> str:
    return f"<tr>{''.join(cells)}</tr>"


def _tall(label: str) -> str:
    return f"<span class=tall>{label}</span>"


def _tables(look: Style, widths: Sequence[float], above: Iterable[str], heads: str, below: Iterable[str]) -> str:
    """One table, or two that touch where the headings of the second are to be repeated."""
    columns = "<colgroup>" + "".join(f"<col style='width:{width:.2f}%'>" for width in widths) + "</colgroup>"
    upper, lower = "".join(above), "".join(below)
    if not look.repeat_head:
        return f"<table>{columns}<tbody>{upper}{heads}{lower}</tbody></table>"
    return f"<table class=first>{columns}<tbody>{upper}</tbody></table><table>{columns}<thead>{heads}</thead><tbody>{lower}</tbody></table>"


def _self_evaluation(form: SelfEvaluation, look: Style) -> str:
    rows = len(form.indicators)
    label = _cell(_tall("绩效指标"), "l open" if look.repeat_head else "l", rows=1 if look.repeat_head else rows + 1)
    heads = _row(label, *(_cell(head, "l") for head in _SELF_HEADS))
    total = _row(_cell(look.total, "l", 6), _cell(form.total_weight), _cell(form.total_score), _cell(""))
    body = list(_results(form.indicators, look))
    if look.repeat_head:
        body[0] = body[0].replace("<tr>", f"<tr>{_cell('', 'l rest', rows=rows)}", 1)
    return _tables(look, look.self_widths, [*_names(form), *_funds(form, look), *_goals(form, look)], heads, [*body, total])


def _names(form: SelfEvaluation) -> Iterable[str]:
    yield _row(_cell("项目名称", "l", 2), _cell(_text(form.project_name), "n", 7))
    above, unit = _cell(_text(form.department), "n", 2), _cell(_text(form.implementing_unit), "n", 3)
    yield _row(_cell("主管部门", "l", 2), above, _cell("实施单位", "l", 2), unit)


def _funds(form: SelfEvaluation, look: Style) -> Iterable[str]:
    label = _cell(f"项目资金<br>{look.brackets.format(form.currency_unit)}", "l", 2, len(form.funds) + 1)
    yield _row(label, *(_cell(head, "l") for head in _FUNDS_HEADS))
    yield from (_funds_row(row) for row in form.funds)


def _funds_row(row: FundsRow) -> str:
    money = (_cell(_text(text), "m") for text in (row.initial_budget, row.annual_budget, row.executed))
    return _row(_cell(_text(row.source), ""), *money, *(_cell(_text(text)) for text in (row.weight, row.execution_rate, row.score)))


def _goals(form: SelfEvaluation, look: Style) -> Iterable[str]:
    left, right = look.goal_split - 1, 9 - look.goal_split
    yield _row(_cell(_tall("年度总体目标"), "l", rows=2), _cell(look.goal, "l", left), _cell("实际完成情况", "l", right))
    yield _row(_cell(_long(form.goal_target), "", left), _cell(_long(form.goal_actual), "", right))


def _results(indicators: Sequence[ResultRow], look: Style) -> Iterable[str]:
    spans = _spans([(row.level1, row.level2) for row in indicators], look.merged)
    for row, levels in zip(indicators, spans, strict=True):
        middle = (_cell(_text(text)) for text in (row.target, row.actual, row.weight, row.score))
        yield _row(*levels, _cell(_text(row.level3), ""), *middle, _cell(_text(row.deviation), ""))


def _spans(levels: Sequence[tuple[str, str]], merged: bool) -> list[list[str]]:
    """The cells of level 1 and 2 for each row; a merged cell stands in the first row it spans."""
    cells: list[list[str]] = [[] for _ in levels]
    if not merged:
        return [[_cell(_text(one)), _cell(_text(two))] for one, two in levels]
    for depth in (1, 2):
        start = 0
        for key, group in groupby(pair[:depth] for pair in levels):
            count = len(list(group))
            cells[start].append(_cell(_text(key[-1]), rows=count))
            start += count
    return cells


def _performance_target(form: PerformanceTarget, look: Style) -> str:
    heads = _row(_cell("一级目标", "l"), _cell("二级目标", "l"), _cell("三级目标", "l", 2), _cell("指标目标值", "l"))
    body = (
        _row(*levels, _cell(_text(row.level3), columns=2), _cell(_text(row.target)))
        for row, levels in zip(form.indicators, _spans([(row.level1, row.level2) for row in form.indicators], look.merged), strict=True)
    )
    above = [*_particulars(form, look), *_texts(form, look), *_budgets(form, look), _row(_cell(f"{form.year}年绩效目标", "l", 5))]
    return _tables(look, look.target_widths, above, heads, body)


def _pair(look: Style, *fields: tuple[str, str]) -> str:
    """A row of one or two labelled values: two halves, or four cells where labels stand apart."""
    wide = len(fields) == 1
    if look.separate:
        spans = ((1, 4),) if wide else ((1, 2), (1, 1))
        return _row(*(_cell(label, "l", a) + _cell(_text(text), "n", b) for (label, text), (a, b) in zip(fields, spans, strict=True)))
    spans_inline = (5,) if wide else (3, 2)
    return _row(*(_cell(_labelled(look, label) + _text(text), "", span) for (label, text), span in zip(fields, spans_inline, strict=True)))


def _labelled(look: Style, label: str) -> str:
    return f"<span class=b>{label}{look.colon}</span>"


def _particulars(form: PerformanceTarget, look: Style) -> Iterable[str]:
    yield _pair(look, ("申报单位名称", form.applicant_unit))
    yield _pair(look, ("项目名称", form.project_name), ("项目类别", form.project_category))
    yield _pair(look, ("计划开始日期", form.start_date), ("计划完成日期", form.end_date))
    yield _pair(look, ("是否含有政府购买服务", form.government_purchase), ("绩效类型", form.performance_type))


def _texts(form: PerformanceTarget, look: Style) -> Iterable[str]:
    labels = ("项目概况", "立项依据", "项目设立的必要性", "保证项目实施的制度、措施", "项目实施计划", look.goals)
    texts = (form.overview, form.basis, form.necessity, form.safeguards, form.plan, form.goals)
    for label, text in zip(labels, texts, strict=True):
        if look.label_above:
            yield _row(_cell(f"{label}{look.colon}", "b", 5))
            yield _row(_cell(_long(text), "", 5))
        elif look.label_breaks or "\n" in text:
            yield _row(_cell(_labelled(look, label) + _long(text), "", 5))
        else:
            yield _row(_cell(_labelled(look, label) + _text(text), "", 5))


def _budgets(form: PerformanceTarget, look: Style) -> Iterable[str]:
    unit = look.brackets.format(form.currency_unit)
    yield _row(_cell("本项目上年度市级财政资金使用情况", "l", 5))
    yield _pair(look, (f"项目总预算{unit}", form.total_budget), (f"项目当年预算{unit}", form.current_budget))
    yield _pair(look, (f"同名项目上年预算额{unit}", form.prior_budget), (f"同名项目上年预算执行数{unit}", form.prior_executed))

"""The audit as one page: a file that needs no network, no script and nothing beside itself, and prints well."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from models.form import Verdict
from models.template import Severity
from service.audit import sentences
from service.audit.amounts import Cell
from service.audit.edges import Ground
from service.audit.finding import SEVERITIES, Audit, AuditFinding, AuditRule, Evidence
from service.audit.plots import rate_plot, score_plot, share_plot
from service.audit.projects import Link, Project
from service.audit.svg import safe
from service.writing import write_file

MOST_FINDINGS = 2000
"""Findings on the page, the gravest first; a browser lays out as many in a second. All are in the workbook."""

MOST_LINKS = 500
"""Links on the page that rest on more than equal names."""

MOST_CELLS = 6
"""Cells that are named beside a finding."""

_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_STYLE = """
body{font:14px/1.6 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Zen Hei',sans-serif;
color:#263238;max-width:1000px;margin:2em auto;padding:0 1em}
h1{font-size:24px;margin:0 0 .3em}h2{font-size:18px;margin:2em 0 .6em;border-bottom:2px solid #cfd8dc}
h3{font-size:15px;margin:1.4em 0 .4em}
table{border-collapse:collapse;width:100%;font-size:13px}
th,td{text-align:left;vertical-align:top;padding:4px 8px;border-bottom:1px solid #cfd8dc;overflow-wrap:anywhere}
th{background:#eceff1;white-space:nowrap}td.n,th.n{text-align:right;white-space:nowrap}td.k{white-space:nowrap}
code,small{color:#546e7a}small{display:block;font-size:12px}
.tiles{display:flex;flex-wrap:wrap;gap:12px;margin:1em 0}.tiles div{border:1px solid #cfd8dc;padding:6px 16px;min-width:90px}
.tiles b{display:block;font-size:22px}
.found th:nth-child(1){width:6%}.found th:nth-child(2){width:17%}.found th:nth-child(3){width:17%}
.found,.joined{table-layout:fixed}.joined th{width:25%}
.error{border-left:4px solid #D55E00}.warning{border-left:4px solid #E69F00}.info{border-left:4px solid #90A4AE}
svg{display:block;max-width:100%;height:auto;margin:.6em 0}
@media print{body{margin:0;max-width:none;font-size:11px}table{font-size:10px}small{font-size:9px}
tr,svg{break-inside:avoid}thead{display:table-header-group}
h2,h3{break-after:avoid}
*{print-color-adjust:exact}@page{size:A4;margin:14mm}}
"""
_FINDING_HEAD = '<table class="found"><thead><tr><th>年度</th><th>项目</th><th>类别</th><th>说明和依据</th></tr></thead><tbody>'
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_page(audit: Audit, path: Path) -> None:
    """Write ``audit`` as HTML to ``path``.

    Raises:
        OutputError: it cannot be written.
    """
    write_file(path, "\n".join(_page(audit)).encode())


def _page(audit: Audit) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n<meta name="viewport" content="width=device-width">'
    yield "<title>绩效表跨表核对报告</title>"
    yield f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>绩效表跨表核对报告</h1>"
    yield from _summary(audit)
    yield "<h2>图</h2>"
    yield from (share_plot(audit), rate_plot(audit), score_plot(audit))
    yield from _rules(audit)
    yield from _findings(audit)
    yield from _links(audit.projects)
    yield f"<h2>说明</h2>\n{_NOTES}\n</body>\n</html>\n"


def _summary(audit: Audit) -> Iterator[str]:
    years = [year for project in audit.projects for year in project.years]
    units = len({project.unit for project in audit.projects})
    span = f"{min(years)}–{max(years)} 年度，" if years else ""
    yield f"<p>{span}{units} 个单位，{len(audit.projects)} 个项目，{audit.forms} 张表。"
    yield f"另有 {audit.others} 张其他表未参加核对。</p>" if audit.others else "</p>"
    accused = [finding for finding in audit.findings if finding.accuses]
    tiles = [(sentences.SEVERITY_WORDS[rank], sum(finding.severity is rank for finding in accused)) for rank in _SEVERITIES]
    tiles.append((sentences.VERDICT_WORDS[Verdict.UNDECIDED], len(audit.findings) - len(accused)))
    yield '<div class="tiles">' + "".join(f"<div><b>{count}</b>{name}</div>" for name, count in tiles) + "</div>"


def _rules(audit: Audit) -> Iterator[str]:
    yield "<h2>问题类别</h2>\n<table><thead><tr><th>类别</th><th>编号</th><th>轻重</th>"
    yield '<th class="n">表上如此</th><th class="n">待核</th></tr></thead><tbody>'
    for rule in AuditRule:
        found = [finding.accuses for finding in audit.findings if finding.rule is rule]
        counts = f'<td class="n">{sum(found)}</td><td class="n">{len(found) - sum(found)}</td>'
        rank = SEVERITIES[rule]
        yield f"<tr><td>{sentences.RULES[rule]}</td><td><code>{rule}</code></td><td>{sentences.SEVERITY_WORDS[rank]}</td>{counts}</tr>"
    yield "</tbody></table>"


def _findings(audit: Audit) -> Iterator[str]:
    yield "<h2>问题明细</h2>"
    ranked = sorted(range(len(audit.findings)), key=lambda place: (_rank(audit.findings[place]), place))[:MOST_FINDINGS]
    shown = [audit.findings[place] for place in sorted(ranked)]
    if len(shown) < len(audit.findings):
        yield f"<p>共 {len(audit.findings)} 条，此处列出较重的 {len(shown)} 条，其余见工作簿。</p>"
    if not shown:
        yield "<p>没有发现问题。</p>"
    for unit, found in groupby(shown, key=lambda finding: finding.unit):
        yield f"<h3>{safe(unit) or '（单位不明）'}</h3>\n{_FINDING_HEAD}"
        yield from map(_row, found)
        yield "</tbody></table>"


def _rank(finding: AuditFinding) -> tuple[bool, int]:
    return not finding.accuses, _SEVERITIES.index(finding.severity)


def _row(finding: AuditFinding) -> str:
    words = f"{sentences.SEVERITY_WORDS[finding.severity]}·{sentences.VERDICT_WORDS[finding.verdict]}"
    where = "".join(f"<small>{safe(line)}</small>" for line in _places(finding.evidence))
    kind = f"{sentences.RULES[finding.rule]}<small>{words}</small>"
    year = finding.year or ""
    return (
        f'<tr class="{finding.severity}"><td>{year}</td><td>{safe(finding.project)}</td>'
        f"<td>{kind}</td><td>{safe(finding.message)}{where}</td></tr>"
    )


def _places(evidence: Iterable[Evidence]) -> Iterator[str]:
    for one in evidence:
        cells = [f"{sentences.term(cell.path)}“{cell.text}”（第 {cell.page} 页{_doubt(cell)}）" for cell in one.cells[:MOST_CELLS]]
        more = f"等 {len(one.cells)} 处" if len(one.cells) > MOST_CELLS else ""
        yield f"{one.form.path}，第 {one.form.number} 张表" + ("：" + "、".join(cells) + more if cells else "")


def _doubt(cell: Cell) -> str:
    return "" if cell.read else "，未读清"


def _links(projects: Iterable[Project]) -> Iterator[str]:
    links = [(project, link) for project in projects for link in project.links]
    fuzzy = [(project, link) for project, link in links if link.ground is not Ground.EQUAL]
    yield f"<h2>关联</h2>\n<p>共 {len(links)} 处关联，其中 {len(links) - len(fuzzy)} 处名称、单位一致；"
    yield f"其余 {len(fuzzy)} 处列于下表" + (f"（前 {MOST_LINKS} 处）" if len(fuzzy) > MOST_LINKS else "") + "。全部关联见工作簿。</p>"
    if fuzzy:
        yield '<table class="joined"><thead><tr><th>项目</th><th>前表</th><th>后表</th><th>依据</th></tr></thead><tbody>'
        yield from (_link(project, link) for project, link in fuzzy[:MOST_LINKS])
        yield "</tbody></table>"


def _link(project: Project, link: Link) -> str:
    ends = "".join(
        f"<td>{form.year} {sentences.KINDS[form.kind]}<small>{safe(form.name.text)}</small><small>{safe(form.unit.text)}</small></td>"
        for form in (link.one, link.other)
    )
    alike = f"名称相似度 {link.name_similarity:.2f}，单位相似度 {link.unit_similarity:.2f}"
    money = sentences.agreed(link.agreements)
    told = [alike, f"相符金额：{money}" if money else "无相符金额", "确定" if link.sure else "可能，不据以判定矛盾"]
    return (
        f"<tr><td>{safe(project.name)}<small>{safe(project.unit)}</small></td>{ends}"
        f"<td>{sentences.GROUNDS[link.ground]}" + "".join(f"<small>{safe(line)}</small>" for line in told) + "</td></tr>"
    )


_NOTES = """<ul>
<li>“表上如此”：所依据的文字、数字和关联均已读清，各表之间确有不符。“待核”：其中有未读清或未能确认之处，只提请核对原件，不作判定。</li>
<li>金额一律折算为元比较；以万元印出的数，凡按其位数四舍五入（或只入、只舍）可得者视为相符。</li>
<li>项目名称中的年度、全角半角、空格、括号和“项目”二字不影响关联；期数、标段、序号、方位不同者不关联。</li>
<li>每条关联的依据和全部问题见随附的工作簿。</li>
</ul>"""

"""How a sheet looks: fonts, sizes, lines, paddings, widths and the small habits that differ between offices."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.forms.contents import Paper, PerformanceTarget

BODY_FONTS = ("AR PL UMing CN", "AR PL UMing TW", "AR PL UKai CN", "Noto Serif CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei")
_FOOTERS = ("", '"第 " counter(page) " 页 共 " counter(pages) " 页"', '"- " counter(page) " -"', "counter(page)")
TITLE_FONTS = ("Noto Sans CJK SC", "WenQuanYi Zen Hei", "Noto Serif CJK SC", "AR PL UKai CN")
_SELF_WIDTHS = (4.5, 9.5, 10.5, 15.5, 12.0, 12.0, 7.5, 8.5, 20.0)
_TARGET_WIDTHS = (20.0, 22.0, 13.0, 21.0, 24.0)


@dataclass(frozen=True, slots=True)
class Style:
    """One office's sheet.

    Attributes:
        font: family of the text.
        title_font: family of the title.
        size: of the text, pt.
        title_size: of the title, pt.
        leading: line height, a multiple of the size.
        line: thickness of ruling lines, pt.
        frame: thickness of the outer frame, pt.
        slack: between the table and the right margin, pt; at 0 the browser clips the right line to a hair or to nothing.
        padding: inside of cells, pt (vertical, horizontal).
        margin: of the page, mm (top and bottom, left and right).
        landscape: A4 on its long side.
        self_widths: of the nine columns of a self-evaluation, percent.
        target_widths: of the five columns of a target form, percent.
        kinsoku: punctuation never begins a line.
        rows_whole: a row is never cut by a page break.
        repeat_head: the indicator headings are printed again on the next page.
        merged: equal levels of neighbouring indicators share one cell.
        separate: on target forms, label and value stand in two cells.
        label_above: on target forms, the label of a long text has a row of its own.
        label_breaks: on target forms, a long text begins a new line behind its label.
        indent: first-line indent of long texts, em.
        align: of project names and units.
        money_align: of amounts.
        goal_split: column of the self-evaluation where 实际完成情况 begins.
        bold_labels: labels are bold.
        colon: behind labels.
        brackets: pattern of units behind a label.
        year: pattern of the year below the title.
        total: label of the last row of a self-evaluation.
        goal: label of the planned goal.
        goals: label of the goals on target forms.
        annex: a line above the title, may be empty.
        signature: a line below the table, may be empty.
        footer: content of the page margin as CSS, may be empty.
        valign: vertical alignment of cells.
    """

    font: str
    title_font: str
    size: float
    title_size: float
    leading: float
    line: float
    frame: float
    slack: float
    padding: tuple[float, float]
    margin: tuple[float, float]
    landscape: bool
    self_widths: tuple[float, ...]
    target_widths: tuple[float, ...]
    kinsoku: bool
    rows_whole: bool
    repeat_head: bool
    merged: bool
    separate: bool
    label_above: bool
    label_breaks: bool
    indent: float
    align: str
    money_align: str
    goal_split: int
    bold_labels: bool
    colon: str
    brackets: str
    year: str
    total: str
    goal: str
    goals: str
    annex: str
    signature: str
    footer: str
    valign: str


def style(rng: random.Random, papers: Sequence[Paper]) -> Style:
    """A random style for one file. The layout of the genuine forms is the usual one; each deviation is drawn for itself."""
    target = all(isinstance(paper, PerformanceTarget) for paper in papers)
    year = papers[0].year
    line = rng.uniform(0.5, 1.3)
    return Style(
        font=rng.choices(BODY_FONTS, (4, 2, 2, 3, 3, 2))[0],
        title_font=rng.choice(TITLE_FONTS),
        size=round(rng.uniform(9.0, 11.6 if target else 10.8), 1),
        title_size=rng.uniform(15, 21),
        leading=rng.uniform(1.2, 1.55),
        line=line,
        frame=line * rng.choice((1, 1, 1, 2)),
        slack=rng.choice((0.0, 2.0)),
        padding=(rng.uniform(1.5, 5), rng.uniform(2, 6)),
        margin=(rng.uniform(14, 24), rng.uniform(13, 22)),
        landscape=rng.random() < 0.08,
        self_widths=_jittered(rng, _SELF_WIDTHS),
        target_widths=_jittered(rng, _TARGET_WIDTHS),
        kinsoku=rng.random() < 0.65,
        rows_whole=rng.random() < 0.6,
        repeat_head=rng.random() < 0.3,
        merged=rng.random() < 0.92,
        separate=rng.random() < 0.25,
        label_above=rng.random() < 0.1,
        label_breaks=rng.random() < 0.7,
        indent=rng.choice((0, 0, 0, 2)),
        align=rng.choice(("center", "center", "left")),
        money_align=rng.choice(("right", "center", "right", "left")),
        goal_split=rng.choice((5, 5, 5, 4)),
        bold_labels=rng.random() < 0.2,
        colon=rng.choice(("：", "：", "：", ":")),
        brackets=rng.choice(("（{}）", "（{}）", "({})")),
        year=rng.choice(("（{}年度）", "({} 年度)", "（{}年）", "{}年度", "（ {} 年度）")),
        total=rng.choices(("总分", "合计"), (5, 1))[0],
        goal=rng.choices(("预算目标", "预期目标"), (5, 1))[0],
        goals=rng.choices(("总目标及阶段性目标", "项目总目标"), (6, 1))[0],
        annex=rng.choices(("", "附件2", "附表1-3", f"财预〔{year}〕17号附件"), (17, 1, 1, 1))[0],
        signature=_signature(rng, year),
        footer=rng.choices(_FOOTERS, (5, 2, 2, 1))[0],
        valign=rng.choice(("middle", "middle", "middle", "top")),
    )


def _jittered(rng: random.Random, widths: Sequence[float]) -> tuple[float, ...]:
    drawn = [width * rng.uniform(0.88, 1.12) for width in widths]
    return tuple(100 * width / sum(drawn) for width in drawn)


def _signature(rng: random.Random, year: int) -> str:
    if rng.random() < 0.8:
        return ""
    phone = f"{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)}"
    name = rng.choice("赵钱孙李周吴郑王冯陈") + rng.choice(("某", "晓岚", "建军", "婧", "国栋"))
    return f"填表人：{name}　联系电话：0{phone}　填报日期：{year + 1}年{rng.randint(1, 3)}月{rng.randint(1, 28)}日"

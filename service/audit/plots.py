"""The plots of the audit: execution rate and score by year and unit as small panels, and shares by finding as bars.

Colours are those of Okabe and Ito (2008, "Color universal design"), told apart by the colour-blind; nothing is told by colour alone.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from service.audit import sentences
from service.audit.finding import Audit, AuditRule
from service.audit.results import Result, results, unit_rates, unit_scores
from service.audit.svg import Drawing

MOST_PANELS = 12
"""Units with a panel of their own, those with the most self-evaluations; the others share the last."""

HIGHEST = Decimal(200)
"""A rate or score above is a misprint or a misreading and would press all others together."""

BLUE, ORANGE, GREY, FAINT, INK = "#0072B2", "#E69F00", "#90A4AE", "#ECEFF1", "#263238"
WIDTH = 920
COLUMNS = 4
_PANEL = (WIDTH / COLUMNS, 168.0)
_PLOT = (44.0, 34.0, 214.0, 138.0)
"""Left, top, right and bottom of the plot within its panel, px."""

_HEAD = 50.0
"""Height of title and legend above the panels."""

_NAME = 15
"""Characters of a unit's name above its panel."""

_LABELLED = 6
"""Years below a panel that stand apart; of more only the first, the middle and the last are named."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """Values and years to px within a panel."""

    low: float
    high: float
    first: int
    last: int

    def x(self, year: int) -> float:
        left, _, right, _ = _PLOT
        inner = right - left - 20
        return left + 10 + (inner * (year - self.first) / (self.last - self.first) if self.last > self.first else inner / 2)

    def y(self, value: Decimal) -> float:
        """What lies beyond the scale is drawn at its edge."""
        _, top, _, bottom = _PLOT
        return bottom - (bottom - top) * (min(max(float(value), self.low), self.high) - self.low) / (self.high - self.low)


def rate_plot(audit: Audit) -> str:
    """Execution rate by year and unit, as SVG."""
    found = [(result, result.rate) for result in results(audit)]
    return _panels(
        "执行率（%）：按单位和年度", "各单位合计（全年执行数 ÷ 全年预算数）", [pair for pair in found if pair[1] is not None], unit_rates
    )


def score_plot(audit: Audit) -> str:
    """Score by year and unit, as SVG."""
    found = [(result, result.score) for result in results(audit)]
    return _panels("自评得分：按单位和年度", "各单位平均", [pair for pair in found if pair[1] is not None], unit_scores)


def share_plot(audit: Audit) -> str:
    """Findings by rule, those that accuse and open notes apart, as SVG."""
    told = [(rule, [finding.accuses for finding in audit.findings if finding.rule is rule]) for rule in AuditRule]
    rows = sorted(((rule, found) for rule, found in told if found), key=lambda row: (-len(row[1]), row[0]))
    drawing = Drawing(WIDTH, 64 + 26 * max(1, len(rows)), "问题类别及占比")
    drawing.text((16, 24), "问题类别及占比", 15)
    _legend(drawing, (("表上如此", BLUE), ("待核（有未读清之处）", ORANGE)))
    if not rows:
        drawing.text((16, 74), "没有发现问题。", 13)
    most, total = max((len(found) for _, found in rows), default=1), len(audit.findings)
    for number, (rule, found) in enumerate(rows):
        top = 58 + 26 * number
        drawing.text((236, top + 13), sentences.RULES[rule], 13, "end")
        accused, length = sum(found), 500 / most
        hint = f"{sentences.RULES[rule]}：表上如此 {accused}，待核 {len(found) - accused}"
        drawing.rect((246, top), (length * accused, 17), BLUE, hint)
        drawing.rect((246 + length * accused, top), (length * (len(found) - accused), 17), ORANGE, hint)
        drawing.text((254 + length * len(found), top + 13), f"{len(found)}（{100 * len(found) / total:.1f}%）", 12)
    return drawing.render()


def _panels(
    title: str,
    line: str,
    found: Sequence[tuple[Result, Decimal | None]],
    together: Callable[[Sequence[Result]], Mapping[int, Decimal]],
) -> str:
    values = [(result, value) for result, value in found if value is not None]
    units = _grouped(values)
    rows = max(1, ceil(len(units) / COLUMNS))
    drawing = Drawing(WIDTH, _HEAD + rows * _PANEL[1], title)
    drawing.text((16, 24), title, 15)
    if not values:
        drawing.text((16, 74), "没有可用的数据。", 13)
        return drawing.render()
    _legend(drawing, ((line, BLUE), ("各项目", GREY)))
    scale = _scale(values)
    for number, (unit, members) in enumerate(units):
        corner = (number % COLUMNS * _PANEL[0], _HEAD + number // COLUMNS * _PANEL[1])
        _panel(drawing, corner, (unit, members), scale, together([result for result, _ in members]))
    return drawing.render()


def _panel(
    drawing: Drawing,
    corner: tuple[float, float],
    unit: tuple[str, Sequence[tuple[Result, Decimal]]],
    scale: _Scale,
    line: Mapping[int, Decimal],
) -> None:
    left, top = corner
    name, members = unit
    drawing.text((left + 16, top + 22), name if len(name) <= _NAME else name[: _NAME - 1] + "…", 12)
    for tick in _ticks(scale):
        y = top + scale.y(Decimal(tick))
        drawing.line(((left + _PLOT[0], y), (left + _PLOT[2], y)), FAINT)
        drawing.text((left + _PLOT[0] - 6, y + 4), f"{tick:g}", 10, "end", "#607D8B")
    for year in _years(scale):
        drawing.text((left + scale.x(year), top + _PLOT[3] + 15), str(year), 10, "middle", "#607D8B")
    for result, value in members:
        drawing.dot((left + scale.x(result.year), top + scale.y(value)), 2.5, GREY, 0.7, f"{result.project} {result.year}：{value:.2f}")
    points = [(left + scale.x(year), top + scale.y(value)) for year, value in line.items()]
    drawing.line(points, BLUE, 2)
    for (year, value), at in zip(line.items(), points, strict=True):
        drawing.dot(at, 3.2, BLUE, 1, f"{name} {year}：{value:.2f}")


def _grouped(values: Sequence[tuple[Result, Decimal]]) -> list[tuple[str, list[tuple[Result, Decimal]]]]:
    """Units by name; where they are too many, the smallest together at the end."""
    units: dict[str, list[tuple[Result, Decimal]]] = defaultdict(list)
    for pair in values:
        units[pair[0].unit].append(pair)
    ranked = sorted(units, key=lambda unit: (-len(units[unit]), unit))
    kept = ranked if len(ranked) <= MOST_PANELS else ranked[: MOST_PANELS - 1]
    others = [pair for unit in ranked[len(kept) :] for pair in units[unit]]
    shown = [(unit or "（单位不明）", units[unit]) for unit in sorted(kept)]
    return [*shown, (f"其余 {len(ranked) - len(kept)} 个单位", others)] if others else shown


def _scale(values: Sequence[tuple[Result, Decimal]]) -> _Scale:
    """From the whole ten below the least value to the one above the greatest, 90 to 100 at least and 0 to `HIGHEST` at most."""
    least, most = min(value for _, value in values), max(value for _, value in values)
    low, high = (min(max(value, Decimal(0)), HIGHEST) for value in (least, most))
    years = [result.year for result, _ in values]
    return _Scale(min(90, 10 * floor(low / 10)), max(100, 10 * ceil(high / 10)), min(years), max(years))


def _ticks(scale: _Scale) -> list[float]:
    """Round values, at most six of them."""
    step = next(step for step in (5, 10, 20, 50) if (scale.high - scale.low) / step <= 5)
    return [value * step for value in range(ceil(scale.low / step), floor(scale.high / step) + 1)]


def _years(scale: _Scale) -> list[int]:
    years = list(range(scale.first, scale.last + 1))
    return years if len(years) <= _LABELLED else [years[0], years[len(years) // 2], years[-1]]


def _legend(drawing: Drawing, entries: Sequence[tuple[str, str]]) -> None:
    left = 16.0
    for text, colour in entries:
        drawing.rect((left, 35), (10, 10), colour)
        drawing.text((left + 16, 44), text, 12, fill="#455A64")
        left += 40 + 12 * len(text)

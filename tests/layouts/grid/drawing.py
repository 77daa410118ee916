"""Draws tables as scans show them, with what they hold known: random grids, random spans, text, and the faults of paper and scanner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models.arrays import Grey
from models.geometry import Size, Straightening
from models.page import CleanPage

Place = tuple[int, int, int, int]
"""Row, column, row span, column span."""

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)
WORDS = (
    *(
        "年度资金总额",
        "其中：当年财政拨款",
        "上年结转资金",
        "产出指标",
        "数量指标",
        "质量指标",
        "时效指标",
        "一级指标",
        "三级指标",
        "目标值",
    ),
    *("表格", "目", "三", "二", "一", "—", "——", "十", "王", "日", "田", "国", "口", "中", "川", "1", "11", "111", "（元）", "|"),
    *("1088156.00", "980,710", "90.13%", "100", "20", "9.92", "2020-01-01", "完成", "满意", "及时", "=100%", "≥95%", "11月前完成验收"),
    "项目软硬件正常运维，及时排除故障",
)
"""What forms say, and the characters most like rulings."""
PHRASES = (
    *("按照《固定资产管理细则》", "建立问题清单、责任清单、整改清单，", "推动排涝泵站运行数据清洗，", "进一步摸清底数，"),
    *("委托有资质的监理单位全程旁站，", "支撑蓄水调度的精细化管理，", "开展全区重要堤防巡查，", "覆盖面逐步扩大，"),
    *("项目申请书和绩效自评报告", "（2023年度）", "1.重要工程量清单", "三是直接由主管部门审查，", "目前暂时无明显困难。"),
    *("严格执行内部控制制度，", "验收合格后方可进入下道工序；", "同时提出有关书面意见，"),
)
"""What forms say at length: dense characters whose strokes stand at one height."""
FOOTERS = (
    "填表人：吴婧  联系电话：0392-5562497  填报日期：2021年1月16日",
    "填表人：周某　联系电话：019-7249732　填报日期：2019年11月18日",
    "单位负责人：田甲由    填报单位（盖章）：中国水利工程局    2022年11月11日",
)
"""What stands under a table."""
_INCH_MM = 25.4


@dataclass(frozen=True)
class Faults:
    """What paper and scanner do to the rulings; all off by default.

    Attributes:
        gaps: how many holes.
        gap_mm: the longest of them.
        faded: share of cell sides printed at a sixth to half of their darkness.
        doubled: share of cell sides printed twice, 1 to 5 px apart.
        drift_px: how far rulings wander over the page.
        noise: grain, standard deviation in levels.
        bits: scanned in black and white.
        streaks: marks that run down the whole page.
    """

    gaps: int = 0
    gap_mm: float = 0.0
    faded: float = 0.0
    doubled: float = 0.0
    drift_px: float = 0.0
    noise: float = 0.0
    bits: bool = False
    streaks: int = 0


SOUND = Faults()


@dataclass(frozen=True)
class Print:
    """How a page is printed and scanned: ``thickness`` of the rulings in px."""

    dpi: int = 150
    thickness: int = 2
    faults: Faults = SOUND

    def px(self, mm: float) -> int:
        """Millimetres in pixels."""
        return round(mm * self.dpi / _INCH_MM)


@dataclass(frozen=True)
class Table:
    """A table to draw: edges in px, the places of its cells, and what the page break leaves without a line.

    Attributes:
        rows: y of the row edges.
        columns: x of the column edges.
        cells: (row, column, row span, column span).
        open_top: no line above the first row.
        open_bottom: columns of the last row's cells that have no line below.
        texts: what stands in the cells, by (row, column); None for random words.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    cells: tuple[Place, ...]
    open_top: bool = False
    open_bottom: frozenset[int] = frozenset()
    texts: Mapping[tuple[int, int], str] | None = None


def page_of(grey: Grey) -> CleanPage:
    """``grey`` as a page that needed no straightening."""
    size = Size(grey.shape[1], grey.shape[0])
    return CleanPage(1, np.ascontiguousarray(grey), np.zeros(grey.shape, np.bool_), Straightening(size, size))


def random_table(rng: np.random.Generator, dpi: int, most: tuple[int, int] = (14, 8)) -> Table:
    """A table that fits an A4 page at ``dpi``, cells down to one line of 9 pt text and one character wide."""
    per_mm = dpi / 25.4
    rows, columns = int(rng.integers(2, most[0] + 1)), int(rng.integers(2, most[1] + 1))
    heights = rng.choice([4.0, 5.0, 6.0, 9.0, 14.0], rows, p=[0.3, 0.3, 0.2, 0.1, 0.1])
    heights *= min(1.0, 240 / heights.sum())
    widths = rng.uniform(8, 50, columns)
    widths[rng.random(columns) < 0.15] = 4.0
    widths *= min(1.0, 175 / widths.sum())
    widths = np.maximum(widths, 3.6)
    heights = np.maximum(heights, 3.8)
    top, left = rng.uniform(22, 35), rng.uniform(12, 20)
    ys = [round(float(v) * per_mm) for v in top + np.concatenate([[0], np.cumsum(heights)])]
    xs = [round(float(v) * per_mm) for v in left + np.concatenate([[0], np.cumsum(widths)])]
    return Table(tuple(ys), tuple(xs), random_cells(rng, rows, columns))


def wordy_table(rng: np.random.Generator, dpi: int) -> Table:
    """A table of wide cells full of long text, with a row of narrow ones between, as goals and reasons stand in a form."""
    per_mm = dpi / 25.4
    heights = rng.choice([6.0, 24.0, 36.0, 48.0], int(rng.integers(4, 8)))
    widths = rng.uniform(25, 60, int(rng.integers(2, 5)))
    ys = [round(float(v) * per_mm) for v in 25 + np.concatenate([[0], np.cumsum(heights * min(1.0, 230 / heights.sum()))])]
    xs = [round(float(v) * per_mm) for v in 18 + np.concatenate([[0], np.cumsum(widths * 172 / widths.sum())])]
    cells: list[Place] = []
    for r in range(len(heights)):
        whole = r % 2 == 0
        cells += [(r, 0, 1, len(widths))] if whole else [(r, c, 1, 1) for c in range(len(widths))]
    texts = {(r, c): "".join(PHRASES[int(rng.integers(0, len(PHRASES)))] for _ in range(60 if w > 1 else 8)) for r, c, _, w in cells}
    return Table(tuple(ys), tuple(xs), tuple(cells), texts=texts)


def random_cells(rng: np.random.Generator, rows: int, columns: int) -> tuple[Place, ...]:
    """Places that tile ``rows`` x ``columns``, some merged to rectangles at random."""
    owner = np.arange(rows * columns).reshape(rows, columns)
    for _ in range(int(rng.integers(0, rows * columns // 2 + 1))):
        height = int(rng.integers(1, max(2, rows // 2 + 1)))
        width = int(rng.integers(1, 4))
        r, c = int(rng.integers(0, rows)), int(rng.integers(0, columns))
        part = owner[r : r + height, c : c + width]
        inside = set(part.ravel().tolist())
        if sum(int((owner == label).sum()) for label in inside) == part.size:
            owner[r : r + height, c : c + width] = owner[r, c]
    return _places(owner)


def _places(owner: NDArray[np.int64]) -> tuple[Place, ...]:
    found = []
    for label in np.unique(owner):
        r, c = np.nonzero(owner == label)
        found.append((int(r.min()), int(c.min()), int(np.ptp(r)) + 1, int(np.ptp(c)) + 1))
    return tuple(sorted(found))


def visible(table: Table) -> Table:
    """The table without edges that no cell begins or ends at: nobody could see them."""
    rows = sorted({r for p in table.cells for r in (p[0], p[0] + p[2])})
    columns = sorted({c for p in table.cells for c in (p[1], p[1] + p[3])})
    cells = tuple(
        (rows.index(r), columns.index(c), rows.index(r + h) - rows.index(r), columns.index(c + w) - columns.index(c))
        for r, c, h, w in table.cells
    )
    open_bottom = frozenset(columns.index(c) for c in table.open_bottom if c in columns)
    return replace(
        table,
        rows=tuple(table.rows[r] for r in rows),
        columns=tuple(table.columns[c] for c in columns),
        cells=cells,
        open_bottom=open_bottom,
    )


@dataclass(frozen=True)
class Line:
    """A line of text outside of the tables: where its first character's top left corner stands, px, and its size, points."""

    x: int
    y: int
    text: str
    font: str = FONTS[0]
    points: float = 10.5


def draw(tables: Sequence[Table], rng: np.random.Generator, how: Print, lines: Sequence[Line] = ()) -> Grey:
    """An A4 page with ``tables``, their text and ``lines``, printed and scanned as ``how`` says; (H, W) uint8."""
    size = how.px(297), how.px(210)
    ink = np.zeros(size, np.uint8)
    text = Image.new("L", (size[1], size[0]), 0)
    for table in tables:
        ink = np.maximum(ink, _rulings(table, size, rng, how))
        _write(ImageDraw.Draw(text), table, rng, how)
    for line in lines:
        font = _font(line.font, round(line.points / 72 * how.dpi))
        ImageDraw.Draw(text).text((line.x, line.y), line.text, font=font, fill=255, anchor="lt")
    return scanned(np.maximum(ink, np.asarray(text)), rng, how.faults)


@dataclass(frozen=True)
class _Side:
    """One printed side of a cell."""

    horizontal: bool
    across: int
    start: int
    end: int


def _sides(table: Table) -> list[_Side]:
    last = len(table.rows) - 1
    found: set[_Side] = set()
    for r, c, h, w in table.cells:
        top, bottom, left, right = table.rows[r], table.rows[r + h], table.columns[c], table.columns[c + w]
        if not (r == 0 and table.open_top):
            found.add(_Side(True, top, left, right))
        if not (r + h == last and c in table.open_bottom):
            found.add(_Side(True, bottom, left, right))
        found |= {_Side(False, left, top, bottom), _Side(False, right, top, bottom)}
    return sorted(found, key=lambda s: (s.horizontal, s.across, s.start, s.end))


def _rulings(table: Table, size: tuple[int, int], rng: np.random.Generator, how: Print) -> Grey:
    canvas = np.zeros(size, np.uint8)
    sides, thick = _sides(table), how.thickness
    for side in sides:
        _rule(canvas, side, thick)
        if rng.random() < how.faults.doubled:
            _rule(canvas, replace(side, across=side.across + thick + int(rng.integers(1, 6))), thick)
    for side in sides:
        if rng.random() < how.faults.faded:
            part = _part(canvas, side, thick)
            part[:] = np.minimum(part, int(rng.integers(40, 120)))
    for _ in range(how.faults.gaps):
        side = sides[int(rng.integers(0, len(sides)))]
        length, begin = max(2, how.px(rng.uniform(0.2, 1) * how.faults.gap_mm)), int(rng.integers(side.start, side.end))
        _part(canvas, replace(side, start=begin, end=begin + length), 3 * thick + 10 if how.faults.doubled > 0 else thick + 4)[:] = 0
    return canvas


def _part(canvas: Grey, side: _Side, thickness: int) -> Grey:
    low = side.across - thickness // 2
    view = canvas if side.horizontal else canvas.T
    return view[low : low + thickness, side.start : side.end]


def _rule(canvas: Grey, side: _Side, thickness: int) -> None:
    half = thickness // 2
    _part(canvas, replace(side, start=side.start - half, end=side.end + thickness - half), thickness)[:] = 255


@cache
def _font(path: str, px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, px)


def _write(pen: ImageDraw.ImageDraw, table: Table, rng: np.random.Generator, how: Print) -> None:
    path = FONTS[int(rng.integers(0, len(FONTS)))]
    for r, c, h, w in table.cells:
        box = (table.columns[c], table.rows[r], table.columns[c + w], table.rows[r + h])
        if table.texts is not None:
            _write_cell(pen, box, how, (path, 10.5, table.texts.get((r, c), "")))
        elif rng.random() < 0.85:
            text = "".join(WORDS[int(rng.integers(0, len(WORDS)))] for _ in range(int(rng.integers(1, 4))))
            _write_cell(pen, box, how, (path, float(rng.choice([9, 10.5, 12])), text))


def _write_cell(pen: ImageDraw.ImageDraw, box: Place, how: Print, text: tuple[str, float, str]) -> None:
    path, points, words = text
    margin = how.thickness + 5 + max(2, how.px(0.4))
    width, height = box[2] - box[0] - 2 * margin, box[3] - box[1] - 2 * margin
    px = min(round(points / 72 * how.dpi), height, width)
    if px < 6 or words == "":
        return
    per_line, most = max(1, width // px), max(1, height // round(px * 1.25))
    chunks = [words[i : i + per_line] for i in range(0, len(words), per_line)][:most]
    y = (box[1] + box[3]) / 2 - len(chunks) * px * 1.25 / 2 + px * 0.625
    for chunk in chunks:
        pen.text(((box[0] + box[2]) / 2, y), chunk, font=_font(path, px), fill=255, anchor="mm")
        y += px * 1.25


def scanned(ink: Grey, rng: np.random.Generator, faults: Faults) -> Grey:
    """(H, W) uint8 of ``ink`` (255 black) as a scanner gives it: paper 250, ink 38 or in black and white."""
    height, width = ink.shape
    ink = ink.copy()
    for _ in range(faults.streaks):
        x = int(rng.integers(0, width - 2))
        ink[:, x : x + int(rng.integers(1, 3))] |= np.uint8(rng.integers(30, 110))
    if faults.drift_px > 0:
        y, x_ = np.mgrid[0:height, 0:width].astype(np.float32)
        phase = rng.uniform(0, 6.28, 2)
        dx, dy = (faults.drift_px / 2 * np.sin(v * 4 + p) for v, p in ((y / height, phase[0]), (x_ / width, phase[1])))
        ink = np.asarray(cv2.remap(ink, (x_ + dx).astype(np.float32), (y + dy).astype(np.float32), cv2.INTER_LINEAR), np.uint8)
    soft = cv2.GaussianBlur(ink, (0, 0), 0.6).astype(np.float32)
    if faults.bits:
        return np.asarray(np.where(soft + rng.normal(0, 25, ink.shape) > 110, 0, 255), np.uint8)
    return np.asarray(np.clip(250 - soft * 0.85 + rng.normal(0, faults.noise, ink.shape), 0, 255), np.uint8)

"""Pages that are hard for a reason, each drawn in its test (150 dpi, A4: 1240 x 1754 px)."""

from collections.abc import Mapping
from dataclasses import replace

import cv2
import numpy as np
import pytest

from layouts.grid import draw_trace, find_grids, trace_grids
from models.arrays import Grey
from models.grid import Grid
from tests.layouts.grid.drawing import FONTS, FOOTERS, PHRASES, SOUND, Faults, Line, Print, Table, draw, page_of, scanned
from tests.layouts.grid.measure import exact, opened, places


def table(rows: int, columns: int, **changes: object) -> Table:
    """Rows 40 px high and columns 180 px wide from (150, 300), no spans."""
    edges = tuple(300 + 40 * r for r in range(rows + 1)), tuple(150 + 180 * c for c in range(columns + 1))
    cells = tuple((r, c, 1, 1) for r in range(rows) for c in range(columns))
    return replace(Table(*edges, cells, texts={}), **changes)  # type: ignore[arg-type]  # the names are those of Table's fields


def sheet(*tables: Table, faults: Faults = SOUND, thickness: int = 2) -> Grey:
    """The page with these tables."""
    return draw(tables, np.random.default_rng(1), Print(150, thickness, faults))


def found(grey: Grey) -> tuple[Grid, ...]:
    """The grids of a page."""
    return find_grids(page_of(grey))


def wiped(grey: Grey, x: tuple[int, int], y: tuple[int, int]) -> Grey:
    """The page with a rectangle of bare paper."""
    grey = grey.copy()
    grey[y[0] : y[1], x[0] : x[1]] = 250
    return grey


def words(*rows: str) -> Mapping[tuple[int, int], str]:
    """Texts of cells: one string a row, cells apart by ``|``."""
    return {(r, c): text for r, row in enumerate(rows) for c, text in enumerate(row.split("|"))}


def test_a_hole_in_a_border_does_not_merge_two_cells() -> None:
    drawn = table(3, 3)
    grey = wiped(sheet(drawn), (395, 440), (330, 350))
    assert exact(found(grey), drawn)


def test_a_border_lost_between_two_cells_is_told_by_the_text_on_both_sides() -> None:
    drawn = table(3, 2, texts=words("项目|金额", "1088156.00|980710", "其他|20"))
    assert exact(found(wiped(sheet(drawn), (325, 336), (343, 377))), drawn)


def test_a_merged_cell_stays_merged_when_its_text_stands_on_the_missing_border() -> None:
    cells = ((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2), (2, 0, 1, 1), (2, 1, 1, 1))
    drawn = table(3, 2, cells=cells, texts={(1, 0): "本项目上年度市级财政资金使用情况"})
    assert exact(found(sheet(drawn)), drawn)


@pytest.mark.parametrize("text", ["—", "——", "一", "三", "目", "日日日日", "二二二二二二", "田王田王田王"])
def test_text_on_the_missing_border_of_a_merged_cell_is_no_border(text: str) -> None:
    drawn = table(2, 3, cells=((0, 0, 1, 1), (0, 1, 2, 1), (0, 2, 1, 1), (1, 0, 1, 1), (1, 2, 1, 1)), texts={(0, 1): text})
    assert exact(found(sheet(drawn)), drawn)


def test_spans_of_thirty_rows() -> None:
    cells = ((0, 0, 30, 1), *((r, 1, 1, 1) for r in range(30)), (30, 0, 1, 1), (30, 1, 1, 1))
    drawn = table(31, 2, cells=tuple(sorted(cells)), texts={(0, 0): "绩效指标"})
    assert exact(found(sheet(drawn)), drawn)


def test_cells_one_line_high_and_one_character_wide() -> None:
    columns = (150, 170, 260, 280, 500)
    drawn = Table(tuple(300 + 22 * r for r in range(9)), columns, tuple((r, c, 1, 1) for r in range(8) for c in range(4)))
    assert exact(found(sheet(drawn, thickness=1)), drawn)


def test_two_tables_close_above_each_other_share_nothing() -> None:
    above = table(3, 3)
    below = replace(table(2, 4), rows=(435, 475, 515))
    grids = found(sheet(above, below))
    assert [places(grid) for grid in grids] == [set(above.cells), set(below.cells)]


def test_two_tables_side_by_side() -> None:
    left, right = table(3, 2), replace(table(4, 2), columns=(600, 800, 1000))
    assert [len(grid.cells) for grid in found(sheet(left, right))] == [6, 8]


def test_a_row_cut_by_the_page_break_is_open_below() -> None:
    cells = ((0, 0, 2, 1), (0, 1, 1, 1), (0, 2, 1, 1), (1, 1, 1, 1), (1, 2, 1, 1))
    drawn = table(2, 3, cells=cells, open_bottom=frozenset({0, 1, 2}))
    grids = found(sheet(drawn))
    assert exact(grids, drawn)
    assert grids[0].row_edges[-1] == pytest.approx(380, abs=3)


def test_some_columns_closed_and_others_open_at_the_page_break() -> None:
    drawn = table(3, 3, cells=((0, 0, 3, 1), *((r, c, 1, 1) for r in range(3) for c in (1, 2))), open_bottom=frozenset({0}))
    drawn = replace(drawn, cells=tuple(sorted(drawn.cells)))
    assert opened(found(sheet(drawn))[0]) == (set(), {(0, 0)})


def test_a_table_that_goes_on_from_the_page_before_is_open_above() -> None:
    drawn = table(3, 3, open_top=True)
    grids = found(sheet(drawn))
    assert opened(grids[0])[0] == {(0, 0), (0, 1), (0, 2)}
    assert exact(grids, drawn)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("words", FOOTERS)
def test_text_close_under_a_table_is_no_open_row(words: str, dpi: int, font: str) -> None:
    how = Print(dpi)
    edges = tuple(how.px(50 + 14 * r) for r in range(4)), tuple(how.px(25 + 40 * c) for c in range(5))
    drawn = Table(*edges, tuple((r, c, 1, 1) for r in range(3) for c in range(4)), texts={})
    for points in (9, 10.5, 12, 14):
        footer = Line(edges[1][0], edges[0][-1] + how.px(0.5), words, font, points)
        assert exact(found(draw([drawn], np.random.default_rng(1), how, [footer])), drawn)


def test_an_open_row_as_low_as_the_text_in_it_is_a_row() -> None:
    texts = words("", "", "填表人|吴婧|填报日期|2021年1月6日")
    drawn = replace(table(3, 4), rows=(300, 340, 380, 410), open_bottom=frozenset(range(4)), texts=texts)
    assert exact(found(sheet(drawn)), drawn)


@pytest.mark.parametrize("font", range(len(FONTS)))
@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_long_text_in_a_wide_cell_is_not_cut(dpi: int, font: int) -> None:
    how = Print(dpi)
    edges = tuple(how.px(v) for v in (40, 48, 90, 98, 160, 220)), (how.px(20), how.px(80), how.px(190))
    cells = ((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2), (2, 0, 1, 1), (2, 1, 1, 1), (3, 0, 1, 2), (4, 0, 1, 2))
    texts = {(r, 0): "".join(np.random.default_rng(r + 10 * font).choice(PHRASES, 80)) for r in (1, 3, 4)}
    drawn = Table(*edges, cells, texts=texts)
    seed = next(s for s in range(99) if np.random.default_rng(s).integers(0, len(FONTS)) == font)
    assert exact(found(draw([drawn], np.random.default_rng(seed), how)), drawn)


def test_a_page_filled_by_one_row_without_any_line_across() -> None:
    drawn = Table((200, 1500), (150, 700, 1090), ((0, 0, 1, 1), (0, 1, 1, 1)), open_top=True, open_bottom=frozenset({0, 1}), texts={})
    assert exact(found(sheet(drawn)), drawn)


def test_a_lost_left_border_is_taken_from_the_ends_of_the_lines() -> None:
    drawn = table(4, 3)
    assert exact(found(wiped(sheet(drawn), (140, 158), (302, 458))), drawn)


def test_a_piece_of_the_outer_border_may_be_lost() -> None:
    drawn = table(4, 3)
    assert exact(found(wiped(sheet(drawn), (400, 640), (290, 310))), drawn)


def test_a_streak_down_the_page_is_no_column() -> None:
    drawn = table(6, 3)
    grey = sheet(drawn)
    grey[:, 420:422] = np.minimum(grey[:, 420:422], 190)
    assert exact(found(grey), drawn)


def test_a_streak_as_dark_as_the_lines_is_no_column() -> None:
    drawn = table(6, 3)
    grey = sheet(drawn)
    grey[:, 420:422] = 40
    assert exact(found(grey), drawn)


def test_a_streak_along_a_border_does_not_take_it_away() -> None:
    drawn = table(6, 3)
    grey = sheet(drawn)
    grey[:, 331:333] = np.minimum(grey[:, 331:333], 190)
    assert exact(found(grey), drawn)


def test_an_l_shaped_cell_is_cut_rather_than_filled() -> None:
    # Three of four places hang together; nothing says which of two cuts is right, but the fourth cell must keep its place.
    grey = wiped(wiped(sheet(table(2, 2)), (325, 336), (305, 336)), (155, 325), (335, 346))
    (grid,) = found(grey)
    assert (1, 1, 1, 1) in places(grid)
    assert sum(h * w for _, _, h, w in places(grid)) == 4


def test_every_place_belongs_to_exactly_one_cell() -> None:
    rng = np.random.default_rng(4)
    for _ in range(10):
        grey = sheet(table(5, 4))
        for _ in range(12):
            x, y = int(rng.integers(150, 870)), int(rng.integers(300, 500))
            grey = wiped(grey, (x, x + 60), (y, y + 30))
        for grid in found(grey):
            owner = np.zeros((grid.rows, grid.columns), np.int64)
            for cell in grid.cells:
                owner[cell.row : cell.row + cell.row_span, cell.column : cell.column + cell.column_span] += 1
            assert (owner == 1).all()


def test_the_box_is_the_inside_between_the_lines() -> None:
    (grid,) = found(sheet(table(2, 2), thickness=4))
    box = grid.cells[0].box
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((152, 302, 328, 338), abs=2)
    assert box.left >= 152
    assert box.right <= 328


def test_a_title_of_box_like_characters_and_an_underline_are_no_grid() -> None:
    ink = np.zeros((1754, 1240), np.uint8)
    cv2.line(ink, (300, 500), (900, 500), (255,), 2)
    cv2.line(ink, (300, 506), (900, 506), (255,), 2)
    for left in (400, 450, 500):
        cv2.rectangle(ink, (left, 200), (left + 42, 242), (255,), 4)
        cv2.line(ink, (left, 221), (left + 42, 221), (255,), 3)
    assert found(scanned(ink, np.random.default_rng(0), SOUND)) == ()


def test_a_lone_frame_counts_only_with_text_inside() -> None:
    frame = Table((300, 360), (200, 900), ((0, 0, 1, 1),), texts={(0, 0): "项目实施计划"})
    assert len(found(sheet(frame))) == 1
    assert found(sheet(replace(frame, texts={}))) == ()


def test_the_edge_of_the_paper_around_a_table_is_dropped() -> None:
    drawn = table(3, 3)
    paper = Table((20, 1730), (20, 1215), ((0, 0, 1, 1),), texts={})
    assert exact(found(sheet(drawn, paper)), drawn)


def test_the_ring_of_a_seal_over_the_table_is_no_line() -> None:
    drawn = table(6, 4)
    grey = sheet(drawn)
    cv2.circle(grey, (700, 500), 110, (120,), 4)
    assert exact(found(grey), drawn)


def test_an_empty_and_a_tiny_page_hold_no_grid() -> None:
    assert found(np.full((1754, 1240), 250, np.uint8)) == ()
    assert found(np.zeros((3, 2), np.uint8)) == ()


def test_a_black_page_and_pure_noise_hold_no_grid() -> None:
    assert found(np.zeros((800, 600), np.uint8)) == ()
    assert found(np.random.default_rng(0).integers(0, 256, (800, 600)).astype(np.uint8)) == ()


def test_the_picture_has_the_size_of_the_page_and_the_trace_its_lines() -> None:
    page = page_of(sheet(table(2, 3)))
    trace = trace_grids(page)
    assert trace.grids == find_grids(page)
    assert sum(line.horizontal for line in trace.lines) == 3
    assert sum(not line.horizontal for line in trace.lines) == 4
    assert trace.ink.shape == page.grey.shape
    assert draw_trace(page, trace).shape == (*page.grey.shape, 3)

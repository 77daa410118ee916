"""A form over several pages: what the page break cuts is put together, what it does not cut stays apart."""

import pytest

from tests.layouts.drawing import draw
from tests.layouts.matching import printed
from tests.layouts.matching.texts import fields, only, rows, unplaced

COLUMNS = printed.TARGET_COLUMNS

CUT_GROUPS = """
投入与管理↓ | 投入管理 | 预算执行率 | =100%
^ | 财务管理↓ | 制度健全性 | 健全
"""

REST_OF_GROUPS = """
↑ | ↑ | ↑资金使用规范性 | ↑规范
^ | 实施管理 | 合同完备性 | 完备
产出目标 | 数量 | 采购数 | =6架
"""

JOINED = [
    ["投入与管理", "投入管理", "预算执行率", "=100%"],
    ["投入与管理", "财务管理", "制度健全性", "健全"],
    ["投入与管理", "财务管理", "资金使用规范性", "规范"],
    ["投入与管理", "实施管理", "合同完备性", "完备"],
    ["产出目标", "数量", "采购数", "=6架"],
]


def test_cut_groups_repeat_on_the_rows_of_the_next_page_while_closed_rows_stay_two() -> None:
    first = draw(1, printed.TARGET_HEAD + CUT_GROUPS.strip("\n"), COLUMNS)
    form = only(first, draw(2, REST_OF_GROUPS + "~ 第 2 页", COLUMNS, span=(140.0, 930.0)))
    assert rows(form, "indicators") == JOINED
    assert fields(form) == printed.TARGET_FIELDS
    assert form.pages == (1, 2)
    assert unplaced(form) == []
    assert form.tables["indicators"][2]["level1"].page == 1


def test_group_named_on_the_second_page_only() -> None:
    first = draw(1, printed.TARGET_HEAD + CUT_GROUPS.strip("\n").replace("投入与管理↓", "↓"), COLUMNS)
    form = only(first, draw(2, REST_OF_GROUPS.replace("↑ | ↑ |", "↑投入与管理 | ↑ |", 1), COLUMNS))
    assert rows(form, "indicators") == JOINED
    assert form.tables["indicators"][0]["level1"].page == 2


def test_label_of_a_group_cut_in_the_middle() -> None:
    first = draw(1, printed.TARGET_HEAD + CUT_GROUPS.strip("\n").replace("投入与管理↓", "投入与↓"), COLUMNS)
    form = only(first, draw(2, REST_OF_GROUPS.replace("↑ | ↑ |", "↑管理 | ↑ |", 1), COLUMNS))
    assert rows(form, "indicators") == JOINED
    assert [piece.page for piece in form.tables["indicators"][0]["level1"].pieces] == [1, 2]


def test_word_processors_close_the_groups_at_the_break_and_leave_the_rest_blank() -> None:
    first = draw(1, printed.TARGET_HEAD + CUT_GROUPS.strip("\n").replace("↓", ""), COLUMNS)
    form = only(first, draw(2, REST_OF_GROUPS.replace("↑", ""), COLUMNS))
    assert rows(form, "indicators") == JOINED


def test_a_new_group_begins_with_the_page() -> None:
    first = draw(1, printed.TARGET_HEAD + CUT_GROUPS.strip("\n").replace("↓", ""), COLUMNS)
    form = only(first, draw(2, "产出目标 | 数量 | 采购数 | =6架\n^ | 质量 | 合格率 | =100%", COLUMNS))
    assert rows(form, "indicators") == [*JOINED[:2], JOINED[4], ["产出目标", "质量", "合格率", "=100%"]]


def test_a_row_cut_in_mid_sentence_is_one_row() -> None:
    first = draw(1, printed.TARGET_HEAD + "产出目标↓ | 数量↓ | 全市重点河道⏎无人机巡↓ | 不少于⏎6架↓", COLUMNS)
    form = only(first, draw(2, "↑ | ↑ | ↑查次数 | ↑\n效果目标 | 满意度 | 满意度 | ≥90%", COLUMNS))
    assert rows(form, "indicators") == [
        ["产出目标", "数量", "全市重点河道无人机巡查次数", "不少于6架"],
        ["效果目标", "满意度", "满意度", "≥90%"],
    ]


def test_only_blank_remains_of_a_cut_row() -> None:
    first = draw(1, printed.TARGET_HEAD + "产出目标↓ | 数量↓ | 巡查次数↓ | 6次↓", COLUMNS)
    form = only(first, draw(2, "↑ | ↑ | ↑ | ↑\n效果目标 | 满意度 | 满意度 | ≥90%", COLUMNS))
    assert [row[2] for row in rows(form, "indicators")] == ["巡查次数", "满意度"]


def test_headings_repeated_on_the_next_page_are_no_row() -> None:
    headings = "一级目标 | 二级目标 | 三级目标 | 指标目标值\n"
    first = draw(1, printed.TARGET_HEAD + CUT_GROUPS.strip("\n"), COLUMNS)
    form = only(first, draw(2, headings + REST_OF_GROUPS.strip("\n").replace("↑", ""), COLUMNS))
    assert rows(form, "indicators") == JOINED
    assert unplaced(form) == []


def test_title_section_name_and_headings_repeated() -> None:
    again = "# 财政项目支出绩效目标表\n2022年绩效目标 | < | < | <\n一级目标 | 二级日标 | 三级目标 | 指标目标值\n"
    first = draw(1, printed.TARGET_HEAD + CUT_GROUPS.strip("\n"), COLUMNS)
    form = only(first, draw(2, again + REST_OF_GROUPS.strip("\n").replace("↑", ""), COLUMNS))
    assert rows(form, "indicators") == JOINED
    assert unplaced(form) == []


def test_a_long_text_cut_by_the_break() -> None:
    head, tail = printed.TARGET.split("保证项目实施")
    cut = head + "保证项目实施的制度、措施：⏎政府采购管理↓ | < | < | <"
    form = only(draw(1, cut, COLUMNS), draw(2, tail.replace("的制度、措施：⏎政府采购管理办法。", "↑办法。", 1), COLUMNS))
    assert fields(form) == printed.TARGET_FIELDS
    assert [piece.page for piece in form.fields["safeguards"].pieces] == [1, 2]
    assert rows(form, "indicators") == printed.TARGET_INDICATORS


def test_a_long_text_cut_by_the_break_and_closed_by_lines() -> None:
    head, tail = printed.TARGET.split("保证项目实施")
    cut = head + "保证项目实施的制度、措施：⏎政府采购管理 | < | < | <"
    form = only(draw(1, cut, COLUMNS), draw(2, tail.replace("的制度、措施：⏎政府采购管理办法。", "办法。", 1), COLUMNS))
    assert fields(form) == printed.TARGET_FIELDS
    assert unplaced(form) == []


def test_goals_side_by_side_cut_by_the_break_and_closed_by_lines() -> None:
    cut = printed.SELF_EVALUATION.replace(
        "项目名称：统一编号⏎，覆盖全部河道。 | < | < | < | 已采购6架，覆盖主要河道。", "项目名称：统一编号 | < | < | < | 已采购6架，覆盖"
    )
    first, second = cut.split("绩⏎效⏎指⏎标")
    rest = " | ，覆盖全部河道。 | < | < | < | 主要河道。 | < | < | <\n绩⏎效⏎指⏎标"
    form = only(draw(1, first, printed.SELF_COLUMNS), draw(2, rest + second, printed.SELF_COLUMNS))
    assert fields(form) == printed.SELF_FIELDS
    assert unplaced(form) == []


def test_a_text_over_three_pages() -> None:
    head, tail = printed.TARGET.split("保证项目实施")
    first = head + "保证项目实施的制度、措施：⏎政府↓ | < | < | <"
    pages = [draw(1, first, COLUMNS), draw(2, "↑采购↓", (1,)), draw(3, tail.replace("的制度、措施：⏎政府采购", "↑", 1), COLUMNS)]
    form = only(*pages)
    assert fields(form) == printed.TARGET_FIELDS
    assert [piece.page for piece in form.fields["safeguards"].pieces] == [1, 2, 3]


def test_three_pages_with_a_group_over_all_of_them() -> None:
    names = [f"指标{i}" for i in range(30)]
    body = [f"{'^' if i % 10 else '↑'} | {'^' if i % 10 else '↑'} | {name} | {i}个" for i, name in enumerate(names)]
    body[0] = "投入与管理 | 实施管理 | 指标0 | 0个"
    pages = ["\n".join(body[i : i + 10]) for i in (0, 10, 20)]
    opened = [page.replace("投入与管理 | 实施管理", "投入与管理↓ | 实施管理↓").replace("↑ | ↑ |", "↑↓ | ↑↓ |") for page in pages[:2]]
    form = only(draw(1, printed.TARGET_HEAD + opened[0], COLUMNS), draw(2, opened[1], COLUMNS), draw(3, pages[2], COLUMNS))
    assert rows(form, "indicators") == [["投入与管理", "实施管理", name, f"{i}个"] for i, name in enumerate(names)]
    assert form.pages == (1, 2, 3)


def test_thirty_rows_under_one_group_on_one_page() -> None:
    body = "\n".join(f"{'^ | ^' if i else '产出目标 | 数量'} | 指标{i} | {i}个" for i in range(30))
    form = only(draw(1, printed.TARGET_HEAD + body, COLUMNS))
    assert [row[:3] for row in rows(form, "indicators")] == [["产出目标", "数量", f"指标{i}"] for i in range(30)]


SELF_PAGES = tuple(printed.SELF_EVALUATION.split("^ | 效益指标"))


@pytest.mark.parametrize("blank", ["↑ | ↑", " | ", "↑绩⏎效⏎指⏎标 | ↑"])
def test_self_evaluation_over_two_pages(blank: str) -> None:
    first = SELF_PAGES[0].replace("绩⏎效⏎指⏎标 |", "绩⏎效⏎指⏎标↓ |" if "↑" in blank else "绩⏎效⏎指⏎标 |")
    second = blank.split(" | ", maxsplit=1)[0] + " | 效益指标" + SELF_PAGES[1]
    form = only(draw(1, first, printed.SELF_COLUMNS), draw(2, second, printed.SELF_COLUMNS))
    assert fields(form) == printed.SELF_FIELDS
    assert rows(form, "indicators") == printed.SELF_INDICATORS
    assert unplaced(form) == []


def test_rest_of_a_long_reason_behind_closed_lines() -> None:
    cut = printed.SELF_EVALUATION.replace("供货商延期交付，⏎下年提前招标", "供货商延期交付，\n ~~~\n |  |  |  |  |  |  |  | 下年提前招标")
    first, second = cut.split("\n ~~~\n")
    second = second.replace("^ | 效益指标", " | 效益指标", 1)
    form = only(draw(1, first, printed.SELF_COLUMNS), draw(2, second, printed.SELF_COLUMNS))
    assert rows(form, "indicators") == printed.SELF_INDICATORS
    assert fields(form)["total_score"] == "95.5"


def test_two_open_rows_with_numbers_of_their_own_stay_two() -> None:
    lines = printed.SELF_EVALUATION.strip("\n").split("\n")
    at = next(i for i, line in enumerate(lines) if "质量指标" in line)
    row = " | ".join(cell.strip() + "↓" if cell.strip() != "^" else "^" for cell in lines[at].split("|"))
    following = " | ".join("↑" + cell.strip().replace("^", "") for cell in lines[at + 1].split("|"))
    first, second = "\n".join([*lines[:at], row]), "\n".join([following, *lines[at + 2 :]])
    first = first.replace("产出指标 |", "产出指标↓ |").replace("绩⏎效⏎指⏎标 |", "绩⏎效⏎指⏎标↓ |")
    form = only(draw(1, first, printed.SELF_COLUMNS), draw(2, second, printed.SELF_COLUMNS))
    assert rows(form, "indicators") == printed.SELF_INDICATORS


def test_fewer_columns_on_the_next_page_are_found_by_their_place() -> None:
    first = draw(1, printed.TARGET_HEAD + CUT_GROUPS.strip("\n"), COLUMNS)
    rest = "↑资金使用规范性 | ↑规范\n合同完备性 | 完备"
    form = only(first, draw(2, rest, COLUMNS[2:], span=(100 + 800 * 6 / 15, 900.0)))
    groups = ["投入与管理", "财务管理"]
    assert rows(form, "indicators")[2:] == [[*groups, "资金使用规范性", "规范"], [*groups, "合同完备性", "完备"]]

"""What is one name and what is two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.audit.names import Difference, difference, project_name, similarity, unit_name, without_year
from service.audit.near import near_pairs


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("信息化能力建设项目(运维)", "信息化能力建设项目（运维）"),
        ("信息化能力建设项目（运维）", "信息化能力建设（ 运维 ）"),
        ("2020年环保热线运行", "环保热线运行（2020年度）"),
        ("２０２０年环保热线运行", "环保热线运行项目"),
        ("二〇二〇年环保热线运行", "环保热线运行"),
        ("办公楼修缮（第二期）", "办公楼修缮(2期)"),
        ("灌渠改造Ⅱ标段", "灌渠改造（二标段）"),
        ("“一网通办”项目", "一网通办"),
    ],
)
def test_width_spaces_brackets_and_the_years_of_the_forms_do_not_part(one: str, other: str) -> None:
    assert project_name(one, 2020).key == project_name(other, 2020).key
    assert project_name(one, 2020).years == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("办公楼修缮（一期）", "办公楼修缮（二期）"),
        ("办公楼修缮（一期）", "办公楼修缮"),
        ("急救平台扩容(2.0版)", "急救平台扩容(3.0版)"),
        ("县道X307线安防工程", "县道X308线安防工程"),
        ("移动执法系统(2020升级改造)", "移动执法系统(运维)"),
        ("第一中学操场改造工程项目实施", "第二中学操场改造工程项目实施"),
        ("东部新区污水管网改造工程", "西部新区污水管网改造工程"),
    ],
)
def test_phases_numbers_directions_and_other_work_part(one: str, other: str) -> None:
    assert difference(project_name(one, 2020).key, project_name(other, 2020).key) is Difference.OTHER


def test_a_year_that_is_not_the_forms_own_is_carried() -> None:
    assert project_name("2018年绿化工程", 2020).years == (2018,)
    assert project_name("2019-2021年绿化工程", 2020).years == (2019, 2021)
    assert project_name("绿化2000吨", 2020).years == (2000,)  # no year, but nothing that may be set aside either


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("环保热线运行", "环保热线运行", Difference.NONE),
        ("环保热线运行", "环保热钱运行", Difference.SLIP),
        ("市级污水管网改造工程", "省级污水管网改造工程", Difference.OTHER),
        ("信息化建设", "信息化建设经费", Difference.WORDING),
        ("执法总队", "生态环境局执法总队", Difference.WORDING),
        ("数据中心运维", "数据中心升级", Difference.OTHER),
        ("运维", "运行", Difference.OTHER),
    ],
)
def test_how_two_keys_differ(one: str, other: str, how: Difference) -> None:
    assert difference(one, other) is how
    assert difference(other, one) is how


def test_similarity_is_one_only_for_equals() -> None:
    assert similarity("环保热线", "环保热线") == 1
    assert similarity("环保热线运行", "环保热钱运行") == pytest.approx(5 / 6)


def test_a_project_is_shown_without_the_year_of_its_form() -> None:
    assert without_year("2020年环保热线（二期）", 2020) == "环保热线（二期）"
    assert without_year("环保热线(2020年度)", 2020) == "环保热线"
    assert without_year("环保热线(2018)", 2020) == "环保热线（2018）"
    assert without_year("2020年", 2020) == "2020年"


NAMES = st.lists(st.text("污水管网改造工程运维护养甲乙一二", min_size=2, max_size=14), max_size=25)


@given(NAMES)
def test_near_pairs_are_those_that_comparing_all_with_all_would_find(names: list[str]) -> None:
    keys = sorted({unit_name(name).key for name in names})
    told = {(one, other): how for one, other, how in near_pairs(keys)}
    slips = {
        (one, other)
        for place, one in enumerate(keys)
        for other in keys[place + 1 :]
        if difference(one, other) is Difference.SLIP and min(len(one), len(other)) >= 8
    }
    assert slips <= told.keys()
    assert all(difference(one, other) is how is not Difference.OTHER for (one, other), how in told.items())


def test_a_hundred_thousand_names_are_not_compared_all_with_all() -> None:
    names = [f"污水管网{number}号泵站改造" for number in range(20_000)]
    assert list(near_pairs(names)) == []

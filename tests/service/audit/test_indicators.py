"""What was set against what was evaluated, row by row."""

import pytest

from service.audit import AuditFinding, AuditRule, audit
from service.audit.indicators import same_goal
from tests.service.audit.archive import Sheet, archive, stored


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("=100%", "100%", True),
        ("≥95%", "95%", True),
        ("≥95%", "不低于95%", True),
        ("≥95%", "≥90%", False),
        ("≥95%", "≤95%", False),
        ("不超过30天", "≤30天", True),
        ("不低于30天", "低于30天", False),
        ("24小时内受理", "24小时内", True),
        ("=1,000条", "1000条", True),
        ("100.00%", "100%", True),
        ("完成", "按时完成", True),
        ("规范", "及时", False),
        ("健全", "", True),
        ("≥-5", "≥5", False),
        ("1月-12月", "1月至12月", True),
        ("2020-12-31前", "2020年12月31日前", True),
    ],
)
def test_target_values_that_ask_the_same(one: str, other: str, same: bool) -> None:
    assert same_goal(one, other) is same
    assert same_goal(other, one) is same


def _pair() -> tuple[list[Sheet], list[dict[str, str]]]:
    """The two forms of one project in one year, and the rows of the self-evaluation."""
    sheets = [sheet for sheet in archive(1, units=1, projects=1, noise=False) if sheet.year == 2020]
    return sheets, sheets[1].tables["indicators"]


def _findings(sheets: list[Sheet]) -> list[AuditFinding]:
    return list(audit(stored(sheets)).findings)


def test_another_wording_of_a_name_is_no_difference() -> None:
    sheets, rows = _pair()
    rows[0]["level3"] = "培训人员覆盖人数"
    assert _findings(sheets) == []


def test_a_renamed_indicator_is_told_as_one_change() -> None:
    sheets, rows = _pair()
    rows[4]["level3"] = "设备抽检合格率"
    (found,) = _findings(sheets)
    assert (found.rule, found.accuses) == (AuditRule.INDICATOR_CHANGED, True)
    assert "“设备验收合格率”变为“设备抽检合格率”" in found.message


def test_rows_in_another_order_are_no_difference() -> None:
    sheets, rows = _pair()
    rows.reverse()
    assert _findings(sheets) == []


def test_a_row_that_may_be_the_missed_one_under_a_misread_name_accuses_nobody() -> None:
    sheets, rows = _pair()
    rows[0]["level3"] = "囤雹蒜靴"
    sheets[1].doubtful.add("tables.indicators[0].level3")
    found = _findings(sheets)
    assert {one.rule for one in found} == {AuditRule.INDICATOR_MISSING, AuditRule.INDICATOR_ADDED}
    assert not any(one.accuses for one in found)


def test_aims_of_management_are_not_missed() -> None:
    sheets, _ = _pair()
    assert "投入与管理" in {row["level1"] for row in sheets[0].tables["indicators"]}
    assert _findings(sheets) == []

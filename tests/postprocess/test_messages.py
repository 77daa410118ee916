"""Sentences for reviewers: Chinese, one sentence, with the numbers and the printed names."""

import re
from dataclasses import replace

import pytest

from postprocess.check import check
from postprocess.places import Place
from tests.postprocess.records import GENUINE, SELF_EVALUATION, TARGET, printing, record, self_evaluation

FORM = self_evaluation(GENUINE["通讯费"])


@pytest.mark.parametrize(
    ("place", "text", "message"),
    [
        (Place("total_score"), "95.92", "总分·得分应为 9.92+20+17+10+28+10=94.92，表上读作 95.92；各数均已读清，表上即如此。"),
        (
            Place("execution_rate", "funds", 0),
            "91.15%",
            "“年度资金总额”的执行率应为 1721494.3÷1736311.00=99.15%，表上读作 91.15%；各数均已读清，表上即如此。",
        ),
        (
            Place("score", "funds", 0),
            "9.29",
            "“年度资金总额”的得分应为 10×1721494.3÷1736311.00=9.91，表上读作 9.29；各数均已读清，表上即如此。",
        ),
        (Place("score", "indicators", 1), "21", "第2行的得分 21 大于第2行的分值 20；各数均已读清，表上即如此。"),
        (Place("score", "indicators", 1), "-1", "第2行的得分 -1 小于 0；各数均已读清，表上即如此。"),
        (Place("total_weight"), "90", "总分·分值应为 100，表上读作 90；各数均已读清，表上即如此。"),
        (
            Place("deviation", "indicators", 1),
            "",
            "第2行的得分 17 低于第2行的分值 20，但第2行的偏差原因分析及改进措施未填；各数均已读清，表上即如此。",
        ),
        (Place("year"), "", "年度未填；其中有未读清之处，须人工核对。"),
    ],
)
def test_sentences(place: Place, text: str, message: str) -> None:
    assert message in [finding.message for finding in check(printing(FORM, SELF_EVALUATION, place, text), SELF_EVALUATION).findings]


def test_roundings_are_told_without_blame() -> None:
    (printed,) = check(FORM, SELF_EVALUATION).findings
    assert printed.message == "“年度资金总额”的得分 9.92 是 10×表上的 99.15% 四舍五入到 2 位小数所得，按未舍入的比率通常为 9.91。"
    (up,) = check(self_evaluation(GENUINE["排放许可证监管"]), SELF_EVALUATION).findings
    assert up.message == "“年度资金总额”的执行率 98.09% 是 990675÷1010060.00 只入不舍到 2 位小数所得，通常四舍五入为 98.08%。"


def test_dates() -> None:
    texts = {"project_name": "热线", "applicant_unit": "总队", "year": "2020", "start_date": "2020-03-01", "end_date": "2020-02-01"}
    form = record(TARGET, texts, {"indicators": [{"level3": "及时率"}]})
    (finding,) = check(form, TARGET).findings
    assert finding.message == "计划开始日期 2020-03-01 晚于计划完成日期 2020-02-01；各数均已读清，表上即如此。"
    ended = printing(form, TARGET, Place("end_date"), "2020-04-01")
    (other,) = check(printing(ended, TARGET, Place("year"), "2019"), TARGET).findings
    assert other.message == "计划开始日期 2020-03-01 不在 2019 年度内；各数均已读清，表上即如此。"


def test_every_message_is_one_chinese_sentence() -> None:
    wrong = replace(GENUINE["通讯费"], total_weight="90", total_score="12", rate="80%", score="11", executed="1,836,311")
    findings = check(self_evaluation(wrong, confidence=0.97), SELF_EVALUATION).findings
    assert len({finding.rule for finding in findings}) >= 6
    for finding in findings:
        assert re.fullmatch(r"[^。\n]+。", finding.message)
        assert re.search(r"[\u4e00-\u9fff]", finding.message)

"""A small archive to export."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from models.form import Alternative, Field, Finding, Form, Review, Status, Value, Verdict
from models.geometry import Box
from models.matched import UNKNOWN, Slot, UnknownCell
from models.template import Severity
from service.store.reviewed import Reviewed, ReviewedState
from service.store.stored import StoredForm

SHA256 = "0123456789abcdef" * 4


def field(text: str, value: Value = None, status: Status = Status.READ) -> Field:
    return Field(text, value, 2, Box(0.25, 0.5, 0.35, 0.52), 0.87, status, (Alternative("其他", 0.1),))


def text_field(text: str) -> Field:
    return field(text, text)


def stored(form: Form, number: int = 1, path: str = "2020/教育局/a.pdf") -> StoredForm:
    return StoredForm(SHA256, number, 1, path, 2020, "教育局", form)


APPROVED = Reviewed(ReviewedState.APPROVED, "李四", "2020-03-02T09:30:00.000000Z", taken_by="王五")


def evaluation(fields: dict[str, Field], *funds: dict[str, Field]) -> Form:
    return Form("self_evaluation", "shanghai/self_evaluation@1", (1, 2), fields, {"funds": funds}, (), Review.NEEDS_REVIEW)


SELF_EVALUATION = stored(
    Form(
        "self_evaluation",
        "shanghai/self_evaluation@1",
        (1, 2),
        {"project_name": text_field("办公设备购置"), "year": field("2020", Decimal(2020)), "total_score": field("99.15", Decimal("99.15"))},
        {
            "funds": (
                {"source": text_field("年度资金总额"), "executed": field("980,710.10", Decimal("980710.10"))},
                {"source": text_field("其他资金"), "executed": field("—", None, Status.BLANK)},
            )
        },
        (Finding("funds_sum", Severity.ERROR, Verdict.ON_PAPER, "合计不符", ("tables.funds[0].executed",), "3", "4"),),
        Review.NEEDS_REVIEW,
        (text_field("第2页"),),
    )
)
TARGET = StoredForm(
    "f" * 64,
    3,
    2,
    "b.pdf",
    None,
    "",
    Form("performance_target", "shanghai/performance_target@1", (1,), {"start_date": field("2020年1月2日", date(2020, 1, 2))}),
)
UNKNOWN_FORM = stored(
    Form(UNKNOWN, "", (4,), cells=(UnknownCell(1, 2, 1, 1, Slot(2, Box(0.25, 0.5, 0.35, 0.52))),), cell_fields=(text_field("甲"),)), 2
)
ARCHIVE = (replace(SELF_EVALUATION, reviewed=APPROVED), UNKNOWN_FORM, TARGET)
FIELDS = 10
"""Of `ARCHIVE`, by hand."""
MONEY = Decimal("980710.10")
"""Sum of what was executed in `ARCHIVE`."""

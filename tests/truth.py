"""What a record gets wrong, held against the truth that was drawn."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.form import Field, Form, Status
from models.template import ValueKind
from postprocess.marks import is_nothing
from postprocess.values import parse_value

NUMBERS: Mapping[str, ValueKind] = {
    **dict.fromkeys(("initial_budget", "annual_budget", "executed", "total_budget", "current_budget"), ValueKind.AMOUNT),
    **dict.fromkeys(("prior_budget", "prior_executed"), ValueKind.AMOUNT),
    **dict.fromkeys(("weight", "score", "total_weight", "total_score"), ValueKind.NUMBER),
    "execution_rate": ValueKind.PERCENT,
    "year": ValueKind.YEAR,
}
LONG = frozenset({"goal_target", "goal_actual", "overview", "basis", "necessity", "safeguards", "plan", "goals", "deviation"})


@dataclass(frozen=True, slots=True)
class Read:
    """One field beside its truth."""

    path: str
    name: str
    text: str
    truth: str
    status: Status

    @property
    def right(self) -> bool:
        """Numbers by value, everything else but for spaces, width and kinds of quote and dash."""
        kind = NUMBERS.get(self.name)
        if kind is not None and not is_nothing(self.truth):
            return parse_value(self.text, kind) == parse_value(self.truth, kind)
        if kind is not None:
            return is_nothing(self.text)
        return _plain(self.text) == _plain(self.truth)


def load_truth(path: Path) -> list[dict[str, Any]]:
    """The forms of a ``.truth.json`` file, in order."""
    forms: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["forms"]
    return forms


def compare(form: Form, truth: Mapping[str, Any]) -> list[Read]:
    """Every field of ``truth`` with what ``form`` says; rows are paired in order, a missing one is all blank."""
    return list(_compare(form, truth))


def _compare(form: Form, truth: Mapping[str, Any]) -> Iterator[Read]:
    for name, value in truth.items():
        if name in form.fields:
            yield _read(name, name, form.fields, value)
        elif name in form.tables:
            rows: Sequence[Mapping[str, Field]] = form.tables[name]
            for index, wanted in enumerate(value):
                row = rows[index] if index < len(rows) else {}
                yield from (_read(f"{name}[{index}].{column}", column, row, text) for column, text in wanted.items())


def _read(path: str, name: str, fields: Mapping[str, Field], truth: object) -> Read:
    field = fields.get(name)
    return Read(path, name, field.text if field is not None else "", str(truth), field.status if field is not None else Status.DOUBTFUL)


def _plain(text: str) -> str:
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    for one, other in (("“”", '"'), ("‘’", "'"), ("〈", "<"), ("〉", ">"), ("、", ","), ("。", "."), ("—–―−", "-"), ("·", ".")):
        plain = re.sub(f"[{one}]", other, plain)
    return re.sub("-+", "-", plain)

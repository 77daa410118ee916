"""The document JSON: as contract.md says, there and back."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.form import Alternative, Document, Field, Finding, Form, Problem, Review, Source, Status, Value, Verdict
from models.geometry import Box
from models.limits import Limits
from models.matched import UNKNOWN, Slot, UnknownCell
from models.template import Severity
from service.document_json import Origin, parse_json, to_document, to_json

ORIGIN = Origin("7", Limits(), "../scans/a.pdf")
SHA256 = "0123456789abcdef" * 4


PLAIN = Field("980,710", Decimal(980710), 1, Box(0.1, 0.2, 0.3, 0.4), 0.99, Status.READ)


def _document(*forms: Form, problems: tuple[Problem, ...] = ()) -> Document:
    return Document(Source("a.pdf", SHA256, 6), forms, problems)


def _form(field: Field) -> Form:
    return Form("self_evaluation", "shanghai/self_evaluation@1", (1, 2), {"project_name": field}, {"funds": ({"source": field},)})


def _written(field: Field) -> dict[str, object]:
    record = json.loads(to_json(_document(_form(field)), ORIGIN))
    found: dict[str, object] = record["forms"][0]["fields"]["project_name"]
    return found


def test_the_keys_of_the_contract_in_its_order() -> None:
    finding = Finding("funds_sum", Severity.ERROR, Verdict.ON_PAPER, "合计不符", ("tables.funds[0].executed",), "3", "4")
    form = Form("self_evaluation", "t@1", (1, 2), {"year": PLAIN}, {"funds": ({"source": PLAIN},)}, (finding,), Review.NEEDS_REVIEW)
    record = json.loads(to_json(_document(form, problems=(Problem(3, "page_lost", "…"),)), ORIGIN))
    assert list(record) == ["schema", "reader", "source", "forms", "problems"]
    assert record["schema"] == "formtally/document/1"
    assert record["reader"]["version"] == "7"
    assert record["source"] == {"name": "a.pdf", "path": "../scans/a.pdf", "sha256": SHA256, "pages": 6}
    assert list(record["forms"][0]) == ["kind", "template", "pages", "fields", "tables", "findings", "review"]
    assert record["forms"][0]["pages"] == [1, 2]
    assert record["forms"][0]["findings"] == [
        {
            "rule": "funds_sum",
            "severity": "error",
            "verdict": "on_paper",
            "message": "合计不符",
            "cells": ["tables.funds[0].executed"],
            "expected": "3",
            "printed": "4",
        }
    ]
    assert record["problems"] == [{"page": 3, "code": "page_lost", "message": "…"}]


def test_a_plain_field_has_the_keys_of_the_contract_and_the_type_of_its_value() -> None:
    assert _written(PLAIN) == {
        "text": "980,710",
        "value": "980710",
        "value_type": "decimal",
        "page": 1,
        "box": [0.1, 0.2, 0.3, 0.4],
        "confidence": 0.99,
        "status": "read",
        "alternatives": [],
    }


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("980710"), "980710"),
        (Decimal("90.13"), "90.13"),
        (Decimal("1E+6"), "1000000"),
        (Decimal("0.0000001"), "0.0000001"),
        (date(2020, 3, 1), "2020-03-01"),
        ("环保项目", "环保项目"),
        (None, None),
    ],
)
def test_values_are_typed_strings(value: Value, written: str | None) -> None:
    assert _written(replace(PLAIN, value=value))["value"] == written


def test_repair_seal_and_alternatives_are_told() -> None:
    other = Alternative("980,770", 0.123456)
    found = _written(replace(PLAIN, status=Status.REPAIRED, read_as="980,770", sealed=True, alternatives=(other,), confidence=0.98765432))
    assert found["read_as"] == "980,770"
    assert found["seal"] is True
    assert found["alternatives"] == [{"text": "980,770", "confidence": 0.1235}]
    assert found["confidence"] == 0.9877


def test_boxes_are_rounded_to_five_digits() -> None:
    assert _written(replace(PLAIN, box=Box(1 / 3, 0, 2 / 3, 1)))["box"] == [0.33333, 0.0, 0.66667, 1.0]


@pytest.mark.parametrize("wrong", [replace(PLAIN, box=Box(0, 0, 1.1, 1)), replace(PLAIN, confidence=1.5), replace(PLAIN, page=0)])
def test_what_the_contract_forbids_is_never_written(wrong: Field) -> None:
    with pytest.raises(ValidationError):
        to_json(_document(_form(wrong)), ORIGIN)


def test_an_unknown_form_is_its_cells() -> None:
    cell = UnknownCell(0, 1, 2, 3, Slot(1, Box(0, 0, 9, 9)))
    form = Form(
        UNKNOWN,
        "",
        (4,),
        cells=(cell,),
        cell_fields=(replace(PLAIN, text="甲", value="甲"),),
        unplaced=(replace(PLAIN, text="第1页", value="第1页"),),
    )
    record = json.loads(to_json(_document(form), ORIGIN))["forms"][0]
    assert record["fields"] == {}
    (row,) = record["tables"]["cells"]
    assert (row["row"], row["column"], row["row_span"], row["column_span"], row["content"]["text"]) == (0, 1, 2, 3, "甲")
    assert [field["text"] for field in record["unplaced"]] == ["第1页"]


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_values = st.one_of(st.none(), _texts, st.dates(), st.decimals(allow_nan=False, allow_infinity=False, places=2))
_fractions = st.integers(0, 100_000).map(lambda n: n / 100_000)
_confidences = st.integers(0, 10_000).map(lambda n: n / 10_000)
_fields = st.builds(
    Field,
    _texts,
    _values,
    st.integers(1, 200),
    st.builds(Box, _fractions, _fractions, _fractions, _fractions),
    _confidences,
    st.sampled_from(Status),
    st.lists(st.builds(Alternative, _texts, _confidences), max_size=2).map(tuple),
    _texts,
    st.booleans(),
)
_rows = st.dictionaries(_texts, _fields, max_size=3)
_paths = st.lists(_texts, max_size=3).map(tuple)
_findings = st.builds(Finding, _texts, st.sampled_from(Severity), st.sampled_from(Verdict), _texts, _paths, _texts, _texts)
_forms = st.builds(
    Form,
    st.just("self_evaluation"),
    _texts,
    st.lists(st.integers(1, 200), min_size=1, max_size=3).map(tuple),
    st.dictionaries(_texts, _fields, max_size=3),
    st.dictionaries(_texts, st.lists(_rows, max_size=2).map(tuple), max_size=2),
    st.lists(_findings, max_size=2).map(tuple),
    st.sampled_from(Review),
    st.lists(_fields, max_size=2).map(tuple),
)


@given(st.lists(_forms, max_size=2).map(tuple))
def test_what_is_written_can_be_read_back(forms: tuple[Form, ...]) -> None:
    document = _document(*forms)
    assert to_document(parse_json(to_json(document, ORIGIN))) == document


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"schema": "formtally/document/2"}', b"\xff"])
def test_other_files_are_no_documents(data: bytes) -> None:
    with pytest.raises(ValidationError):
        parse_json(data)


def test_pages_read_from_the_file_s_own_text_are_named_and_come_back() -> None:
    document = replace(_document(), source=Source("a.pdf", SHA256, 6, (1, 3)))
    data = to_json(document, ORIGIN)
    assert json.loads(data)["source"]["text_pages"] == [1, 3]
    assert to_document(parse_json(data)) == document

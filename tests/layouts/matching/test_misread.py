"""Misread labels: whichever printed word of a form is read wrongly, every value is found and nothing is left over."""

import re
from collections.abc import Iterator
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layouts.template_file import builtin_templates
from models.template import Template
from tests.layouts.drawing import draw
from tests.layouts.matching import printed
from tests.layouts.matching.texts import fields, match, rows, unplaced

FORMS = {
    "self_evaluation": (
        printed.SELF_EVALUATION,
        printed.SELF_COLUMNS,
        printed.SELF_FIELDS,
        {"funds": printed.SELF_FUNDS, "indicators": printed.SELF_INDICATORS},
    ),
    "performance_target": (
        printed.TARGET,
        printed.TARGET_COLUMNS,
        printed.TARGET_FIELDS,
        {"indicators": printed.TARGET_INDICATORS},
    ),
}
TEMPLATES = {template.kind: template for template in builtin_templates()}

WRONG = "囗"
"""A character no form prints, so that it is never right by chance; drawings read it with little confidence."""


def words(template: Template) -> list[str]:
    """The printed words of ``template`` that are no value themselves."""
    labels = (label for field in template.fields for label in field.labels)
    headings = (heading for table in template.tables for column in table.columns for heading in column.headings if heading)
    ends = (end for table in template.tables for end in table.ends)
    return list(dict.fromkeys(chain(labels, headings, ends, template.fixed)))


def places(kind: str) -> Iterator[list[int]]:
    """For each printed word at the beginning of a cell the indexes of its characters in the drawing."""
    drawing = FORMS[kind][0]
    for word in words(TEMPLATES[kind]):
        for found in re.finditer(r"(?<=[|\n])\s*(" + "⏎?".join(map(re.escape, word)) + ")", drawing):
            yield [i for i in range(found.start(1), found.end(1)) if drawing[i] != "⏎"]


PLACES = {kind: list(places(kind)) for kind in FORMS}


def check(kind: str, drawing: str) -> None:
    _, columns, expected, tables = FORMS[kind]
    forms = match(draw(1, drawing, columns))
    assert [form.kind for form in forms] == [kind]
    assert fields(forms[0]) == expected
    assert {name: rows(forms[0], name) for name in tables} == tables
    assert unplaced(forms[0]) == []


@pytest.mark.parametrize("kind", FORMS)
def test_one_character_of_any_label_misread(kind: str) -> None:
    drawing = FORMS[kind][0]
    for at in sorted(set(chain.from_iterable(PLACES[kind]))):
        check(kind, drawing[:at] + WRONG + drawing[at + 1 :])


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(sorted(FORMS)))
def test_a_character_lost_or_added_or_two_misread(data: st.DataObject, kind: str) -> None:
    drawing, place = FORMS[kind][0], data.draw(st.sampled_from(PLACES[kind]))
    first, second = data.draw(st.sampled_from(place)), data.draw(st.sampled_from(place))
    lost = drawing[:first] + drawing[first + 1 :]
    added = drawing[: first + 1] + WRONG + drawing[first + 1 :]
    both = "".join(WRONG if i in (first, second) else char for i, char in enumerate(drawing))
    check(kind, data.draw(st.sampled_from([lost, both] if first == place[-1] else [lost, added, both])))


@settings(max_examples=30, deadline=None)
@given(st.data(), st.sampled_from(sorted(FORMS)))
def test_three_labels_misread_at_once(data: st.DataObject, kind: str) -> None:
    drawing = FORMS[kind][0]
    labels = data.draw(st.lists(st.sampled_from(range(len(PLACES[kind]))), min_size=3, max_size=3, unique=True))
    spoilt = {data.draw(st.sampled_from(PLACES[kind][label])) for label in labels}
    check(kind, "".join(WRONG if i in spoilt else char for i, char in enumerate(drawing)))

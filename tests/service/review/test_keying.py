"""Double keying: what waits for two people, who may see what of it, and to whom the queue gives it next."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import NotSettledError
from models.form import Document, Form, Review, Source, Status
from postprocess.places import Place, cells_of, doubted, updated
from service.review.acting import Office, close_finding, undo
from service.review.changes import AddRow, Approve, Change, JoinRows, KeyField, SetField, SplitRow
from service.review.hidden import HiddenFields
from service.review.keying import DoubleKeyed, Keying, double_keyed, hidden, shown, unkeyed
from service.review.opened import Opened, opened
from service.review.policy import Policy
from service.review.queue import next_form, state_of
from service.review.queued import Wanted
from service.review.sheet import Sheet
from service.review.steps import Made
from service.review.stops import stops
from service.store.form_rows import fields_of
from service.store.opening import Store
from service.store.reviews import Checks, ReviewState, doubts_of, open_findings
from service.store.saving import save_document
from tests.postprocess.records import GENUINE, SELF_EVALUATION, self_evaluation
from tests.service.kept import OFFICE
from tests.service.review.samples import Hands, add_sample, record
from tests.service.store.samples import add

NAMES = frozenset({"total_score", "executed"})
TOTAL, PROJECT = "fields.total_score", "fields.project_name"
FORM = self_evaluation(GENUINE["通讯费"])
KEYED = tuple(path for path in fields_of(FORM) if path.rpartition(".")[2] in NAMES)


@pytest.fixture
def two(office: Office) -> Office:
    """An office where two people key the total."""
    return replace(office, policy=Policy(double_keyed=frozenset({"total_score"})))


def add_form(store: Store, form: Form, checks: Checks) -> str:
    """Keep ``form`` as what was read, to be looked at as ``checks`` say; the document's SHA-256."""
    sha256 = add(store)
    save_document(store, sha256, "3+a", Document(Source("扫描.tif", sha256, 1), (form,)), checks)
    return sha256


def settle(hands: Hands) -> None:
    """Accept every doubt but the total as it is read; then close what is open and not about it."""
    form = record(hands.office.store, hands.seen.document)
    if doubts := [path for path in doubts_of(form) if path != TOTAL]:
        hands.does(*(SetField(path, fields_of(form)[path].text) for path in doubts))
    form = record(hands.office.store, hands.seen.document)
    for finding in open_findings(form):
        if TOTAL not in finding.cells:
            hands.does(close_finding(form, form.findings.index(finding)))


def follow(hands: Hands, user: str) -> Hands:
    """Another person before the same form."""
    return Hands(hands.office, hands.seen.document, user, version=hands.seen.version)


@pytest.mark.parametrize("blank", [False, True])
def test_a_form_under_review_waits_for_every_cell_that_two_key(store: Store, blank: bool) -> None:
    form = replace(doubted(FORM, frozenset({Place("score", "funds", 0)})), review=Review.NEEDS_REVIEW)
    if blank:
        places = {place: field for place, field in cells_of(form).items() if place.name in NAMES}
        form = updated(form, {place: replace(field, text="", value=None, status=Status.BLANK) for place, field in places.items()})
    entry = state_of(store, add_form(store, form, Checks(double_keyed=NAMES)), 1)
    assert entry is not None
    assert entry.open == 1 + len(KEYED) + len(open_findings(form))


def test_a_clear_form_concerns_nobody_unless_it_is_drawn(store: Store) -> None:
    clear = replace(FORM, review=Review.CLEAR)
    assert state_of(store, add_form(store, clear, Checks(0.0, NAMES)), 1) is None
    drawn = replace(clear, pages=(1,), fields={**clear.fields, "title": replace(clear.fields["project_name"], text="另一")})
    sha256 = add(store, b"another")
    save_document(store, sha256, "3+a", Document(Source("乙.tif", sha256, 1), (drawn,)), Checks(1.0, NAMES))
    entry = state_of(store, sha256, 1)
    assert entry is not None
    assert entry.open == len(KEYED)


def test_a_cell_that_the_machine_is_sure_of_is_keyed_by_two_all_the_same(two: Office) -> None:
    one = Hands(two, add_sample(two.store, OFFICE), "甲")
    assert record(two.store, one.seen.document).fields["total_score"].status is not Status.DOUBTFUL
    settle(one)
    for user in ("甲", "乙"):
        with pytest.raises(NotSettledError) as refused:
            follow(one, user).does(Approve())
        assert refused.value.remedy == f"还有 1 处须由两人录入一致，例如{TOTAL}"
        hands = follow(one, user)
        hands.does(SetField(TOTAL, "99.01"))
        one.saw_version(hands.seen.version)
    settle(one)
    form = record(two.store, one.seen.document)
    for finding in open_findings(form):
        one.does(close_finding(form, form.findings.index(finding)))
    assert one.does(Approve()).doubts == ()


def test_what_one_person_set_before_the_setting_waits_for_two_and_no_finding_settles_it(two: Office) -> None:
    alone = Hands(replace(two, policy=Policy()), add_sample(two.store, OFFICE), "甲")
    alone.does(SetField(TOTAL, "98"))
    one = Hands(two, alone.seen.document, "甲", version=alone.seen.version)
    assert TOTAL in one.does(SetField(PROJECT, "新名称")).doubts
    form = record(two.store, one.seen.document)
    finding = next(place for place, each in enumerate(form.findings) if TOTAL in each.cells)
    assert fields_of(form)[TOTAL].status is Status.CONFIRMED
    with pytest.raises(NotSettledError, match="two people"):
        one.does(close_finding(form, finding))


def test_who_has_keyed_all_that_waits_is_not_given_the_form_again(two: Office) -> None:
    one = Hands(two, add_sample(two.store, OFFICE), "甲")
    settle(one)
    assert keyer(two.store, one) == ""
    one.does(SetField(TOTAL, "99.01"))
    assert keyer(two.store, one) == "甲"
    assert next_form(two.store, "甲", Wanted()) is None
    assert next_form(two.store, "甲", Wanted(text="信息")) is None
    one.does(SetField(TOTAL, "97.31"))
    assert keyer(two.store, one) == "甲"
    one.saw(undo(two, one.seen))
    one.saw(undo(two, one.seen))
    assert keyer(two.store, one) == ""
    one.does(SetField(TOTAL, "97.31"), SetField(PROJECT, "新名称"))
    found = next_form(two.store, "乙", Wanted())
    assert found is not None
    assert (found.document, found.keyer) == (one.seen.document, "甲")
    other = follow(one, "乙")
    other.does(SetField(TOTAL, "99.01"))  # they differ: that is anybody's
    assert keyer(two.store, other) == ""


def keyer(store: Store, hands: Hands) -> str:
    """Who alone has keyed all that waits."""
    entry = state_of(store, hands.seen.document, 1)
    assert entry is not None
    return entry.keyer


def test_each_sees_his_own_text_and_both_see_where_they_differ(two: Office) -> None:
    one = Hands(two, add_sample(two.store, OFFICE), "甲")
    one.does(SetField(TOTAL, "97.31"))
    assert {user: seen(two, one, user) for user in "甲乙"} == {"甲": ("97.31", Keying.KEYED), "乙": ("", Keying.TO_KEY)}
    other = follow(one, "乙")
    other.does(SetField(TOTAL, "97.81"))
    assert {user: seen(two, other, user) for user in "甲乙丙"} == dict.fromkeys("甲乙丙", ("97.81", Keying.DIFFERENT))
    third = follow(other, "丙")
    third.does(SetField(TOTAL, "97.31"))
    assert {user: seen(two, third, user) for user in "甲乙丙"} == dict.fromkeys("甲乙丙", ("97.31", Keying.ALIKE))


def seen(office: Office, hands: Hands, user: str) -> tuple[str, Keying]:
    """What ``user`` is shown of the total."""
    found = opened(office, hands.seen.document, 1, user)
    assert found is not None
    return fields_of(found.form)[TOTAL].text, found.double_keyed[0].keying(user)


def test_a_cell_that_spans_rows_is_one_by_whichever_row_it_is_named(office: Office) -> None:
    office = replace(office, policy=Policy(double_keyed=frozenset({"level1"})))
    one = Hands(office, add_sample(office.store, OFFICE), "甲")
    cells = double_keyed(frozenset({"level1"}), record(office.store, one.seen.document), {})
    spanning = next(cell for cell in cells if len(cell.places) > 1)
    one.does(SetField(spanning.paths[0], "产出指标"))
    other = follow(one, "乙")
    acted = other.does(SetField(spanning.paths[-1], "产出指标"))
    assert acted.form is not None
    assert unkeyed(cells).issuperset(spanning.paths)
    assert set(spanning.paths).isdisjoint(acted.doubts)
    assert {fields_of(acted.form)[path].text for path in spanning.paths} == {"产出指标"}


def test_rows_that_are_new_or_joined_are_keyed_anew(office: Office) -> None:
    office = replace(office, policy=Policy(double_keyed=frozenset({"score"})))
    one = Hands(office, add_sample(office.store, OFFICE), "甲")
    first, second = "tables.indicators[0].score", "tables.indicators[1].score"
    for user in "甲乙":
        hands = follow(one, user)
        acted = hands.does(SetField(first, "4"), SetField(second, "5"))
        one.saw_version(hands.seen.version)
    assert {first, second}.isdisjoint(acted.doubts)
    assert first in one.does(AddRow("indicators", 0)).doubts
    assert second in one.does(JoinRows("indicators", 1)).doubts


SPLIT = SplitRow("indicators", 0, lower={"score": ""}, upper={"score": ""})


@given(
    st.sampled_from([JoinRows("indicators", 0), SPLIT]),
    st.dictionaries(st.tuples(st.sampled_from("甲乙"), st.integers(0, 2)), st.sampled_from(["20", "5", "2020"])),
    st.integers(0, 1),
    st.sampled_from("甲乙"),
    st.sampled_from(["20", "5", "2020"]),
)
def test_one_keying_of_a_row_that_was_joined_or_split_is_one(
    change: Change, before: dict[tuple[str, int], str], row: int, user: str, text: str
) -> None:
    row = row if change is SPLIT else 0
    keyed = [Made(KeyField(f"tables.indicators[{each}].score", said), who) for (who, each), said in before.items()]
    remade = Sheet(FORM, SELF_EVALUATION).after([*keyed, Made(change, "丙")])
    sheet = remade.after([Made(KeyField(f"tables.indicators[{row}].score", text), user)])
    made, found = (next(cell for cell in scores_of(each) if cell.places[0].row == row) for each in (remade, sheet))
    assert (made.said, found.said, found.is_alike) == ({}, {user: text}, False)
    beside = next(cell for cell in scores_of(sheet) if cell.places[0].row == (3 if change is SPLIT else 1))
    assert beside.said == {who: said for (who, each), said in before.items() if each == 2}


def scores_of(sheet: Sheet) -> tuple[DoubleKeyed, ...]:
    """The scores of the indicators, as two people key them."""
    cells = double_keyed(frozenset({"score"}), sheet.form, sheet.keyed)
    return tuple(cell for cell in cells if cell.places[0].table == "indicators")


def test_a_cell_that_spans_the_rows_that_are_joined_stays_keyed() -> None:
    halves = SplitRow("indicators", 0, lower={"weight": "1"}, upper={"weight": "19"})
    keyed = [Made(KeyField("tables.indicators[1].score", "20"), user) for user in "甲乙"]
    for changes in ([Made(halves, "丙"), *keyed], [Made(halves, "丙"), *keyed, Made(JoinRows("indicators", 0), "丙")]):
        assert scores_of(Sheet(FORM, SELF_EVALUATION).after(changes))[0].is_alike


def test_what_waits_for_two_is_not_settled_because_one_added_its_row(office: Office) -> None:
    office = replace(office, policy=Policy(double_keyed=frozenset({"score"})))
    one = Hands(office, add_sample(office.store, OFFICE), "甲")
    one.does(AddRow("indicators", 0))
    added, other = "tables.indicators[0].score", "tables.indicators[0].weight"
    for user, settled in (("", False), ("甲", False), ("乙", True)):
        hands = follow(one, user or "丙")
        if user:
            hands.does(SetField(added, ""))
            one.saw_version(hands.seen.version)
        found = opened(office, one.seen.document, 1, "甲")
        assert found is not None
        assert (added in found.settled, added in found.doubts, other in found.settled) == (settled, not settled, True)


def test_of_a_form_whose_template_is_not_known_nothing_is_keyed_twice(two: Office) -> None:
    form = replace(FORM, template="another", review=Review.NEEDS_REVIEW)
    one = Hands(two, add_form(two.store, form, Checks(double_keyed=NAMES)), "甲")
    found = opened(two, one.seen.document, 1, "甲")
    assert found is not None
    assert found.double_keyed == ()
    acted = one.does(SetField(TOTAL, "98"))
    assert acted.form is not None
    assert (fields_of(acted.form)[TOTAL].text, acted.doubts) == ("98", ())
    assert one.does(Approve()).state is ReviewState.APPROVED


def test_what_is_hidden_is_worked_out_once_a_version(two: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    one = Hands(two, add_sample(two.store, OFFICE), "甲")
    looks: list[int] = []

    def looked(office: Office, document: str, number: int, user: str) -> Opened | None:
        looks.append(number)
        return opened(office, document, number, user)

    monkeypatch.setattr("service.review.hidden.opened", looked)
    concealed = HiddenFields(two, kept=1)
    assert [concealed.of(one.seen.document, 1) for _ in range(3)] == [{TOTAL}] * 3
    assert len(looks) == 1
    for user in "甲乙":
        hands = follow(one, user)
        hands.does(SetField(TOTAL, "97.31"))
        one.saw_version(hands.seen.version)
    assert [concealed.of(one.seen.document, 1) for _ in range(3)] == [frozenset()] * 3
    assert len(looks) == 2
    found = opened(two, add_sample(two.store, OFFICE, copy=1), 1, "甲")
    assert found is not None
    assert concealed.over(found) == concealed.of(found.standing.document, 1) == {TOTAL}
    assert len(looks) == 2
    concealed.of(one.seen.document, 1)
    assert len(looks) == 3  # only one is kept
    assert HiddenFields(replace(two, policy=Policy())).of(one.seen.document, 1) == frozenset()
    assert len(looks) == 3


def test_a_blank_cell_stands_once_two_have_said_that_it_is(two: Office) -> None:
    one = Hands(two, add_sample(two.store, OFFICE), "甲")
    assert TOTAL in one.does(SetField(TOTAL, "")).doubts
    acted = follow(one, "乙").does(SetField(TOTAL, ""))
    assert acted.form is not None
    assert (TOTAL in acted.doubts, fields_of(acted.form)[TOTAL].status) == (False, Status.BLANK)


def test_what_two_key_comes_last_and_as_on_the_paper() -> None:
    form = doubted(FORM, frozenset({Place("score", "funds", 0), Place("executed", "funds", 1)}))
    cells = double_keyed(NAMES, form, {})
    order = stops(form, SELF_EVALUATION, (), unkeyed(cells))
    assert order == ("tables.funds[0].score", *(cell.paths[0] for cell in cells))


@given(st.sets(st.sampled_from(sorted({place.name for place in cells_of(FORM)}))), st.sampled_from(["甲", "乙", "丙"]), st.data())
def test_nothing_but_the_own_text_is_shown_of_what_is_hidden(names: set[str], user: str, data: st.DataObject) -> None:
    keyed = {
        place: data.draw(st.sampled_from([{}, {"甲": "1"}, {"乙": "2"}, {"乙": "3", "甲": field.text}, {"乙": "3", "甲": "4"}]))
        for place, field in cells_of(FORM).items()
        if place.name in names
    }
    cells = double_keyed(names, FORM, keyed)
    found, known = fields_of(shown(FORM, cells, user)), fields_of(FORM)
    concealed = hidden(cells)
    assert concealed == {str(place) for place, texts in keyed.items() if len(texts) < 2}
    said = {path: keyed[cell.places[0]].get(user, "") for cell in cells for path in cell.paths}
    assert {path: field for path, field in found.items() if path not in concealed} == {
        path: field for path, field in known.items() if path not in concealed
    }
    for path in concealed:
        field = found[path]
        assert (field.text, field.value, field.alternatives, field.read_as, field.protected) == (said[path], None, (), "", ())
        assert (field.page, field.box) == (known[path].page, known[path].box)

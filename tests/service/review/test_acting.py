"""What reviewers do, on the samples as the archive keeps them: records, history, queue."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.errors import NothingToUndoError, NotSettledError, SamePersonError, StaleVersionError, UsageError
from models.form import Form, Review, Status, Verdict
from service.document_json import form_to_json
from service.review.acting import Office, Said, Seen, act, approve, close_finding, redo, standing_of, undo
from service.review.changes import AddRow, Approve, Change, KeyField, Return, SetField, SplitRow
from service.review.decider import Decider
from service.review.deciding import decided
from service.review.drafts import Draft, draft_of, keep_draft
from service.review.opened import opened
from service.review.policy import Policy
from service.review.steps import since_arranged
from service.review.trail import trail
from service.store.correcting import version_of
from service.store.form_rows import fields_of
from service.store.history import verify_history
from service.store.reviews import ReviewState, doubts_of, open_findings, review_of
from service.store.schema import CORRECTIONS
from tests.service.kept import COPIER, FAX, OFFICE, PHONE
from tests.service.review.samples import TRUST, Hands, add_sample, record

TOTAL = "fields.total_score"


@pytest.mark.parametrize("name", [OFFICE, COPIER, FAX, PHONE])
def test_what_nobody_touched_is_what_the_machine_made(office: Office, name: str) -> None:
    sha256 = add_sample(office.store, name)
    form = standing_of(office, Seen(sha256, 1, 1, "li"))
    base = office.decider.base(form, None)
    assert base is not None
    assert form_to_json(decided(base, ()).form) == form.record


def test_what_a_person_says_stands_and_the_rules_speak_at_once(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    path = "tables.indicators[0].score"
    before = record(office.store, hands.seen.document)
    acted = hands.does(SetField(path, "19.5"))
    assert acted.form is not None
    field = fields_of(acted.form)[path]
    assert (field.text, field.value, field.status, field.confidence) == ("19.5", Decimal("19.5"), Status.CONFIRMED, 1.0)
    assert "score_total" in {finding.rule for finding in acted.form.findings} - {finding.rule for finding in before.findings}
    assert form_to_json(record(office.store, hands.seen.document)) == form_to_json(acted.form)


def test_a_persons_value_is_never_changed_or_doubted_by_arithmetic(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    wrong = {"tables.indicators[0].score": "1", "tables.indicators[1].score": "2", TOTAL: "55", "tables.funds[0].execution_rate": "7%"}
    for path, text in wrong.items():
        acted = hands.does(SetField(path, text))
    assert acted.form is not None
    known = fields_of(acted.form)
    assert {path: (known[path].text, known[path].status) for path in wrong} == {
        path: (text, Status.CONFIRMED) for path, text in wrong.items()
    }


def test_a_form_is_settled_and_approved(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    _settle(hands)
    acted = hands.does(Approve())
    assert (acted.state, acted.doubts) == (ReviewState.APPROVED, ())
    with office.store.database.reading() as connection:
        entry = review_of(connection, hands.seen.document, 1)
    assert entry is not None
    assert (entry.state, entry.open) == ("approved", 0)
    assert verify_history(office.store.database) == []


def test_what_waits_for_a_person_keeps_a_form_from_being_approved(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, COPIER))
    assert doubts_of(record(office.store, hands.seen.document))
    with pytest.raises(NotSettledError):
        hands.does(Approve())
    assert record(office.store, hands.seen.document) is not None


def test_a_finding_is_closed_as_wrong_on_paper_with_a_note(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    hands.does(SetField(TOTAL, "98"))
    form = record(office.store, hands.seen.document)
    places = [place for place, finding in enumerate(form.findings) if finding.rule == "score_total"]
    acted = hands.does(close_finding(form, places[0]), reason="<b>原表</b>")
    assert acted.form is not None
    finding = next(finding for finding in acted.form.findings if finding.rule == "score_total")
    assert finding.verdict is Verdict.ON_PAPER
    assert finding.message.endswith("人工核对：原件如此（<b>原表</b>）。")
    assert finding not in open_findings(acted.form, acted.closed)
    assert {fields_of(acted.form)[path].status for path in finding.cells} <= {Status.CONFIRMED, Status.BLANK}
    hands.does(SetField(TOTAL, "97"))
    assert [each.rule for each in open_findings(record(office.store, hands.seen.document))] == ["score_total"]


def test_a_closed_finding_is_open_again_once_one_of_its_numbers_is_another(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    hands.does(SetField(TOTAL, "98"))
    form = record(office.store, hands.seen.document)
    place = next(place for place, finding in enumerate(form.findings) if finding.rule == "score_total")
    closed = hands.does(close_finding(form, place))
    assert closed.form is not None
    assert "score_total" not in {finding.rule for finding in open_findings(closed.form, closed.closed)}
    acted = hands.does(SetField(TOTAL, "17"))  # the sum that the rule expects is the same
    assert acted.form is not None
    assert [finding.printed for finding in open_findings(acted.form, acted.closed) if finding.rule == "score_total"] == ["17"]
    again = hands.does(SetField(TOTAL, "98"))
    assert again.form is not None
    assert "score_total" not in {finding.rule for finding in open_findings(again.form, again.closed)}


def test_every_step_can_be_undone_and_done_again(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    records = [record(office.store, hands.seen.document)]
    for text in ("1", "2", "3"):
        hands.does(SetField(TOTAL, text))
        records.append(record(office.store, hands.seen.document))
    for expected in (records[2], records[1]):
        hands.saw(undo(office, hands.seen))
        assert record(office.store, hands.seen.document) == expected
    hands.saw(redo(office, hands.seen))
    assert record(office.store, hands.seen.document) == records[2]
    hands.saw(redo(office, hands.seen))
    assert record(office.store, hands.seen.document) == records[3]
    with pytest.raises(NothingToUndoError):
        redo(office, hands.seen)
    for expected in (records[2], records[1], records[0]):
        hands.saw(undo(office, hands.seen))
        assert record(office.store, hands.seen.document) == expected
    with pytest.raises(NothingToUndoError):
        undo(office, hands.seen)


def test_an_undone_approval_waits_again(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    _settle(hands)
    hands.does(Approve())
    acted = undo(office, hands.seen)
    assert acted.state is ReviewState.WAITING


def test_an_approval_that_was_taken_back_only_its_giver_gives_again(office: Office) -> None:
    office = replace(office, policy=Policy(two_people=True))
    editor = Hands(office, add_sample(office.store, OFFICE), "甲")
    _settle(editor)
    giver = _other(editor, "乙")
    giver.does(Approve())
    giver.saw(undo(office, giver.seen))
    for user in ("甲", "丙"):
        assert not _may(giver, user)[1]
        with pytest.raises(NothingToUndoError):
            redo(office, _other(giver, user).seen)
    assert _may(giver, "乙")[1]
    assert redo(office, giver.seen).state is ReviewState.APPROVED


def test_what_somebody_did_to_an_approved_form_he_or_its_approver_takes_back(office: Office) -> None:
    approver = Hands(office, add_sample(office.store, OFFICE), "乙")
    _settle(approver)
    approver.does(Approve())
    for change, state in ((Return(), ReviewState.RETURNED), (SetField(TOTAL, "1"), ReviewState.WAITING)):
        other = _other(approver, "丙")
        assert other.does(change, reason="金额请再看").state is state
        assert [_may(other, user)[0] for user in ("甲", "乙", "丙")] == [False, True, True]
        with pytest.raises(NothingToUndoError):
            undo(office, _other(other, "甲").seen)
        other.saw(undo(office, other.seen))
        assert redo(office, _other(other, "丁").seen).state is state
        approver = _other(other, "乙", other.seen.version + 1)
        acted = undo(office, approver.seen)
        assert acted.state is ReviewState.APPROVED
        approver.saw(acted)


@pytest.mark.parametrize(
    ("policy", "refused"),
    [(Policy(two_people=True), SamePersonError), (Policy(double_keyed=frozenset({"total_score"})), NotSettledError)],
)
def test_an_approval_that_would_not_be_given_now_does_not_come_back(
    office: Office, policy: Policy, refused: type[SamePersonError | NotSettledError]
) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    hands.does(SetField("fields.project_name", "新名称"))
    _settle(hands)
    hands.does(Approve())
    hands.saw(undo(office, hands.seen))
    with pytest.raises(refused):
        redo(replace(office, policy=policy), hands.seen)
    assert redo(office, hands.seen).state is ReviewState.APPROVED


def test_what_is_sent_back_is_returned_until_somebody_changes_it(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    assert hands.does(Return(), reason="金额请再看").state is ReviewState.RETURNED
    assert hands.does(SetField(TOTAL, "99.01")).state is ReviewState.WAITING


def test_the_second_of_two_is_told_and_nothing_is_lost(office: Office) -> None:
    sha256 = add_sample(office.store, OFFICE)
    one, other = Hands(office, sha256, "甲"), Hands(office, sha256, "乙")
    one.does(SetField(TOTAL, "1"))
    with pytest.raises(StaleVersionError):
        other.does(SetField(TOTAL, "2"))
    assert fields_of(record(office.store, sha256))[TOTAL].text == "1"


def test_of_two_who_decided_at_once_the_second_writes_nothing(office: Office) -> None:
    sha256 = add_sample(office.store, OFFICE)
    seen = Seen(sha256, 1, 1, "乙")

    class Slow(Decider):
        def decide(self, form: object, changes: object) -> object:  # type: ignore[override]
            Hands(office, sha256, "甲").does(SetField(TOTAL, "1"))
            return super().decide(form, changes)  # type: ignore[arg-type]

    with pytest.raises(StaleVersionError):
        act(replace(office, decider=Slow(office.store, TRUST)), seen, [Said(SetField(TOTAL, "2"))])
    assert fields_of(record(office.store, sha256))[TOTAL].text == "1"


def test_under_the_rule_of_two_another_person_approves(office: Office) -> None:
    office = replace(office, policy=Policy(two_people=True))
    hands = Hands(office, add_sample(office.store, OFFICE), "甲")
    hands.does(SetField("fields.project_name", "新名称"))
    _settle(hands)
    with pytest.raises(SamePersonError):
        hands.does(Approve())
    second = Hands(office, hands.seen.document, "乙", version=hands.seen.version)
    with pytest.raises(SamePersonError):
        second.does(SetField("fields.project_name", "另一个"), Approve())
    assert second.does(Approve()).state is ReviewState.APPROVED


def test_a_field_keyed_twice_stands_once_two_people_have_keyed_the_same(office: Office) -> None:
    office = replace(office, policy=Policy(double_keyed=frozenset({"total_score"})))
    one = Hands(office, add_sample(office.store, OFFICE), "甲")
    assert TOTAL in one.does(SetField(TOTAL, "99.01")).doubts
    assert TOTAL in one.does(SetField(TOTAL, "99.01")).doubts
    other = Hands(office, one.seen.document, "乙", version=one.seen.version)
    acted = other.does(SetField(TOTAL, "99.07"))
    assert acted.form is not None
    waiting = fields_of(acted.form)[TOTAL]
    assert (waiting.status, [each.text for each in waiting.alternatives]) == (Status.DOUBTFUL, ["99.01"])
    acted = other.does(SetField(TOTAL, "９９.01"))
    assert acted.form is not None
    assert (fields_of(acted.form)[TOTAL].status, TOTAL in acted.doubts) == (Status.CONFIRMED, False)
    with office.store.database.reading() as connection:
        assert set(connection.scalars(select(CORRECTIONS.c.action))) == {"key_field"}


def test_a_row_is_split_with_what_two_people_key_left_to_both(office: Office) -> None:
    office = replace(office, policy=Policy(double_keyed=frozenset({"score"})))
    hands = Hands(office, add_sample(office.store, OFFICE), "甲")
    paths = ["tables.indicators[0].score", "tables.indicators[1].score"]
    acted = hands.does(SplitRow("indicators", 0, upper={"weight": "4", "score": "3.7"}, lower={"weight": "4", "score": "4"}))
    assert acted.form is not None
    known = fields_of(acted.form)
    assert [(known[path].text, known[path].status) for path in paths] == [("", Status.DOUBTFUL)] * 2
    assert set(paths) <= set(acted.doubts)
    assert known["tables.indicators[1].weight"].text == "4"
    seen = trail(office.store, hands.seen.document, 1, reader="乙")
    assert all("3.7" not in event.text + event.payload for event in seen)
    other = Hands(office, hands.seen.document, "乙", version=hands.seen.version)
    acted = other.does(*(SetField(path, text) for path, text in zip(paths, ("3.7", "4"), strict=True)))
    assert acted.form is not None
    assert [fields_of(acted.form)[path].text for path in paths] == ["3.7", "4"]
    assert not set(paths) & set(acted.doubts)


def test_of_two_who_keyed_a_field_alike_either_approves(office: Office) -> None:
    office = replace(office, policy=Policy(two_people=True, double_keyed=frozenset({"total_score"})))
    one = Hands(office, add_sample(office.store, OFFICE), "甲")
    one.does(SetField(TOTAL, "99.01"))
    other = Hands(office, one.seen.document, "乙", version=one.seen.version)
    other.does(SetField(TOTAL, "99.01"))
    _settle(Hands(office, one.seen.document, "丙", version=other.seen.version))
    with office.store.database.reading() as connection:
        stands = version_of(connection, one.seen.document, 1)
    assert Hands(office, one.seen.document, "甲", version=stands).does(Approve()).state is ReviewState.APPROVED


def test_a_draft_that_an_approval_is_not_made_of_stays(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    _settle(hands)
    keep_draft(office.store, Draft(hands.seen.document, 1, hands.seen.user, hands.seen.version, {"fields.project_name": "打了字"}, ""))
    assert hands.does(Approve()).state is ReviewState.APPROVED
    kept = draft_of(office.store, hands.seen.document, 1, hands.seen.user)
    assert kept is not None
    assert kept.texts == {"fields.project_name": "打了字"}


def test_the_history_tells_what_stood_in_the_row_that_was_changed(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    hands.does(AddRow("indicators", 0), SetField("tables.indicators[0].score", "5"))
    with office.store.database.reading() as connection:
        told = connection.execute(select(CORRECTIONS.c.text_before, CORRECTIONS.c.text).where(CORRECTIONS.c.path != "")).all()
    assert told == [("", "5")]


def test_a_keying_stays_hidden_where_rows_have_moved(office: Office) -> None:
    office = replace(office, policy=Policy(double_keyed=frozenset({"score"})))
    cell = "tables.indicators[1].score"
    second = Hands(office, add_sample(office.store, OFFICE), "乙")
    second.does(SetField(cell, "1"))
    first = Hands(office, second.seen.document, "甲", version=second.seen.version)
    first.does(AddRow("indicators", 0))
    first.does(SetField(cell, "77.7"))
    for reader, others in (("乙", "甲"), ("甲", "乙")):
        keyed = {event.user: event for event in trail(office.store, second.seen.document, 1, reader) if event.action == "key_field"}
        assert (keyed[reader].hidden, keyed[others].hidden, keyed[others].text) == (False, True, "")


def test_typed_texts_go_with_the_approval(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    form = record(office.store, hands.seen.document)
    typed = {path: fields_of(form)[path].text for path in doubts_of(form)} | {"fields.project_name": "新名称"}
    keep_draft(office.store, Draft(hands.seen.document, 1, "李四", 1, typed, ""))
    acted = approve(office, hands.seen)
    assert draft_of(office.store, hands.seen.document, 1, "李四") is None
    assert acted.form is not None
    assert (acted.version, acted.state, acted.form.fields["project_name"].text) == (2, ReviewState.APPROVED, "新名称")
    assert undo(office, replace(hands.seen, version=2)).form == form


def test_what_was_typed_into_another_version_is_not_approved_unseen(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    keep_draft(office.store, Draft(hands.seen.document, 1, "李四", 1, {TOTAL: "1"}, ""))
    Hands(office, hands.seen.document, "甲").does(SetField(TOTAL, "2"))
    with pytest.raises(StaleVersionError, match="typed"):
        approve(office, replace(hands.seen, version=2))


@pytest.mark.parametrize("change", [SetField("fields.nothing", "1"), KeyField("unplaced[99]", "1")])
def test_what_is_not_on_the_form_cannot_be_changed(office: Office, change: SetField | KeyField) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    with pytest.raises(UsageError):
        hands.does(change)
    assert standing_of(office, hands.seen).version == 1


@pytest.mark.parametrize("name", [OFFICE, COPIER, PHONE])
def test_the_record_that_stands_is_what_the_actions_make_of_the_kept_pages(office: Office, name: str) -> None:
    hands = Hands(office, add_sample(office.store, name))
    form = record(office.store, hands.seen.document)
    for path in (*doubts_of(form), "tables.indicators[1].weight", TOTAL):
        hands.does(SetField(path, fields_of(record(office.store, hands.seen.document))[path].text or "5"))
    hands.saw(undo(office, hands.seen))
    hands.does(SetField("fields.year", "2021"))
    standing = standing_of(office, hands.seen)
    base = Decider(office.store, TRUST).base(standing, None)
    assert base is not None
    assert form_to_json(decided(base, since_arranged(standing.steps)[1]).form) == standing.record


def test_where_the_pages_no_longer_tell_the_record_nothing_changes_but_what_is_touched(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, COPIER))
    hands.does(SetField(TOTAL, "94.92"))
    before = record(office.store, hands.seen.document)
    other = replace(office, decider=Decider(office.store, replace(TRUST, least=1.0)))
    acted = act(other, hands.seen, [Said(SetField("fields.project_name", "某项目"))])
    assert acted.form is not None
    known, said = fields_of(before), {"fields.project_name"}
    assert {path: field.text for path, field in fields_of(acted.form).items() if path not in said} == {
        path: field.text for path, field in known.items() if path not in said
    }
    assert fields_of(acted.form)[TOTAL].status is Status.CONFIRMED


def test_a_form_is_clear_once_nothing_is_left_to_say(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    acted = _settle(hands)
    assert acted.review is Review.CLEAR


def _other(hands: Hands, user: str, version: int = 0) -> Hands:
    """``user`` before what ``hands`` saw last, or before ``version``."""
    return Hands(hands.office, hands.seen.document, user, version=version or hands.seen.version)


def _may(hands: Hands, user: str) -> tuple[bool, bool]:
    """Whether ``user`` is offered to undo and to redo."""
    found = opened(hands.office, hands.seen.document, 1, user)
    assert found is not None
    return found.undo, found.redo


def _settle(hands: Hands) -> Form:
    """Accept every doubt as it is read; then close what is still open."""
    form = record(hands.office.store, hands.seen.document)
    if doubts := doubts_of(form):
        form = _form(hands, *(SetField(path, fields_of(form)[path].text) for path in doubts))
    for finding in open_findings(form):
        form = _form(hands, close_finding(form, form.findings.index(finding)))
    return form


def _form(hands: Hands, *changes: Change) -> Form:
    acted = hands.does(*changes)
    assert acted.form is not None
    return acted.form

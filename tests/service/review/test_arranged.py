"""How the pages of a document make its forms, as a person sees it before putting them together anew."""

from service.review.acting import Office
from service.review.arranged import arranged
from service.review.turning import Turn, turn_page
from tests.service.kept import FAX
from tests.service.review.samples import add_sample
from tests.service.review.test_turning import add_wrong, versions

TARGET = "shanghai/performance_target@1"


def test_a_page_that_was_turned_is_told_as_it_is_read_now(office: Office) -> None:
    right = arranged(office, add_sample(office.store, FAX))
    sha256, content, turns = add_wrong(office, FAX, 2)
    wrong = arranged(office, sha256)
    assert right is not None
    assert wrong is not None
    assert [block.kind for block in wrong.pages[1].blocks] != [block.kind for block in right.pages[1].blocks]
    turn_page(office, Turn(sha256, 2, turns, versions(office, sha256), "甲"), content)
    turned = arranged(office, sha256)
    assert turned is not None
    assert [(page.blocks, page.turned, page.excluded) for page in turned.pages] == [
        (page.blocks, page.turned, page.excluded) for page in right.pages
    ]
    stand = [(form.template, form.blocks) for form in turned.forms if form.blocks]
    assert stand == [(TARGET, ((1, 0), (2, 0)))]
    assert turned.forms[0].undo


def test_a_document_that_is_none_has_no_arrangement(office: Office) -> None:
    assert arranged(office, "0" * 64) is None

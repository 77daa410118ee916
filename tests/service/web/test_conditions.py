"""Lists of entity tags are compared as RFC 9110 compares them."""

import pytest

from service.web.conditions import is_known, is_match

TAG = '"3"'


@pytest.mark.parametrize(
    ("lines", "match", "known"),
    [
        ([TAG], True, True),
        (['"1", "3"'], True, True),
        (['"1"\t,,"3",'], True, True),
        (['"1"', TAG], True, True),
        (["*"], True, True),
        (['W/"3"'], False, True),
        (['W/"3", "3"'], True, True),
        (['"1", W/"2"'], False, False),
        (['"33"'], False, False),
        (["3"], False, False),
        (['w/"3"'], False, False),
        (['"1", *'], False, False),
        ([""], False, False),
        ([], False, False),
    ],
)
def test_a_list_holds_the_tag_or_does_not(lines: list[str], match: bool, known: bool) -> None:
    assert (is_match(lines, TAG), is_known(lines, TAG)) == (match, known)

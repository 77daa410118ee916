"""What is told to a process that answers arrives, whatever stands beside it."""

from hypothesis import given
from hypothesis import strategies as st

from service.serving.sign import Sign, shown
from service.serving.told import Told, options_of, told_by

NUMBERS = st.integers(min_value=0, max_value=2**31 - 1)


@given(st.builds(Told, NUMBERS, NUMBERS, NUMBERS))
def test_what_is_told_is_heard(told: Told) -> None:
    assert told_by(["--host=a", "--https", *options_of(told), "--name", "b"]) == (told, ["--host=a", "--https", "--name", "b"])


def test_a_sign_is_seen_as_long_as_it_is_shown() -> None:
    with Sign() as sign:
        seen = [shown(sign.descriptor)]
        for word in (True, False, True):
            sign.show(word)
            seen.append(shown(sign.descriptor))
    assert seen == [False, True, False, True]

"""Bodies of uploads are taken apart as they were put together, however they were cut, and in a time that grows with their size alone."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.parts import LONGEST_BOUNDARY, MOST_HEADER_BYTES, MultipartError, Parts

HEAD = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
MEGABYTE = 1 << 20
SECONDS_A_MEGABYTE = 0.1
"""A search takes 4 ms at the most; letter by letter it was 170 to 500."""


class Said:
    """What was heard."""

    def __init__(self) -> None:
        self.parts: list[tuple[bytes, bytes]] = []

    def begin(self, disposition: bytes) -> None:
        self.parts.append((disposition, b""))

    def data(self, data: bytes) -> None:
        assert data
        disposition, before = self.parts[-1]
        self.parts[-1] = disposition, before + data


def taken_apart(boundary: bytes, *chunks: bytes) -> tuple[list[tuple[bytes, bytes]], bool]:
    said = Said()
    parts = Parts(boundary, said)
    for chunk in chunks:
        parts.feed(chunk)
    return said.parts, parts.ended


def cut(body: bytes, places: list[int]) -> list[bytes]:
    bounds = [0, *sorted(place % (len(body) + 1) for place in places), len(body)]
    return [body[begin:end] for begin, end in pairwise(bounds)]


_NEARLY = st.lists(st.sampled_from([b"\r", b"\n", b"-", b"--", b"--b", b"\r\n--", b"bo", b"\0", b"a"]), max_size=12).map(b"".join)
_CONTENT = (st.binary(max_size=40) | _NEARLY).filter(lambda content: b"\r\n--bo" not in b"\r\n" + content + b"\r\n")


@given(contents=st.lists(_CONTENT, max_size=4), places=st.lists(st.integers(0, 400), max_size=12), epilogue=st.binary(max_size=9))
def test_parts_come_back_whatever_is_in_them_and_wherever_they_are_cut(contents: list[bytes], places: list[int], epilogue: bytes) -> None:
    heads = [b"X: y\r\ncontent-disposition : form-data; name=%d\r\n\r\n" % number for number in range(len(contents))]
    body = b"".join(b"--bo\r\n" + head + content + b"\r\n" for head, content in zip(heads, contents, strict=True)) + b"--bo--" + epilogue
    wanted = [(b"form-data; name=%d" % number, content) for number, content in enumerate(contents)]
    assert taken_apart(b"bo", *cut(body, places)) == (wanted, True)


@given(length=st.integers(0, 120), places=st.lists(st.integers(0, 120), max_size=5))
def test_a_body_that_was_cut_off_has_no_end(length: int, places: list[int]) -> None:
    body = (HEAD + b"1\r\n" + HEAD + b"2\r\n--x--")[: min(length, 2 * len(HEAD) + 8)]
    assert not taken_apart(b"x", *cut(body, places))[1]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"\r\n" + HEAD + b"1\r\n--x--", b"1"),
        (b"--x \t\r\n" + HEAD[5:] + b"1\r\n--x--\r\n", b"1"),
        (HEAD + b"\r\n--x--", b""),
        (HEAD + b"\r\n\r\n--x--", b"\r\n"),
        (HEAD + b"--x--\r\n--x--", b"--x--"),
        (b"--x\r\n\r\n1\r\n--x--", b"1"),
    ],
)
def test_what_rfc_2046_allows_is_understood(body: bytes, wanted: bytes) -> None:
    found, ended = taken_apart(b"x", body)
    assert ([content for _, content in found], ended) == ([wanted], True)


@pytest.mark.parametrize(
    "body",
    [
        b"preamble\r\n" + HEAD,
        b"--y\r\n",
        HEAD + b"1\r\n--xy\r\n",
        HEAD + b"1\r\n--x-y",
        HEAD + b"1\r\n--x\ry",
        HEAD + b"1\r\n--x" + b" " * 200,
        b"--x\r\nno header\r\n\r\n",
        b"--x\r\nX: " + b"y" * MOST_HEADER_BYTES,
        b"--x\r\n" + b"X: y\r\n" * MOST_HEADER_BYTES,
    ],
)
def test_what_it_does_not_is_refused_wherever_it_is_cut(body: bytes) -> None:
    for size in (1, 7, len(body)):
        with pytest.raises(MultipartError):
            taken_apart(b"x", *(body[begin : begin + size] for begin in range(0, len(body), size)))


@pytest.mark.parametrize("boundary", [b"", b"x" * (LONGEST_BOUNDARY + 1)])
def test_what_cannot_be_a_boundary_is_refused(boundary: bytes) -> None:
    with pytest.raises(MultipartError):
        Parts(boundary, Said())


_LONG = b"x" * LONGEST_BOUNDARY
_STRETCHING = {
    "no boundary": (b"x", b"\r\n--xy"),
    "a hyphen short of the end": (b"x", b"\r\n--x-"),
    "a line end cut short": (b"x", b"\r\n--x\r"),
    "all but the last letter": (_LONG, b"\r\n--" + _LONG[1:]),
    "all but the first": (_LONG, b"\n--" + _LONG),
    "line ends": (b"x", b"\r\n"),
    "hyphens": (b"-" * LONGEST_BOUNDARY, b"-"),
    "blanks behind": (b"x", b"\r\n--x "),
    "parts": (b"x", b"\r\n--x\r\nA:b\r\n\r\n"),
}


@pytest.mark.parametrize("name", _STRETCHING)
def test_no_body_takes_longer_than_its_size_allows(name: str) -> None:
    boundary, near = _STRETCHING[name]
    body = HEAD.replace(b"--x", b"--" + boundary, 1) + near * (2 * MEGABYTE // len(near))
    heard = 0

    class Counting:
        def begin(self, disposition: bytes) -> None:
            nonlocal heard
            heard += 1
            if heard > 100:  # as an upload does
                raise MultipartError(disposition)

        def data(self, data: bytes) -> None:
            """Nothing."""

    parts = Parts(boundary, Counting())
    begun, slowest = time.process_time(), 0.0
    try:
        for place in range(0, len(body), 65536):
            before = time.process_time()
            parts.feed(body[place : place + 65536])
            slowest = max(slowest, time.process_time() - before)
    except MultipartError:
        pass
    assert time.process_time() - begun < 2 * SECONDS_A_MEGABYTE
    assert slowest < 0.05

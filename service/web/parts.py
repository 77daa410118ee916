"""A multipart body taken apart as it comes (RFC 2046, 5.1; RFC 7578), in a time that no body can stretch.

python-multipart goes on letter by letter behind all that begins like a boundary: a body full of such places takes half a second of the
event loop for each megabyte. Here a search finds the next boundary, and what only begins like one is refused, as RFC 2046 has it.
"""

from collections.abc import Callable
from typing import Final, Protocol

LONGEST_BOUNDARY: Final = 70
"""RFC 2046, 5.1.1."""

MOST_HEADER_BYTES: Final = 8192
"""Of one part; a name of a file has at most 255 bytes on any disk, thrice as many where each is escaped."""

_MOST_BLANKS: Final = 100
"""Behind a boundary; there may be some, nobody writes any."""


class MultipartError(ValueError):
    """A body that cannot be taken apart."""


class Heard(Protocol):
    """Who is told what the parts are."""

    def begin(self, disposition: bytes) -> None:
        """A part begins; ``disposition`` is its header ``Content-Disposition``, empty where it has none."""

    def data(self, data: bytes) -> None:
        """More of the part that has begun; never empty."""


class Parts:
    """Takes one body apart; what `Heard` raises passes through.

    Attributes:
        ended: the last boundary was found; what follows it is passed over.
    """

    def __init__(self, boundary: bytes, heard: Heard) -> None:
        """Begin.

        Args:
            boundary: as the header ``Content-Type`` says it.
            heard: is told.

        Raises:
            MultipartError: it can be no boundary.
        """
        if not 1 <= len(boundary) <= LONGEST_BOUNDARY:
            raise MultipartError("no boundary")
        self.ended = False
        self._heard = heard
        self._delimiter = b"\r\n--" + boundary
        self._rest = b""
        self._step: Callable[[], bool] = self._first

    def feed(self, chunk: bytes) -> None:
        """Go on with the next bytes of the body, however it was cut.

        Raises:
            MultipartError: it cannot go on like this.
        """
        self._rest += chunk
        while self._step():
            pass

    def _first(self) -> bool:
        """The boundary that a body begins with; it has no line before it to end."""
        self._rest = b"\r\n" + self._rest.lstrip(b"\r\n")
        if len(self._rest) < len(self._delimiter):
            return False
        if not self._rest.startswith(self._delimiter):
            raise MultipartError("no boundary at the beginning")
        self._go_on(len(self._delimiter), self._end_of_line)
        return True

    def _end_of_line(self) -> bool:
        """What stands behind a boundary: two hyphens at the end, else blanks and the end of the line, which is left for `_headers`."""
        if self._rest.startswith(b"--"):
            self.ended = True
            self._step = self._behind
            return True
        line = self._rest.lstrip(b" \t")
        if len(line) >= 2 and line.startswith(b"\r\n"):
            self._go_on(len(self._rest) - len(line), self._headers)
            return True
        if (line not in (b"", b"\r") and self._rest != b"-") or len(self._rest) > _MOST_BLANKS:
            raise MultipartError("a boundary inside a part")
        return False

    def _headers(self) -> bool:
        end = self._rest.find(b"\r\n\r\n", 0, MOST_HEADER_BYTES)
        if end < 0:
            if len(self._rest) >= MOST_HEADER_BYTES:
                raise MultipartError("headers without end")
            return False
        headers = {}
        for line in self._rest[2:end].split(b"\r\n") if end else ():
            name, colon, value = line.partition(b":")
            if not colon:
                raise MultipartError("a line that is no header")
            headers[name.strip().lower()] = value.strip()
        self._heard.begin(headers.get(b"content-disposition", b""))
        self._go_on(end + 4, self._data)
        return True

    def _data(self) -> bool:
        """Everything up to the next boundary; as long as there is none, all that cannot be its beginning."""
        end = self._rest.find(self._delimiter)
        sure = end if end >= 0 else max(0, len(self._rest) - len(self._delimiter) + 1)
        if sure:
            self._heard.data(self._rest[:sure])
        if end < 0:
            self._go_on(sure, self._data)
            return False
        self._go_on(end + len(self._delimiter), self._end_of_line)
        return True

    def _behind(self) -> bool:
        self._rest = b""
        return False

    def _go_on(self, place: int, step: Callable[[], bool]) -> None:
        self._rest = self._rest[place:]
        self._step = step

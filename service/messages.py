"""What a run and its workers say to each other: plain values as MessagePack, never pickle, since a worker handles files of strangers.

Paths are bytes: names need not be UTF-8. Those of kept pages and results are relative to the output folder.
"""

from typing import TypeAlias

import msgspec

from models.form import Alternative, Problem


class Inspect(msgspec.Struct, frozen=True, tag=True):
    """Find out what the file at ``path`` is."""

    path: bytes


class Read(msgspec.Struct, frozen=True, tag=True):
    """Read page ``page`` (1-based) of the file at ``path`` and keep its content at ``target``."""

    path: bytes
    page: int
    target: bytes


class Assemble(msgspec.Struct, frozen=True, tag=True):
    """Make the document of kept ``pages`` and write its JSON to ``target``; pages at which was looked again are kept with what was seen.

    Attributes:
        path: of the input, for a second look; empty where none is to be taken.
        pages: names of kept pages, in order.
        problems: of pages that are missing, and warnings.
        name: of the input, valid Unicode.
        origin: path of the input relative to the output folder, valid Unicode.
        sha256: of the input, hex.
        count: pages of the input.
        target: of the JSON.
    """

    path: bytes
    pages: tuple[bytes, ...]
    problems: tuple[Problem, ...]
    name: str
    origin: str
    sha256: str
    count: int
    target: bytes


class Wanted(msgspec.Struct, frozen=True):
    """The field that a region is read for.

    Attributes:
        template: of its form; empty for kind unknown.
        path: of the field; empty where any text will do.
        unit: of the form's amounts, as printed; empty where it does not say.
    """

    template: str = ""
    path: str = ""
    unit: str = ""


class ReadRegion(msgspec.Struct, frozen=True, tag=True):
    """Read what stands in a part of a page.

    Attributes:
        path: of the input.
        page: 1-based.
        box: [left, top, right, bottom] in fractions of the page as stored (0-1), origin top left.
        turns: quarter turns clockwise (0-3) that make that page upright, where a person has said so.
        wanted: what it is read for.
    """

    path: bytes
    page: int
    box: tuple[float, float, float, float]
    turns: int | None
    wanted: Wanted


class ReadTurned(msgspec.Struct, frozen=True, tag=True):
    """Read a page of which a person has said which way up it stands, doubts looked at again, and keep its content at ``target``.

    Attributes:
        path: of the input.
        page: 1-based.
        turns: quarter turns clockwise (0-3) that make the page as stored upright.
        others: names of the other kept pages of the document; what it says depends on them where a form goes on.
        target: of the content.
    """

    path: bytes
    page: int
    turns: int
    others: tuple[bytes, ...]
    target: bytes


Task: TypeAlias = Inspect | Read | Assemble | ReadRegion | ReadTurned


class Working(msgspec.Struct, frozen=True, tag=True):
    """Everything is loaded, the task itself begins: from here its time counts."""


class Inspected(msgspec.Struct, frozen=True, tag=True):
    """The input has ``pages`` pages; ``warnings`` do not keep it from being read."""

    pages: int
    warnings: tuple[Problem, ...]


class Kept(msgspec.Struct, frozen=True, tag=True):
    """The page is read and kept."""


class Spoilt(msgspec.Struct, frozen=True, tag=True):
    """Kept pages of the document could not be used; all of them are gone and must be read again."""


class Assembled(msgspec.Struct, frozen=True, tag=True):
    """The document is written; ``lines`` left a doubt and were looked at again, which took ``seconds``."""

    lines: int
    seconds: float


class Region(msgspec.Struct, frozen=True, tag=True):
    """What stands in the part of a page: the text, how sure that is (0-1), and what else it may be, best first."""

    text: str
    confidence: float
    alternatives: tuple[Alternative, ...]


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The task failed for a reason that has a name.

    Attributes:
        code: of the error.
        what: happened.
        remedy: what to do.
        exit_code: of the error; anything but 2 ends the run.
        trace: of an error nobody foresaw, for the person who mends it; else empty.
    """

    code: str
    what: str
    remedy: str
    exit_code: int
    trace: str = ""


Answer: TypeAlias = Inspected | Kept | Spoilt | Assembled | Region | Failed

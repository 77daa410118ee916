"""How much one input may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one input; scans come from strangers.

    Attributes:
        pages: pages a document may have. A genuine file of a year's forms has tens of pages.
        megapixels: of one page. An A3 page at 600 dpi has 70.
        seconds_a_page: for opening one page in its child process. A 100-megapixel page took under 10 s.
        megabytes: address space of the child process. Poppler needs about 4 bytes a pixel, twice.
        file_megabytes: size of the file itself.
    """

    pages: int = 200
    megapixels: int = 100
    seconds_a_page: int = 60
    megabytes: int = 2048
    file_megabytes: int = 1024

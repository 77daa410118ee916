"""Everything that was read on one page: what the page stages (1 to 4) hand to the form stages (5 to 7)."""

from dataclasses import dataclass

from models.geometry import Straightening
from models.reading import GridText, Reading, SeenAgain


@dataclass(frozen=True, slots=True)
class PageContent:
    """One page, read.

    Attributes:
        number: 1-based.
        straightening: takes boxes back to the page as stored.
        grids: from top to bottom.
        loose: text lines outside of every grid (titles, years, footers), top to bottom.
        bilevel: it was scanned or copied in black and white, without any grey.
        from_text: every line was read from the text that the file itself carries (born digital), none from its pixels alone.
        seen_again: lines that were looked at again when the document was put together; none before.
        turned: a person has said which way up it stands.
    """

    number: int
    straightening: Straightening
    grids: tuple[GridText, ...]
    loose: tuple[Reading, ...]
    bilevel: bool = False
    from_text: bool = False
    seen_again: tuple[SeenAgain, ...] = ()
    turned: bool = False

"""Full-text search in Chinese: a form is found by any run of characters that stands in one of its texts.

Chinese has no blanks between words, and no list of words knows a project's name. So texts are cut into single characters and pairs of
neighbours, and an index knows which forms hold them: FTS5 on SQLite, GIN on PostgreSQL. The index only proposes. Whether the characters
stand side by side is asked of the text itself, in the same way on both databases, so that both find the same forms.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Integer, Select, Text, and_, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from models.errors import UsageError
from service.store.database import SQLITE
from service.store.schema import TEXTS

MOST_CHARACTERS: Final = 200
"""Of what is searched for: as long as the longest name that a list shows."""

Runs: TypeAlias = tuple[str, ...]
"""Letters, digits and Chinese characters that stand together, in lower case; never empty strings, no other characters."""

_AT_ONCE: Final = 200

_RUN: Final = re.compile(r"[^\W_]+")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def runs_of(words: str) -> Runs:
    """The runs of ``words``, each once: full width and other variants as plain characters (NFKC), ``980,710`` as ``980710``."""
    plain = _THOUSANDS.sub("", unicodedata.normalize("NFKC", words).lower())
    return tuple(dict.fromkeys(_RUN.findall(plain)))


def asked(words: str) -> Runs:
    """The runs that a form must hold all of to be found; none where ``words`` has neither letter nor digit.

    Raises:
        UsageError: that is too long for a search.
    """
    if len(words) > MOST_CHARACTERS:
        raise UsageError(f"A search of {len(words)} characters is too long.", f"Search for at most {MOST_CHARACTERS} characters.")
    return runs_of(words)


def searchable(texts: Iterable[str]) -> str:
    """What `keep_text` keeps of a form's texts: their runs, each once, with a blank between two."""
    return " ".join(dict.fromkeys(run for words in texts for run in runs_of(words)))


def grams(searched: str) -> list[str]:
    """Single characters and pairs of neighbours in ``searched``, each once, sorted; PostgreSQL's ``search_grams`` says the same."""
    pairs = {first + second for first, second in pairwise(searched) if " " not in (first, second)}
    return sorted(pairs | set(searched) - {" "})


def keep_text(connection: Connection, entry: int, searched: str) -> None:
    """Let an entry of the catalogue be found by ``searched``, what `searchable` gave."""
    connection.execute(TEXTS.insert(), {"entry": entry, "text": searched})
    if connection.dialect.name == SQLITE:
        connection.execute(text("INSERT INTO search (rowid, grams) VALUES (:entry, :grams)"), _row(entry, searched))


def forget_text(connection: Connection, entry: int) -> None:
    """Let an entry be found no more; to be called before the entry goes."""
    searched = connection.scalar(select(TEXTS.c.text).where(TEXTS.c.entry == entry))
    if searched is None:
        return
    if connection.dialect.name == SQLITE:  # an index without a copy of the content is told what it is to forget
        connection.execute(text("INSERT INTO search (search, rowid, grams) VALUES ('delete', :entry, :grams)"), _row(entry, searched))
    connection.execute(TEXTS.delete().where(TEXTS.c.entry == entry))


def index_texts(connection: Connection) -> None:
    """Make the index of all rows of `texts` that were written without `keep_text`, where the database does not do so by itself."""
    if connection.dialect.name != SQLITE:
        return
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(select(TEXTS))
    for part in rows.partitions():
        connection.execute(text("INSERT INTO search (rowid, grams) VALUES (:entry, :grams)"), [_row(row.entry, row.text) for row in part])


def proposed(connection: Connection, runs: Runs, before: int) -> Select[int]:
    """Entries older than ``before`` that hold all characters and pairs of ``runs``, and perhaps not side by side; the newest first."""
    wanted = [gram for run in runs for gram in ([first + second for first, second in pairwise(run)] or [run])]
    if connection.dialect.name == SQLITE:
        entry = literal_column("search.rowid", Integer).label("entry")
        match = text("search MATCH :grams").bindparams(grams=" ".join(f'"{gram}"' for gram in wanted))
        return select(entry).select_from(text("search")).where(match, entry < before).order_by(entry.desc())
    held = func.search_grams(TEXTS.c.text, type_=ARRAY(Text)).contains(wanted)
    found = select(TEXTS.c.entry).where(held).cte().prefix_with("MATERIALIZED")  # or the planner goes from the newest, text by text
    return select(found.c.entry).where(found.c.entry < before).order_by(found.c.entry.desc())


def holds(connection: Connection, runs: Runs) -> ColumnElement[bool]:
    """The condition that a row of `texts` holds every run."""
    place = func.instr if connection.dialect.name == SQLITE else func.strpos
    return and_(*(place(TEXTS.c.text, run) > 0 for run in runs))


def _row(entry: int, searched: str) -> dict[str, object]:
    return {"entry": entry, "grams": " ".join(grams(searched))}

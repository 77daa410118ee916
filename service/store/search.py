"""Full-text search in Chinese: a form is found by any run of characters that stands in one of its texts.

Chinese has no blanks between words, and no list of words knows a project's name. So texts are cut into grams, one to four characters that
stand side by side, and an index knows which forms hold them: FTS5 on SQLite, GIN on PostgreSQL. It answers for words that are no longer;
for longer ones it only proposes forms, and whether the grams follow each other is asked of the text itself. Both databases find the same.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Text,
    bindparam,
    cast,
    column,
    exists,
    func,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from models.errors import UsageError
from service.store.database import SQLITE
from service.store.schema import TEXTS
from service.store.writing import Values

MOST_CHARACTERS: Final = 200
"""Of what is searched for: as long as the longest name that a list shows."""

LONGEST_GRAM: Final = 4
"""Characters. Boilerplate and numbers are alike everywhere: the threes of a run that stands nowhere may all stand in half of the forms, its
fours in a sixth. Each further length adds a quarter to the index."""

Runs: TypeAlias = tuple[str, ...]
"""Letters, digits and Chinese characters that stand together, in lower case; never empty strings, no other characters."""

_AT_ONCE: Final = 200
_SEARCH: Final = table("search", column("rowid", Integer))

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
    """All grams of ``searched``, each once, sorted; PostgreSQL's ``search_grams`` says the same, in no order and some more than once."""
    longest = {searched[place : place + LONGEST_GRAM].partition(" ")[0] for place in range(len(searched))}
    return sorted({window[:length] for window in longest for length in range(1, len(window) + 1)})


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


def is_gram(run: str) -> bool:
    """Whether the index alone knows which forms hold ``run``."""
    return len(run) <= LONGEST_GRAM


def search_values(dialect: str, runs: Runs) -> Values:
    """What `proposed` and `holds` are to be executed with."""
    wanted = list(dict.fromkeys(gram for run in runs for gram in ([run] if is_gram(run) else _longest(run))))
    if dialect == SQLITE:
        return {"grams": " ".join(f'"{gram}"' for gram in wanted), **{f"run{place}": run.encode() for place, run in enumerate(runs)}}
    return {"grams": wanted, **{f"run{place}": run for place, run in enumerate(runs)}}


def proposed(dialect: str) -> Select[int]:
    """The column ``entry``: all that hold every one of the grams."""
    if dialect == SQLITE:
        return select(_SEARCH.c.rowid.label("entry")).where(text("search MATCH :grams"))
    held = func.search_grams(TEXTS.c.text, type_=ARRAY(Text)).contains(bindparam("grams", type_=ARRAY(Text)))
    found = select(TEXTS.c.entry).where(held).cte("proposed").prefix_with("MATERIALIZED")  # or the planner looks through the texts
    return select(found.c.entry)


def holds(dialect: str, entry: ColumnElement[int], places: Iterable[int]) -> ColumnElement[bool]:
    """The condition that the text of ``entry`` holds the runs at ``places``."""
    if dialect == SQLITE:  # takes bytes in three quarters of the time that characters take, and they say the same
        held = [func.instr(cast(TEXTS.c.text, LargeBinary), bindparam(f"run{place}", type_=LargeBinary)) > 0 for place in places]
    else:
        held = [func.strpos(TEXTS.c.text, bindparam(f"run{place}", type_=Text)) > 0 for place in places]
    return exists().where(TEXTS.c.entry == entry, *held)


def _longest(run: str) -> list[str]:
    return [run[place : place + LONGEST_GRAM] for place in range(len(run) - LONGEST_GRAM + 1)]


def _row(entry: int, searched: str) -> dict[str, object]:
    return {"entry": entry, "grams": " ".join(grams(searched))}

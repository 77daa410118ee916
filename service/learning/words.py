"""Names of units, projects and indicators that come back on approved forms."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from sqlalchemy import and_, or_, select

from models.look import look
from postprocess.proposals import LONGEST, MOST_WORDS
from service.store.opening import Store
from service.store.reviews import ReviewState
from service.store.schema import FIELDS, REVIEWS

NAMED: Final = ("department", "implementing_unit", "applicant_unit", "project_name")
INDICATORS: Final = "indicators.level3"

LEAST_FORMS: Final = 3
"""Approved forms that hold a text before it is a word: once may be a slip that nobody saw, twice the same project in two years."""

_INDICATOR = re.compile(r"tables\.indicators\[\d+\]\.level3")
_AT_ONCE: Final = 2000


def words_of(store: Store, least: int = LEAST_FORMS) -> Mapping[str, tuple[str, ...]]:
    """By field, the texts that at least ``least`` approved forms hold, as most of them spell them; the most frequent first.

    Raises:
        StoreError: the database cannot be read.
    """
    same = and_(FIELDS.c.document == REVIEWS.c.document, FIELDS.c.form == REVIEWS.c.form)
    asked = or_(FIELDS.c.path.in_([f"fields.{name}" for name in NAMED]), FIELDS.c.path.like("tables.indicators[%].level3"))
    query = select(FIELDS.c.document, FIELDS.c.form, FIELDS.c.path, FIELDS.c.text).join(REVIEWS, same)
    query = query.where(REVIEWS.c.state == ReviewState.APPROVED.value, asked).order_by(FIELDS.c.document, FIELDS.c.form)
    spelt: dict[str, dict[str, Counter[str]]] = {name: {} for name in (*NAMED, INDICATORS)}
    seen: set[tuple[str, str]] = set()
    form: tuple[str, int] = ("", 0)
    with store.database.reading() as connection:
        for document, number, path, text in connection.execution_options(yield_per=_AT_ONCE).execute(query):
            if (document, number) != form:
                form, seen = (document, number), set()
            name = INDICATORS if _INDICATOR.fullmatch(path) else path.removeprefix("fields.")
            plain = look(text)
            if len(plain) > 1 and len(text) <= LONGEST and text.isprintable() and (name, plain) not in seen:
                seen.add((name, plain))
                spelt[name].setdefault(plain, Counter())[text] += 1
    return {name: _frequent(found, least) for name, found in spelt.items()}


def _frequent(found: Mapping[str, Counter[str]], least: int) -> tuple[str, ...]:
    kept = sorted(((sum(each.values()), plain) for plain, each in found.items()), key=lambda each: (-each[0], each[1]))
    return tuple(found[plain].most_common(1)[0][0] for count, plain in kept[:MOST_WORDS] if count >= least)

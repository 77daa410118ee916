"""Comparison of what was set and what was evaluated, indicator by indicator."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product

from rapidfuzz.fuzz import partial_ratio, ratio

from service.audit import sentences
from service.audit.amounts import Cell
from service.audit.budgets import by_year
from service.audit.claim import Claim, finding
from service.audit.entry import SELF, TARGET, Entry, Indicator
from service.audit.finding import AuditFinding, AuditRule, Evidence
from service.audit.identity import MOST_DOUBLES
from service.audit.names import distinguishing, unit_name
from service.audit.projects import Project

SAME_NAME = 80
"""Least rapidfuzz ratio (0-100) of two wordings of one indicator: 培训覆盖人数 and 培训人员覆盖人数 (86) reach it, 培训人数 and
培训场次 (50) do not."""

LIKE_NAME = 60
"""Least ratio of what is rather one indicator renamed than one left out and another put in."""

SAME_WORDS = 60
"""Least partial ratio of target values without numbers that say the same: 完成 and 按时完成, but not 规范 and 及时."""

NOT_EVALUATED = "投入"
"""Beginning of 投入与管理: a self-evaluation form has no rows for such aims, its 项目资金 answer for them."""

_NUMBER = re.compile(r"(?:(?<![0-9年月日])-)?[0-9]+(?:\.[0-9]+)?")
"""With its sign; between the parts of a date or of a range a dash is none."""

_AT_MOST = re.compile(r"[≤<]|不超过|不高于|不多于|(?<!不)小于|以内|以下|(?<!不)低于")
_AT_LEAST = re.compile(r"[≥>]|不低于|不少于|不小于|(?<!不)大于|以上")


@dataclass(frozen=True, slots=True)
class _Matched:
    """Rows of a target form and of a self-evaluation: which are one, and which are left."""

    changed: tuple[tuple[Indicator, Indicator], ...]
    missing: tuple[Indicator, ...]
    added: tuple[Indicator, ...]

    @property
    def differences(self) -> int:
        return len(self.changed) + len(self.missing) + len(self.added)


def indicators(project: Project) -> Iterator[AuditFinding]:
    """Every finding about the indicators of ``project``; of several forms of a year the two that differ least are compared."""
    evaluations = by_year(project, SELF)
    for year, targets in by_year(project, TARGET).items():
        both = product(targets[:MOST_DOUBLES], evaluations.get(year, [])[:MOST_DOUBLES])
        pairs = [(one, other) for one, other in both if one.rows and other.rows]
        if pairs:
            matches = [(_match(one.rows, other.rows), one, other) for one, other in pairs]
            yield from _told(project, *min(matches, key=lambda match: match[0].differences))


def _told(project: Project, match: _Matched, one: Entry, other: Entry) -> Iterator[AuditFinding]:
    year = one.year or 0
    sure = one.year_read and other.year_read and project.sure(one, other)
    whole = sure and one.complete and other.complete
    if match.missing:
        certain = whole and all(row.name_read for row in (*match.missing, *other.rows))
        message = sentences.missing_indicators(year, [row.name for row in match.missing])
        evidence = (_names(one, match.missing), Evidence(other.ref))
        yield finding(project, year, AuditRule.INDICATOR_MISSING, Claim(message, evidence, certain))
    if match.added:
        certain = whole and all(row.name_read for row in (*match.added, *one.rows))
        message = sentences.added_indicators(year, [row.name for row in match.added])
        evidence = (Evidence(one.ref), _names(other, match.added))
        yield finding(project, year, AuditRule.INDICATOR_ADDED, Claim(message, evidence, certain))
    if match.changed:
        rows = [row for pair in match.changed for row in pair]
        certain = sure and all(row.name_read and row.target_read for row in rows)
        changes = [
            sentences.indicator_change((aim.name, aim.name if _same_name(aim, done) else done.name), (aim.target, done.target))
            for aim, done in match.changed
        ]
        message = sentences.changed_indicators(year, changes)
        evidence = (_names(one, [aim for aim, _ in match.changed]), _names(other, [done for _, done in match.changed]))
        yield finding(project, year, AuditRule.INDICATOR_CHANGED, Claim(message, evidence, certain))


def _names(entry: Entry, rows: Sequence[Indicator]) -> Evidence:
    """The name and target value of each row."""
    cells = [
        Cell(f"tables.indicators[{row.row}].{name}", row.page, text, read)
        for row in rows
        for name, text, read in (("level3", row.name, row.name_read), ("target", row.target, row.target_read))
    ]
    return Evidence(entry.ref, tuple(cells))


def _match(aims: Sequence[Indicator], done: Sequence[Indicator]) -> _Matched:
    """Equal names first, equal values before others; then the likest names."""
    left, right = [row for row in aims if row.name], [row for row in done if row.name]
    changed: list[tuple[Indicator, Indicator]] = []
    for rank in (_equal, _alike, _renamed):
        scored = sorted(
            ((-score, one.row, other.row) for one, other in product(left, right) if (score := rank(one, other)) > 0),
        )
        rows, others = {row.row: row for row in left}, {row.row: row for row in right}
        for _, one_row, other_row in scored:
            if one_row in rows and other_row in others:
                one, other = rows.pop(one_row), others.pop(other_row)
                if rank is _renamed or not same_goal(one.target, other.target):
                    changed.append((one, other))
        left, right = list(rows.values()), list(others.values())
    missing = tuple(row for row in left if not row.level1.startswith(NOT_EVALUATED))
    return _Matched(tuple(sorted(changed, key=lambda pair: pair[0].row)), missing, tuple(right))


def _equal(one: Indicator, other: Indicator) -> float:
    if _key(one.name) != _key(other.name):
        return 0
    return 2 if same_goal(one.target, other.target) else 1


def _alike(one: Indicator, other: Indicator) -> float:
    return _likeness(one, other) if _same_name(one, other) else 0


def _renamed(one: Indicator, other: Indicator) -> float:
    likeness = _likeness(one, other)
    return likeness if likeness >= LIKE_NAME and not one.level1.startswith(NOT_EVALUATED) else 0


def _same_name(one: Indicator, other: Indicator) -> bool:
    return distinguishing(_key(one.name)) == distinguishing(_key(other.name)) and _likeness(one, other) >= SAME_NAME


def _likeness(one: Indicator, other: Indicator) -> float:
    return ratio(_key(one.name), _key(other.name))


@lru_cache(maxsize=100_000)
def _key(name: str) -> str:
    return unit_name(name).key


def same_goal(one: str, other: str) -> bool:
    """Whether two target values ask the same: equal numbers and no other direction; without numbers, words that are alike.

    =100%, 100% and ≥100% are the same, 24小时内受理 and 24小时内 too; ≥95% and ≥90% are not.
    """
    mine, theirs = _plain(one), _plain(other)
    if mine == theirs or not mine or not theirs:
        return True
    numbers, others = ([Decimal(found).normalize() for found in _NUMBER.findall(text)] for text in (mine, theirs))
    if numbers != others or _directions(mine) * _directions(theirs) < 0:
        return False
    return bool(numbers) or partial_ratio(mine, theirs) >= SAME_WORDS


def _directions(text: str) -> int:
    """1 for at least, -1 for at most, 0 for neither."""
    return bool(_AT_LEAST.search(text)) - bool(_AT_MOST.search(text))


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace(",", "").lstrip("=:").rstrip("。;")

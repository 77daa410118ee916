"""How often somebody may try to log in: counters in the database, which all processes share and no restart forgets.

A try counts before the password is checked, so that many at once gain nothing; it is given back when the password was right.
Three counters go with it: of the name from this address, of the address, of the name from everywhere. Each grants some failures,
then locks for a time that doubles with every further one up to a bound, and forgives one failure in a while. Tries during a lock
are not heard and do not prolong it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from sqlalchemy import Connection, Select, delete, select, update

from models.errors import LoginThrottledError
from service.access.clock import moment_of
from service.store.opening import Store
from service.store.schema import LOGIN_ATTEMPTS
from service.store.writing import Record, insert_new, stamp

_DOUBLINGS = 16
"""Above the failures granted no counter rises further: every bound is reached by then, and forgiving must come to an end."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How much one counter stands.

    Attributes:
        granted: failures that lock nothing.
        first: seconds of the first lock.
        longest: seconds of the longest.
        forgiven: seconds in which one failure is forgotten.
    """

    granted: int
    first: float
    longest: float
    forgiven: float

    def level(self, level: float, age: float) -> float:
        """What is left, after ``age`` seconds, of a counter that stood at ``level``."""
        return max(0.0, level - max(0.0, age) / self.forgiven)

    def failed(self, level: float) -> float:
        """The counter after one more failure."""
        return min(level + 1, self.granted + _DOUBLINGS)

    def wait(self, level: float, age: float) -> float:
        """Seconds until another try is heard, ``age`` seconds after the last one left the counter at ``level``; 0 if at once."""
        lock = min(self.longest, self.first * 2 ** (level - self.granted - 1)) if level > self.granted else 0.0
        return max(0.0, lock - max(0.0, age))


PAIR = Patience(granted=5, first=30, longest=15 * 60, forgiven=30 * 60)
"""A name from an address: a person who has forgotten, or one who guesses; 96 tries a day at most."""

ADDRESS = Patience(granted=30, first=10, longest=15 * 60, forgiven=2 * 60)
"""An address, under all names: a whole office may share it, with its typing errors of a morning; 720 a day at most."""

NAME = Patience(granted=100, first=5, longest=60, forgiven=60)
"""A name, from all addresses: bounded low, since a stranger with many of them could lock its user out; 1,440 a day at most."""

_FORGOTTEN = timedelta(days=1)
"""By then every counter is back at nothing, wherever it stood."""

_KNOWN = timedelta(days=30)
"""So long after a login a name is known at an address. There only the counter of both holds: whoever guesses elsewhere, or guesses other
names from the same office, does not lock its user out."""

_AT_ONCE = 100
"""Old counters that one login sweeps away."""


def admit(store: Store, login: str, address: str, now: datetime) -> None:
    """Count a try to log in.

    Args:
        store: where the counters are.
        login: the name as it is compared; empty for what is no name.
        address: of the client; IPv6 counts by its network of 64 bits, which is what one customer gets.
        now: with a zone.

    Raises:
        LoginThrottledError: it is not heard and did not count.
        StoreError: it was not counted.
    """
    keys = _keys(login, address)
    with store.database.reading() as connection:  # most that are refused are refused without a write
        _check(_by_key(connection, _counters(keys)), keys, now)
    with store.database.writing() as connection:
        for key in sorted(keys):  # in one order everywhere, so that no two wait for each other
            insert_new(connection, LOGIN_ATTEMPTS, {"sha256": key, "level": 0.0, "last_at": stamp(now), "known_at": ""})
        rows = _by_key(connection, _counters(keys).with_for_update())
        _check(rows, keys, now)
        for key, patience in keys.items():
            level = patience.failed(patience.level(rows[key].level, _age(rows[key].last_at, now)))
            connection.execute(update(LOGIN_ATTEMPTS).where(LOGIN_ATTEMPTS.c.sha256 == key).values(level=level, last_at=stamp(now)))


def give_back(connection: Connection, login: str, address: str) -> None:
    """Undo what `admit` has counted: the password could not be checked."""
    for key in sorted(_keys(login, address)):
        lower = update(LOGIN_ATTEMPTS).where(LOGIN_ATTEMPTS.c.sha256 == key, LOGIN_ATTEMPTS.c.level >= 1)
        connection.execute(lower.values(level=LOGIN_ATTEMPTS.c.level - 1))


def succeeded(connection: Connection, login: str, address: str, now: datetime) -> None:
    """The password was right: the name from this address starts anew and is known there; the other two counters lose this try alone."""
    give_back(connection, login, address)
    pair = next(iter(_keys(login, address)))
    connection.execute(update(LOGIN_ATTEMPTS).where(LOGIN_ATTEMPTS.c.sha256 == pair).values(level=0.0, known_at=stamp(now)))


def sweep(connection: Connection, now: datetime) -> None:
    """Remove counters that say nothing any more."""
    table = LOGIN_ATTEMPTS.c
    old = (table.last_at < stamp(now - _FORGOTTEN)) & (table.known_at < stamp(now - _KNOWN))
    some = select(table.sha256).where(old).limit(_AT_ONCE).with_for_update(skip_locked=True)
    connection.execute(delete(LOGIN_ATTEMPTS).where(table.sha256.in_(some)))


def _keys(login: str, address: str) -> Mapping[str, Patience]:
    """The counters of a try by their keys, that of name and address first."""
    place = _network(address)
    named = {f"pair\0{place}\0{login}": PAIR, f"address\0{place}": ADDRESS, f"name\0{login}": NAME}
    return {sha256(text.encode(errors="surrogatepass")).hexdigest(): patience for text, patience in named.items()}


def _network(address: str) -> str:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)


def _counters(keys: Mapping[str, Patience]) -> Select[tuple[object, ...]]:
    return select(LOGIN_ATTEMPTS).where(LOGIN_ATTEMPTS.c.sha256.in_(keys)).order_by(LOGIN_ATTEMPTS.c.sha256)


def _by_key(connection: Connection, counters: Select[tuple[object, ...]]) -> Mapping[str, Record]:
    return {row.sha256: row for row in connection.execute(counters)}


def _check(rows: Mapping[str, Record], keys: Mapping[str, Patience], now: datetime) -> None:
    wait = max((0.0, *_waits(rows, keys, now)))
    if wait > 0:
        raise LoginThrottledError(ceil(wait))


def _waits(rows: Mapping[str, Record], keys: Mapping[str, Patience], now: datetime) -> Iterator[float]:
    pair = next(iter(keys))
    known = pair in rows and rows[pair].known_at >= stamp(now - _KNOWN)
    for key, row in rows.items():
        if key == pair or not known:
            yield keys[key].wait(row.level, _age(row.last_at, now))


def _age(last_at: str, now: datetime) -> float:
    return (now - moment_of(last_at)).total_seconds()

"""Passwords: which are good enough, and argon2id (RFC 9106) to keep and to check them."""

import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import LoginThrottledError, WeakPasswordError

SHORTEST = 10
"""Characters; with the throttle's few hundred tries a day, guessing does not come far."""

LONGEST_BYTES = 1024
"""No person types more, and nobody makes this machine hash megabytes."""

_FEWEST_DIFFERENT = 4
_RUNS = (
    "0123456789",
    "9876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
    "1q2w3e4r5t6y7u8i9o0p",
)
_OBVIOUS = frozenset(
    {"administrator", "password", "passw0rd", "p@ssw0rd", "p@ssword", "admin", "formtally", "letmein", "welcome", "iloveyou", "woaini"}
)
"""What most lists of leaked passwords of ten and more characters begin with, before digits and signs are added."""

_HASHER = PasswordHasher()
"""argon2-cffi's defaults, the second recommendation of RFC 9106: 3 passes, 64 MiB, 4 lanes. A check takes 0.13 s on two cores, 0.2 s of
processor time."""

AT_ONCE = 2
"""Checks in a process: 128 MiB. Each has four lanes, so that more of them at once would only be slower."""

_PATIENCE_SECONDS = 2.0
"""For one's turn; who waits longer holds a thread that others need."""

_TURNS = BoundedSemaphore(AT_ONCE)


def _nobodys() -> str:
    """A hash that no password has, and that takes as long to check as any other."""
    salt, tag = (b64encode(bytes(size)).decode().rstrip("=") for size in (_HASHER.salt_len, _HASHER.hash_len))
    return f"$argon2id$v=19$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}${salt}${tag}"


_NOBODYS = _nobodys()


def check_password(password: str, user: str) -> bytes:
    """What is to be hashed of a new password of ``user``; takes no time, whatever is given.

    Raises:
        WeakPasswordError: it is easily guessed, or too long.
    """
    kept = _bytes_of(password)
    if fault := _fault(password, kept, user):
        raise WeakPasswordError(f"The password {fault}.", f"Choose one of {SHORTEST} or more characters that others would not guess.")
    return kept


def hash_password(password: str, user: str) -> str:
    """What is kept of a new password of ``user``.

    Raises:
        WeakPasswordError: it is easily guessed, or too long.
        LoginThrottledError: too many passwords are being checked at this moment.
    """
    kept = check_password(password, user)
    with _turn():
        return _HASHER.hash(kept)


def is_password(password: str, kept: str) -> bool:
    """Whether ``kept`` was made of ``password``; as slow where ``kept`` is empty because there is no such user.

    Raises:
        LoginThrottledError: too many passwords are being checked at this moment.
    """
    given = _bytes_of(password)
    with _turn():
        try:
            return _HASHER.verify(kept or _NOBODYS, given or b"\0")
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether ``kept`` was made with other parameters than a hash is made with today."""
    return _HASHER.check_needs_rehash(kept)


def rehash(password: str) -> str:
    """What is kept of a password that was right: today's rules for new ones do not lock it out.

    Raises:
        LoginThrottledError: too many passwords are being checked at this moment.
    """
    with _turn():
        return _HASHER.hash(_bytes_of(password))


@contextmanager
def _turn() -> Iterator[None]:
    if not _TURNS.acquire(timeout=_PATIENCE_SECONDS):
        raise LoginThrottledError(int(_PATIENCE_SECONDS))
    try:
        yield
    finally:
        _TURNS.release()


def _bytes_of(password: str) -> bytes:
    """What is hashed: NFC (RFC 8265, section 4.2), since keyboards differ in how they put accents; empty where it is none."""
    if len(password) > LONGEST_BYTES:
        return b""
    try:
        return unicodedata.normalize("NFC", password).encode()
    except UnicodeEncodeError:
        return b""


def _fault(password: str, kept: bytes, user: str) -> str:
    """What is wrong with a new password, without repeating it; empty if nothing."""
    plain = unicodedata.normalize("NFKC", password[: LONGEST_BYTES + 1]).casefold()
    if len(password) > LONGEST_BYTES or len(kept) > LONGEST_BYTES:
        return f"has more than {LONGEST_BYTES} bytes"
    if not kept and password:
        return "holds broken characters"
    if len(kept.decode()) < SHORTEST:
        return f"has fewer than {SHORTEST} characters"
    if plain == unicodedata.normalize("NFKC", user).casefold():
        return "is the user's name"
    if (
        len(set(plain)) < _FEWEST_DIFFERENT
        or any(plain in run * (len(plain) // len(run) + 2) for run in _RUNS)
        or plain.strip("0123456789!@#$%^&*._- ") in _OBVIOUS
    ):
        return "is one that everybody tries first"
    return ""

"""``formtally user``: the accounts of an archive, from the machine it is on. Whoever may write the archive needs no password for it."""

import sys
from argparse import Namespace
from datetime import timedelta

from models.errors import ExitCode, UsageError
from service.access.clock import system_clock
from service.access.invitations import PATH, VALID, invite
from service.access.roles import Role
from service.access.tokens import issue, revoke, token_counts, tokens
from service.access.users import User, add_user, disable, enable, set_role, users
from service.report import print_line
from service.store.home import home_of
from service.store.opening import open_existing

_LONGEST_DAYS = 3650
"""Ten years; who wants more leaves the end open."""


def run_add(options: Namespace) -> ExitCode:
    """Make an account; it has no password yet.

    Raises:
        FormTallyError: it was not made.
    """
    with open_existing(home_of(options)) as store:
        name = add_user(store, options.name, Role(options.role))
    print_line(f"{name}: {options.role}, without a password. `formtally user invite` lets a person set one.", sys.stdout)
    return ExitCode.OK


def run_list(options: Namespace) -> ExitCode:
    """Print every account.

    Raises:
        FormTallyError: the store cannot be read.
    """
    with open_existing(home_of(options)) as store:
        found, counts = users(store), token_counts(store)
    for user in found:
        print_line(f"{user.name}: {', '.join(_traits(user, counts.get(user.name, 0)))}", sys.stdout)
    return ExitCode.OK


def run_role(options: Namespace) -> ExitCode:
    """Give a user another role, from his next request on.

    Raises:
        FormTallyError: nothing was changed.
    """
    with open_existing(home_of(options)) as store:
        set_role(store, options.name, Role(options.role))
    return ExitCode.OK


def run_disable(options: Namespace) -> ExitCode:
    """Let nobody act as this user from now on.

    Raises:
        FormTallyError: nothing was changed.
    """
    with open_existing(home_of(options)) as store:
        disable(store, options.name)
    return ExitCode.OK


def run_enable(options: Namespace) -> ExitCode:
    """Let a user log in again.

    Raises:
        FormTallyError: nothing was changed.
    """
    with open_existing(home_of(options)) as store:
        enable(store, options.name)
    return ExitCode.OK


def run_invite(options: Namespace) -> ExitCode:
    """Print where a person sets a password, once; alone on stdout, so that it can be piped.

    Raises:
        FormTallyError: nothing was changed.
    """
    with open_existing(home_of(options)) as store:
        secret = invite(store, options.name)
    print_line(f"Good once, for {VALID // timedelta(hours=1)} hours; put the server's address before it:", sys.stderr)
    print_line(f"{PATH}{secret}", sys.stdout)
    return ExitCode.OK


def run_token(options: Namespace) -> ExitCode:
    """Print a new token; alone on stdout, so that it can be piped.

    Raises:
        FormTallyError: none was made.
    """
    ends_at = system_clock() + timedelta(days=_days(options.days)) if options.days is not None else None
    with open_existing(home_of(options)) as store:
        token, secret = issue(store, options.name, options.label, ends_at)
    print_line(f"Token {token}. It is shown this once:", sys.stderr)
    print_line(secret, sys.stdout)
    return ExitCode.OK


def run_tokens(options: Namespace) -> ExitCode:
    """Print what is known of a user's tokens.

    Raises:
        FormTallyError: they cannot be read.
    """
    with open_existing(home_of(options)) as store:
        found = tokens(store, options.name)
    for token in found:
        print_line(f"{token.id} {token.label}: made {token.made_at}, ends {token.ends_at or 'never'}", sys.stdout)
    return ExitCode.OK


def run_revoke(options: Namespace) -> ExitCode:
    """End a token at once.

    Raises:
        FormTallyError: there is no such token, or it was not ended.
    """
    with open_existing(home_of(options)) as store:
        if not revoke(store, options.name, options.token):
            raise UsageError("The user has no such token.", "See `formtally user tokens`.")
    return ExitCode.OK


def _traits(user: User, tokens: int) -> tuple[str, ...]:
    closed = ["disabled"] if user.disabled else []
    without = [] if user.has_password else ["without a password"]
    held = [f"{tokens} token{'s' if tokens > 1 else ''}"] if tokens else []
    return (str(user.role), *closed, *without, *held)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:5]) <= _LONGEST_DAYS):
        raise UsageError(
            f"--days {text!r} is not a number of days.", f"Give 1 to {_LONGEST_DAYS}, or leave it out for a token without end."
        )
    return int(text)

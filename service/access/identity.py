"""Who asks: the user behind a session or a token, with what he may see and do."""

import hmac
from dataclasses import dataclass, field

from models.errors import ForbiddenError, NotLoggedInError
from service.access.roles import RIGHTS, Right, Role


@dataclass(frozen=True, slots=True)
class Identity:
    """A user who has shown who he is; good for one request, since rights are looked up anew at each.

    Attributes:
        user: name, as corrections give it.
        role: at this moment.
        session: what is kept of the session's secret; empty for a token.
        csrf: what a page of this session hands back with each change; empty for a token.
    """

    user: str
    role: Role
    session: str = field(default="", repr=False)
    csrf: str = field(default="", repr=False)

    @property
    def sees(self) -> str | None:
        """Whose documents are shown: None where all are, else the user's name."""
        return None if self.may(Right.READ_ALL) else self.user

    def may(self, right: Right) -> bool:
        """Whether the role has the right."""
        return right in RIGHTS[self.role]

    def has_csrf(self, given: str) -> bool:
        """Whether ``given`` is this session's CSRF secret, in a time that does not tell how much of it is right; False for a token."""
        return self.csrf != "" and hmac.compare_digest(self.csrf.encode(), given.encode(errors="surrogatepass"))


def demand_session(identity: Identity) -> Identity:
    """The identity, which a person has shown by a password: what a leaked token must not do for itself.

    Raises:
        ForbiddenError: a token has shown it.
    """
    if not identity.session:
        raise ForbiddenError("A token may not do that.", "Log in and do it as a person.")
    return identity


def demand(identity: Identity | None, right: Right) -> Identity:
    """The identity, which has the right.

    Raises:
        NotLoggedInError: nobody is logged in.
        ForbiddenError: the role has no such right.
    """
    if identity is None:
        raise NotLoggedInError("This needs a user who is logged in.", "Log in, or send a token that is valid.")
    if not identity.may(right):
        raise ForbiddenError(f"The role {identity.role} has not the right '{right}'.", "Ask an administrator for another role.")
    return identity

"""What each role may do."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """Of a user, from the least to the most."""

    VIEWER = "viewer"
    UPLOADER = "uploader"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class Right(StrEnum):
    """To do one kind of thing."""

    READ_ALL = "read_all"
    """See every document; who lacks it sees those that he uploaded."""

    UPLOAD = "upload"
    CORRECT = "correct"
    EXPORT = "export"
    WEBHOOKS = "webhooks"
    MANAGE = "manage"
    """Users, and what concerns the whole archive."""


RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.VIEWER: frozenset({Right.READ_ALL, Right.EXPORT}),
        Role.UPLOADER: frozenset({Right.UPLOAD, Right.EXPORT, Right.WEBHOOKS}),
        Role.REVIEWER: frozenset({Right.READ_ALL, Right.UPLOAD, Right.CORRECT, Right.EXPORT, Right.WEBHOOKS}),
        Role.ADMIN: frozenset(Right),
    }
)

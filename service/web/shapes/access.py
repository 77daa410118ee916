"""Users, sessions, tokens and webhooks over the wire. A secret is in one reply only: that which made it."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictBool, StrictInt
from pydantic import Field as Constraint

from service.access.roles import Right, Role
from service.store.webhooks import Event
from service.web.shapes.documents import Moment

UserName = Annotated[
    str,
    Constraint(
        pattern=r"^[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9._@\u4e00-\u9fff-]{0,63}$",
        description="Letters, digits, Chinese characters and . _ @ -, since it stands in addresses.",
        examples=["zhang.wei"],
    ),
]
Password = Annotated[str, Constraint(min_length=1, max_length=1024)]
Label = Annotated[str, Constraint(pattern=r"^[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9 ._@\u4e00-\u9fff-]{0,99}$", examples=["nightly upload"])]


def _whole(value: object) -> object:
    """JSON knows one kind of numbers: 30.0 is 30."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_Days = Annotated[StrictInt, Constraint(ge=1, le=3650), BeforeValidator(_whole)]


class _Said(BaseModel):
    """What a request says; unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid")


class LoginJson(_Said):
    """A login."""

    name: Annotated[str, Constraint(min_length=1, max_length=64, examples=["zhang.wei"])]
    password: Password


class MeJson(BaseModel):
    """Who asks."""

    user: str
    role: Role
    rights: list[Right]
    sees_all: Annotated[bool, Constraint(description="Every document; else only those that this user uploaded.")]
    csrf: Annotated[str, Constraint(description="For `X-CSRF-Token`; empty for a token, which needs none.")]


class PasswordJson(_Said):
    """Another password."""

    old: Password
    new: Password
    revoke_tokens: Annotated[StrictBool, Constraint(description="Every token of this user ends too.")] = False


class WelcomeJson(_Said):
    """An invitation, and the password that it sets."""

    secret: Annotated[str, Constraint(min_length=1, max_length=200)]
    password: Password


class WelcomedJson(BaseModel):
    """The user who may log in now."""

    user: str


class NewUserJson(_Said):
    """A user to be made."""

    name: UserName
    role: Role


class UserChangeJson(_Said):
    """What changes of a user; what is left out stays."""

    role: Role | None = None
    disabled: StrictBool | None = None


class UserJson(BaseModel):
    """An account."""

    name: str
    role: Role
    disabled: bool
    has_password: bool
    added_at: Moment


class UsersJson(BaseModel):
    """Every account, by name."""

    users: list[UserJson]


class InvitedJson(BaseModel):
    """An invitation; its secret is told this once."""

    name: str
    secret: str
    path: Annotated[str, Constraint(description="Of the page that takes it, on this host.")]


class NewTokenJson(_Said):
    """A token to be made."""

    label: Label
    days: Annotated[_Days | None, Constraint(description="It ends after so many; where null, when it is revoked.")] = None


class TokenJson(BaseModel):
    """A token, without its secret."""

    id: str
    label: str
    made_at: Moment
    ends_at: Annotated[str, Constraint(description="Empty where it does not end by itself.")]


class TokensJson(BaseModel):
    """The tokens of a user, the oldest first."""

    tokens: list[TokenJson]


class IssuedJson(BaseModel):
    """A token; its secret is told this once."""

    id: str
    secret: Annotated[str, Constraint(examples=["ft_…"])]


class NewWebhookJson(_Said):
    """A webhook to be made."""

    url: Annotated[
        str,
        Constraint(
            max_length=2000,
            pattern=r"^https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?(/[!-~]*)?$",
            description="Where events are posted to.",
            examples=["https://budget.example/formtally"],
        ),
    ]
    events: Annotated[list[Event], Constraint(min_length=1, max_length=10)]


class WebhookJson(BaseModel):
    """A webhook, without its secret."""

    id: str
    url: str
    events: list[Event]
    active: bool
    added_at: Moment


class WebhooksJson(BaseModel):
    """The webhooks of a user, the oldest first."""

    webhooks: list[WebhookJson]


class HookedJson(WebhookJson):
    """A webhook; its secret, which signs what is posted, is told this once."""

    secret: str


class WebhookChangeJson(_Said):
    """Whether a webhook is told."""

    active: StrictBool


class DeliveryJson(BaseModel):
    """What a webhook was told, or is to be told."""

    id: str
    event: Event
    document: str
    state: str
    attempts: Annotated[int, Constraint(ge=0)]
    made_at: Moment
    next_at: Moment
    last_error: str


class DeliveriesJson(BaseModel):
    """The last deliveries, the newest first."""

    deliveries: list[DeliveryJson]

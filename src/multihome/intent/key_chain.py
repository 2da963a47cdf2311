"""Keys that follow each other at set times, so that they change without an interruption.

Junos's `security authentication-key-chains`: BGP and LDP since 7.6, IS-IS since 11.2.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from multihome.intent.words import Name, Secret
from multihome.inventory.validation import FileModel


def _moment(value: object) -> object:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value!r} is not a time such as 2027-04-01T00:00:00Z") from None
    if not isinstance(value, datetime):
        raise ValueError(f"{value!r} is not a time such as 2027-04-01T00:00:00Z")  # noqa: TRY004
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def _number(value: object) -> object:
    """The keys of a mapping are texts."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


Moment = Annotated[datetime, BeforeValidator(_moment)]
"""In UTC, also if the file gives no zone."""
KeyNumber = Annotated[int, BeforeValidator(_number), Field(ge=0, le=63)]
"""The same at both ends: packets name the key that signed them."""


class ChainKey(FileModel):
    """One key of a chain."""

    secret: Secret
    start_time: Moment = Field(alias="start-time")
    """From then on it signs what is sent."""


class KeyChain(FileModel):
    """Keys, of which the one that started last is in use."""

    algorithm: Literal["md5", "sha-1"] = "md5"
    """HMAC with either; on BGP and LDP the whole chain's, on IS-IS each key's."""
    tolerance: Annotated[int, Field(ge=0, le=999999999)] | None = None
    """Seconds around a start time in which either key is accepted."""
    keys: Annotated[Mapping[KeyNumber, ChainKey], Field(min_length=1)]


class Signed(FileModel):
    """What is authenticated: by one key, or by a chain of them."""

    authentication_key: Secret | None = Field(None, alias="authentication-key")
    authentication_key_chain: Name | None = Field(None, alias="authentication-key-chain")
    """One of `key-chains`, instead of a key."""

    @property
    def signed(self) -> bool:
        """Whether packets are signed at all."""
        return self.authentication_key is not None or self.authentication_key_chain is not None

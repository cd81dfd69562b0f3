"""Commands that were carried out once. Accounts and sessions are values of their own room."""

from dataclasses import dataclass, field

from cardservice.storage.rows.base import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedAnswer:
    """What a command with this idempotency key was answered."""

    status: int
    answer: Json = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command as its sender names it: the same key again is the same command.

    Attributes:
        actor: whose key it is; two senders may choose the same.
        request_hash: 32 octets over what was asked.
    """

    region: str
    actor: str
    key: str
    request_hash: bytes = field(repr=False)

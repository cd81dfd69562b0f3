"""Commands that were carried out once, and numbers given out."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cardservice.registry.ports_base import Json


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


class Commands(Protocol):
    """Commands by idempotency key: the second time they get the first time's answer."""

    def earlier(self, command: Command) -> RememberedAnswer | None:
        """Return what this command was answered before; None: it is new.

        Raises:
            Refusal: ``key-reused``: the key was used for another request.
        """
        ...

    def remember(self, command: Command, answer: RememberedAnswer, *, at: datetime) -> None:
        """Keep the answer of a command, in the transaction that carries it out."""
        ...

    def forget(self, region: str, before: datetime) -> int:
        """Forget commands of a region from before ``before``; return how many."""
        ...


class Counters(Protocol):
    """Numbers given out one after the other."""

    def next(self, region: str, name: str) -> int:
        """Return the next number, 1 first."""
        ...

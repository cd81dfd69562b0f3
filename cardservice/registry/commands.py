"""Commands and their answers: what makes two of them the same, and how an answer is kept."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from typing import Final
from uuid import UUID

from cardservice.errors import Refusal, UsageError
from cardservice.registry.ports_base import Json

_KEY: Final = re.compile(r"[!-~]{1,100}")
_NOT_THE_REQUEST: Final = frozenset({"key"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeCommand:
    """What every command has; its class says what is wanted.

    Attributes:
        region: five digits; where the change is kept.
        key: the sender's name for this command, 1 to 100 visible ASCII characters. The same key
            with the same request is answered as before and changes nothing.

    Raises:
        Refusal: ``key-wrong``.
    """

    region: str
    key: str

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            sentence = "An idempotency key has 1 to 100 visible ASCII characters."
            raise Refusal("key-wrong", sentence, field="key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command came to: ids, states and numbers, never a person's data.

    Attributes:
        id: of what was made or changed.
        version: as it is now; the next change names it.
        state: the state it is in now, if it has any.
        number: the one given to it, if it has any.
        made: name → id of what came into being besides it.
    """

    id: UUID
    version: int
    state: str | None = None
    number: str | None = None
    made: Mapping[str, str] = field(default_factory=dict)

    def kept(self) -> Json:
        """Return the answer as it is kept with the command's key."""
        return {
            "id": str(self.id),
            "version": self.version,
            "state": self.state,
            "number": self.number,
            "made": dict(self.made),
        }


def answer_of(kept: Json) -> Answer:
    """Return the answer that ``Answer.kept`` gave."""
    if not isinstance(kept, Mapping):
        raise UsageError("this is no kept answer")
    made = kept["made"]
    return Answer(
        id=UUID(str(kept["id"])),
        version=int(str(kept["version"])),
        state=_text(kept["state"]),
        number=_text(kept["number"]),
        made={name: str(id_) for name, id_ in made.items()} if isinstance(made, Mapping) else {},
    )


def _text(value: Json) -> str | None:
    return None if value is None else str(value)


def request_hash(command: OfficeCommand) -> bytes:
    """Return SHA-256 over what is asked, 32 octets; equal for equal requests, whatever the key."""
    asked = {
        one.name: _plain(getattr(command, one.name))
        for one in fields(command)
        if one.name not in _NOT_THE_REQUEST
    }
    text = json.dumps([type(command).__name__, asked], sort_keys=True, ensure_ascii=True)
    return sha256(text.encode()).digest()


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, frozenset):
        return sorted((_plain(one) for one in value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return _plain_leaf(value)


def _plain_leaf(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, UUID) else value

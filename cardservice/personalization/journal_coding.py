"""An entry as octets: one JSON object, readable by eye, read back strictly."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, get_args

from cardservice.errors import MalformedDataError, UsageError
from cardservice.personalization.journal import (
    BlanksReceived,
    BlanksReturned,
    CardEnded,
    CardMade,
    CardSeen,
    CardSpoiled,
    ChipKeyMade,
    DataStored,
    Entry,
    Finalized,
    Intent,
    KeysReplaced,
    OrderGivenBack,
    OutcomeReported,
    ServiceBegun,
    ServiceDone,
    ServiceDropped,
    ServiceReported,
    SpoiledReason,
    StationStarted,
    Verified,
)

T = TypeVar("T")

NAMES: Final[Mapping[str, type[Entry]]] = {
    "started": StationStarted,
    "intent": Intent,
    "seen": CardSeen,
    "keys-replaced": KeysReplaced,
    "chip-key-made": ChipKeyMade,
    "data-stored": DataStored,
    "finalized": Finalized,
    "verified": Verified,
    "made": CardMade,
    "spoiled": CardSpoiled,
    "ended": CardEnded,
    "reported": OutcomeReported,
    "given-back": OrderGivenBack,
    "blanks-received": BlanksReceived,
    "blanks-returned": BlanksReturned,
    "service-begun": ServiceBegun,
    "service-done": ServiceDone,
    "service-reported": ServiceReported,
    "service-dropped": ServiceDropped,
}
"""Names in the file; a name is never given to another kind of entry."""

_NAME_OF: Final = {kind: name for name, kind in NAMES.items()}
_KIND, _AT = "entry", "at"


def _exactly(kind: type[T]) -> Callable[[Any], T]:
    """Return what lets values of ``kind`` through; JSON's true is no number."""

    def checked(value: Any) -> T:
        if type(value) is not kind:
            raise MalformedDataError("a member has a value of another kind")
        return value

    return checked


def _octets(value: Any) -> bytes:
    return bytes.fromhex(_exactly(str)(value))


def _time(value: Any) -> datetime:
    time = datetime.fromisoformat(_exactly(str)(value))
    if time.tzinfo is None:
        raise MalformedDataError("a time has no zone")
    return time


def _time_text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()


def _time_or_none(value: Any) -> datetime | None:
    return None if value is None else _time(value)


def _time_text_or_none(time: datetime | None) -> str | None:
    return None if time is None else _time_text(time)


_CODERS: Final[Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]]] = {
    "order": (str, _exactly(str)),
    "lane": (int, _exactly(int)),
    "number": (int, _exactly(int)),
    "chip": (bytes.hex, _octets),
    "point": (bytes.hex, _octets),
    "signed_at": (_time_text_or_none, _time_or_none),
    "first": (int, _exactly(int)),
    "last": (int, _exactly(int)),
    "work": (str, _exactly(str)),
    "reason": (str, SpoiledReason),
}
"""Member → to JSON, from JSON."""


def encode_entry(entry: Entry, at: datetime) -> bytes:
    """Return the entry and when it was written, ASCII, at most 400 octets."""
    members = {field.name: getattr(entry, field.name) for field in fields(entry)}
    coded = {name: _CODERS[name][0](value) for name, value in members.items()}
    whole = {_KIND: _NAME_OF[type(entry)], _AT: _time_text(at), **coded}
    return json.dumps(whole, separators=(",", ":")).encode("ascii")


def decode_entry(octets: bytes) -> tuple[Entry, datetime]:
    """Return the entry and when it was written.

    Raises:
        MalformedDataError: it is none of ours, or a newer program's.
    """
    try:
        members = json.loads(octets)
        kind, at = NAMES[members.pop(_KIND)], _time(members.pop(_AT))
        if set(members) != {field.name for field in fields(kind)}:
            raise MalformedDataError("members are missing or unknown")
        return kind(**{name: _CODERS[name][1](value) for name, value in members.items()}), at
    except (ValueError, KeyError, TypeError, AttributeError, UsageError, RecursionError):
        raise MalformedDataError("this is no entry of a station's journal") from None


if set(_NAME_OF) != set(get_args(Entry)):  # pragma: no cover - a slip of the author
    raise UsageError("every kind of entry has one name in the file")

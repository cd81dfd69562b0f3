"""The lines of a trace: a header for each session, then what happened, one line each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from simulators.card import Interface
from simulators.trace.pieces import (
    MalformedPiecesError,
    Pieces,
    from_json,
    octets_from_hex,
    to_json,
)
from simulators.trace.sealing import SALT_OCTETS

FORMAT: Final = "card-trace"
VERSION: Final = 1
_DIGEST_OCTETS: Final = 32
_LONGEST_S: Final = 1e9  # thirty years: what is more is no trace


class Masking(StrEnum):
    """What a recording hides."""

    PERSONAL = "personal"
    """Everything but what is public by the card's contract."""
    NONE = "none"
    """Nothing: the trace is as secret as the card and whatever was said to it."""


class Kind(StrEnum):
    """What can happen to a card."""

    POWER_UP = "power up"
    POWER_DOWN = "power down"
    RESET = "reset"
    COMMAND = "command"


class MalformedRecordError(ValueError):
    """A line is no line of a trace; the message says why, never with octets of it."""


class OtherVersionError(MalformedRecordError):
    """The header is of a version that this program does not read."""


@dataclass(frozen=True, slots=True)
class Header:
    """How a session begins.

    Attributes:
        session: tells the lines of this session from those of others in the same file.
        recorded: when the recording began, ISO 8601, UTC.
        interface: ``contact`` or ``contactless``; "" when the recorder was not told.
        salt: 32 octets, from which with the card's memory the keys of the trace are derived.
        image: keyed digest of the card's memory then, 32 octets; None for a card without keys.
        replayable_entropy: whether the chip drew random numbers that a replay draws again.
    """

    session: str
    recorded: str
    interface: str
    atr: bytes
    masking: Masking
    salt: bytes
    image: bytes | None
    replayable_entropy: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One event.

    Attributes:
        number: from 1, without gaps.
        at: seconds since the recording began.
        sent: the command; empty for events without one.
        answer: what came back, for power up and reset the ATR; None when nothing came.
        decoded: in words, for people; a replay does not look at it.
    """

    session: str
    number: int
    at: float
    kind: Kind
    sent: Pieces = ()
    answer: Pieces | None = None
    decoded: Mapping[str, object] = field(default_factory=dict)

    @property
    def places(self) -> tuple[str, str]:
        """What command and answer are sealed for."""
        return places_of(self.number)


Record = Header | Entry


def places_of(number: int) -> tuple[str, str]:
    """Return what command and answer of an event are sealed for."""
    return f"{number}/sent", f"{number}/answer"


def encode(record: Record) -> str:
    """Return the line, without its end."""
    content = _of_header(record) if isinstance(record, Header) else _of_entry(record)
    return json.dumps(content, ensure_ascii=False)


def decode(line: str) -> Record:
    """Return the header or event in the line.

    Raises:
        OtherVersionError: a header of another version.
        MalformedRecordError: the line is something else.
    """
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        raise MalformedRecordError("it is no JSON") from None
    if not isinstance(content, dict):
        raise MalformedRecordError("it is no JSON object")
    try:
        return _header(content) if "trace" in content else _entry(content)
    except MalformedPiecesError as error:
        raise MalformedRecordError(str(error)) from None


def _of_header(header: Header) -> dict[str, object]:
    return {
        "trace": FORMAT,
        "version": VERSION,
        "session": header.session,
        "recorded": header.recorded,
        "interface": header.interface,
        "atr": header.atr.hex().upper(),
        "masking": header.masking.value,
        "salt": header.salt.hex(),
        "image": None if header.image is None else header.image.hex(),
        "replayable_entropy": header.replayable_entropy,
    }


def _of_entry(entry: Entry) -> dict[str, object]:
    return {
        "session": entry.session,
        "number": entry.number,
        "at": entry.at,
        "event": entry.kind.value,
        "decoded": dict(entry.decoded),
        "sent": to_json(entry.sent),
        "answer": None if entry.answer is None else to_json(entry.answer),
    }


def _header(content: Mapping[str, object]) -> Header:
    if content["trace"] != FORMAT:
        raise MalformedRecordError("it is a trace of another program")
    if content.get("version") != VERSION:
        raise OtherVersionError(f"the format is of version {str(content.get('version'))[:20]}")
    return Header(
        session=_text(content, "session"),
        recorded=_text(content, "recorded"),
        interface=_one_of(content, "interface", ["", *(one.value for one in Interface)]),
        atr=octets_from_hex(content.get("atr")),
        masking=Masking(_one_of(content, "masking", [one.value for one in Masking])),
        salt=_octets(content, "salt", SALT_OCTETS),
        image=None if content.get("image") is None else _octets(content, "image", _DIGEST_OCTETS),
        replayable_entropy=content.get("replayable_entropy") is True,
    )


def _entry(content: Mapping[str, object]) -> Entry:
    number, at, decoded = (content.get(name) for name in ("number", "at", "decoded"))
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise MalformedRecordError("number must be a whole number above 0")
    if not isinstance(at, int | float) or isinstance(at, bool) or not 0 <= at <= _LONGEST_S:
        raise MalformedRecordError("at must be a number of seconds")
    return Entry(
        session=_text(content, "session"),
        number=number,
        at=at,
        kind=Kind(_one_of(content, "event", [one.value for one in Kind])),
        sent=from_json(content.get("sent")),
        answer=None if content.get("answer") is None else from_json(content.get("answer")),
        decoded=decoded if isinstance(decoded, dict) else {},
    )


def _text(content: Mapping[str, object], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str):
        raise MalformedRecordError(f"{name} must be a text")
    return value


def _one_of(content: Mapping[str, object], name: str, known: list[str]) -> str:
    value = _text(content, name)
    if value not in known:
        raise MalformedRecordError(f"{name} must be one of: {', '.join(known)}")
    return value


def _octets(content: Mapping[str, object], name: str, length: int) -> bytes:
    octets = octets_from_hex(content.get(name))
    if len(octets) != length:
        raise MalformedRecordError(f"{name} must have {length} octets")
    return octets

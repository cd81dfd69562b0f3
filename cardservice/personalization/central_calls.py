"""Calls to a station's journal from afar: which may be made, and what they look like as JSON."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from cardservice.errors import MalformedDataError, UsageError
from cardservice.personalization.journal import (
    CARD_NUMBER_BITS,
    CHIP_SERIAL_LEN,
    POINT_LEN,
    Entry,
    check_order_id,
)
from cardservice.personalization.journal_coding import decode_entry, encode_entry
from cardservice.personalization.recovery_lives import CardLife, Standing

_SOME_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""An entry on its way has no time yet: the journal's own clock gives it one."""
_MOST_HELD: Final = 8  # an order and a chip; a card that is swapped on the way brings one more
_LIFE: Final = frozenset(
    {"chip", "standing", "order", "number", "signed_at", "point", "reason", "reported", "sequence"}
)
_LONGEST_WORD: Final = 64

Coder = tuple[Callable[[Any], Any], Callable[[Any], Any]]
"""To JSON, from JSON; the latter raises ValueError, TypeError, KeyError or MalformedDataError."""


def _entry_text(entry: Entry) -> str:
    return encode_entry(entry, _SOME_TIME).decode("ascii")


def _entry(value: Any) -> Entry:
    return decode_entry(_text(value).encode("ascii", "replace"))[0]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _octets_of(length: int) -> Callable[[Any], bytes]:
    def octets(value: Any) -> bytes:
        found = bytes.fromhex(_text(value))
        if len(found) != length:
            raise ValueError
        return found

    return octets


_chip, _point = _octets_of(CHIP_SERIAL_LEN), _octets_of(POINT_LEN)


def _order(value: Any) -> str:
    return check_order_id(_text(value))


def _number(value: Any) -> int:
    if type(value) is not int or value < 0 or value.bit_length() > CARD_NUMBER_BITS:
        raise ValueError
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError
    return value


def _nothing(value: Any) -> None:
    if value is not None:
        raise TypeError


def _held_text(what: str | bytes) -> list[str]:
    return ["chip", what.hex()] if isinstance(what, bytes) else ["order", what]


def _held(value: Any) -> str | bytes:
    kind, text = value
    if kind == "chip":
        return _chip(text)
    if kind == "order":
        return _order(text)
    raise ValueError


def _all_held_text(what: tuple[str | bytes, ...]) -> list[list[str]]:
    return [_held_text(one) for one in what]


def _all_held(value: Any) -> tuple[str | bytes, ...]:
    if not isinstance(value, list) or len(value) > _MOST_HELD:
        raise TypeError
    return tuple(_held(one) for one in value)


def _life_members(life: CardLife | None) -> dict[str, Any] | None:
    if life is None:
        return None
    return {
        "chip": life.chip.hex(),
        "standing": life.standing.value,
        "order": life.order,
        "number": life.number,
        "signed_at": None if life.signed_at is None else life.signed_at.isoformat(),
        "point": None if life.point is None else life.point.hex(),
        "reason": life.reason,
        "reported": life.reported,
        "sequence": life.sequence,
    }


def _life(value: Any) -> CardLife | None:
    if value is None:
        return None
    if set(value) != _LIFE:
        raise KeyError
    return CardLife(
        chip=_chip(value["chip"]),
        standing=Standing(value["standing"]),
        order=_optional(_order, value["order"]),
        number=_optional(_number, value["number"]),
        signed_at=_optional(_time, value["signed_at"]),
        point=_optional(_point, value["point"]),
        reason=_optional(_word, value["reason"]),
        reported=_truth(value["reported"]),
        sequence=_number(value["sequence"]),
    )


def _optional(decode: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else decode(value)


def _time(value: Any) -> datetime:
    time = datetime.fromisoformat(_text(value))
    if time.tzinfo is None:
        raise ValueError
    return time


def _word(value: Any) -> str:
    if len(_text(value)) > _LONGEST_WORD:
        raise ValueError
    return str(value)


_CHIP: Final[Coder] = (bytes.hex, _chip)
_ORDER: Final[Coder] = (str, _order)
_NUMBER: Final[Coder] = (int, _number)
_TRUTH: Final[Coder] = (bool, _truth)
_NOTHING: Final[Coder] = (_nothing, _nothing)
_LIFE_CODER: Final[Coder] = (_life_members, _life)

CALLS: Final[Mapping[str, tuple[tuple[Coder, ...], Coder]]] = {
    "note": (((_entry_text, _entry),), _NOTHING),
    "life_of": ((_CHIP,), _LIFE_CODER),
    "holder_of": ((_ORDER,), _LIFE_CODER),
    "bearer_of": ((_NUMBER,), _LIFE_CODER),
    "is_foreign": ((_CHIP,), _TRUTH),
    "take_in_hand": (((_held_text, _held),), _NOTHING),
    "let_go": (((_all_held_text, _all_held),), _NOTHING),
    "knows_used_cards": ((), _TRUTH),
}
"""Call → its arguments, its result. A central makes new cards, and asks for nothing else."""


def arguments_to_json(name: str, arguments: tuple[Any, ...]) -> list[Any]:
    """Return the arguments of a call as JSON has them.

    Raises:
        UsageError: a central does not make this call.
    """
    if name not in CALLS:
        raise UsageError("a central service asks a station's journal for nothing else")
    coders = CALLS[name][0]
    return [coder[0](one) for coder, one in zip(coders, arguments, strict=True)]


def arguments_from_json(name: Any, value: Any) -> tuple[Any, ...]:
    """Return the arguments of a call; Raises: MalformedDataError."""
    try:
        coders = CALLS[name][0]
        return tuple(coder[1](one) for coder, one in zip(coders, _listed(value), strict=True))
    except (ValueError, KeyError, TypeError, UsageError):
        raise MalformedDataError("this is no call to a station's journal") from None


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def result_to_json(name: str, value: Any) -> Any:
    """Return what a call returned as JSON has it."""
    return CALLS[name][1][0](value)


def result_from_json(name: Any, value: Any) -> Any:
    """Return what a call returned; Raises: MalformedDataError."""
    try:
        return CALLS[name][1][1](value)
    except (ValueError, KeyError, TypeError, UsageError):
        raise MalformedDataError("this is no answer of a station's journal") from None

"""Messages as octets: kind (1) ‖ number of the step (4, big endian) ‖ body.

Bodies of the card's own octets are as they are; all others are one JSON object. The number makes
an answer that comes late, twice or unasked known for what it is.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from cardservice.domain.texts import is_showable
from cardservice.domain.verdict import Check, CheckName, Outcome, Reason, Verdict
from cardservice.errors import MalformedDataError, UsageError
from cardservice.personalization import central as messages
from cardservice.personalization.central import Failed, Made, Message
from cardservice.personalization.central_calls import (
    arguments_from_json,
    arguments_to_json,
    result_from_json,
    result_to_json,
)
from cardservice.personalization.central_errors import LONGEST_CODE, LONGEST_SENTENCE
from cardservice.personalization.central_orders import order_in, order_members
from cardservice.personalization.contents import CAN_DIGITS, PIN_DIGITS, PUK_DIGITS, HolderSecrets
from cardservice.personalization.journal import CHIP_SERIAL_LEN, LAST_LANE, check_order_id
from cardservice.personalization.order import CardOrder
from cardservice.personalization.station import MadeCard
from cardservice.verify.examination import Examination

HEAD_LEN: Final = 5  # octets: kind and number of the step
_STEP: Final = slice(1, HEAD_LEN)
_ATR: Final = range(2, 34)  # octets, ISO/IEC 7816-3, 8.2
_COMMAND: Final = range(4, 65_545)  # octets: header alone; extended Lc, data, extended Le
_RESPONSE: Final = range(2, 65_539)  # octets: SW alone; 65,536 of data and SW
_MOST_CHECKS: Final = len(CheckName)
_LONGEST_COUNT: Final = 1_000_000  # commands of a card
_STATUS: Final = range(0x1_0000)
_CODE: Final = re.compile(rf"[a-z0-9-]{{0,{LONGEST_CODE}}}")

_Coder = tuple[Callable[[Any], bytes], Callable[[bytes], Any], int]
"""To octets, from octets, most octets of a body."""


def encode(message: Message, step: int) -> bytes:
    """Return ``message`` as octets; ``step`` counts from 0, and an answer has its question's."""
    kind = _KIND_OF[type(message)]
    return bytes((kind,)) + step.to_bytes(HEAD_LEN - 1) + _CODERS[kind][0](message)


def decode(octets: bytes, step: int) -> Message:
    """Return the message of that step.

    Raises:
        MalformedDataError: it is none, is too long, or is another step's.
        Refusal: an order that may not be made as it is.
    """
    if len(octets) < HEAD_LEN or octets[0] not in _CODERS:
        raise MalformedDataError("this is no message of a making")
    if int.from_bytes(octets[_STEP]) != step:
        raise MalformedDataError("a message came out of its turn")
    _, from_octets, longest = _CODERS[octets[0]]
    body = octets[HEAD_LEN:]
    if len(body) > longest:
        raise MalformedDataError("a message of a making is too long")
    try:
        message: Message = from_octets(body)
    except (ValueError, KeyError, TypeError, AttributeError, UsageError, RecursionError):
        raise MalformedDataError("a message of a making is not in its form") from None
    return message


def made_in(end: Made, order: CardOrder) -> MadeCard:
    """Return the made card of an ``end``, which names it without its order, with the order."""
    card, told = end.card, end.card.examination
    return MadeCard(
        order=order,
        chip_serial=card.chip_serial,
        signed_at=card.signed_at,
        secrets=card.secrets,
        commands=card.commands,
        examination=Examination(
            verdict=told.verdict,
            holder=order.holder,
            insurance=order.insurance,
            proved=True,
            commands=told.commands,
        ),
    )


def _json(members: Any) -> bytes:
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()


def _object(body: bytes, *names: str) -> dict[str, Any]:
    members = json.loads(body)
    if not isinstance(members, dict) or set(members) != set(names):
        raise MalformedDataError("members are missing or unknown")
    return members


def _begin_body(begin: messages.Begin) -> bytes:
    return _json(
        {
            "order": order_members(begin.order),
            "order_id": begin.order_id,
            "lane": begin.lane,
            "atr": begin.atr.hex(),
        }
    )


def _begin(body: bytes) -> messages.Begin:
    members = _object(body, "order", "order_id", "lane", "atr")
    name, lane = members["order_id"], members["lane"]
    if name is not None:
        check_order_id(name)
    if type(lane) is not int or not 1 <= lane <= LAST_LANE:
        raise MalformedDataError("a lane is a number")
    atr = _within(_ATR, bytes.fromhex(members["atr"]))
    return messages.Begin(order=order_in(members["order"]), order_id=name, lane=lane, atr=atr)


def _ask_body(ask: messages.Ask) -> bytes:
    return _json({"call": ask.name, "with": arguments_to_json(ask.name, ask.arguments)})


def _ask(body: bytes) -> messages.Ask:
    members = _object(body, "call", "with")
    return messages.Ask(members["call"], arguments_from_json(members["call"], members["with"]))


def _said_body(said: messages.Said) -> bytes:
    return _json({"call": said.name, "said": result_to_json(said.name, said.value)})


def _said(body: bytes) -> messages.Said:
    members = _object(body, "call", "said")
    return messages.Said(members["call"], result_from_json(members["call"], members["said"]))


def _failed_body(end: Failed) -> bytes:
    return _json({"kind": end.kind, "code": end.code, "sentence": end.sentence, "sw": end.sw})


def _failed(body: bytes) -> Failed:
    members = _object(body, "kind", "code", "sentence", "sw")
    kind, code, sentence, sw = (members[one] for one in ("kind", "code", "sentence", "sw"))
    if not (_CODE.fullmatch(kind) and _CODE.fullmatch(code)):
        raise MalformedDataError("a code is a word")
    if len(sentence) > LONGEST_SENTENCE or not is_showable(sentence):
        raise MalformedDataError("a sentence is none")
    if type(sw) is not int or sw not in _STATUS:
        raise MalformedDataError("a status word is none")
    return Failed(kind, code, sentence, sw)


def _made_body(end: Made) -> bytes:
    made = end.card
    verdict = made.examination.verdict
    if verdict is None:
        raise UsageError("a made card was judged")
    return _json(
        {
            "chip": made.chip_serial.hex(),
            "signed_at": made.signed_at.isoformat(),
            "pin": made.secrets.pin,
            "puk": made.secrets.puk,
            "can": made.secrets.can,
            "commands": made.commands,
            "examined": made.examination.commands,
            "at": verdict.at.isoformat(),
            "checks": [[one.name, one.outcome, one.reason, one.decisive] for one in verdict.checks],
        }
    )


_MADE: Final = ("chip", "signed_at", "pin", "puk", "can", "commands", "examined", "at", "checks")


def _made(body: bytes) -> Made:
    members = _object(body, *_MADE)
    signed_at = _time(members["signed_at"])
    secrets = HolderSecrets(
        pin=_digits(members["pin"], PIN_DIGITS),
        puk=_digits(members["puk"], PUK_DIGITS),
        can=_digits(members["can"], CAN_DIGITS),
    )
    checks = tuple(_check(*one) for one in members["checks"][:_MOST_CHECKS])
    verdict = Verdict(checks=checks, at=_time(members["at"]), signed_at=signed_at)
    card = MadeCard(
        order=_NO_ORDER,
        chip_serial=_within(range(CHIP_SERIAL_LEN, CHIP_SERIAL_LEN + 1), _hex(members["chip"])),
        signed_at=signed_at,
        secrets=secrets,
        commands=_count(members["commands"]),
        examination=Examination(verdict=verdict, commands=_count(members["examined"])),
    )
    return Made(card)


_NO_ORDER: Final[Any] = None
"""Only the station's own order is ever the order of a made card; ``made_in`` puts it there."""


def _check(name: str, outcome: str, reason: str, decisive: object) -> Check:
    if type(decisive) is not bool:
        raise MalformedDataError("a check decides or does not")
    return Check(CheckName(name), Outcome(outcome), Reason(reason), decisive=decisive)


def _time(value: str) -> datetime:
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise MalformedDataError("a time has no zone")
    return time


def _digits(value: str, count: int) -> str:
    if len(value) != count or not (value.isascii() and value.isdigit()):
        raise MalformedDataError("a number of the holder has another form")
    return value


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _LONGEST_COUNT:
        raise MalformedDataError("a count is none")
    return value


def _hex(value: str) -> bytes:
    return bytes.fromhex(value)


def _within(lengths: range, octets: bytes) -> bytes:
    if len(octets) not in lengths:
        raise MalformedDataError("octets are too few or too many")
    return octets


def _no_body(body: bytes) -> messages.Reset:
    if body:
        raise MalformedDataError("this message has no body")
    return messages.Reset()


_WORDS, _LONG = messages.LONGEST_WORDS, messages.LONGEST_MESSAGE
_CODERS: Final[Mapping[int, _Coder]] = {
    0x01: (_begin_body, _begin, messages.LONGEST_BEGIN),
    0x02: (lambda one: one.command, lambda b: messages.Exchange(_within(_COMMAND, b)), _LONG),
    0x03: (lambda _: b"", _no_body, 0),
    0x04: (_ask_body, _ask, _WORDS),
    0x05: (_made_body, _made, _WORDS),
    0x06: (_failed_body, _failed, _WORDS),
    0x12: (lambda one: one.response, lambda b: messages.Answered(_within(_RESPONSE, b)), _LONG),
    0x13: (lambda one: one.atr, lambda b: messages.WasReset(_within(_ATR, b)), len(_ATR) + 2),
    0x14: (_said_body, _said, _WORDS),
}
_KIND_OF: Final[Mapping[type[Message], int]] = {
    messages.Begin: 0x01,
    messages.Exchange: 0x02,
    messages.Reset: 0x03,
    messages.Ask: 0x04,
    Made: 0x05,
    Failed: 0x06,
    messages.Answered: 0x12,
    messages.WasReset: 0x13,
    messages.Said: 0x14,
}

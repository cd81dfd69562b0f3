"""What a trace may show in clear: an allow-list by the form of the octets.

A value is shown only where its tag, its place and its length are those of something public, so
that octets in the wrong place (a fault, a foreign card) stay hidden too. Source: card.md §2, §5.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from simulators.card.apdu import CLA, INS, Command, parse_command
from simulators.card.files import EF_ATR_INFO, EF_CARD_ACCESS, EF_CVCA, ElementaryFile
from simulators.card.protocol_objects import DYNAMIC_AUTHENTICATION_DATA as DYNAMIC
from simulators.card.protocol_objects import MseTag
from simulators.card.selecting import ControlTag, SelectBy
from simulators.card.status import SW_OCTETS
from simulators.trace.names import MESSAGING_TAGS
from simulators.trace.objects import placed_objects
from simulators.trace.place import Follower, Protection, protection_of, status_of
from simulators.trace.status_words import UNKNOWN, meaning_of

AID_OCTETS_MAX: Final = 16
FID_OCTETS: Final = 2
REFERENCE_OCTETS_MAX: Final = 16
"""A certificate's reference: country, mnemonic, sequence number (TR-03110-3 A.6.1)."""

_LIFE_CYCLE: Final = 0xDF01
_KEY_INFORMATION: Final = 0x00E0
_HEADER: Final = 4
_SHORT_LC: Final = 1
_EXTENDED_LC: Final = 3
_FIRST_SW1: Final = 0x61
_SW_CLASSES: Final = (0x6, 0x9)
_OID_OCTETS_MAX: Final = 16

Form = Mapping[int, "Form | int"]
"""Tag → the form inside, or how long a value may be to be shown; 0: tag and length only."""

_FCP: Form = {
    ControlTag.SIZE: 4,
    ControlTag.DESCRIPTOR: 6,
    ControlTag.FID: FID_OCTETS,
    ControlTag.NAME: AID_OCTETS_MAX,
    ControlTag.SFI: 1,
    0x8A: 1,  # life cycle status
    0xA5: 0,  # proprietary information
}
_CONTROL: Form = {ControlTag.FCI: _FCP, ControlTag.FCP: _FCP}
_MSE: Form = {
    MseTag.OID: _OID_OCTETS_MAX,
    MseTag.REFERENCE: REFERENCE_OCTETS_MAX,
    MseTag.PARAMETER: 1,
    MseTag.CHAT: {0x06: _OID_OCTETS_MAX, 0x53: 8},
}
_STEP: Form = {DYNAMIC: dict.fromkeys(range(0x80, 0x89), 0)}
_CERTIFICATE: Form = {
    0x7F4E: {
        0x5F29: 1,
        0x42: REFERENCE_OCTETS_MAX,
        0x7F49: 0,
        0x5F20: REFERENCE_OCTETS_MAX,
        0x7F4C: {0x06: _OID_OCTETS_MAX, 0x53: 8},
        0x5F25: 6,
        0x5F24: 6,
    },
    0x5F37: 0,
}
_CARD_ACCESS: Form = {0x31: {0x30: {0x06: _OID_OCTETS_MAX, 0x02: 2}}}
_ATR_INFO: Form = {0x7F66: {0x02: 3}}
_KEYS: Form = {0xE0: {0xC0: 4}}
_MESSAGING: Form = {tag: {0x97: 2, 0x99: SW_OCTETS}.get(tag, 0) for tag in MESSAGING_TAGS}

_PLAIN_CLASSES: Final = frozenset({CLA.INTERINDUSTRY, CLA.CHAINED, CLA.PROPRIETARY})
_COMMAND_FORMS: Final[Mapping[int, Form]] = {
    INS.MANAGE_SECURITY_ENVIRONMENT: _MSE,
    INS.GENERAL_AUTHENTICATE: _STEP,
    INS.PERFORM_SECURITY_OPERATION: _CERTIFICATE,
}
_ANSWER_FORMS: Final[Mapping[int, Form]] = {
    INS.SELECT: _CONTROL,
    INS.GENERAL_AUTHENTICATE: _STEP,
}
_FILE_FORMS: Final[Mapping[ElementaryFile, Form]] = {
    EF_CARD_ACCESS: _CARD_ACCESS,
    EF_ATR_INFO: _ATR_INFO,
    EF_CVCA: {0x42: REFERENCE_OCTETS_MAX},
}


def visible_in_command(octets: bytes) -> bytearray:
    """Return a 1 for each octet of the command that may be shown, a 0 for the others."""
    seen = bytearray(len(octets))
    command = parse_command(octets)
    if command is None:
        return seen
    start = _data_start(command)
    end = start + len(command.data)
    _show(seen, 0, start)
    _show(seen, end, len(octets))
    if command.ins == INS.SELECT and _is_public_name(command):
        _show(seen, start, end)
    else:
        _show_form(seen, octets, (start, end), _command_form(command))
    return seen


def visible_in_answer(sent: bytes, answer: bytes, follower: Follower) -> bytearray:
    """Return a 1 for each octet of the answer that may be shown, a 0 for the others.

    ``follower`` knows where the card was before the command.
    """
    seen = bytearray(len(answer))
    command = parse_command(sent)
    if not shows_status(answer):
        return seen
    end = len(answer) - SW_OCTETS
    _show(seen, end, len(answer))
    if command is not None:
        if _is_life_cycle(command) and end == 1:
            _show(seen, 0, end)
        _show_form(seen, answer, (0, end), _answer_form(command, follower))
    return seen


def shows_status(answer: bytes) -> bool:
    """Return whether the last two octets are a status word for certain.

    A truncated answer ends in octets of its data; those must not pass for a status word.
    """
    sw = status_of(answer)
    if sw is None:
        return False
    if len(answer) > SW_OCTETS:
        return meaning_of(sw) != UNKNOWN
    return sw >> 12 in _SW_CLASSES and sw >> 8 >= _FIRST_SW1


def _data_start(command: Command) -> int:
    if not command.data:
        return _HEADER
    return _HEADER + len(command.lc_field)


def _is_public_name(command: Command) -> bool:
    if protection_of(command.cla) is not Protection.NONE:
        return False
    limit = AID_OCTETS_MAX if command.p1 == SelectBy.NAME else FID_OCTETS
    return len(command.data) <= limit


def _command_form(command: Command) -> Form:
    if protection_of(command.cla) is Protection.ISO:
        return _MESSAGING
    if command.cla not in _PLAIN_CLASSES:
        return {}
    return _COMMAND_FORMS.get(command.ins, {})


def _answer_form(command: Command, follower: Follower) -> Form:
    if protection_of(command.cla) is Protection.ISO:
        return _MESSAGING
    if command.cla not in _PLAIN_CLASSES:
        return {}
    if command.ins == INS.READ_BINARY:
        file = follower.target(command)
        return _FILE_FORMS.get(file, {}) if file else {}
    if command.ins == INS.GET_DATA:
        return _KEYS if command.p1p2 == _KEY_INFORMATION else {}
    return _ANSWER_FORMS.get(command.ins, {})


def _is_life_cycle(command: Command) -> bool:
    plain = command.cla in _PLAIN_CLASSES
    return plain and command.ins == INS.GET_DATA and command.p1p2 == _LIFE_CYCLE


def _show_form(seen: bytearray, octets: bytes, span: tuple[int, int], form: Form) -> None:
    """Show tags and lengths that the form knows, and values as far as it allows."""
    for one in placed_objects(octets, *span):
        allowed = form.get(one.tag)
        if allowed is None:
            continue
        _show(seen, one.start, one.value_start)
        if not isinstance(allowed, int):
            _show_form(seen, octets, (one.value_start, one.end), allowed)
        elif one.length <= allowed:
            _show(seen, one.value_start, one.end)


def _show(seen: bytearray, start: int, end: int) -> None:
    seen[start:end] = b"\x01" * (end - start)


def runs(seen: Iterable[int]) -> list[tuple[bool, int]]:
    """Return runs of visible and hidden octets in order, each with its length."""
    counted: list[tuple[bool, int]] = []
    for one in map(bool, seen):
        if counted and counted[-1][0] is one:
            counted[-1] = (one, counted[-1][1] + 1)
        else:
            counted.append((one, 1))
    return counted

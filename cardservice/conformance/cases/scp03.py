"""SC: SCP03 with the key set of the card's state (card.md 6; Amendment D)."""

import secrets
from dataclasses import replace
from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW, ResponseAPDU
from cardservice.channel.scp03 import (
    InitializeUpdateAnswer,
    Scp03Session,
    StaticKeys,
    key_check_value,
    put_key_command,
)
from cardservice.channel.scp03.opening import parse_initialize_update_answer
from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.cases.host import Host
from cardservice.conformance.cases.words import ROOT
from cardservice.conformance.preparing import open_scp03, select
from cardservice.conformance.terminal import Terminal, require, require_sw
from cardservice.conformance.terms import Effect, Need, Stage, Where
from cardservice.policycard.layout import Directory

chapter: Final = Chapter()

_LIVES: Final = (Stage.BLANK, Stage.PERSONALIZED)
_PLAIN: Final = Terms(stages=_LIVES, where=Where.CONTACT)
_KEYS: Final = Terms(stages=_LIVES, where=Where.CONTACT, needs=(Need.KEYS,))
_NEW: Final = Terms(stages=(Stage.BLANK,), needs=(Need.KEYS,))
_CHALLENGE: Final = "08" + "5A" * 8
_REFUSED: Final = SW.SECURITY_STATUS_NOT_SATISFIED
_NO_STATE: Final = SW.CONDITIONS_NOT_SATISFIED

chapter.script(
    "SC-001",
    "INITIALIZE UPDATE is possible in foms_root only",
    "6",
    f"mf; 80500000{_CHALLENGE}00 > 6985; id; 80500000{_CHALLENGE}00 > 6985;"
    f"ins; 80500000{_CHALLENGE}00 > 6985; root; 80500000{_CHALLENGE}00 > 9000 #32",
    _PLAIN,
)
chapter.script(
    "SC-002",
    "INITIALIZE UPDATE with P2 other than 00 is refused",
    "6",
    f"root; 80500001{_CHALLENGE}00 > 6A86",
    _PLAIN,
)
chapter.script(
    "SC-003",
    "INITIALIZE UPDATE takes a challenge of 8 octets only",
    "6",
    f"root; 80500000 07{'5A' * 7}00 > 6700; 80500000 10{'5A' * 16}00 > 6700; 80500000 > 6700",
    _PLAIN,
)
chapter.script(
    "SC-004",
    "INITIALIZE UPDATE for a key version the card has not is 6A88",
    "6",
    f"root; 80507F00{_CHALLENGE}00 > 6A88; 80500100{_CHALLENGE}00 > 6A88",
    _PLAIN,
)
chapter.script(
    "SC-005",
    "INITIALIZE UPDATE is answered with Le and without",
    "6",
    f"root; 80500000{_CHALLENGE} > 9000 #32; 80500000{_CHALLENGE}00 > 9000 #32",
    _PLAIN,
)


def _ask(terminal: Terminal, version: int = 0) -> InitializeUpdateAnswer:
    challenge = secrets.token_bytes(8)
    command = CommandAPDU(cla=0x80, ins=Ins.INITIALIZE_UPDATE, p1=version, data=challenge, ne=256)
    return parse_initialize_update_answer(terminal.expect(command, SW.OK), mac_len=8)


@chapter.case("SC-006", "The answer says SCP03, i = 70, and data that begin with 464D", "6", _PLAIN)
def _answer(terminal: Terminal) -> None:
    select(Directory.ROOT)(terminal)
    answer = _ask(terminal)
    require(answer.parameter_i == 0x70, f"i is {answer.parameter_i:02X}")
    require(answer.diversification_data.startswith(b"FM"), "diversification data begin otherwise")


@chapter.case(
    "SC-007", "The counter is one more at every INITIALIZE UPDATE, over a reset", "6", _PLAIN
)
def _counter(terminal: Terminal) -> None:
    seen = []
    for _ in range(3):
        terminal.reset()
        select(Directory.ROOT)(terminal)
        seen.append(_ask(terminal).sequence_counter or 0)
    require(seen == list(range(seen[0], seen[0] + 3)), "the counter did not go up by one")


@chapter.case(
    "SC-008", "Challenge and cryptogram are those of the key set and the counter", "6", _KEYS
)
def _proofs(terminal: Terminal) -> None:
    open_scp03(terminal)  # its flow compares both


@chapter.case("SC-009", "EXTERNAL AUTHENTICATE takes level 33 only", "6", _KEYS)
def _levels(terminal: Terminal) -> None:
    for level in (0x00, 0x01, 0x03, 0x11, 0x13):
        host = Host.asked(terminal)
        require_sw(host.authenticate(level=level), SW.WRONG_P1_P2, doing=f"level {level:02X}")


chapter.script(
    "SC-010",
    "EXTERNAL AUTHENTICATE without INITIALIZE UPDATE is 6985",
    "6",
    f"root; 8482330010{'00' * 16} > 6985",
    _PLAIN,
)


@chapter.case(
    "SC-011", "A wrong MAC in EXTERNAL AUTHENTICATE is 6982, and all begins anew", "6", _KEYS
)
def _wrong_opening_mac(terminal: Terminal) -> None:
    host = Host.asked(terminal)
    require_sw(host.authenticate(spoil_mac=True), _REFUSED, doing="a wrong MAC")
    require_sw(host.authenticate(), _NO_STATE, doing="a right one afterwards")


@chapter.case("SC-012", "A wrong host cryptogram is 6300, and all begins anew", "6", _KEYS)
def _wrong_cryptogram(terminal: Terminal) -> None:
    host = Host.asked(terminal)
    answer = host.authenticate(spoil_cryptogram=True)
    require_sw(answer, SW.AUTHENTICATION_FAILED, doing="a wrong cryptogram")
    require_sw(host.authenticate(), _NO_STATE, doing="a right one afterwards")


@chapter.case("SC-013", "The MAC is checked before the cryptogram", "6", _KEYS)
def _mac_first(terminal: Terminal) -> None:
    host = Host.asked(terminal)
    answer = host.authenticate(spoil_mac=True, spoil_cryptogram=True)
    require_sw(answer, _REFUSED, doing="both wrong")


def _require_ended(terminal: Terminal) -> None:
    terminal.forget()
    answer = terminal.exchange(bytes.fromhex("84CADF0108" + "00" * 8))
    require_sw(answer, _NO_STATE, doing="the next command of class 84")


def _wrapped(session: Scp03Session) -> bytes:
    return session.wrap(CommandAPDU(cla=0x80, ins=Ins.GET_DATA, p1=0xDF, p2=0x01, ne=256)).encode()


@chapter.case(
    "SC-014", "A command with a wrong MAC is 6982 without R-MAC and ends the session", "6", _KEYS
)
def _wrong_mac(terminal: Terminal) -> None:
    octets = bytearray(_wrapped(open_scp03(terminal)))
    octets[-2] ^= 1
    _require_bare_refusal(terminal.exchange(bytes(octets)))
    _require_ended(terminal)


@chapter.case("SC-015", "A command sent again is 6982 and ends the session", "6", _KEYS)
def _replay(terminal: Terminal) -> None:
    octets = _wrapped(open_scp03(terminal))
    require_sw(terminal.exchange(octets), SW.OK, doing="the first time")
    _require_bare_refusal(terminal.exchange(octets))
    _require_ended(terminal)


@chapter.case("SC-016", "A command with wrong padding is 6982 and ends the session", "6", _KEYS)
def _padding(terminal: Terminal) -> None:
    host = Host.asked(terminal)
    require_sw(host.authenticate(), SW.OK, doing="EXTERNAL AUTHENTICATE")
    command = CommandAPDU(cla=0x80, ins=Ins.PUT_KEY, p2=0x81, data=bytes(16), ne=256)
    _require_bare_refusal(terminal.exchange(host.unpadded(command)))
    _require_ended(terminal)


def _require_bare_refusal(response: ResponseAPDU) -> None:
    require_sw(response, _REFUSED, doing="it")
    require(not response.data, "the refusal carries data")


for _number, _class, _octets in (
    ("SC-017", "00", "00B0000000"),
    ("SC-018", "80", "80CADF0100"),
    ("SC-019", "A0", "A0A4000C"),
    ("SC-020", "0C", "0CB0000000"),
):
    chapter.script(
        _number,
        f"A command of class {_class} in an SCP03 session is 6982 and ends it",
        "6",
        f"scp03; ~{_octets} > 6982 -; plain; 84CADF0108{'00' * 8} > 6985",
        _KEYS,
    )
chapter.script(
    "SC-021",
    "SELECT in class 00 ends an SCP03 session and is executed",
    "6",
    f"scp03; ~00A4040C{ROOT} > 9000 -; plain; 84CADF0108{'00' * 8} > 6985",
    _KEYS,
)
chapter.script(
    "SC-022",
    "INITIALIZE UPDATE in an SCP03 session begins another",
    "6",
    f"scp03; ~80500000{_CHALLENGE}00 > 9000 #32; plain; 84CADF0108{'00' * 8} > 6985; scp03;"
    "80CADF0100 > 9000",
    _KEYS,
)
chapter.script(
    "SC-023",
    "GET DATA is answered in an SCP03 session in class 84 and in class 04",
    "6",
    "scp03; 80CADF0100 > 9000 #1; 00CADF0100 > 9000 #1; 80CA00E000 > 9000 E0*",
    _KEYS,
)
chapter.script(
    "SC-024",
    "A reset ends an SCP03 session",
    "5",
    f"scp03; reset; 84CADF0108{'00' * 8} > 6985",
    _KEYS,
)


@chapter.case("SC-025", "The C-MAC covers an extended Lc as it is sent", "6; Amendment D", _KEYS)
def _extended(terminal: Terminal) -> None:
    host = Host.asked(terminal)
    require_sw(host.authenticate(), SW.OK, doing="EXTERNAL AUTHENTICATE")
    command = CommandAPDU(cla=0x80, ins=Ins.GET_DATA, p1=0xDF, p2=0x01)
    require_sw(terminal.exchange(host.extended(command)), SW.OK, doing="an extended Lc")


chapter.script(
    "SC-026",
    "Personalized or blocked, a card opens no SCP03 session over the air",
    "6",
    f"root; 80500000{_CHALLENGE}00 > 6985",
    Terms(stages=(Stage.PERSONALIZED, Stage.BLOCKED), where=Where.CONTACTLESS),
)
chapter.script(
    "SC-027",
    "In a session of the transport keys no chip key is made and nothing is stored or set",
    "6",
    "scp03; 80470000 > 6985; 80E288000401010100 > 6985; 80F0400F > 6985; 80F04083 > 6985",
    _NEW,
)


def _set(octets: int = 16) -> StaticKeys:
    return StaticKeys(*(secrets.token_bytes(octets) for _ in range(3)))


def _order(terminal: Terminal, *, version: int = 0x31, present: int = 0x30) -> CommandAPDU:
    session = open_scp03(terminal)
    command = put_key_command(_set(), new_version=1, present_version=1, session=session)
    return replace(command, p1=present, data=bytes((version,)) + command.data[1:])


@chapter.case(
    "SC-028", "PUT KEY with a wrong check value is 6A80 and changes nothing", "6 Keys", _NEW
)
def _wrong_check_value(terminal: Terminal) -> None:
    order = _order(terminal)
    spoiled = order.data[:-1] + bytes((order.data[-1] ^ 1,))
    require_sw(terminal.send(replace(order, data=spoiled)), SW.WRONG_DATA, doing="PUT KEY")
    _require_transport_keys(terminal)


@chapter.case("SC-029", "PUT KEY for a set that is not there is 6A88", "6 Keys", _NEW)
def _no_such_set(terminal: Terminal) -> None:
    answer = terminal.send(_order(terminal, present=0x31))
    require_sw(answer, SW.REFERENCE_NOT_FOUND, doing="PUT KEY")
    _require_transport_keys(terminal)


@chapter.case("SC-030", "No new key set has version 00, 30 or 80", "6 Keys", _NEW)
def _versions(terminal: Terminal) -> None:
    for version in (0x00, 0x30, 0x80):
        answer = terminal.send(_order(terminal, version=version))
        require_sw(answer, SW.WRONG_DATA, doing=f"new version {version:02X}")
    _require_transport_keys(terminal)


def _require_transport_keys(terminal: Terminal) -> None:
    terminal.reset()
    open_scp03(terminal)


_KEYED: Final = Terms(stages=(Stage.KEYED,), needs=(Need.KEYS,), effect=Effect.WRITES)
chapter.script(
    "SC-031",
    "After PUT KEY the transport set is gone",
    "6 Keys",
    f"root; 80503000{_CHALLENGE}00 > 6A88; 80503100{_CHALLENGE}00 > 9000 #32",
    Terms(stages=(Stage.KEYED,)),
)


@chapter.case("SC-032", "A key set just written begins at counter 000001", "6", _KEYED)
def _first_counter(terminal: Terminal) -> None:
    _replace_set(terminal, _set(), back=False)
    terminal.reset()
    select(Directory.ROOT)(terminal)
    require(_ask(terminal).sequence_counter == 1, "the counter does not begin at 000001")


for _number, _size in (("SC-033", 24), ("SC-034", 32)):

    @chapter.case(_number, f"A key set of {_size * 8} bits is written and used", "6 Keys", _KEYED)
    def _long_keys(terminal: Terminal, octets: int = _size) -> None:
        _replace_set(terminal, _set(octets), back=True)


@chapter.case(
    "SC-035", "PUT KEY takes key fields with their true length before them", "6 Keys", _KEYED
)
def _explicit_length(terminal: Terminal) -> None:
    session, new = open_scp03(terminal), _set()
    fields = b"".join(
        b"\x88\x11\x10" + session.wrap_dek(one) + b"\x03" + key_check_value(one)
        for one in (new.enc, new.mac, new.dek)
    )
    command = CommandAPDU(
        cla=0x80, ins=Ins.PUT_KEY, p1=0x31, p2=0x81, data=b"\x31" + fields, ne=256
    )
    terminal.expect(command, SW.OK)
    _put_back(terminal, new)


def _replace_set(terminal: Terminal, new: StaticKeys, *, back: bool) -> None:
    """Write another set of version 31, and the issuer's again if the case is not about that."""
    session = open_scp03(terminal)
    command = put_key_command(new, new_version=0x31, present_version=0x31, session=session)
    terminal.expect(command, SW.OK)
    if back:
        _put_back(terminal, new)
    else:
        terminal.known.issuer, issuer = (lambda _: new), terminal.known.issuer
        terminal.reset()
        _rewrite(terminal, issuer)


def _put_back(terminal: Terminal, present: StaticKeys) -> None:
    issuer, terminal.known.issuer = terminal.known.issuer, lambda _: present
    terminal.reset()
    _rewrite(terminal, issuer)


def _rewrite(terminal: Terminal, issuer: object) -> None:
    session = open_scp03(terminal)
    if not callable(issuer):
        raise TypeError("there was no key set before")
    keys = issuer(session.card.diversification_data)
    command = put_key_command(keys, new_version=0x31, present_version=0x31, session=session)
    terminal.expect(command, SW.OK)
    terminal.known.issuer = issuer

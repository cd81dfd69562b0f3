"""TA: terminal authentication and what the card remembers of it (card.md 5; TR-03110-3, B.3)."""

from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW, ResponseAPDU
from cardservice.apdu.tlv import encode_object
from cardservice.channel.terminal_authentication import signed_message
from cardservice.channel.terminal_authentication_references import parse_ef_cvca
from cardservice.conformance.authority import Authority, Enrolled, Wish
from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.cases.told import scratch_of
from cardservice.conformance.preparing import authenticate, open_chip, open_pace, select
from cardservice.conformance.terminal import Terminal, require, require_sw
from cardservice.conformance.terms import Effect, Need, Where
from cardservice.pki.cv.certificates import CvCertificate
from cardservice.policycard.layout import Directory

chapter: Final = Chapter()

_NEEDS: Final = (Need.AUTHORITY, Need.CHIP)
_KEEPS: Final = Terms(needs=_NEEDS)
_WRITES: Final = Terms(where=Where.ONCE, needs=_NEEDS, effect=Effect.WRITES)
_FAILED: Final = SW.AUTHENTICATION_FAILED
_NO_STATE: Final = SW.CONDITIONS_NOT_SATISFIED
_PART: Final = 100
_MOST: Final = 2_048
_HISTORY_READING: Final = CommandAPDU(cla=0, ins=Ins.READ_BINARY, p1=0x81, ne=1)


def _authority(terminal: Terminal) -> Authority:
    return scratch_of(terminal).authority


def set_key(terminal: Terminal, reference: bytes, *, template: int = 0xB6) -> ResponseAPDU:
    """Send MSE:Set DST (B6) or MSE:Set AT (A4)."""
    return terminal.send(
        CommandAPDU(
            cla=0,
            ins=Ins.MANAGE_SECURITY_ENVIRONMENT,
            p1=0x81,
            p2=template,
            data=encode_object(0x83, reference),
        )
    )


def show(terminal: Terminal, content: bytes) -> ResponseAPDU:
    """Send PSO:VERIFY CERTIFICATE in one command."""
    ins = Ins.PERFORM_SECURITY_OPERATION
    return terminal.send(CommandAPDU(cla=0, ins=ins, p2=0xBE, data=content))


def present(terminal: Terminal, certificate: CvCertificate) -> ResponseAPDU:
    """Send MSE:Set DST, which must succeed, and PSO."""
    chosen = set_key(terminal, certificate.car)
    require_sw(chosen, SW.OK, doing="MSE:Set DST")
    return show(terminal, certificate.content)


def _present_all(terminal: Terminal, enrolled: Enrolled) -> None:
    for certificate in (enrolled.verifier, enrolled.terminal):
        require_sw(present(terminal, certificate), SW.OK, doing="a certificate")
    chosen = set_key(terminal, enrolled.chain.holder, template=0xA4)
    require_sw(chosen, SW.OK, doing="MSE:Set AT")


def _challenge(terminal: Terminal) -> bytes:
    return terminal.expect(CommandAPDU(cla=0, ins=Ins.GET_CHALLENGE, ne=8), SW.OK)


def _sign(terminal: Terminal, enrolled: Enrolled, challenge: bytes, *, spoil: bool = False) -> int:
    """Send EXTERNAL AUTHENTICATE; return the status word."""
    if terminal.chip is None:
        raise ValueError("no chip authentication")
    id_picc = terminal.chip.chip_x if terminal.pace is None else terminal.pace.card_x
    message = signed_message(id_picc=id_picc, r_picc=challenge, terminal_x=terminal.chip.terminal_x)
    signature = bytearray(enrolled.sign(message))
    signature[-1] ^= spoil
    command = CommandAPDU(cla=0, ins=Ins.EXTERNAL_AUTHENTICATE, data=bytes(signature))
    return terminal.send(command).sw


def _reads_history(terminal: Terminal) -> bool:
    select(Directory.INSURERS)(terminal)
    return terminal.send(_HISTORY_READING).sw == SW.OK


@chapter.case("TA-001", "A terminal's chain and signature give its rights", "5", _KEEPS)
def _succeeds(terminal: Terminal) -> None:
    open_chip(terminal)
    authenticate(terminal, _authority(terminal).enrol())
    require(_reads_history(terminal), "the right to read history was not given")


@chapter.case(
    "TA-002",
    "After PACE ID_PICC is the card's ephemeral key of PACE",
    "5",
    Terms(needs=(*_NEEDS, Need.CAN)),
)
def _after_pace(terminal: Terminal) -> None:
    open_pace(terminal)
    open_chip(terminal)
    authenticate(terminal, _authority(terminal).enrol())
    require(_reads_history(terminal), "the right to read history was not given")


for _number, _command, _what in (
    ("TA-003", "002281B611830F525554455354435643413030303031", "MSE:Set DST"),
    ("TA-004", "002281A40F830D52555445535444563030303031", "MSE:Set AT"),
    ("TA-005", "002A00BE0530030201AA", "PSO"),
    ("TA-006", "0082000040" + "00" * 64, "EXTERNAL AUTHENTICATE"),
):
    chapter.script(
        _number,
        f"{_what} without chip authentication is 6985, in the clear and under PACE",
        "5",
        f"{_command} > 6985; pace; {_command} > 6985 -",
    )


@chapter.case("TA-007", "A trust point the card has not is 6A88", "5", _KEEPS)
def _unknown_authority(terminal: Terminal) -> None:
    open_chip(terminal)
    answer = set_key(terminal, b"XXOTHER00001")
    require_sw(answer, SW.REFERENCE_NOT_FOUND, doing="MSE:Set DST")


@chapter.case("TA-008", "A malformed certificate is 6A80", "5", _KEEPS)
def _malformed(terminal: Terminal) -> None:
    verifier = _authority(terminal).enrol().verifier
    open_chip(terminal)
    require_sw(set_key(terminal, verifier.car), SW.OK, doing="MSE:Set DST")
    require_sw(show(terminal, verifier.content[:-5]), SW.WRONG_DATA, doing="a cut certificate")


@chapter.case(
    "TA-009", "A certificate with a wrong signature is 6300 and imports nothing", "5", _KEEPS
)
def _wrong_signature(terminal: Terminal) -> None:
    enrolled = _authority(terminal).enrol()
    content = bytearray(enrolled.verifier.content)
    content[-1] ^= 1
    open_chip(terminal)
    require_sw(set_key(terminal, enrolled.verifier.car), SW.OK, doing="MSE:Set DST")
    require_sw(show(terminal, bytes(content)), _FAILED, doing="PSO")
    answer = set_key(terminal, enrolled.verifier.chr)
    require_sw(answer, SW.REFERENCE_NOT_FOUND, doing="MSE:Set DST of what was refused")


@chapter.case("TA-010", "A verifier of another authority is 6300", "5", _KEEPS)
def _foreign(terminal: Terminal) -> None:
    authority = _authority(terminal)
    foreign = Authority.begin(authority.since).enrol().verifier
    open_chip(terminal)
    reference = authority.current.certificate.chr
    require_sw(set_key(terminal, reference), SW.OK, doing="MSE:Set DST")
    require_sw(show(terminal, foreign.content), _FAILED, doing="a foreign verifier")


@chapter.case("TA-011", "A terminal directly under the trust point is 6300", "5", _KEEPS)
def _wrong_role(terminal: Terminal) -> None:
    open_chip(terminal)
    answer = present(terminal, _authority(terminal).terminal_under_trust_point())
    require_sw(answer, _FAILED, doing="PSO")


@chapter.case("TA-012", "MSE:Set AT takes the terminal just imported only", "5", _KEEPS)
def _other_terminal(terminal: Terminal) -> None:
    enrolled = _authority(terminal).enrol()
    open_chip(terminal)
    require_sw(present(terminal, enrolled.verifier), SW.OK, doing="the verifier")
    answer = set_key(terminal, enrolled.chain.holder, template=0xA4)
    require_sw(answer, SW.REFERENCE_NOT_FOUND, doing="a terminal not yet imported")
    require_sw(present(terminal, enrolled.terminal), SW.OK, doing="the terminal")
    answer = set_key(terminal, enrolled.verifier.chr, template=0xA4)
    require_sw(answer, SW.REFERENCE_NOT_FOUND, doing="the verifier as terminal")


@chapter.case("TA-013", "EXTERNAL AUTHENTICATE without a challenge is 6985", "5", _KEEPS)
def _no_challenge(terminal: Terminal) -> None:
    enrolled = _authority(terminal).enrol()
    open_chip(terminal)
    _present_all(terminal, enrolled)
    require(_sign(terminal, enrolled, bytes(8)) == _NO_STATE, "it is not 6985")


@chapter.case("TA-014", "A wrong signature of the terminal is 6300", "5", _KEEPS)
def _wrong_proof(terminal: Terminal) -> None:
    enrolled = _authority(terminal).enrol()
    open_chip(terminal)
    _present_all(terminal, enrolled)
    sw = _sign(terminal, enrolled, _challenge(terminal), spoil=True)
    require(sw == _FAILED, f"answered {sw:04X}")
    require(not _reads_history(terminal), "the rights were given all the same")


@chapter.case("TA-015", "A challenge serves once", "5", _KEEPS)
def _once(terminal: Terminal) -> None:
    enrolled = _authority(terminal).enrol()
    open_chip(terminal)
    _present_all(terminal, enrolled)
    challenge = _challenge(terminal)
    first = _sign(terminal, enrolled, challenge, spoil=True)
    second = _sign(terminal, enrolled, challenge)
    require((first, second) == (_FAILED, _NO_STATE), f"answered {first:04X}, {second:04X}")


@chapter.case("TA-016", "A wrong signature takes the rights there were", "5", _KEEPS)
def _rights_gone(terminal: Terminal) -> None:
    enrolled = _authority(terminal).enrol()
    open_chip(terminal)
    authenticate(terminal, enrolled)
    _present_all(terminal, enrolled)
    sw = _sign(terminal, enrolled, _challenge(terminal), spoil=True)
    require(sw == _FAILED, f"answered {sw:04X}")
    require(not _reads_history(terminal), "the earlier rights are still there")


@chapter.case("TA-017", "Two challenges differ", "5", _KEEPS)
def _fresh(terminal: Terminal) -> None:
    open_chip(terminal)
    require(_challenge(terminal) != _challenge(terminal), "the same challenge came twice")


def _parts(content: bytes) -> list[bytes]:
    return [content[at : at + _PART] for at in range(0, len(content), _PART)]


def _send_part(terminal: Terminal, part: bytes, *, cla: int, p2: int = 0xBE) -> ResponseAPDU:
    ins = Ins.PERFORM_SECURITY_OPERATION
    return terminal.send(CommandAPDU(cla=cla, ins=ins, p2=p2, data=part))


@chapter.case("TA-018", "A certificate comes in a chain of protected parts", "7 Chaining", _KEEPS)
def _chained(terminal: Terminal) -> None:
    verifier = _authority(terminal).enrol().verifier
    open_chip(terminal)
    require_sw(set_key(terminal, verifier.car), SW.OK, doing="MSE:Set DST")
    *parts, last = _parts(verifier.content)
    for part in parts:
        require_sw(_send_part(terminal, part, cla=0x10), SW.OK, doing="a part")
    require_sw(_send_part(terminal, last, cla=0x00), SW.OK, doing="the last part")


@chapter.case("TA-019", "Another header in a chain is 6883 and drops it", "7 Chaining", _KEEPS)
def _broken_chain(terminal: Terminal) -> None:
    verifier = _authority(terminal).enrol().verifier
    open_chip(terminal)
    require_sw(set_key(terminal, verifier.car), SW.OK, doing="MSE:Set DST")
    first, second, *_ = _parts(verifier.content)
    require_sw(_send_part(terminal, first, cla=0x10), SW.OK, doing="a part")
    broken = _send_part(terminal, second, cla=0x10, p2=0xAE)
    require_sw(broken, SW.LAST_COMMAND_OF_CHAIN_EXPECTED, doing="another P2")


@chapter.case("TA-020", "Another command in a chain is 6883 and drops it", "7 Chaining", _KEEPS)
def _interrupted_chain(terminal: Terminal) -> None:
    verifier = _authority(terminal).enrol().verifier
    open_chip(terminal)
    require_sw(set_key(terminal, verifier.car), SW.OK, doing="MSE:Set DST")
    first = _parts(verifier.content)[0]
    require_sw(_send_part(terminal, first, cla=0x10), SW.OK, doing="a part")
    command = CommandAPDU(cla=0, ins=Ins.GET_DATA, p1=0xDF, p2=0x01, ne=256)
    answer = terminal.send(command)
    require_sw(answer, SW.LAST_COMMAND_OF_CHAIN_EXPECTED, doing="GET DATA")


@chapter.case("TA-021", "A chain of more than 2,048 octets is 6700", "7 Chaining", _KEEPS)
def _long_chain(terminal: Terminal) -> None:
    verifier = _authority(terminal).enrol().verifier
    open_chip(terminal)
    require_sw(set_key(terminal, verifier.car), SW.OK, doing="MSE:Set DST")
    words = []
    for _ in range(_MOST // _PART + 1):
        words.append(_send_part(terminal, bytes(_PART), cla=0x10).sw)
        if words[-1] != SW.OK:
            break
    require(words[-1] == SW.WRONG_LENGTH, f"the chain ends with {words[-1]:04X}")
    require(len(words) == _MOST // _PART + 1, "it is refused too early")


chapter.script(
    "TA-022",
    "PSO with another P1 or P2 is 6A86",
    "7",
    "chip; 002A01BE02AABB > 6A86 -; 002A00AE02AABB > 6A86 -",
)


@chapter.case(
    "TA-040",
    "A later verifier moves the card's date, by which others are then expired",
    "5",
    _WRITES,
)
def _date_moves(terminal: Terminal) -> None:
    authority = _authority(terminal)
    late = authority.enrol(Wish(verifier_days=(5, 60), terminal_days=(5, 6)))
    early = authority.enrol(Wish(verifier_days=(0, 4), terminal_days=(0, 4)))
    open_chip(terminal)
    require_sw(present(terminal, early.verifier), SW.OK, doing="a verifier that is in time")
    require_sw(present(terminal, late.verifier), SW.OK, doing="a later verifier")
    terminal.reset()
    open_chip(terminal)
    require_sw(present(terminal, early.verifier), _FAILED, doing="the first one, now expired")


@chapter.case("TA-041", "A terminal that is expired by the card's date is 6300", "5", _WRITES)
def _expired_terminal(terminal: Terminal) -> None:
    authority = _authority(terminal)
    late = authority.enrol(Wish(verifier_days=(6, 60), terminal_days=(0, 5)))
    open_chip(terminal)
    require_sw(present(terminal, late.verifier), SW.OK, doing="a later verifier")
    require_sw(present(terminal, late.terminal), _FAILED, doing="the expired terminal")


def _references(terminal: Terminal) -> tuple[bytes, ...]:
    select(Directory.ROOT)(terminal)
    return parse_ef_cvca(
        terminal.expect(CommandAPDU(cla=0, ins=Ins.READ_BINARY, p1=0x9C, ne=36), SW.OK)
    )


@chapter.case(
    "TA-050", "A link replaces the trust point and keeps the old one as the previous", "5", _WRITES
)
def _link(terminal: Terminal) -> None:
    authority = _authority(terminal)
    new, link = authority.successor()
    open_chip(terminal)
    require_sw(present(terminal, link), SW.OK, doing="the link certificate")
    authority.follow(new)
    terminal.reset()
    old = authority.previous
    known = (new.certificate.chr, b"" if old is None else old.certificate.chr)
    require(_references(terminal) == known, "EF.CVCA does not name the two")


@chapter.case("TA-051", "Verifiers of the previous trust point are taken", "5", _WRITES)
def _under_previous(terminal: Terminal) -> None:
    authority = _authority(terminal)
    require(authority.previous, "no link was taken before")
    open_chip(terminal)
    authenticate(terminal, authority.enrol(under=authority.previous))
    require(_reads_history(terminal), "the right was not given")


@chapter.case("TA-052", "A link under the previous trust point is 6300", "5", _WRITES)
def _stale_link(terminal: Terminal) -> None:
    authority = _authority(terminal)
    _, link = authority.successor(under=authority.previous)
    before = _references(terminal)
    open_chip(terminal)
    require_sw(present(terminal, link), _FAILED, doing="the link")
    require(_references(terminal) == before, "the trust points changed")


@chapter.case("TA-053", "Verifiers of the new trust point are taken", "5", _WRITES)
def _under_new(terminal: Terminal) -> None:
    authority = _authority(terminal)
    open_chip(terminal)
    authenticate(terminal, authority.enrol())
    require(_reads_history(terminal), "the right was not given")

"""Every octet of every protocol message is changed, and every message is cut at every length.

The card must refuse with the status word its contract has for that octet, be in the state the
table says, and have changed nothing in its memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from simulators.card.protocol_events import RUNS, SESSION, Event, Fact, State
from simulators.card.protocol_states import outcome
from tests.adversarial.card.stage import Stage
from tests.adversarial.card.terminal import DV_CERTIFICATE, TERMINAL_CERTIFICATE, Plain
from tests.unit.simulators.card.desks import card_with_trust_point
from tests.unit.simulators.card.hosts import OK, apdu
from tests.unit.simulators.card.issuing import CVCA, DV, TERMINAL

E = Event
PATTERNS = (0x01, 0x80, 0xFF)
Words = frozenset[int]
Parts = tuple[tuple[int, Words], ...]


def _sw(*words: int) -> Words:
    return frozenset(words)


CLASS, INSTRUCTION = _sw(0x6881, 0x6E00), _sw(0x6D00)
PARAMETERS, LENGTH, DATA, NAME = _sw(0x6A86), _sw(0x6700), _sw(0x6A80), _sw(0x6A88)
WRONG, WRONG_OR_DATA, NOT_JUDGED = _sw(0x6300), _sw(0x6300, 0x6A80), _sw(OK)
# One octet less is taken as Le, one more takes Le 00 for padding: still a command of some form.
LENGTH_OR_DATA, LENGTH_OR_PADDING = _sw(0x6700, 0x6A80), _sw(0x6700, OK)
# MSE 41A4 becomes C1A4 and the other way round: then the objects are wrong, or the session.
OTHER_PROTOCOL = _sw(0x6A86, 0x6A80, 0x6985)
# Under secure messaging an odd INS wants its cryptogram in DO 85.
PROTECTED_INSTRUCTION = _sw(0x6D00, 0x6988)

_HEAD: Parts = ((1, CLASS), (1, INSTRUCTION), (2, PARAMETERS))
_MSE_HEAD: Parts = ((1, CLASS), (1, INSTRUCTION), (1, OTHER_PROTOCOL), (1, PARAMETERS))
_LE: Parts = ((1, NOT_JUDGED),)
_POINT: Parts = ((1, LENGTH), (69, DATA))


@dataclass(frozen=True)
class Message:
    """A message, the events before it, and the refusals for its octets one part after another.

    ``empty`` is the refusal of the bare header, with or without Le.
    """

    event: Event
    before: tuple[Event, ...]
    parts: Parts
    empty: int = 0x6A80


ROOT = (E.SELECT,)
PACE = (*ROOT, E.MSE_PACE, E.NONCE, E.MAP, E.AGREE, E.TOKEN)
CHIP = (*ROOT, E.MSE_CA, E.CA_POINT)
CHAIN = (*CHIP, E.MSE_DST_CVCA, E.PSO_DV, E.MSE_DST_DV, E.PSO_TERMINAL)
PROOF = (*CHAIN, E.MSE_AT, E.GET_CHALLENGE)

PLAIN = {
    "PACE MSE": Message(E.MSE_PACE, ROOT, (*_MSE_HEAD, (1, LENGTH_OR_DATA), (14, DATA), (1, NAME))),
    "PACE nonce": Message(E.NONCE, PACE[:2], (*_HEAD, (1, LENGTH_OR_PADDING), (2, DATA), *_LE)),
    "PACE mapping": Message(E.MAP, PACE[:3], (*_HEAD, *_POINT, *_LE)),
    "PACE agreement": Message(E.AGREE, PACE[:4], (*_HEAD, *_POINT, *_LE)),
    "PACE token": Message(
        E.TOKEN, PACE[:5], (*_HEAD, (1, LENGTH_OR_PADDING), (4, DATA), (8, WRONG), *_LE)
    ),
    "CA MSE": Message(E.MSE_CA, ROOT, (*_MSE_HEAD, (1, LENGTH), (12, DATA))),
    "CA point": Message(E.CA_POINT, CHIP[:2], (*_HEAD, *_POINT, *_LE)),
    "INITIALIZE UPDATE": Message(
        E.INITIALIZE_UPDATE,
        ROOT,
        (*_HEAD[:2], (1, NAME), (1, PARAMETERS), (1, LENGTH), (8, NOT_JUDGED), *_LE),
        empty=0x6700,
    ),
    "EXTERNAL AUTHENTICATE of the host": Message(
        E.HOST_PROOF,
        (*ROOT, E.INITIALIZE_UPDATE),
        (*_HEAD[:2], (2, _sw(0x6982)), (1, LENGTH), (16, _sw(0x6982))),
        empty=0x6982,
    ),
}


def _certificate_parts(certificate: bytes, *names: bytes) -> Parts:
    """Say for every octet of a certificate what follows when it is changed.

    A name changed is no longer what was signed; a digit of a date may make a date still; all else
    is no certificate of this form any more.
    """
    words = [DATA] * len(certificate)
    for name in names:
        at = certificate.index(name)
        words[at : at + len(name)] = [WRONG] * len(name)
    # A role turned into a CVCA's wants a key with its curve; another right is only unsigned.
    words[certificate.index(b"\x53\x01") + 2] = WRONG_OR_DATA
    for tag in (b"\x5f\x25\x06", b"\x5f\x24\x06"):
        at = certificate.index(tag) + len(tag)
        words[at : at + 6] = [WRONG_OR_DATA] * 6
    words[-64:] = [WRONG] * 64
    return tuple((1, word) for word in words)


_IN_SESSION: Parts = ((1, CLASS), (1, PROTECTED_INSTRUCTION), (2, PARAMETERS))
_MSE_IN_SESSION: Parts = (*_IN_SESSION[:2], (1, OTHER_PROTOCOL), (1, PARAMETERS))
PROTECTED = {
    "CA MSE after PACE": Message(E.MSE_CA, PACE, (*_MSE_IN_SESSION, (12, DATA))),
    "CA point after PACE": Message(E.CA_POINT, (*PACE, E.MSE_CA), (*_IN_SESSION, (69, DATA))),
    "TA issuer": Message(E.MSE_DST_CVCA, CHIP, (*_IN_SESSION, (2, DATA), (15, NAME))),
    "TA certificate of the DV": Message(
        E.PSO_DV,
        CHAIN[:4],
        (*_IN_SESSION, *_certificate_parts(DV_CERTIFICATE, CVCA.name, DV.name)),
    ),
    "TA certificate of the terminal": Message(
        E.PSO_TERMINAL,
        CHAIN[:6],
        (*_IN_SESSION, *_certificate_parts(TERMINAL_CERTIFICATE, DV.name, TERMINAL.name)),
    ),
    "TA terminal": Message(E.MSE_AT, CHAIN, (*_IN_SESSION, (2, DATA), (14, NAME))),
    "TA challenge": Message(E.GET_CHALLENGE, PROOF[:-1], _IN_SESSION, empty=OK),
    "TA proof": Message(E.TERMINAL_PROOF, PROOF, (*_IN_SESSION, (64, WRONG)), empty=0x6700),
}


def _stage_for(message: Message) -> Stage:
    stage = Stage(card_with_trust_point())
    assert stage.perform(*message.before) == OK
    return stage


def _plain_octets(stage: Stage, event: Event) -> bytes:
    terminal = stage.terminal.duplicate()
    if event is E.INITIALIZE_UPDATE:
        return apdu("80503100", b"\x11" * 8, 0)
    if event is E.HOST_PROOF:
        assert terminal.scp03 is not None
        return terminal.scp03.mac_command("84823300", terminal.cryptogram)
    return terminal.command(event).octets()


def _spread(parts: Parts) -> list[Words]:
    return [words for octets, words in parts for _ in range(octets)]


def _changed(octets: bytes) -> Iterator[tuple[int, bytes]]:
    for position in range(len(octets)):
        for pattern in PATTERNS:
            mutant = bytearray(octets)
            mutant[position] ^= pattern
            yield position, bytes(mutant)


def _after(state: State, event: Event, sw: int) -> State:
    """The state after a refusal: unfinished business is over, and with broken protection all is."""
    if sw == OK:
        return outcome(state, event)[1]
    if sw in (0x6987, 0x6988):
        return state - RUNS - SESSION
    if event is E.TERMINAL_PROOF and sw == 0x6300:
        return outcome(state, E.TERMINAL_WRONG_PROOF)[1]
    return state - RUNS


def _try(stage: Stage, message: Message, sent: bytes | Plain, state: State) -> int:
    """Send a changed message; check state and memory, and return its status word."""
    cells = stage.card.memory.cells()
    if isinstance(sent, bytes):
        sw = int.from_bytes(stage.card.execute(sent)[-2:], "big")
    else:
        sw = stage.terminal.exchange(sent, state)[1]
    assert stage.state == _after(state, message.event, sw), f"{sw:04X}"
    if sw != OK:
        assert stage.card.memory.cells() == cells, f"{sw:04X}"
    return sw


@pytest.mark.parametrize("name", PLAIN)
def test_every_octet_of_a_plain_message_changed_is_refused_for_what_it_is(name: str) -> None:
    message = PLAIN[name]
    stage = _stage_for(message)
    octets, state, moment = _plain_octets(stage, message.event), stage.state, stage.freeze()
    expected = _spread(message.parts)
    assert len(expected) == len(octets)
    for position, mutant in _changed(octets):
        stage.thaw(moment)
        sw = _try(stage, message, mutant, state)
        assert sw in expected[position], f"octet {position}: {sw:04X}"
    stage.thaw(moment)
    assert _try(stage, message, octets, state) == OK


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_message_cut_at_any_length_is_refused(name: str) -> None:
    message = PLAIN[name]
    stage = _stage_for(message)
    octets, state, moment = _plain_octets(stage, message.event), stage.state, stage.freeze()
    has_le = message.parts[-1] == _LE[0]
    for length in range(len(octets) - has_le):
        stage.thaw(moment)
        sw = _try(stage, message, octets[:length], state)
        assert sw == (message.empty if length in (4, 5) else 0x6700), f"length {length}"


def _inside(command: Plain, octets: bytes) -> Plain:
    return Plain(octets[:4].hex(), octets[4:], command.le)


@pytest.mark.parametrize("name", PROTECTED)
def test_every_octet_changed_inside_the_protection_is_refused_for_what_it_is(name: str) -> None:
    message = PROTECTED[name]
    stage = _stage_for(message)
    command, state, moment = stage.terminal.command(message.event), stage.state, stage.freeze()
    octets = bytes.fromhex(command.header) + command.data
    expected = _spread(message.parts)
    assert len(expected) == len(octets)
    for position, mutant in _changed(octets):
        stage.thaw(moment)
        sw = _try(stage, message, _inside(command, mutant), state)
        assert sw in expected[position], f"octet {position}: {sw:04X}"
    stage.thaw(moment)
    assert _try(stage, message, command, state) == OK


@pytest.mark.parametrize("name", PROTECTED)
def test_a_message_cut_at_any_length_inside_the_protection_is_refused(name: str) -> None:
    message = PROTECTED[name]
    stage = _stage_for(message)
    command, state, moment = stage.terminal.command(message.event), stage.state, stage.freeze()
    for length in range(len(command.data)):
        stage.thaw(moment)
        shorter = Plain(command.header, command.data[:length], command.le)
        sw = _try(stage, message, shorter, state)
        assert sw == message.empty, f"length {length}"


FRAMES = {
    **PROTECTED,
    "any protected command": Message(E.GET_DATA, PACE, ()),
    "a protected selection": Message(E.SELECT, CHIP, ()),
}


def _protected_octets(stage: Stage, event: Event) -> bytes:
    terminal = stage.terminal.duplicate()
    command = terminal.command(event)
    assert terminal.iso is not None
    return terminal.iso.wrap(command.header, command.data, command.le)


@pytest.mark.parametrize("name", FRAMES)
def test_every_octet_changed_on_the_way_ends_the_session_unprotected(name: str) -> None:
    message = FRAMES[name]
    stage = _stage_for(message)
    octets, state, moment = _protected_octets(stage, message.event), stage.state, stage.freeze()
    cells = stage.card.memory.cells()
    for position, mutant in _changed(octets[:-1]):
        stage.thaw(moment)
        answer = stage.card.execute(mutant)
        assert answer.hex() in ("6700", "6987", "6988"), f"octet {position}"
        assert stage.state == state - RUNS - SESSION
        assert stage.card.memory.cells() == cells


@pytest.mark.parametrize("name", FRAMES)
def test_a_protected_message_cut_at_any_length_on_the_way_ends_the_session(name: str) -> None:
    message = FRAMES[name]
    stage = _stage_for(message)
    octets, state, moment = _protected_octets(stage, message.event), stage.state, stage.freeze()
    for length in range(len(octets) - 1):
        stage.thaw(moment)
        answer = stage.card.execute(octets[:length])
        assert answer.hex() == ("6987" if length in (4, 5) else "6700"), f"length {length}"
        assert stage.state == state - RUNS - SESSION


SCP03 = (*ROOT, E.INITIALIZE_UPDATE, E.HOST_PROOF)


def test_a_store_data_of_the_issuer_changed_or_cut_anywhere_is_refused_and_writes_nothing() -> None:
    stage = Stage(card_with_trust_point())
    assert stage.perform(*SCP03) == OK
    scp03 = stage.terminal.duplicate().scp03
    assert scp03 is not None
    octets, state, moment = scp03.wrap("84E28800", b"\x01\x1d\x01\x00"), stage.state, stage.freeze()
    cells = stage.card.memory.cells()
    cut = [(length, octets[:length]) for length in range(len(octets))]
    for position, mutant in [*_changed(octets), *cut]:
        stage.thaw(moment)
        answer = stage.card.execute(mutant).hex()
        # An unknown instruction of the session's class is refused before its MAC is looked at.
        kept = answer == "6d00"
        assert answer in ("6982", "6700") or (kept and position == 1), f"octet {position}"
        assert stage.state == (state if kept else state - SESSION)
        assert stage.card.memory.cells() == cells
    stage.thaw(moment)
    assert stage.card.execute(octets)[-2:] == b"\x90\x00"


def test_the_messages_here_are_all_steps_that_the_table_calls_good() -> None:
    for message in (*PLAIN.values(), *PROTECTED.values()):
        state = frozenset[Fact]()
        for event in (*message.before, message.event):
            sw, state = outcome(state, event)
            assert sw == OK, event

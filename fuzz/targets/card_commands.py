"""Card side: a card at some point of a conversation, then any commands.

An input is one octet that chooses the scene, then commands, each with an octet of length.
"""

from collections.abc import Iterator
from itertools import islice

from cardservice.apdu.command import CommandAPDU
from fuzz import issuing
from fuzz.cards import HOLDERS_ENP, lasting
from fuzz.scenes import SCENES, Scene
from fuzz.target import Target, joined, pieces, require
from fuzz.targets.card_objects import grouping, personalization
from simulators.card.status import SW

_MOST_COMMANDS = 12
_BLOCK = 220
_MORE_BLOCKS, _LAST_BLOCK = 0x08, 0x88
_LONGEST_ANSWER = 2_100  # 2,000 octets, protected
_TRIES_LEFT = 0x63C0
_LIFE_CYCLE = bytes.fromhex("00CADF0100")
_STATUS_WORDS = {int(sw) for sw in SW} | set(range(_TRIES_LEFT, _TRIES_LEFT + 16))


def _converse(octets: bytes) -> None:
    if not octets:
        return
    scene = SCENES[octets[0] % len(SCENES)]()
    before = lasting(scene.card)
    for command in islice(pieces(octets[1:]), _MOST_COMMANDS):
        _judge(scene, *scene.say(command))
    require(scene.may_write or lasting(scene.card) == before, "without rights nothing is written")
    scene.card.reset()
    answer = scene.card.execute(_LIFE_CYCLE)
    require(answer[1:] == b"\x90\x00", "after a reset the card tells its state")


def _judge(scene: Scene, answer: bytes, content: bytes) -> None:
    require(len(answer) <= _LONGEST_ANSWER, "no answer is longer than the card has said")
    require(int.from_bytes(answer[-2:]) in _STATUS_WORDS, "every answer ends in a status word")
    visible = HOLDERS_ENP in answer or HOLDERS_ENP in content
    require(scene.may_read or not visible, "without rights nobody sees the policy number")


def _say(ins: int, p1p2: int, data: bytes = b"", ne: int = 0, cla: int = 0) -> bytes:
    p1, p2 = divmod(p1p2, 256)
    return CommandAPDU(cla=cla, ins=ins, p1=p1, p2=p2, data=data, ne=ne).encode()


def _seeds() -> Iterator[bytes]:
    for number in range(len(SCENES)):
        for talk in (_reading(), _codes(), _protocols(), _certificates(), _issuing(), _changing()):
            yield bytes((number,)) + joined(*talk)


def _reading() -> Iterator[bytes]:
    for aid in (b"foms_root", b"FOMS_INS", b"FOMS_ID"):
        yield _say(0xA4, 0x0400, aid, 256)
    yield _say(0xA4, 0x0204, b"\x02\x01", 256)
    yield _say(0xB0, 0x0000, ne=256)
    yield _say(0xB0, 0x8100, ne=65_536)
    yield _say(0xCA, 0x00E0, ne=256)
    yield _say(0xCA, 0x01B0, ne=2)


def _codes() -> Iterator[bytes]:
    yield _say(0x20, 0x0001)
    yield _say(0x20, 0x0001, b"1111\xff\xff\xff\xff")
    yield _say(0x24, 0x0001, b"1111\xff\xff\xff\xff2222\xff\xff\xff\xff")
    yield _say(0x2C, 0x0001, b"111111112222\xff\xff\xff\xff")


def _protocols() -> Iterator[bytes]:
    pace, chip = "800A04007F00070202040202830102", "800A04007F00070202030202"
    point = issuing.key("peer").public_key[-65:]
    yield _say(0x86, 0, bytes.fromhex("7C438141") + point, 256, cla=0x10)
    yield _say(0x86, 0, bytes.fromhex("7C438341") + point, 256, cla=0x10)
    yield _say(0x86, 0, bytes.fromhex("7C0A8508") + bytes(8), 256)
    yield _say(0x22, 0xC1A4, bytes.fromhex(pace))
    yield _say(0x86, 0, bytes.fromhex("7C00"), 256, cla=0x10)
    yield _say(0x22, 0x41A4, bytes.fromhex(chip))
    yield _say(0x86, 0, bytes.fromhex("7C438041") + point, 256)
    yield _say(0x50, 0x3100, bytes(8), 256, cla=0x80)
    yield _say(0x82, 0x3300, bytes(16), cla=0x84)


def _certificates() -> Iterator[bytes]:
    _, verifier, terminal = issuing.chain()
    for certificate in (verifier, terminal):
        yield _say(0x22, 0x81B6, bytes((0x83, len(certificate.car))) + certificate.car)
        yield _say(0x2A, 0x00BE, certificate.content[:120], cla=0x10)
        yield _say(0x2A, 0x00BE, certificate.content[120:])
    yield _say(0x22, 0x81A4, bytes((0x83, len(terminal.chr))) + terminal.chr)
    yield _say(0x84, 0, ne=8)
    yield _say(0x82, 0, bytes(64))


def _issuing() -> Iterator[bytes]:
    yield from islice(_storing(personalization()), _MOST_COMMANDS - 2)
    yield _say(0x47, 0, ne=256, cla=0x80)
    yield _say(0xF0, 0x400F, cla=0x80)


def _changing() -> Iterator[bytes]:
    """The change of insurer that the made card would take from one who may."""
    yield from _storing(
        grouping(0x0303, issuing.insurer())
        + grouping(0x011D, issuing.security_object())
        + grouping(0x01B0, b"\x03\x03")
    )


def _storing(stream: bytes) -> Iterator[bytes]:
    starts = range(0, len(stream), _BLOCK)
    for number, start in enumerate(starts):
        p1 = _LAST_BLOCK if number == len(starts) - 1 else _MORE_BLOCKS
        yield _say(0xE2, p1 << 8 | number, stream[start : start + _BLOCK], cla=0x80)


TARGETS = {"card.commands": Target(_converse, _seeds, heaviness=20)}

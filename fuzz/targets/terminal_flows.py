"""Terminal side: whole conversations with a card that answers whatever it likes.

An input is one octet that chooses the conversation, then answers, each with two octets of length.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import count

from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.channel.card_access import choose_pace, parse_card_access
from cardservice.channel.card_management import read_life_cycle
from cardservice.channel.chip_authentication import authenticate_chip
from cardservice.channel.flow import Exchange, drive
from cardservice.channel.pace import establish_pace
from cardservice.channel.pace_password import PacePassword
from cardservice.channel.reading import get_data, read_binary, read_file
from cardservice.channel.scp03.keys import StaticKeys
from cardservice.channel.scp03.opening import open_session
from cardservice.channel.security_infos import encode_card_access
from cardservice.errors import PeerError
from cardservice.pki.trust import TrustStore
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge
from fuzz import issuing
from fuzz.cards import CAN, CHIP_POINT, KEYS, made_card
from fuzz.target import Target, joined, pieces, require
from simulators.card import SoftwareCard

_LIMIT = 512
_MOST_COMMANDS = 2_000  # of any conversation here; a card must not keep a terminal for ever
_TERMINAL_SCALAR, _MAP_SCALAR, _AGREE_SCALAR = 987_654, 1_234, 5_678
_SILENCE = b"\x6f\x00"
_WIDTH = 2  # octets of the length before each answer
OK = b"\x90\x00"


class Answers:
    """A card whose answers are an input's, then ``6F00`` for ever."""

    atr = b"\x3b\x00"

    def __init__(self, octets: bytes) -> None:
        self._answers = pieces(octets, width=_WIDTH)
        self._commands = count(1)

    def exchange(self, _command: bytes) -> bytes:
        """Return the next answer."""
        require(next(self._commands) < _MOST_COMMANDS, "every conversation has an end")
        return next(self._answers, _SILENCE)

    def reset(self) -> bytes:
        """Return the ATR; the answers go on where they were."""
        return self.atr


class Recorded:
    """A card whose answers are kept."""

    def __init__(self, card: SoftwareCard) -> None:
        self.card = card
        self.atr = card.atr
        self.answers: list[bytes] = []

    def exchange(self, command: bytes) -> bytes:
        """Return the card's answer."""
        answer = self.card.execute(command)
        self.answers.append(answer)
        return answer

    def reset(self) -> bytes:
        """Reset the card; return its ATR."""
        return self.card.reset()


def _new_ephemeral() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(_TERMINAL_SCALAR, ec.SECP256R1())


def _examine(card: Answers | Recorded) -> None:
    now = issuing.AT + timedelta(days=1)
    trust = TrustStore([issuing.root().certificate.der], revocations=[], production=False)
    judge = Judge(trust, register=None, clock=lambda: now, region="00001")
    examiner = CardExaminer(judge, new_ephemeral=_new_ephemeral, new_scalar=lambda _: 4321)
    examiner.examine(card)
    examiner.examine(card, can=CAN.decode())


def _open_pace(exchange: Exchange) -> None:
    flow = establish_pace(
        choose_pace(parse_card_access(encode_card_access())),
        password=PacePassword.can(CAN.decode()),
        map_scalar=_MAP_SCALAR,
        ephemeral_scalar=_AGREE_SCALAR,
    )
    drive(flow, exchange)


def _open_scp03(exchange: Exchange) -> None:
    keys = StaticKeys(KEYS.key_enc, KEYS.key_mac, KEYS.key_dek)
    drive(open_session(keys, key_version=0, host_challenge=bytes(8)), exchange)


def _prove_chip(exchange: Exchange) -> None:
    flow = authenticate_chip(CHIP_POINT, ephemeral=_new_ephemeral())
    drive(drive(flow, exchange).prove(read_binary(sfi=1)), exchange)


def _read(exchange: Exchange) -> None:
    drive(read_life_cycle(), exchange)
    drive(get_data(0x01B0), exchange)
    drive(read_file(sfi=1, max_size=_LIMIT), exchange)


_FLOWS: tuple[Callable[[Exchange], None], ...] = (_open_pace, _open_scp03, _prove_chip, _read)


def _converse(octets: bytes) -> None:
    if not octets:
        return
    card = Answers(octets[1:])
    try:
        _FLOWS[octets[0] % len(_FLOWS)](card.exchange)
    except PeerError:
        return


def _examine_one(octets: bytes) -> None:
    """An examination lets no error out at all."""
    _examine(Answers(octets))


def _flow_seeds() -> Iterator[bytes]:
    for number, flow in enumerate(_FLOWS):
        recorded = Recorded(made_card())
        recorded.exchange(bytes.fromhex("00A4040C09") + b"foms_root")
        recorded.answers.clear()
        with suppress(PeerError):
            flow(recorded.exchange)
        yield bytes((number,)) + joined(*recorded.answers, width=_WIDTH)


def _desk_seeds() -> Iterator[bytes]:
    recorded = Recorded(made_card())
    _examine(recorded)
    yield joined(*recorded.answers, width=_WIDTH)
    yield joined(b"\x6a\x82", OK, OK, issuing.owner() + OK, width=_WIDTH)


TARGETS = {
    "terminal.flows": Target(_converse, _flow_seeds, heaviness=20),
    "terminal.desk": Target(_examine_one, _desk_seeds, heaviness=20),
}

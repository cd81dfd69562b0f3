"""A terminal that makes every event of the state table, in any state, right or wrong.

It is told the state by the table, and sends as that state wants: plainly, in ISO secure
messaging, or under SCP03. Where it lacks what a right command needs, it sends octets of the right
form, since the card must refuse by state alone.
"""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec

from simulators.card import SoftwareCard
from simulators.card.curve import P256
from simulators.card.protocol_events import Event, Fact, State
from tests.unit.simulators.card.hosts import (
    CA_OID,
    FOMS_ROOT,
    OK,
    PACE_OID,
    IsoHost,
    PaceHost,
    Scp03Host,
    apdu,
    dgi,
    eac_kdf,
    p256_key,
    point_of,
    send,
    tlv,
    uncbc,
)
from tests.unit.simulators.card.issuing import (
    CAN,
    CHIP_POINT,
    CVCA,
    CVCA_2,
    DV,
    ISSUER,
    PIN,
    PUK,
    TERMINAL,
    Party,
    certificate,
    plain_signature,
)

E = Event
DV_CERTIFICATE = certificate(DV, CVCA)
TERMINAL_CERTIFICATE = certificate(TERMINAL, DV)
LINK_CERTIFICATE = certificate(CVCA_2, CVCA)
HALF = len(DV_CERTIFICATE) // 2
BAD_POINT = CHIP_POINT[:-1] + b"\x00"
EF_SOD_BLOCKS = dgi("011D", b"\x77\x01\x00")
PIN_BLOCK, PUK_BLOCK = (one.encode().ljust(8, b"\xff") for one in (PIN, PUK))
WRONG_PIN_BLOCK = b"0000" + b"\xff" * 4
_CA_KEY = p256_key(987654)
CA_TERMINAL_POINT = point_of(_CA_KEY)
_CA_SECRET = _CA_KEY.exchange(
    ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), CHIP_POINT)
)


def dynamic(tag: str, value: bytes) -> bytes:
    """The data of GENERAL AUTHENTICATE."""
    return tlv("7C", tlv(tag, value) if tag else b"")


@dataclass(frozen=True)
class Plain:
    """An interindustry command before protection; ``le`` is the value of Le, one octet or none."""

    header: str
    data: bytes = b""
    le: bytes = b""

    def octets(self) -> bytes:
        return apdu(self.header, self.data, self.le[0] if self.le else None)


_MSE_PACE_OBJECTS = tlv("80", PACE_OID) + tlv("83", b"\x02")
COMMANDS: Mapping[Event, Plain] = {
    E.GET_DATA: Plain("00CADF01", le=b"\x00"),
    E.UNKNOWN_INS: Plain("00FF0000"),
    E.CHAINED_OTHER: Plain("10A4040C", FOMS_ROOT),
    E.SELECT: Plain("00A4040C", FOMS_ROOT),
    E.MSE_PACE: Plain("0022C1A4", _MSE_PACE_OBJECTS),
    E.MSE_PACE_UNKNOWN_OID: Plain("0022C1A4", tlv("80", CA_OID) + tlv("83", b"\x02")),
    E.MSE_PACE_OTHER_REFERENCE: Plain("0022C1A4", tlv("80", PACE_OID) + tlv("83", b"\x01")),
    E.NONCE: Plain("10860000", dynamic("", b""), b"\x00"),
    E.NONCE_UNMARKED: Plain("00860000", dynamic("", b""), b"\x00"),
    E.MAP_BAD_POINT: Plain("10860000", dynamic("81", BAD_POINT), b"\x00"),
    E.AGREE_BAD_POINT: Plain("10860000", dynamic("83", BAD_POINT), b"\x00"),
    E.TOKEN_WRONG: Plain("00860000", dynamic("85", bytes(8)), b"\x00"),
    E.TOKEN_MARKED: Plain("10860000", dynamic("85", bytes(8)), b"\x00"),
    E.UNKNOWN_OBJECT: Plain("10860000", dynamic("99", bytes(8)), b"\x00"),
    E.MSE_CA: Plain("002241A4", tlv("80", CA_OID)),
    E.MSE_CA_UNKNOWN_OID: Plain("002241A4", tlv("80", PACE_OID)),
    E.MSE_CA_KEY_ID: Plain("002241A4", tlv("80", CA_OID) + tlv("84", b"\x01")),
    E.CA_POINT: Plain("00860000", dynamic("80", CA_TERMINAL_POINT), b"\x00"),
    E.CA_BAD_POINT: Plain("00860000", dynamic("80", BAD_POINT), b"\x00"),
    E.CA_MARKED: Plain("10860000", dynamic("80", CA_TERMINAL_POINT), b"\x00"),
    E.MSE_DST_CVCA: Plain("002281B6", tlv("83", CVCA.name)),
    E.MSE_DST_DV: Plain("002281B6", tlv("83", DV.name)),
    E.MSE_DST_UNKNOWN: Plain("002281B6", tlv("83", CVCA_2.name)),
    E.PSO_DV: Plain("002A00BE", DV_CERTIFICATE),
    E.PSO_TERMINAL: Plain("002A00BE", TERMINAL_CERTIFICATE),
    E.PSO_LINK: Plain("002A00BE", LINK_CERTIFICATE),
    E.PSO_WRONG_SIGNATURE: Plain("002A00BE", DV_CERTIFICATE[:-1] + bytes(1)),
    E.PSO_MALFORMED: Plain("002A00BE", DV_CERTIFICATE[:-1]),
    E.PSO_FIRST_PART: Plain("102A00BE", DV_CERTIFICATE[:HALF]),
    E.PSO_LAST_PART: Plain("002A00BE", DV_CERTIFICATE[HALF:]),
    E.MSE_AT: Plain("002281A4", tlv("83", TERMINAL.name)),
    E.MSE_AT_UNKNOWN: Plain("002281A4", tlv("83", DV.name)),
    E.GET_CHALLENGE: Plain("00840000", le=b"\x08"),
    E.GET_CHALLENGE_WRONG_LE: Plain("00840000", le=b"\x04"),
    E.TERMINAL_WRONG_PROOF: Plain("00820000", bytes(range(64))),
    E.TERMINAL_SHORT_PROOF: Plain("00820000", bytes(63)),
    E.VERIFY: Plain("00200001", PIN_BLOCK),
    E.VERIFY_WRONG: Plain("00200001", WRONG_PIN_BLOCK),
    E.VERIFY_MALFORMED: Plain("00200001", bytes(8)),
    E.VERIFY_EMPTY: Plain("00200001"),
    E.CHANGE: Plain("00240001", PIN_BLOCK + PIN_BLOCK),
    E.RESET_PIN: Plain("002C0001", PUK_BLOCK + PIN_BLOCK),
}
"""The interindustry commands that are the same octets in every state."""

BARE: Mapping[Event, bytes] = {
    E.NO_COMMAND: bytes.fromhex("00A404"),
    E.PLAIN: bytes.fromhex("00CADF0100"),
    E.WRONG_MAC: apdu("0CCADF01", tlv("8E", bytes(8)), 0),
    E.NO_MAC: apdu("0CCADF01", tlv("97", b"\x00"), 0),
    E.WRONG_C_MAC: apdu("84CADF01", bytes(8), 0),
    E.INITIALIZE_UPDATE_UNKNOWN: apdu("80500100", bytes(8), 0),
    E.HOST_WRONG_MAC: apdu("84823300", bytes(16)),
}
"""Octets that go to the card as they are, in every state."""

_STORE_HALF = len(EF_SOD_BLOCKS) // 2
ISSUER_COMMANDS: Mapping[Event, tuple[str, bytes]] = {
    E.ISSUER_GET_DATA: ("84CADF01", b""),
    E.GENERATE: ("84470000", b""),
    E.HOST_WRONG_CRYPTOGRAM: ("84823300", bytes(8)),
    E.STORE_WHOLE: ("84E28800", EF_SOD_BLOCKS),
    E.STORE_FIRST: ("84E20800", EF_SOD_BLOCKS[:_STORE_HALF]),
    E.STORE_NEXT: ("84E208", b""),
    E.STORE_LAST: ("84E288", EF_SOD_BLOCKS[_STORE_HALF:]),
}
_STORES = frozenset({E.STORE_WHOLE, E.STORE_FIRST, E.STORE_NEXT, E.STORE_LAST})
_NEXT_BLOCKS = frozenset({E.STORE_NEXT, E.STORE_LAST})


@dataclass
class Terminal:
    """What the other side knows so far."""

    card: SoftwareCard
    iso: IsoHost | None = None
    scp03: Scp03Host | None = None
    cryptogram: bytes = bytes(8)
    pace: PaceHost = field(init=False)
    nonce: bytes = field(default=b"", repr=False)
    generator: tuple[int, int] = P256.g
    id_picc: bytes = CHIP_POINT[1:33]
    challenge: bytes = bytes(8)
    blocks: int = 1

    def __post_init__(self) -> None:
        self.pace = PaceHost(self.card, CAN)

    def duplicate(self) -> "Terminal":
        """Return another that knows the same and forgets what this one learns from now on."""
        twin = copy(self)
        twin.iso, twin.scp03, twin.pace = copy(self.iso), copy(self.scp03), copy(self.pace)
        return twin

    def perform(self, event: Event, state: State) -> int:
        """Send the event as this state wants it; return the status word."""
        if event in BARE:
            return send(self.card, BARE[event])[1]
        if event in ISSUER_COMMANDS:
            return self._issue(event, *ISSUER_COMMANDS[event], state)
        if event in _OPENERS:
            return _OPENERS[event](self, state)
        data, sw = self.exchange(self.command(event), state)
        if sw == OK and event in _AFTERWARDS:
            _AFTERWARDS[event](self, data, state)
        return sw

    def command(self, event: Event) -> Plain:
        """Return the interindustry command of this event, as right as the terminal can make it."""
        return _MAKERS[event](self) if event in _MAKERS else COMMANDS[event]

    def exchange(self, command: Plain, state: State) -> tuple[bytes, int]:
        """Send an interindustry command, protected in an ISO session."""
        if Fact.ISO not in state:
            return send(self.card, command.octets())
        assert self.iso is not None
        answer = self.card.execute(self.iso.wrap(command.header, command.data, command.le))
        if len(answer) == 2:
            return b"", int.from_bytes(answer, "big")
        return self.iso.unwrap(answer)

    def _issue(self, event: Event, header: str, data: bytes, state: State) -> int:
        """Send an issuer's command; in an ISO session STORE DATA has its class there, 8C."""
        if event in _NEXT_BLOCKS:
            header += f"{self.blocks:02X}"
        if event in _STORES:
            self.blocks = self.blocks + 1 if event is E.STORE_NEXT else 1
        if Fact.ISO in state and event in _STORES:
            return self.exchange(Plain("8C" + header[2:], data), state)[1]
        if Fact.SCP03 in state:
            assert self.scp03 is not None
            return self.scp03.send(header, data)[1]
        if Fact.SCP03_INITIALISED in state:
            assert self.scp03 is not None
            return send(self.card, self.scp03.mac_command(header, data))[1]
        return send(self.card, apdu(header, data + bytes(8)))[1]

    def _initialize(self, _state: State) -> int:
        self.scp03 = Scp03Host(self.card, ISSUER)
        cryptogram, sw = self.scp03.start()
        if sw == OK:
            self.cryptogram = cryptogram
        return sw

    def _prove_host(self, state: State) -> int:
        return self._issue(E.HOST_PROOF, "84823300", self.cryptogram, state)

    def _prove_host_at_level_03(self, state: State) -> int:
        return self._issue(E.HOST_OTHER_LEVEL, "84820300", self.cryptogram, state)

    def _keep_nonce(self, answer: bytes, _state: State) -> None:
        self.nonce = uncbc(eac_kdf(CAN.encode(), 3), bytes(16), answer[4:])

    def _mapping(self) -> Plain:
        public = P256.encode(P256.multiply(self.pace.map_scalar, P256.g)) if self.nonce else b""
        return Plain("10860000", dynamic("81", public or CHIP_POINT), b"\x00")

    def _map(self, answer: bytes, _state: State) -> None:
        shared = P256.multiply(self.pace.map_scalar, P256.decode(answer[4:]))
        nonced = P256.multiply(int.from_bytes(self.nonce, "big"), P256.g)
        self.generator = P256.add(nonced, shared)

    def _agreement(self) -> Plain:
        if self.generator == P256.g:
            return Plain("10860000", dynamic("83", CHIP_POINT), b"\x00")
        self.pace.public = P256.encode(P256.multiply(self.pace.ephemeral_scalar, self.generator))
        return Plain("10860000", dynamic("83", self.pace.public), b"\x00")

    def _agree(self, answer: bytes, _state: State) -> None:
        self.pace.card_ephemeral = answer[4:]
        x, _ = P256.multiply(self.pace.ephemeral_scalar, P256.decode(answer[4:]))
        self.pace.secret = x.to_bytes(32, "big")

    def _token(self) -> Plain:
        token = self.pace.token(self.pace.card_ephemeral) if self.pace.secret else bytes(8)
        return Plain("00860000", dynamic("85", token), b"\x00")

    def _open_pace(self, answer: bytes, _state: State) -> None:
        assert answer[4:] == self.pace.token(self.pace.public)
        self.iso = IsoHost.from_secret(self.card, self.pace.secret)

    def _open_chip(self, _answer: bytes, state: State) -> None:
        """New keys; after PACE the card is known by its ephemeral key of that run."""
        self.iso = IsoHost.from_secret(self.card, _CA_SECRET)
        after_pace = Fact.PACE_RIGHTS in state
        self.id_picc = (self.pace.card_ephemeral if after_pace else CHIP_POINT)[1:33]

    def _keep_challenge(self, answer: bytes, _state: State) -> None:
        self.challenge = answer

    def proof(self, party: Party = TERMINAL) -> Plain:
        """EXTERNAL AUTHENTICATE over the challenge the terminal knows."""
        signed = self.id_picc + self.challenge + CA_TERMINAL_POINT[1:33]
        return Plain("00820000", plain_signature(party.key, signed))


_AFTERWARDS: Mapping[Event, Callable[[Terminal, bytes, State], None]] = {
    E.NONCE: Terminal._keep_nonce,
    E.MAP: Terminal._map,
    E.AGREE: Terminal._agree,
    E.TOKEN: Terminal._open_pace,
    E.CA_POINT: Terminal._open_chip,
    E.GET_CHALLENGE: Terminal._keep_challenge,
}
"""What the terminal learns from a good answer."""

_MAKERS: Mapping[Event, Callable[[Terminal], Plain]] = {
    E.MAP: Terminal._mapping,
    E.AGREE: Terminal._agreement,
    E.TOKEN: Terminal._token,
    E.TERMINAL_PROOF: Terminal.proof,
}
"""The commands that depend on what went before."""

_OPENERS: Mapping[Event, Callable[[Terminal, State], int]] = {
    E.INITIALIZE_UPDATE: Terminal._initialize,
    E.HOST_PROOF: Terminal._prove_host,
    E.HOST_OTHER_LEVEL: Terminal._prove_host_at_level_03,
}
"""The commands that open SCP03."""

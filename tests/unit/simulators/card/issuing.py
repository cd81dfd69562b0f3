"""A tiny issuer: personalizes cards in raw octets, and signs certificates for terminals."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from simulators.card import (
    INSECURE_DEMONSTRATION_TRANSPORT_MASTER,
    CountedClock,
    Interface,
    NonVolatileMemory,
    SoftwareCard,
    blank_card,
)
from tests.shared import golden
from tests.unit.simulators.card.hosts import (
    FOMS_ROOT,
    OK,
    Card,
    Scp03Host,
    StaticKeys,
    dgi,
    diversified,
    p256_key,
    point_of,
    select_aid,
    tlv,
)

SERIAL = bytes.fromhex("0102030405060708")
ISSUER_MASTER = bytes(range(16))
TRANSPORT = diversified(INSECURE_DEMONSTRATION_TRANSPORT_MASTER, 0x30, SERIAL)
ISSUER = diversified(ISSUER_MASTER, 0x31, SERIAL)
PIN, PUK, CAN = "2580", "87654321", "123456"
CHIP_KEY = 7
CARD_ACCESS = bytes.fromhex("31143012060A04007F0007020204020202010202010C")
OWNER = bytes.fromhex(golden("owner-plain")["hex"])
INSURER = bytes.fromhex(golden("insurer-plain")["hex"])
NEW_INSURER = bytes.fromhex(golden("insurer-ended")["hex"])
CARD_ID = bytes.fromhex(golden("card-id")["hex"])
ICCID = bytes.fromhex(golden("iccid")["hex"])
SOD = tlv("77", bytes(range(256)) * 3)
NEW_SOD = tlv("77", bytes(range(200)) * 3)


class Drawn:
    """Entropy that tests can foresee: the queued octets first, then a hash chain."""

    def __init__(self, *queued: bytes) -> None:
        self.queued = list(queued)
        self._state = b"entropy of a test"

    def octets(self, count: int, /) -> bytes:
        if self.queued:
            assert len(self.queued[0]) == count
            return self.queued.pop(0)
        self._state = sha256(self._state).digest()
        return (self._state * (count // 32 + 1))[:count]


def chip_security(point: bytes, *, with_pace: bool = True) -> bytes:
    """EF.ChipSecurity as the golden file has it, for any chip key."""
    infos = [
        "300D060804007F0007020202020101",
        "300F060A04007F00070202030202020101",
        "3012060A04007F0007020204020202010202010C" if with_pace else "",
    ]
    key = "3066060904007F0007020201023059301306072A8648CE3D020106082A8648CE3D030107034200"
    octets = bytes.fromhex("".join(infos) + key) + point
    return tlv("6E", tlv("31", octets))


def new_blank(
    *,
    chip_key: int = CHIP_KEY,
    memory: NonVolatileMemory | None = None,
    interface: Interface = Interface.CONTACT,
) -> SoftwareCard:
    """A blank card whose first draw, the chip key, is given."""
    return blank_card(
        SERIAL,
        memory=memory,
        interface=interface,
        entropy=Drawn(chip_key.to_bytes(32, "big")),
        clock=CountedClock(),
    )


def in_range(card: SoftwareCard, *entropy: bytes) -> SoftwareCard:
    """The same chip at a contactless reader."""
    return SoftwareCard(
        card.memory,
        interface=Interface.CONTACTLESS,
        entropy=Drawn(*entropy),
        clock=CountedClock(),
    )


def open_session(card: Card, keys: StaticKeys = ISSUER) -> Scp03Host:
    assert select_aid(card, FOMS_ROOT) == OK
    host = Scp03Host(card, keys)
    assert host.open() == OK
    return host


@dataclass
class Content:
    """What a personalization writes; None leaves an object out."""

    profile: int = 1
    card_access: bytes | None = CARD_ACCESS
    cvca: bytes | None = None
    owner: bytes = OWNER
    insurer: bytes = INSURER
    sod: bytes = SOD

    def stream(self, host: Scp03Host, point: bytes) -> bytes:
        optional = dgi("3F1C", self.card_access) if self.card_access else b""
        optional += dgi("D010", self.cvca) if self.cvca else b""
        return (
            optional
            + dgi("0101", ICCID)
            + dgi("0102", CARD_ID)
            + dgi("010E", chip_security(point, with_pace=self.card_access is not None))
            + dgi("011D", self.sod)
            + dgi("0201", self.owner)
            + dgi("0301", self.insurer)
            + dgi("01B0", bytes.fromhex("0301"))
            + dgi("D001", bytes((self.profile,)))
            + dgi("8010", host.code(PIN))
            + dgi("8011", host.code(PUK))
            + dgi("8012", host.code(CAN))
        )


def personalization(card: Card, content: Content) -> Iterator[Callable[[], None]]:
    """The steps of a whole personalization; each is done when it is called."""
    hosts: list[Scp03Host] = []
    points: list[bytes] = []

    def generate() -> None:
        answer, sw = hosts[-1].send("84470000", b"", 0)
        assert sw == OK
        points.append(answer[5:])

    def put_key() -> None:
        assert hosts[-1].put_key(ISSUER)[1] == OK

    def store() -> None:
        assert hosts[-1].store(content.stream(hosts[-1], points[-1])) == OK

    def finish() -> None:
        assert hosts[-1].send("84F0400F") == (b"", OK)

    yield lambda: hosts.append(open_session(card, TRANSPORT))
    yield put_key
    yield lambda: hosts.append(open_session(card, ISSUER))
    yield generate
    yield store
    yield finish


def personalized(
    content: Content | None = None,
    *,
    chip_key: int = CHIP_KEY,
    interface: Interface = Interface.CONTACT,
) -> SoftwareCard:
    """A personalized card, just reset, in a reader of the given kind."""
    card = new_blank(chip_key=chip_key)
    for step in personalization(card, content or Content()):
        step()
    return SoftwareCard(card.memory, interface=interface, entropy=Drawn(), clock=CountedClock())


def issuer_keys_in(card: Card) -> None:
    """Replace the transport key set by the issuer's on a blank card."""
    assert open_session(card, TRANSPORT).put_key(ISSUER)[1] == OK


CHIP_POINT = point_of(p256_key(CHIP_KEY))

_DOMAIN = (
    ("81", "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF"),
    ("82", "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC"),
    ("83", "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B"),
    (
        "84",
        (
            "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
            "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
        ),
    ),
    ("85", "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
)
_TA_OID = bytes.fromhex("04007F00070202020203")
_IS_OID = bytes.fromhex("04007F000703010201")


def plain_signature(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    # Deterministic, so that two runs of one scene leave the same memory behind.
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    r, s = utils.decode_dss_signature(key.sign(message, algorithm))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass(frozen=True)
class Party:
    """A holder of a certificate: its name, key, and CHAT octet."""

    name: bytes
    scalar: int
    chat: int

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        return p256_key(self.scalar)


CVCA = Party(b"RUFOMSCVCA00001", 1001, 0xC7)
CVCA_2 = Party(b"RUFOMSCVCA00002", 1002, 0xC7)
DV = Party(b"RUFUND00100001", 2001, 0x87)
TERMINAL = Party(b"RUDESK00100001", 3001, 0x07)


def certificate(
    subject: Party,
    issuer: Party,
    *,
    effective: str = "260101",
    expiry: str = "270101",
    with_domain: bool | None = None,
) -> bytes:
    """Return ``7F4E ‖ 5F37`` of a certificate."""
    point = point_of(subject.key)
    full = subject.chat >= 0xC0 if with_domain is None else with_domain
    domain = b"".join(tlv(tag, bytes.fromhex(value)) for tag, value in _DOMAIN) if full else b""
    cofactor = tlv("87", b"\x01") if full else b""
    body = tlv(
        "7F4E",
        tlv("5F29", b"\x00")
        + tlv("42", issuer.name)
        + tlv("7F49", tlv("06", _TA_OID) + domain + tlv("86", point) + cofactor)
        + tlv("5F20", subject.name)
        + tlv("7F4C", tlv("06", _IS_OID) + tlv("53", bytes((subject.chat,))))
        + tlv("5F25", bytes(map(int, effective)))
        + tlv("5F24", bytes(map(int, expiry))),
    )
    return body + tlv("5F37", plain_signature(issuer.key, body))


def trust_point(subject: Party = CVCA, *, effective: str = "260101") -> bytes:
    """Return the self-signed certificate as D010 takes it."""
    return tlv("7F21", certificate(subject, subject, effective=effective))

"""The other side, in as few lines as can be: hosts that drive the card in raw octets.

They are written from the standards with ``cryptography`` alone and import nothing of the card's
protocol code, so that an error there does not cancel out. The exception is point arithmetic, which
the published PACE run checks.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulators.card import NonVolatileMemory
from simulators.card.curve import P256

OK = 0x9000


class Card(Protocol):
    """What the hosts need of a card."""

    memory: NonVolatileMemory

    def execute(self, command: bytes, /) -> bytes:
        """Return the R-APDU."""

    def reset(self) -> bytes:
        """Return the ATR."""


FOMS_ROOT = b"foms_root"
FOMS_ID = b"FOMS_ID"
FOMS_INS = b"FOMS_INS"


def cmac(key: bytes, message: bytes) -> bytes:
    context = CMAC(algorithms.AES(key))
    context.update(message)
    return context.finalize()


def ecb(key: bytes, block: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block)  # noqa: S305


def cbc(key: bytes, iv: bytes, plain: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor().update(plain)


def uncbc(key: bytes, iv: bytes, cipher: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor().update(cipher)


def pad(octets: bytes) -> bytes:
    return octets + b"\x80" + bytes(-(len(octets) + 1) % 16)


def unpad(octets: bytes) -> bytes:
    stripped = octets.rstrip(b"\x00")
    assert stripped[-1:] == b"\x80"
    return stripped[:-1]


def tlv(tag: str, value: bytes) -> bytes:
    length = len(value)
    if length < 0x80:
        encoded = bytes((length,))
    elif length < 0x100:
        encoded = bytes((0x81, length))
    else:
        encoded = b"\x82" + length.to_bytes(2, "big")
    return bytes.fromhex(tag) + encoded + value


def apdu(header: str, data: bytes = b"", le: int | None = None, *, extended: bool = False) -> bytes:
    """Return a C-APDU; ``le`` 0 asks for all there is."""
    octets = bytes.fromhex(header)
    if extended or len(data) > 255:
        octets += (b"\x00" + len(data).to_bytes(2, "big") + data) if data else b"\x00"
        return octets + (le.to_bytes(2, "big") if le is not None else b"")
    octets += (bytes((len(data),)) + data) if data else b""
    return octets + (bytes((le,)) if le is not None else b"")


def send(card: Card, command: bytes | str) -> tuple[bytes, int]:
    """Return the answer's data and SW."""
    octets = bytes.fromhex(command) if isinstance(command, str) else command
    answer = card.execute(octets)
    return answer[:-2], int.from_bytes(answer[-2:], "big")


def select_aid(card: Card, aid: bytes) -> int:
    return send(card, apdu("00A4040C", aid))[1]


def kdf(key: bytes, constant: int, octets: int, context: bytes) -> bytes:
    """SP 800-108 in counter mode as GPC Amendment D 4.1.5 has it."""
    out = b""
    for i in (1, 2):
        head = bytes(11) + bytes((constant, 0)) + (8 * octets).to_bytes(2, "big") + bytes((i,))
        out += cmac(key, head + context)
    return out[:octets]


@dataclass
class StaticKeys:
    kvn: int
    enc: bytes
    mac: bytes
    dek: bytes


def diversified(master: bytes, kvn: int, serial: bytes) -> StaticKeys:
    context = b"\x46\x4d" + serial
    return StaticKeys(kvn, *(kdf(master, c, len(master), context) for c in (1, 2, 3)))


class Scp03Host:
    """An SCP03 host, S8, level 33, for cards whose ``foms_root`` is current."""

    def __init__(self, card: Card, keys: StaticKeys) -> None:
        self.card = card
        self.keys = keys
        self.chain = bytes(16)
        self.counter = 0
        self.extended = False

    def open(self) -> int:
        """INITIALIZE UPDATE and EXTERNAL AUTHENTICATE; return the last SW."""
        cryptogram, sw = self.start()
        return self.external_authenticate(cryptogram) if sw == OK else sw

    def start(self, host_challenge: bytes = b"\x11" * 8) -> tuple[bytes, int]:
        """INITIALIZE UPDATE; return the host's cryptogram and the SW."""
        answer, sw = send(self.card, apdu(f"8050{self.keys.kvn:02X}00", host_challenge, 0))
        if sw != OK:
            return b"", sw
        assert answer[10:13] == bytes((self.keys.kvn, 3, 0x70))
        context = host_challenge + answer[13:21]
        size = len(self.keys.enc)
        self.s_enc = kdf(self.keys.enc, 4, size, context)
        self.s_mac = kdf(self.keys.mac, 6, size, context)
        self.s_rmac = kdf(self.keys.mac, 7, size, context)
        self.chain, self.counter = bytes(16), 0
        assert answer[21:29] == kdf(self.s_mac, 0, 8, context)
        return kdf(self.s_mac, 1, 8, context), sw

    def external_authenticate(self, cryptogram: bytes, level: int = 0x33) -> int:
        return send(self.card, self.mac_command(f"8482{level:02X}00", cryptogram))[1]

    def mac_command(self, header: str, data: bytes, le: int | None = None) -> bytes:
        length = len(data) + 8
        lc = b"\x00" + length.to_bytes(2, "big") if self.extended else bytes((length,))
        self.chain = cmac(self.s_mac, self.chain + bytes.fromhex(header) + lc + data)
        le_octets = b"" if le is None else (bytes(2) if self.extended else bytes((le,)))
        return bytes.fromhex(header) + lc + data + self.chain[:8] + le_octets

    def wrap(self, header: str, data: bytes = b"", le: int | None = None) -> bytes:
        self.counter += 1
        if data:
            iv = ecb(self.s_enc, self.counter.to_bytes(16, "big"))
            data = cbc(self.s_enc, iv, pad(data))
        return self.mac_command(header, data, le)

    def unwrap(self, answer: bytes) -> tuple[bytes, int]:
        data, sw = answer[:-2], answer[-2:]
        if sw[0] not in (0x90, 0x62, 0x63):
            assert not data
            return b"", int.from_bytes(sw, "big")
        body, mac = data[:-8], data[-8:]
        assert mac == cmac(self.s_rmac, self.chain + body + sw)[:8]
        if body:
            iv = ecb(self.s_enc, b"\x80" + self.counter.to_bytes(15, "big"))
            body = unpad(uncbc(self.s_enc, iv, body))
        return body, int.from_bytes(sw, "big")

    def send(self, header: str, data: bytes = b"", le: int | None = None) -> tuple[bytes, int]:
        return self.unwrap(self.card.execute(self.wrap(header, data, le)))

    def put_key(self, new: StaticKeys) -> tuple[bytes, int]:
        return self.send(f"84D8{self.keys.kvn:02X}81", put_key_data(self.keys.dek, new), 0)

    def store(self, stream: bytes, *, block: int = 200) -> int:
        """STORE DATA in blocks; return the SW of the last one."""
        parts = [stream[i : i + block] for i in range(0, len(stream), block)] or [b""]
        for number, part in enumerate(parts):
            p1 = "88" if number == len(parts) - 1 else "08"
            sw = self.send(f"84E2{p1}{number:02X}", part)[1]
            if sw != OK:
                return sw
        return OK

    def code(self, digits: str) -> bytes:
        """A holder's code as 8010 to 8012 carry it."""
        plain = bytes((len(digits),)) + digits.encode()
        return cbc(self.keys.dek, bytes(16), plain.ljust(16, b"\x00"))


def put_key_data(dek: bytes, new: StaticKeys) -> bytes:
    fields = b""
    for key in (new.enc, new.mac, new.dek):
        cipher = cbc(dek, bytes(16), key.ljust(-(-len(key) // 16) * 16, b"\x00"))
        inner = (bytes((len(key),)) if len(key) == 24 else b"") + cipher
        kcv = ecb(key, b"\x01" * 16)[:3]
        fields += bytes((0x88, len(inner))) + inner + b"\x03" + kcv
    return bytes((new.kvn,)) + fields


def dgi(tag: str, value: bytes) -> bytes:
    length = bytes((len(value),)) if len(value) < 255 else b"\xff" + len(value).to_bytes(2, "big")
    return bytes.fromhex(tag) + length + value


def eac_kdf(secret: bytes, counter: int) -> bytes:
    digest = hashlib.sha1(secret + counter.to_bytes(4, "big"), usedforsecurity=False)
    return digest.digest()[:16]


class IsoHost:
    """A terminal in ISO secure messaging."""

    def __init__(self, card: Card, k_enc: bytes, k_mac: bytes) -> None:
        self.card = card
        self.k_enc = k_enc
        self.k_mac = k_mac
        self.ssc = 0

    @classmethod
    def from_secret(cls, card: Card, secret: bytes) -> "IsoHost":
        return cls(card, eac_kdf(secret, 1), eac_kdf(secret, 2))

    def _iv(self) -> bytes:
        return ecb(self.k_enc, self.ssc.to_bytes(16, "big"))

    def wrap(
        self, header: str, data: bytes = b"", le: bytes = b"", *, extended: bool = False
    ) -> bytes:
        """Return the protected command; ``le`` is the content of DO 97."""
        self.ssc += 1
        head = bytes.fromhex(header)
        head = bytes((head[0] | 0x0C,)) + head[1:]
        objects = tlv("87", b"\x01" + cbc(self.k_enc, self._iv(), pad(data))) if data else b""
        objects += tlv("97", le) if le else b""
        message = self.ssc.to_bytes(16, "big") + pad(head) + (pad(objects) if objects else b"")
        objects += tlv("8E", cmac(self.k_mac, message)[:8])
        if extended or len(objects) > 255:
            return head + b"\x00" + len(objects).to_bytes(2, "big") + objects + bytes(2)
        return head + bytes((len(objects),)) + objects + b"\x00"

    def unwrap(self, answer: bytes) -> tuple[bytes, int]:
        """Return data and SW of a protected answer; an unprotected one has no data to trust."""
        body, sw = answer[:-2], answer[-2:]
        self.ssc += 1
        data = b""
        assert body[-10:-8] == b"\x8e\x08", answer.hex()
        objects, mac = body[:-10], body[-8:]
        assert mac == cmac(self.k_mac, self.ssc.to_bytes(16, "big") + pad(objects))[:8]
        assert objects[-4:] == b"\x99\x02" + sw
        if len(objects) > 4:
            assert objects[0] == 0x87
            skip = {0x81: 3, 0x82: 4}.get(objects[1], 2)
            data = unpad(uncbc(self.k_enc, self._iv(), objects[skip + 1 : -4]))
        return data, int.from_bytes(sw, "big")

    def send(
        self, header: str, data: bytes = b"", le: bytes = b"", *, extended: bool = False
    ) -> tuple[bytes, int]:
        wrapped = self.wrap(header, data, le, extended=extended)
        return self.unwrap(self.card.execute(wrapped))


CA_OID = bytes.fromhex("04007F00070202030202")
PACE_OID = bytes.fromhex("04007F00070202040202")


def p256_key(scalar: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(scalar, ec.SECP256R1())


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Chip:
    """What a terminal learnt by chip authentication."""

    host: IsoHost
    ephemeral_x: bytes


def chip_authenticate(
    card: Card, chip_point: bytes, *, through: IsoHost | None = None, scalar: int = 987654
) -> Chip:
    """Run chip authentication, plainly or inside a session; return the new session."""
    key = p256_key(scalar)
    steps = (("002241A4", tlv("80", CA_OID)), ("00860000", tlv("7C", tlv("80", point_of(key)))))
    answers = []
    for header, data in steps:
        if through is None:
            answers.append(send(card, apdu(header, data, 0)))
        else:
            answers.append(through.send(header, data, b"\x00"))
    assert answers == [(b"", OK), (bytes.fromhex("7C00"), OK)]
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), chip_point)
    secret = key.exchange(ec.ECDH(), peer)
    return Chip(IsoHost.from_secret(card, secret), point_of(key)[1:33])


def pace_mse(*, can_reference: int = 2, rest: bytes = b"") -> bytes:
    return apdu("0022C1A4", tlv("80", PACE_OID) + tlv("83", bytes((can_reference,))) + rest)


@dataclass
class PaceHost:
    """A terminal in a PACE run, step by step."""

    card: Card
    can: str = "123456"
    map_scalar: int = 1234567
    ephemeral_scalar: int = 7654321
    card_ephemeral: bytes = b""
    secret: bytes = field(default=b"", repr=False)

    def step(self, cla: str, tag: str, value: bytes) -> tuple[bytes, int]:
        inner = tlv(tag, value) if tag else b""
        data, sw = send(self.card, apdu(f"{cla}860000", tlv("7C", inner), 0))
        # 7C, its length, the object's tag and its length: all lengths here take one octet.
        return data[4:] if sw == OK else data, sw

    def map(self) -> tuple[bytes, int]:
        """Steps 1 and 2."""
        cipher, sw = self.step("10", "", b"")
        assert sw == OK
        nonce = uncbc(eac_kdf(self.can.encode(), 3), bytes(16), cipher)
        public = P256.encode(P256.multiply(self.map_scalar, P256.g))
        theirs, sw = self.step("10", "81", public)
        assert sw == OK
        shared = P256.multiply(self.map_scalar, P256.decode(theirs))
        nonced = P256.multiply(int.from_bytes(nonce, "big"), P256.g)
        self.generator = P256.add(nonced, shared)
        return theirs, sw

    def agree(self) -> tuple[bytes, int]:
        """Step 3."""
        self.public = P256.encode(P256.multiply(self.ephemeral_scalar, self.generator))
        self.card_ephemeral, sw = self.step("10", "83", self.public)
        x, _ = P256.multiply(self.ephemeral_scalar, P256.decode(self.card_ephemeral))
        self.secret = x.to_bytes(32, "big")
        return self.card_ephemeral, sw

    def token(self, point: bytes) -> bytes:
        data = tlv("7F49", tlv("06", PACE_OID) + tlv("86", point))
        return cmac(eac_kdf(self.secret, 2), data)[:8]

    def run(self) -> IsoHost:
        """The whole run."""
        assert send(self.card, pace_mse())[1] == OK
        self.map()
        self.agree()
        theirs, sw = self.step("00", "85", self.token(self.card_ephemeral))
        assert (theirs, sw) == (self.token(self.public), OK)
        return IsoHost.from_secret(self.card, self.secret)

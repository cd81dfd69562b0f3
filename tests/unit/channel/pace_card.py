"""The card's end of PACE, written for tests from 9303-11 4.4 with schoolbook arithmetic."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha1, sha256

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from tests.unit.channel.card_side import tlv

XY = tuple[int, int]

# FIPS 186-4 D.1.2.3, RFC 5639 3.4: p, a, n, G.
P256 = (
    0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    (
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
)
BRAINPOOL = (
    0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
    0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
    0xA9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7,
    (
        0x8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262,
        0x547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997,
    ),
)
PARAMETERS = {12: P256, 13: BRAINPOOL}

IDLE, SET, NONCE, MAPPED, AGREED, DONE = range(6)
WRONG_DATA, WRONG_STEP, WRONG_PASSWORD = b"\x6a\x80", b"\x69\x85", b"\x63\x00"


def plus(one: XY | None, other: XY | None, p: int, a: int) -> XY | None:
    """Return the sum of two points; None is the identity."""
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % p == 0:
        return None
    if one == other:
        slope = (3 * one[0] ** 2 + a) * pow(2 * one[1], -1, p)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, p)
    x = (slope**2 - one[0] - other[0]) % p
    return x, (slope * (one[0] - x) - one[1]) % p


@cache
def times(scalar: int, point: XY, p: int, a: int) -> XY | None:
    """Return ``scalar`` times ``point``, bit by bit."""
    result: XY | None = None
    for bit in f"{scalar:b}":
        result = plus(result, result, p, a)
        if bit == "1":
            result = plus(result, point, p, a)
    return result


def octets_of(point: XY | None) -> bytes:
    """Return 04 ‖ x ‖ y, 32 octets each."""
    assert point is not None
    return b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def xy_of(octets: bytes) -> XY:
    """Return the coordinates of 04 ‖ x ‖ y."""
    return int.from_bytes(octets[1:33]), int.from_bytes(octets[33:])


@dataclass
class PaceCard:
    """A card with one password, for one curve of 256 bits and one key length.

    ``alter`` is asked what to say instead of each answer, by the number of the step, 0 to 4.
    """

    secret: bytes = b"123456"
    parameter_id: int = 12
    key_len: int = 16
    nonce: bytes = bytes(range(1, 17))
    map_scalar: int = 0xC0FFEE
    ephemeral_scalar: int = 0xDECADE
    cars: tuple[bytes, ...] = ()
    is_careless: bool = False
    alter: Callable[[int, bytes], bytes] = lambda _, answer: answer
    state: int = IDLE
    seen: list[bytes] = field(default_factory=list)
    generator: XY | None = None
    terminal_point: bytes = b""
    card_point: bytes = b""
    mse: bytes = b""
    enc: bytes = b""
    mac: bytes = b""

    def __call__(self, raw: bytes) -> bytes:
        """Answer one command; any slip ends the run, as card.md 5 says."""
        self.seen.append(raw)
        step, before = len(self.seen) - 1, self.state
        self.state = IDLE
        answer = self.answer(raw, before)
        return self.alter(step, answer)

    def answer(self, raw: bytes, before: int) -> bytes:
        """Return what an honest card says in the state ``before``."""
        if raw[:4] == bytes.fromhex("0022C1A4"):
            return self.set_up(raw[4:])
        last = before == AGREED
        if raw[:4] != (b"\x00" if last else b"\x10") + b"\x86\x00\x00" or raw[-1:] != b"\x00":
            return b"\x6a\x86"
        data = raw[5:-1]
        if len(data) != raw[4] or data[:1] != b"\x7c" or data[1] != len(data) - 2:
            return WRONG_DATA
        steps = {SET: self.hide, NONCE: self.map, MAPPED: self.agree, AGREED: self.confirm}
        return steps[before](data[2:]) if before in steps else WRONG_STEP

    def set_up(self, body: bytes) -> bytes:
        """MSE:Set AT."""
        protocol = b"\x80\x0a\x04\x00\x7f\x00\x07\x02\x02\x04\x02"
        protocol += bytes((self.key_len // 8,))
        reference = b"\x83\x01\x02"
        if body[0] != len(body) - 1 or not body[1:].startswith(protocol + reference):
            return WRONG_DATA
        self.mse = body[1:].removeprefix(protocol + reference)
        self.state = SET
        return b"\x90\x00"

    def derived(self, secret: bytes, counter: int) -> bytes:
        """KDF."""
        digest = sha1 if self.key_len == 16 else sha256
        return digest(secret + bytes((0, 0, 0, counter))).digest()[: self.key_len]

    def hide(self, body: bytes) -> bytes:
        """Step 1."""
        if body:
            return WRONG_DATA
        cipher = Cipher(AES(self.derived(self.secret, 3)), modes.CBC(bytes(16)))
        self.state = NONCE
        return self.dynamic(0x80, cipher.encryptor().update(self.nonce))

    def map(self, body: bytes) -> bytes:
        """Step 2."""
        p, a, n, base = PARAMETERS[self.parameter_id]
        if body[:3] != b"\x81\x41\x04" or len(body) != 67:
            return WRONG_DATA
        shared = times(self.map_scalar, xy_of(body[2:]), p, a)
        self.generator = plus(times(int.from_bytes(self.nonce) % n, base, p, a), shared, p, a)
        self.state = MAPPED
        return self.dynamic(0x82, octets_of(times(self.map_scalar, base, p, a)))

    def agree(self, body: bytes) -> bytes:
        """Step 3."""
        p, a, _, _ = PARAMETERS[self.parameter_id]
        if body[:3] != b"\x83\x41\x04" or len(body) != 67:
            return WRONG_DATA
        assert self.generator is not None
        self.terminal_point = body[2:]
        self.card_point = octets_of(times(self.ephemeral_scalar, self.generator, p, a))
        secret = octets_of(times(self.ephemeral_scalar, xy_of(self.terminal_point), p, a))[1:33]
        self.enc, self.mac = self.derived(secret, 1), self.derived(secret, 2)
        self.state = AGREED
        return self.dynamic(0x84, self.card_point)

    def confirm(self, body: bytes) -> bytes:
        """Step 4."""
        if body[:2] != b"\x85\x08":
            return WRONG_DATA
        if body[2:] != self.token(self.card_point) and not self.is_careless:
            return WRONG_PASSWORD
        self.state = DONE
        objects = tlv(0x86, self.token(self.terminal_point))
        objects += b"".join(tlv(0x87 + at, car) for at, car in enumerate(self.cars))
        return tlv(0x7C, objects) + b"\x90\x00"

    def token(self, point: bytes) -> bytes:
        """CMAC over 7F49{06, 86}."""
        oid = bytes.fromhex("060a04007f000702020402") + bytes((self.key_len // 8,))
        body = oid + tlv(0x86, point)
        running = CMAC(AES(self.mac))
        running.update(b"\x7f\x49" + bytes((len(body),)) + body)
        return running.finalize()[:8]

    @staticmethod
    def dynamic(tag: int, value: bytes) -> bytes:
        """Return 7C{tag{value}} 9000."""
        return tlv(0x7C, tlv(tag, value)) + b"\x90\x00"

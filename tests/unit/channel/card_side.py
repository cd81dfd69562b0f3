"""The card's end of secure messaging, written for tests from 9303-11 9.8 with primitives only."""

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC


def tlv(tag: int, value: bytes) -> bytes:
    """Return tag (one octet), minimal length, value."""
    size = len(value)
    if size < 0x80:
        return bytes((tag, size)) + value
    return bytes((tag, 0x81, size) if size < 0x100 else (tag, 0x82, *size.to_bytes(2))) + value


def padded(data: bytes) -> bytes:
    """Return ``data`` with padding method 2."""
    data += b"\x80"
    return data + bytes(-len(data) % 16)


def mac_of(key: bytes, message: bytes) -> bytes:
    """Return the 8-octet MAC."""
    running = CMAC(AES(key))
    running.update(message)
    return running.finalize()[:8]


class CardSide:
    """Answers protected commands; knows what it was asked through ``opened``."""

    def __init__(self, enc: bytes, mac: bytes, *, is_careless: bool = False) -> None:
        self.enc, self.mac, self.ssc, self.is_careless = enc, mac, 0, is_careless
        self.opened: list[tuple[bytes, bytes]] = []

    def counter(self) -> bytes:
        """Return the send sequence counter as a block."""
        return self.ssc.to_bytes(16, "big")

    def cipher(self) -> Cipher[modes.CBC]:
        """Return AES-CBC with the initial vector of this message."""
        block = Cipher(AES(self.enc), modes.ECB()).encryptor()  # noqa: S305 - one block
        return Cipher(AES(self.enc), modes.CBC(block.update(self.counter())))

    def receive(self, raw: bytes) -> None:
        """Check the MAC of a command and keep its header and its objects before 8E."""
        self.ssc += 1
        start = 7 if raw[4] == 0 else 5
        size = int.from_bytes(raw[5:7]) if raw[4] == 0 else raw[4]
        objects, mac_object = raw[start : start + size - 10], raw[start + size - 10 : start + size]
        message = self.counter() + padded(raw[:4]) + (padded(objects) if objects else b"")
        assert self.is_careless or mac_object == b"\x8e\x08" + mac_of(self.mac, message)
        self.opened.append((raw[:4], objects))

    def decrypted(self, objects: bytes) -> bytes:
        """Return the plain data of the command received last, whose 87 has a short length."""
        assert objects[0] == 0x87
        start = 3 if objects[1] < 0x80 else 4
        end = start - 1 + objects[start - 2]
        plain = self.cipher().decryptor().update(objects[start:end])
        return plain.rstrip(b"\x00")[:-1]

    def answer(self, data: bytes, sw: int, *, tag: int = 0x87) -> bytes:
        """Return the protected response with ``data`` and ``sw``."""
        self.ssc += 1
        objects = b""
        if data:
            value = self.cipher().encryptor().update(padded(data))
            objects = tlv(tag, (b"\x01" if tag == 0x87 else b"") + value)
        return self.sealed(objects + tlv(0x99, sw.to_bytes(2)), sw)

    def sealed(self, objects: bytes, sw: int) -> bytes:
        """Return ``objects`` with their MAC and the outer status word."""
        mac = mac_of(self.mac, self.counter() + padded(objects))
        return objects + tlv(0x8E, mac) + sw.to_bytes(2)

    def exchange(self, raw: bytes, data: bytes = b"", sw: int = 0x9000) -> bytes:
        """Receive a command and answer it."""
        self.receive(raw)
        return self.answer(data, sw)

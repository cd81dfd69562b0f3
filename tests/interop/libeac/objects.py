"""BER-TLV and SecurityInfos as these tests write them; nothing of the project is used."""

from collections.abc import Iterator
from typing import Final

TA = bytes.fromhex("04007F00070202020203")  # id-TA-ECDSA-SHA-256
CA = bytes.fromhex("04007F00070202030202")  # id-CA-ECDH-AES-CBC-CMAC-128
_PACE_GM: Final = bytes.fromhex("04007F000702020402")  # id-PACE-ECDH-GM
_CA_DOMAIN: Final = bytes.fromhex("04007F000702020302")  # id-CA-ECDH
_STANDARDIZED: Final = bytes.fromhex("04007F00070102")
_TA_INFO: Final = bytes.fromhex("300D060804007F0007020202020102")
AES_LENGTHS: Final = {128: 2, 192: 3, 256: 4}  # last arc of the protocol's identifier
P256: Final = 12


def encode(tag: int, value: bytes) -> bytes:
    """Return tag, length and value."""
    size = len(value)
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    length = bytes((size,)) if size < 0x80 else bytes((0x80 | len(octets),)) + octets
    return tag.to_bytes((tag.bit_length() + 7) // 8) + length + value


def objects(octets: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield tag, value and the whole of each object."""
    position = 0
    while position < len(octets):
        start, width = position, 2 if octets[position] & 0x1F == 0x1F else 1
        tag = int.from_bytes(octets[position : position + width])
        position += width
        first = octets[position]
        more = first & 0x7F if first & 0x80 else 0
        size = int.from_bytes(octets[position + 1 : position + 1 + more]) if more else first
        position += 1 + more
        yield tag, octets[position : position + size], octets[start : position + size]
        position += size


def get(octets: bytes, *path: int) -> bytes:
    """Return the value at a path of tags; ``KeyError`` when there is none."""
    for tag in path:
        octets = {one: value for one, value, _ in objects(octets)}[tag]
    return octets


def pace_protocol(key_bits: int = 128) -> bytes:
    """Return the identifier of PACE with AES keys of that length."""
    return _PACE_GM + bytes((AES_LENGTHS[key_bits],))


def card_access(*, key_bits: int = 128, parameter_id: int = P256) -> bytes:
    """Return an EF.CardAccess with one PACEInfo, version 2."""
    return encode(0x31, _pace_info(key_bits, parameter_id))


def library_infos(*, key_bits: int = 128, parameter_id: int = P256) -> bytes:
    """Return what libeac is to be told: the same PACE, and version 2 of the others.

    It knows version 2 of terminal and chip authentication only. Their cryptographic parts are those
    of version 1; what differs, the terminal and the card beside this file do.
    """
    domain = encode(0x30, encode(0x06, _STANDARDIZED) + bytes((2, 1, P256)))
    return encode(
        0x31,
        _TA_INFO
        + _pace_info(key_bits, parameter_id)
        + encode(0x30, encode(0x06, CA) + bytes((2, 1, 2)))
        + encode(0x30, encode(0x06, _CA_DOMAIN) + domain),
    )


def _pace_info(key_bits: int, parameter_id: int) -> bytes:
    oid = encode(0x06, pace_protocol(key_bits))
    return encode(0x30, oid + bytes((2, 1, 2)) + bytes((2, 1, parameter_id)))

"""Object identifiers of the card's protocols, as contents octets without tag 06 (TR-03110-3)."""

from enum import Enum, unique
from typing import Final

BSI_DE: Final = bytes.fromhex("04007F0007")  # 0.4.0.127.0.7
_PROTOCOLS: Final = BSI_DE + bytes.fromhex("0202")


@unique
class Oid(bytes, Enum):
    """bsi-de.2.2.n: protocols and keys of chip and terminal."""

    PK_ECDH = _PROTOCOLS + b"\x01\x02"
    TA = _PROTOCOLS + b"\x02"
    TA_ECDSA_SHA_256 = _PROTOCOLS + b"\x02\x02\x03"
    CA_ECDH_AES_CBC_CMAC_128 = _PROTOCOLS + b"\x03\x02\x02"
    CA_ECDH_AES_CBC_CMAC_192 = _PROTOCOLS + b"\x03\x02\x03"
    CA_ECDH_AES_CBC_CMAC_256 = _PROTOCOLS + b"\x03\x02\x04"
    PACE_ECDH_GM_AES_CBC_CMAC_128 = _PROTOCOLS + b"\x04\x02\x02"
    PACE_ECDH_GM_AES_CBC_CMAC_192 = _PROTOCOLS + b"\x04\x02\x03"
    PACE_ECDH_GM_AES_CBC_CMAC_256 = _PROTOCOLS + b"\x04\x02\x04"


CHIP_AUTHENTICATION_KEY_BITS: Final[dict[bytes, int]] = {
    Oid.CA_ECDH_AES_CBC_CMAC_128: 128,
    Oid.CA_ECDH_AES_CBC_CMAC_192: 192,
    Oid.CA_ECDH_AES_CBC_CMAC_256: 256,
}
"""Length of the session keys that a protocol of chip authentication agrees on."""

PACE_KEY_BITS: Final[dict[bytes, int]] = {
    Oid.PACE_ECDH_GM_AES_CBC_CMAC_128: 128,
    Oid.PACE_ECDH_GM_AES_CBC_CMAC_192: 192,
    Oid.PACE_ECDH_GM_AES_CBC_CMAC_256: 256,
}
"""The same for PACE."""

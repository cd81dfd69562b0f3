"""Software cards in every state, made from memory cells: no personalization to wait for."""

from functools import cache
from hashlib import sha256
from typing import Final

from cardservice.channel.security_infos import encode_card_access, encode_chip_security
from fuzz import issuing
from simulators.card import CountedClock, Interface, NonVolatileMemory, SoftwareCard, image
from simulators.card.files import (
    EF_ATR_INFO,
    EF_ATR_INFO_CONTENT,
    EF_CARD_ACCESS,
    EF_CARD_ID,
    EF_CHIP_SECURITY,
    EF_CVCA,
    EF_ICCID,
    EF_INSURERS,
    EF_OWNER,
    EF_SOD,
)
from simulators.card.image import KeySet, LifeCycle, Profile
from simulators.card.key_agreement import public_point
from simulators.card.trust_point import initial_trust_point

CAN: Final = b"123456"
_PIN, _PUK = b"9753", b"86420135"
KEYS: Final = KeySet(0x31, *(sha256(name).digest()[:16] for name in (b"ENC", b"MAC", b"DEK")))
TRANSPORT_KEYS: Final = KeySet(0x30, KEYS.key_enc, KEYS.key_mac, KEYS.key_dek)
CHIP_KEY: Final = sha256(b"chip").digest()
CHIP_POINT: Final = public_point(CHIP_KEY)
HOLDERS_ENP: Final = b"0058000844000019"


class Drawn:
    """Entropy that is the same at every run: a hash chain."""

    def __init__(self) -> None:
        self._state = b""

    def octets(self, count: int, /) -> bytes:
        """Return so many octets."""
        self._state = sha256(self._state).digest()
        return (self._state * (count // len(self._state) + 1))[:count]


@cache
def _blank() -> dict[str, bytes]:
    return {
        image.LIFE_CYCLE: bytes((LifeCycle.BLANK,)),
        image.CHIP_SERIAL: issuing.CHIP_SERIAL,
        image.KEY_SET: TRANSPORT_KEYS.encode(),
        image.SEQUENCE_COUNTER: image.FIRST_SEQUENCE_COUNTER,
        EF_ATR_INFO.cell: EF_ATR_INFO_CONTENT,
    }


@cache
def _made() -> dict[str, bytes]:
    trust_point = initial_trust_point(issuing.cvca().certificate.octets)
    return {
        **_blank(),
        image.LIFE_CYCLE: bytes((LifeCycle.PERSONALIZED,)),
        image.KEY_SET: KEYS.encode(),
        image.CHIP_KEY: CHIP_KEY,
        image.PIN: _PIN.ljust(8, b"\xff"),
        image.PIN_TRIES: b"\x03",
        image.PUK: _PUK,
        image.PUK_TRIES: b"\x0a",
        image.CAN: CAN,
        image.POINTER: b"\x03\x02",
        EF_ICCID.cell: issuing.iccid(),
        EF_CARD_ID.cell: issuing.card_id(),
        EF_CHIP_SECURITY.cell: encode_chip_security(CHIP_POINT),
        EF_CARD_ACCESS.cell: encode_card_access(),
        EF_SOD.cell: issuing.security_object(),
        EF_OWNER.cell: issuing.owner(photo=issuing.PHOTO),
        EF_INSURERS[0].cell: issuing.insurer(),
        EF_INSURERS[1].cell: issuing.insurer(),
        **{cell: content for cell, content in trust_point.items() if content is not None},
    }


def blank_card() -> SoftwareCard:
    """Return a card as the factory delivers it, its issuer's transport keys known here."""
    return _card(_blank(), Interface.CONTACT)


def made_card(
    *,
    profile: Profile = Profile.FIELD,
    interface: Interface = Interface.CONTACT,
    life_cycle: LifeCycle = LifeCycle.PERSONALIZED,
) -> SoftwareCard:
    """Return a card with every file and secret."""
    changes = {image.PROFILE: bytes((profile,)), image.LIFE_CYCLE: bytes((life_cycle,))}
    return _card(_made() | changes, interface)


def keyless_card() -> SoftwareCard:
    """Return a blank card with the issuer's keys and a chip key, waiting for its contents."""
    changes = {image.KEY_SET: KEYS.encode(), image.CHIP_KEY: CHIP_KEY}
    return _card(_blank() | changes, Interface.CONTACT)


def _card(cells: dict[str, bytes], interface: Interface) -> SoftwareCard:
    memory = NonVolatileMemory(cells)
    return SoftwareCard(memory, interface=interface, entropy=Drawn(), clock=CountedClock())


_MOVING: Final = frozenset(
    {
        image.SEQUENCE_COUNTER,
        image.PIN_TRIES,
        image.PUK_TRIES,
        image.PACE_FAILURES,
        image.CVCA_CURRENT,
        image.CVCA_PREVIOUS,
        image.CARD_DATE,
        EF_CVCA.cell,
    }
)


def lasting(card: SoftwareCard) -> dict[str, bytes]:
    """Return the cells that nobody without keys may change: contents, keys, life cycle, codes.

    Counters are not among them, nor the card's date and trust point, which certificates move.
    """
    return {name: value for name, value in card.memory.cells().items() if name not in _MOVING}

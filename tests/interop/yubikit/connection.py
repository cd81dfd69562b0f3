"""How yubikit gets at our card: in this process, or over PC/SC with its own connection."""

from collections.abc import Callable
from typing import Any

from typing_extensions import override
from yubikit.core import TRANSPORT
from yubikit.core.smartcard import SmartCardConnection, SmartCardProtocol
from yubikit.core.smartcard.scp import KeyRef, Scp03KeyParams, StaticKeys
from yubikit.securitydomain import SecurityDomainSession

from simulators.card import SoftwareCard
from tests.unit.simulators.card import hosts

FIRST_KEY = 1  # PUT KEY replaces the keys 1 to 3


class InProcessConnection(SmartCardConnection):
    """A card as yubikit wants it."""

    def __init__(self, card: SoftwareCard) -> None:
        self._card = card

    @property
    @override
    def transport(self) -> TRANSPORT:
        return TRANSPORT.USB  # over which yubikit uses extended length when told to

    @override
    def send_and_receive(self, apdu: bytes) -> tuple[bytes, int]:
        answer = self._card.execute(apdu)
        return answer[:-2], int.from_bytes(answer[-2:])

    @override
    def close(self) -> None:
        self._card.reset()


def connect_over_pcsc(reader: str) -> SmartCardConnection:
    """Return yubikit's own connection to the card in that reader."""
    from smartcard.System import readers
    from ykman import pcsc

    # Its constructor has no annotations.
    connect: Callable[[Any], SmartCardConnection] = pcsc.ScardSmartCardConnection
    found: Any = next(one for one in readers() if str(one) == reader)
    return connect(found.createConnection())


def static_keys(keys: hosts.StaticKeys) -> StaticKeys:
    """Return the same three keys in yubikit's type."""
    return StaticKeys(keys.enc, keys.mac, keys.dek)


def open_session(protocol: SmartCardProtocol, keys: hosts.StaticKeys) -> None:
    """Select foms_root and open SCP03 at level 33 with ``keys``."""
    protocol.select(b"foms_root")
    parameters = Scp03KeyParams(KeyRef(FIRST_KEY, keys.kvn), static_keys(keys))
    protocol.init_scp(parameters)


def put_key(protocol: SmartCardProtocol, new: hosts.StaticKeys, *, replaced: int) -> None:
    """Replace the key set, with yubikit's own coding of PUT KEY and its check of the answer.

    The session object is made without its constructor, which selects an issuer security domain.
    """
    session = SecurityDomainSession.__new__(SecurityDomainSession)
    session.protocol = protocol
    session.put_key(KeyRef(FIRST_KEY, new.kvn), static_keys(new), replace_kvn=replaced)

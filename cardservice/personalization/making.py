"""The conversation that makes a card: card.md §6, step by step, as flows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from cardservice.apdu.response import SW
from cardservice.channel.card_management import (
    read_key_information,
    read_life_cycle,
)
from cardservice.channel.flow import Flow
from cardservice.channel.reading import select_application
from cardservice.channel.scp03 import Scp03Session, StaticKeys, diversify, open_session
from cardservice.errors import MalformedDataError, PeerError, Refusal, StatusError
from cardservice.personalization import key_versions
from cardservice.personalization.ports import Entropy, IssuerKeys
from cardservice.pki.keys import SecretKey
from cardservice.policycard.layout import Directory

TRANSPORT_KEY_VERSION: Final = key_versions.TRANSPORT_KEY_VERSION
ISSUER_KEY_VERSION: Final = key_versions.FIRST_ISSUER_KEY_VERSION
HOST_CHALLENGE_LEN: Final = 8  # S8
_DIVERSIFICATION_PREFIX: Final = b"FM"  # 464D, card.md §6
_SERIAL_LEN: Final = 8
_STATES: Final = frozenset({int(SW.FILE_DEACTIVATED), int(SW.FILE_TERMINATED)})

KeyDiversifier = Callable[[bytes], StaticKeys]
"""From the 10 diversification octets a card sends to its key set."""


class SpoiledCardError(PeerError):
    """The card holds data that nobody here can vouch for; it was terminated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationKeys:
    """How a station gets at the key sets of one card.

    Attributes:
        transport: the card maker's, which a blank card arrives with.
        issuer: the issuer's of the current version, which the station writes.
        version: that version, 31 to 7F.
        others: the issuer's of other versions that are opened, by version.
    """

    transport: KeyDiversifier = field(repr=False)
    issuer: KeyDiversifier = field(repr=False)
    version: int = ISSUER_KEY_VERSION
    others: Mapping[int, KeyDiversifier] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, keys: IssuerKeys) -> Self:
        """Return how to get at them by an issuer's masters, which act where they live."""
        return cls(
            transport=_diversifier(keys.transport_master),
            issuer=_diversifier(keys.issuer_master),
            version=keys.issuer_version,
            others={version: _diversifier(one) for version, one in keys.other_masters.items()},
        )

    @property
    def versions(self) -> tuple[int, ...]:
        """Return the issuer's versions that are opened, in the order in which they are tried."""
        return key_versions.in_order_of_trial(self.version, self.others)

    def issuer_of(self, version: int) -> KeyDiversifier:
        """Return the issuer's of one of ``versions``."""
        return self.issuer if version == self.version else self.others[version]


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A card under the issuer's keys, with its session.

    Attributes:
        chip_serial: 8 octets, from the diversification data the card authenticated with.
    """

    session: Scp03Session = field(repr=False)
    chip_serial: bytes

    @property
    def key_version(self) -> int:
        """Return the version of the key set that opened the session."""
        return self.session.card.key_version


def read_state() -> Flow[int]:
    """Select foms_root; return the card's life cycle.

    Raises:
        Refusal: ``card-foreign``: no policy card of ours.
    """
    try:
        yield from select_application(Directory.ROOT.aid, tolerated=_STATES)
        return (yield from read_life_cycle())
    except StatusError as error:
        raise Refusal("card-foreign", "This is no card that can be personalized.") from error


def not_blank() -> Refusal:
    """Return the refusal ``card-not-blank``: the card has its data, or its life is over."""
    return Refusal("card-not-blank", "This card has been used already; take a blank one.")


def open_with_issuer_keys(
    keys: StationKeys, entropy: Entropy, *, version: int | None = None
) -> Flow[OpenCard]:
    """Authenticate with the issuer's keys; the challenge of the card must be its counter's.

    Args:
        keys: the station's.
        entropy: unpredictable octets.
        version: one of ``keys.versions``. None: that which the card has. It refuses any other
            with 6A88, so as many commands are wasted as there are versions before its own.
    """
    *earlier, last = keys.versions if version is None else (version,)
    for one in earlier:
        try:
            return (yield from _open(keys, entropy, one))
        except StatusError as refused:
            if refused.sw != SW.REFERENCE_NOT_FOUND:
                raise
    return (yield from _open(keys, entropy, last))


def authenticate_with_issuer_keys(
    keys: StationKeys, entropy: Entropy, *, version: int | None = None
) -> Flow[bytes]:
    """Return the chip serial of a card that answers to the issuer's keys; run it after a reset."""
    yield from select_application(Directory.ROOT.aid)
    return (yield from open_with_issuer_keys(keys, entropy, version=version)).chip_serial


def read_key_version() -> Flow[int]:
    """Return the version of the one key set that the card reports.

    Raises:
        MalformedDataError: it reports none, or several.
    """
    information = yield from read_key_information()
    versions = {key.version for key in information}
    if len(versions) != 1:
        raise MalformedDataError("the card's keys are not one set of one version")
    return versions.pop()


def chip_serial_in(diversification: bytes) -> bytes:
    """Return the chip serial, 8 octets, in the 10 diversification octets.

    Raises:
        MalformedDataError: they are of another form.
    """
    prefix, serial = (
        diversification[: len(_DIVERSIFICATION_PREFIX)],
        diversification[len(_DIVERSIFICATION_PREFIX) :],
    )
    if prefix != _DIVERSIFICATION_PREFIX or len(serial) != _SERIAL_LEN:
        raise MalformedDataError("the card's diversification data name no chip of ours")
    return serial


def _open(keys: StationKeys, entropy: Entropy, version: int) -> Flow[OpenCard]:
    session = yield from open_session(
        keys.issuer_of(version),
        key_version=version,
        host_challenge=entropy(HOST_CHALLENGE_LEN),
        invoking_aid=Directory.ROOT.aid,
    )
    return OpenCard(session, chip_serial_in(session.card.diversification_data))


def _diversifier(master: SecretKey) -> KeyDiversifier:
    return lambda diversification: diversify(master.cmac, diversification)

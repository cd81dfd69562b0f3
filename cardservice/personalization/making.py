"""The conversation that makes a card: card.md §6, step by step, as flows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cardservice.apdu.response import SW
from cardservice.channel.card_management import (
    LifeCycle,
    generate_chip_key,
    read_key_information,
    read_life_cycle,
    set_life_cycle,
)
from cardservice.channel.flow import Flow, protect
from cardservice.channel.reading import select_application
from cardservice.channel.scp03 import Scp03Session, StaticKeys, open_session, put_key
from cardservice.channel.store_data import Dgi, store_data
from cardservice.errors import MalformedDataError, PeerError, Refusal, StatusError
from cardservice.personalization.ports import Entropy
from cardservice.policycard.layout import Directory

TRANSPORT_KEY_VERSION: Final = 0x30
ISSUER_KEY_VERSION: Final = 0x31
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
    """How a station gets at the key sets of one card."""

    transport: KeyDiversifier = field(repr=False)
    issuer: KeyDiversifier = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A blank card under the issuer's keys, with its session.

    Attributes:
        chip_serial: 8 octets, from the diversification data the card authenticated with.
    """

    session: Scp03Session = field(repr=False)
    chip_serial: bytes


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


def open_card(keys: StationKeys, entropy: Entropy) -> Flow[OpenCard]:
    """Open a session with the issuer's keys, replacing the transport keys first where need be.

    Raises:
        Refusal: ``card-foreign-keys``: the card has keys of neither version.
        AuthenticationError, StatusError: the keys are not what they should be.

    Source: card.md §6, steps open, keys, reopen.
    """
    version = yield from _key_version()
    if version == TRANSPORT_KEY_VERSION:
        yield from _replace_transport_keys(keys, entropy)
        yield from select_application(Directory.ROOT.aid)
    elif version != ISSUER_KEY_VERSION:
        raise Refusal(
            "card-foreign-keys", f"The card has keys of version {version:02X}, neither 30 nor 31."
        )
    return (yield from open_with_issuer_keys(keys, entropy))


def open_with_issuer_keys(keys: StationKeys, entropy: Entropy) -> Flow[OpenCard]:
    """Authenticate with the issuer's keys; the challenge of the card must be its counter's."""
    session = yield from open_session(
        keys.issuer,
        key_version=ISSUER_KEY_VERSION,
        host_challenge=entropy(HOST_CHALLENGE_LEN),
        invoking_aid=Directory.ROOT.aid,
    )
    return OpenCard(session, _chip_serial(session.card.diversification_data))


def make_chip_key(card: OpenCard, *, known_point: bytes | None) -> Flow[bytes]:
    """Let the chip make its key; return its point, 65 octets.

    A card that refuses has its data stored and was not finished. ``known_point`` is the key of
    this very chip if the station remembers it; without it the card is terminated.

    Raises:
        SpoiledCardError: the card was terminated.
    """
    try:
        return (yield from protect(generate_chip_key(), card.session))
    except StatusError as refused:
        if refused.sw != SW.CONDITIONS_NOT_SATISFIED:
            raise
    if known_point is not None:
        return known_point
    yield from protect(set_life_cycle(LifeCycle.TERMINATED), card.session)
    raise SpoiledCardError("the card was left half-made by another station; it is terminated now")


def fill_card(card: OpenCard, groupings: list[Dgi]) -> Flow[None]:
    """Store everything in one transaction, then declare the card personalized."""
    yield from protect(store_data(groupings), card.session)
    yield from protect(set_life_cycle(LifeCycle.PERSONALIZED), card.session)


def authenticate_with_issuer_keys(keys: StationKeys, entropy: Entropy) -> Flow[bytes]:
    """Return the chip serial of a card that answers to the issuer's keys; run it after a reset."""
    yield from select_application(Directory.ROOT.aid)
    return (yield from open_with_issuer_keys(keys, entropy)).chip_serial


def _key_version() -> Flow[int]:
    information = yield from read_key_information()
    versions = {key.version for key in information}
    if len(versions) != 1:
        raise MalformedDataError("the card's keys are not one set of one version")
    return versions.pop()


def _replace_transport_keys(keys: StationKeys, entropy: Entropy) -> Flow[None]:
    session = yield from open_session(
        keys.transport,
        key_version=TRANSPORT_KEY_VERSION,
        host_challenge=entropy(HOST_CHALLENGE_LEN),
        invoking_aid=Directory.ROOT.aid,
    )
    new = keys.issuer(session.card.diversification_data)
    replacing = put_key(
        new,
        new_version=ISSUER_KEY_VERSION,
        present_version=TRANSPORT_KEY_VERSION,
        session=session,
    )
    yield from protect(replacing, session)


def _chip_serial(diversification: bytes) -> bytes:
    prefix, serial = (
        diversification[: len(_DIVERSIFICATION_PREFIX)],
        diversification[len(_DIVERSIFICATION_PREFIX) :],
    )
    if prefix != _DIVERSIFICATION_PREFIX or len(serial) != _SERIAL_LEN:
        raise MalformedDataError("the card's diversification data name no chip of ours")
    return serial

"""The conversation that makes a card, with the journal told before each step: card.md §6."""

from typing import Final

from cardservice.apdu.response import SW
from cardservice.channel.card_management import LifeCycle, generate_chip_key, set_life_cycle
from cardservice.channel.flow import Flow, protect
from cardservice.channel.reading import select_application
from cardservice.channel.scp03 import open_session, secret_value
from cardservice.channel.store_data import Dgi, store_data
from cardservice.errors import PeerError, Refusal, StatusError
from cardservice.personalization.contents import DGI, HolderSecrets
from cardservice.personalization.journal import SpoiledReason
from cardservice.personalization.journal_turn import Turn
from cardservice.personalization.key_versions import spell_version
from cardservice.personalization.making import (
    HOST_CHALLENGE_LEN,
    TRANSPORT_KEY_VERSION,
    OpenCard,
    SpoiledCardError,
    StationKeys,
    chip_serial_in,
    not_blank,
    open_with_issuer_keys,
    read_key_version,
)
from cardservice.personalization.ports import Entropy
from cardservice.personalization.recovery_rules import Action, Found, spoiled_card
from cardservice.personalization.rekeying import replace_keys, with_current_keys
from cardservice.policycard.layout import Directory

_ENDED: Final = "the card was left half-made by another station; it is terminated now"


def open_blank(keys: StationKeys, entropy: Entropy, turn: Turn) -> Flow[OpenCard]:
    """Open a session with the issuer's current keys, which first replace those that it has.

    Raises:
        Refusal: ``card-foreign-keys``: the card has keys of no version that is opened;
            ``card-spoiled``: it counts as spoiled and is terminated now; as ``Turn.meet``.
        AuthenticationError, StatusError: the keys are not what they should be.

    Source: card.md §6, steps open, keys, reopen.
    """
    version = yield from read_key_version()
    if version == TRANSPORT_KEY_VERSION:
        yield from _replace_transport_keys(keys, entropy, turn)
        yield from select_application(Directory.ROOT.aid)
        version = keys.version
    elif version not in keys.versions:
        raise _foreign_keys(version, keys)
    card = yield from open_with_issuer_keys(keys, entropy, version=version)
    if turn.meet(card.chip_serial, Found.BLANK_ISSUER) is Action.END:
        yield from end_spoiled(card, turn)
    card = yield from with_current_keys(card, keys, entropy)
    turn.keyed(card.chip_serial)
    return card


def open_personalized(keys: StationKeys, entropy: Entropy, turn: Turn) -> Flow[OpenCard]:
    """Return a personalized card that the journal waits for, under the issuer's current keys.

    Raises:
        Refusal: ``card-not-blank``: nobody waits for it; ``card-spoiled``: it counted as spoiled
            and is terminated now; ``chip-serial-twice``.
    """
    try:
        card = yield from open_with_issuer_keys(keys, entropy)
    except PeerError:
        raise not_blank() from None
    action = turn.meet(card.chip_serial, Found.PERSONALIZED)
    if action is Action.END:
        yield from end_spoiled(card, turn)
    if action is not Action.FINISH:
        raise not_blank()
    return (yield from with_current_keys(card, keys, entropy))


def make_chip_key(card: OpenCard, turn: Turn) -> Flow[bytes]:
    """Let the chip make its key; return its point, 65 octets.

    A card that refuses has its data stored and was not finished. The journal knows its point if
    this station began it; if not, nobody can vouch for the data, and the card is terminated.

    Raises:
        SpoiledCardError: the card was terminated.
    """
    try:
        point = yield from protect(generate_chip_key(), card.session)
    except StatusError as refused:
        if refused.sw != SW.CONDITIONS_NOT_SATISFIED:
            raise
        return (yield from _remembered_key(card, turn))
    turn.key_made(card.chip_serial, point)
    return point


def store_secrets(card: OpenCard, secrets: HolderSecrets) -> Flow[None]:
    """Give a card new PIN, PUK and CAN; its files stay as they are.

    The station forgets secrets with the process that drew them. The card takes new ones under the
    issuer's keys at any time, and with them the counters of tries begin anew.

    Source: card.md §6, DGIs 8010 to 8012: allowed after personalization.
    """
    session = card.session
    groupings: list[Dgi] = [
        (DGI.PIN, secret_value(secrets.pin, session)),
        (DGI.PUK, secret_value(secrets.puk, session)),
        (DGI.CAN, secret_value(secrets.can, session)),
    ]
    yield from protect(store_data(groupings), session)


def end_spoiled(card: OpenCard, turn: Turn) -> Flow[None]:
    """Terminate a card that the journal counts as spoiled.

    Raises:
        Refusal: ``card-spoiled``, always.
    """
    yield from _terminate(card, turn)
    raise spoiled_card(card.chip_serial)


def _remembered_key(card: OpenCard, turn: Turn) -> Flow[bytes]:
    life = turn.life_of(card.chip_serial)
    if life is not None and life.point is not None:
        return life.point
    turn.spoiled(card.chip_serial, SpoiledReason.HALF_MADE_ELSEWHERE)
    yield from _terminate(card, turn)
    raise SpoiledCardError(_ENDED)


def _terminate(card: OpenCard, turn: Turn) -> Flow[None]:
    yield from protect(set_life_cycle(LifeCycle.TERMINATED), card.session)
    turn.ended(card.chip_serial)


def _replace_transport_keys(keys: StationKeys, entropy: Entropy, turn: Turn) -> Flow[None]:
    session = yield from open_session(
        keys.transport,
        key_version=TRANSPORT_KEY_VERSION,
        host_challenge=entropy(HOST_CHALLENGE_LEN),
        invoking_aid=Directory.ROOT.aid,
    )
    turn.meet(chip_serial_in(session.card.diversification_data), Found.BLANK_TRANSPORT)
    yield from replace_keys(session, keys)


def _foreign_keys(version: int, keys: StationKeys) -> Refusal:
    opened = ", ".join(map(spell_version, sorted((TRANSPORT_KEY_VERSION, *keys.versions))))
    sentence = f"The card has keys of version {spell_version(version)}; opened are {opened}."
    return Refusal("card-foreign-keys", sentence)

"""Another key set on a card: PUT KEY, and the session that proves that the card has it.

A card has one key set at any moment, the old one or the new one whole, whatever happens to its
power. So a card that was cut off here answers to exactly one of them, and says to which.

Source: card.md §6, steps keys and reopen.
"""

from cardservice.channel.flow import Flow, protect
from cardservice.channel.reading import select_application
from cardservice.channel.scp03 import Scp03Session, put_key
from cardservice.errors import AuthenticationError
from cardservice.personalization.making import OpenCard, StationKeys, open_with_issuer_keys
from cardservice.personalization.ports import Entropy
from cardservice.policycard.layout import Directory


def replace_keys(session: Scp03Session, keys: StationKeys) -> Flow[None]:
    """Write the issuer's current keys over the key set that opened ``session``.

    Raises:
        PeerError: as ``put_key``.
    """
    card = session.card
    replacing = put_key(
        keys.issuer(card.diversification_data),
        new_version=keys.version,
        present_version=card.key_version,
        session=session,
    )
    yield from protect(replacing, session)


def with_current_keys(card: OpenCard, keys: StationKeys, entropy: Entropy) -> Flow[OpenCard]:
    """Return the card in a session with the issuer's current keys, which replace older ones.

    A card with newer keys than this station writes is returned as it is: keys never go back.

    Raises:
        AuthenticationError: the card does not have the keys that it confirmed.
        PeerError: as ``replace_keys``.
    """
    if card.key_version >= keys.version:
        return card
    yield from replace_keys(card.session, keys)
    yield from select_application(Directory.ROOT.aid)
    renewed = yield from open_with_issuer_keys(keys, entropy, version=keys.version)
    if renewed.chip_serial != card.chip_serial:
        raise AuthenticationError("another chip answered than the one that took the keys")
    return renewed

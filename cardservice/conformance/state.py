"""What state a card is in, before anything is asked of it."""

from typing import Final

from cardservice.apdu.response import SW
from cardservice.channel.card_management import (
    LifeCycle,
    read_key_information,
    read_life_cycle,
)
from cardservice.channel.flow import Flow, drive
from cardservice.channel.reading import select_application
from cardservice.conformance.terms import Stage
from cardservice.errors import PeerError, Refusal
from cardservice.personalization.making import TRANSPORT_KEY_VERSION
from cardservice.policycard.layout import Directory
from cardservice.transport.link import CardLink

_STAGES: Final = {
    LifeCycle.PERSONALIZED: Stage.PERSONALIZED,
    LifeCycle.BLOCKED: Stage.BLOCKED,
    LifeCycle.TERMINATED: Stage.TERMINATED,
}
_OUT_OF_USE: Final = frozenset({int(SW.FILE_DEACTIVATED), int(SW.FILE_TERMINATED)})


def read_stage(link: CardLink) -> Stage:
    """Return how far the card's life has come.

    Raises:
        Refusal: it is no policy card of ours, or it is blank and half made.
        LinkError: it does not answer.
    """
    link.reset()
    try:
        return drive(_stage(), link.exchange)
    except PeerError as error:
        raise Refusal("card-foreign", f"This is no policy card of ours: {error}.") from error


def _stage() -> Flow[Stage]:
    yield from select_application(Directory.ROOT.aid, tolerated=_OUT_OF_USE)
    life = yield from read_life_cycle()
    known = next((stage for state, stage in _STAGES.items() if state == life), None)
    if known is not None:
        return known
    versions = {key.version for key in (yield from read_key_information())}
    if life != LifeCycle.BLANK or versions != {TRANSPORT_KEY_VERSION}:
        raise Refusal("card-half-made", "The card is half made; take a new one.")
    return Stage.BLANK

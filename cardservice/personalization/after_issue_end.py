"""The end of a card that its holder hands over; source: card.md §6, SET STATUS."""

from cardservice.channel.card_management import LifeCycle, set_life_cycle
from cardservice.channel.flow import protect
from cardservice.errors import StatusError
from cardservice.personalization.after_issue_refusals import (
    not_as_ordered,
    refused_by_card,
    state_refusal,
)
from cardservice.personalization.after_issue_service import Service


def terminate(service: Service) -> None:
    """End the chip; a card that is ended already is done if the journal announced it.

    A terminated card tells nothing of itself: without the journal it could be anybody's.

    Raises:
        Refusal: ``held-card-terminated``, ``held-card-blocked``: nobody can say whose it is.
    """
    turn, visit = service.turn, service.visit
    life_cycle = visit.life_cycle()
    if life_cycle == LifeCycle.TERMINATED:
        if turn.touched is None:
            raise state_refusal(life_cycle)
        turn.done()
        return
    chip = _chip_to_end(service, life_cycle)
    turn.meet(chip)
    card, is_new = visit.open_with_issuer_keys(chip), turn.touched is None
    turn.begin(chip)
    try:
        visit.run(protect(set_life_cycle(LifeCycle.TERMINATED), card.session))
    except StatusError as refused:
        if is_new and visit.life_cycle() == life_cycle:
            turn.dropped()
            raise refused_by_card() from refused
        raise
    if visit.life_cycle() != LifeCycle.TERMINATED:
        raise not_as_ordered("it is not ended")
    turn.done()


def _chip_to_end(service: Service, life_cycle: int) -> bytes:
    """Return the chip of the card that is to be ended: the journal's word, or the card's proof."""
    if service.turn.touched is not None:
        return service.turn.touched.chip
    known = service.turn.known_chip
    if life_cycle == LifeCycle.BLOCKED and known is not None:
        return known
    if life_cycle != LifeCycle.PERSONALIZED:
        raise state_refusal(life_cycle)
    return service.visit.expect(service.turn.number, whoever_signed=True).chip

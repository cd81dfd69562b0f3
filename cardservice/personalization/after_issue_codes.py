"""New PIN, PUK and CAN for a card that its holder has, and a blocked PIN.

Source: card.md §6, DGIs 8010 to 8012 after personalization, and §7, RESET RETRY COUNTER.
"""

from dataclasses import replace

from cardservice.channel.flow import Flow, protect
from cardservice.channel.scp03 import secret_value
from cardservice.channel.store_data import store_data
from cardservice.errors import Refusal, StatusError
from cardservice.personalization.after_issue_holder import reset_retry_counter, verify_pin
from cardservice.personalization.after_issue_refusals import (
    WrongCodeError,
    not_as_ordered,
    other_card,
)
from cardservice.personalization.after_issue_service import Service
from cardservice.personalization.contents import (
    DataGroupingIdentifier,
    HolderSecrets,
    draw_secrets,
)
from cardservice.personalization.journal_service import ServiceTurn


def new_pin(service: Service) -> HolderSecrets:
    """Return new PIN and PUK that the card has now, with all their tries; the CAN is left out."""
    held = service.the_card()
    secrets = draw_secrets(service.entropy)
    _write_secrets(
        service,
        held.chip,
        {DataGroupingIdentifier.PIN: secrets.pin, DataGroupingIdentifier.PUK: secrets.puk},
    )
    shown = service.visit.expect(held.number, chip=held.chip)
    try:
        service.visit.secretly(shown, verify_pin(secrets.pin))
    except WrongCodeError as error:
        raise not_as_ordered("another PIN") from error
    service.turn.done()
    return replace(secrets, can="")


def new_can(service: Service) -> HolderSecrets:
    """Return the new CAN that the card has now; PIN and PUK are left out.

    A card whose CAN may have been changed before a crash is known by its chip: nobody may know
    the number it has now.
    """
    touched = service.turn.touched
    chip = service.visit.expect(service.turn.number).chip if touched is None else touched.chip
    service.turn.meet(chip)
    secrets = draw_secrets(service.entropy)
    _write_secrets(service, chip, {DataGroupingIdentifier.CAN: secrets.can})
    try:
        shown = service.visit.held(can=secrets.can)
    except Refusal as refusal:
        raise (not_as_ordered("another CAN") if refusal.code == "can-wrong" else refusal) from None
    if (shown.number, shown.chip) != (service.turn.number, chip):
        raise other_card()
    service.turn.done()
    return replace(secrets, pin="", puk="")


def unblock_pin(service: Service) -> None:
    """Give the card the PIN that its holder chose, by the PUK.

    Raises:
        WrongCodeError: ``puk-wrong``, ``puk-blocked``; the PIN is as it was.
    """
    puk, pin = service.typed.require_unblocking()
    held = service.the_card()
    service.visit.secretly(held, _unblocked(service.turn, held.chip, puk, pin))
    service.turn.done()


def _write_secrets(
    service: Service, chip: bytes, secrets: dict[DataGroupingIdentifier, str]
) -> None:
    """Give the card new secrets under the issuer's keys."""
    card = service.visit.open_with_issuer_keys(chip)
    groupings = [
        (int(identifier), secret_value(digits, card.session))
        for identifier, digits in secrets.items()
    ]
    service.turn.begin(chip)
    service.visit.run(protect(store_data(groupings), card.session))


def _unblocked(turn: ServiceTurn, chip: bytes, puk: str, pin: str) -> Flow[None]:
    """Reset the counter and show the new PIN; what the card refuses under its MAC was not done."""
    is_new = turn.touched is None
    turn.begin(chip)
    try:
        yield from reset_retry_counter(puk, pin)
    except (WrongCodeError, StatusError):
        # Of an earlier attempt that was interrupted nobody knows what it did.
        if is_new:
            turn.dropped()
        raise
    try:
        yield from verify_pin(pin)
    except WrongCodeError as error:
        raise not_as_ordered("another PIN") from error

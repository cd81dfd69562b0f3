"""Another insurer on a card that its holder has; the card is whole at any moment.

Source: card.md §6, "Change of insurer".
"""

from cardservice.channel.flow import Flow, protect
from cardservice.channel.store_data import store_data
from cardservice.domain.insurance import InsurancePeriod
from cardservice.errors import PeerError, UsageError
from cardservice.personalization.after_issue_card import HeldCard
from cardservice.personalization.after_issue_holder import verify_pin
from cardservice.personalization.after_issue_insurer import (
    InsurerChange,
    change_of_insurer,
    require_changed,
    signing_time_after,
)
from cardservice.personalization.after_issue_refusals import (
    changed_since,
    not_as_ordered,
    refused_by_card,
)
from cardservice.personalization.after_issue_service import Service
from cardservice.personalization.after_issue_visit import pointer_to
from cardservice.personalization.journal_service import ServiceTurn


def change_insurer(service: Service) -> None:
    """Write another insurer, EF.SOD over it and the pointer to it, in one STORE DATA.

    Raises:
        Refusal: ``held-card-refused``: the card shows what it showed before, and the journal says
            so; ``held-card-not-as-ordered``, ``held-card-changed``; as the card and the holder do.
        UsageError: the job names no insurance.
    """
    insurance = service.insurance
    if insurance is None:
        raise UsageError("a change of insurer needs the new insurance")
    service.preflight()
    held = service.the_card()
    if _was_changed(service.turn, held, insurance):
        service.turn.done()
        return
    pin = service.typed.require_pin()
    pointer = service.visit.secretly(held, _shown_by_holder(pin, held))
    change = change_of_insurer(
        held,
        insurance,
        pointer=pointer,
        signer=service.signer,
        at=signing_time_after(held.signed_at, service.clock()),
    )
    failure = _write_change(service, held, change)
    shown = service.visit.expect(held.number, chip=held.chip)
    if shown.signed_at == held.signed_at:
        service.turn.dropped()
        raise refused_by_card() from failure
    require_changed(shown, held, insurance, change)
    service.turn.done()


def _was_changed(turn: ServiceTurn, held: HeldCard, insurance: InsurancePeriod) -> bool:
    """Say whether a change that was begun shows on the card; note it if nothing was written."""
    touched = turn.touched
    if touched is None or touched.signed_at is None or held.signed_at is None:
        return False
    if held.signed_at > touched.signed_at:
        raise changed_since()
    if held.signed_at < touched.signed_at:
        turn.dropped()
        return False
    if held.examination.insurance != insurance:
        raise not_as_ordered("another insurer")
    return True


def _shown_by_holder(pin: str, held: HeldCard) -> Flow[int]:
    """Show the card the PIN; return the id of its current insurer EF."""
    pointer = yield from pointer_to(held.insurer)
    yield from verify_pin(pin)
    return pointer


def _write_change(service: Service, held: HeldCard, change: InsurerChange) -> PeerError | None:
    """Write; return what the card had against it. Only the card itself says if it was written."""
    card = service.visit.open_with_issuer_keys(held.chip)
    service.turn.begin(held.chip, signed_at=change.signed_at)
    try:
        service.visit.run(protect(store_data(change.groupings), card.session))
    except PeerError as error:
        return error
    return None

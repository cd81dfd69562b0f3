"""An applicant's own application as a whole: what became of it, cards, times booked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cardservice.domain.application import Application as Draft
from cardservice.domain.lives import CARD, ApplicationState, CardState, CertificateState
from cardservice.registry.applications import KIND, draft_of
from cardservice.registry.applications_reading import ApplicationFile
from cardservice.registry.frame import Act
from cardservice.registry.ports_applications import Application, Document
from cardservice.registry.ports_exchange import Complaint
from cardservice.registry.ports_making import Card
from cardservice.registry.ports_places import Booking, Place, Slot
from cardservice.registry.ports_policies import TemporaryCertificate
from cardservice.web.office.asking import Asking

_TAIL: Final = 10_000  # the last four digits tell one's own cards apart


@dataclass(frozen=True, slots=True)
class OwnCard:
    """A card of the person."""

    card: Card

    @property
    def tail(self) -> str:
        """The last four digits of its number; no page shows more."""
        return f"{self.card.number % _TAIL:04}"

    @property
    def can_be_lost(self) -> bool:
        """Whether reporting it would change anything."""
        state = CardState(self.card.state)
        return state not in CARD.final and state is not CardState.BLANK


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedVisit:
    """A time booked at a place of issue that is still to come."""

    booking: Booking
    slot: Slot
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Owned:
    """All that an applicant sees of their application."""

    file: ApplicationFile
    cards: tuple[OwnCard, ...]
    visits: tuple[BookedVisit, ...]
    complaints: tuple[Complaint, ...]

    @property
    def application(self) -> Application:
        """The row itself."""
        return self.file.application

    @property
    def draft(self) -> Draft:
        """The form."""
        return self.file.draft

    @property
    def documents(self) -> tuple[Document, ...]:
        """What came with it and was not taken off again."""
        return tuple(one for one in self.file.documents if one.erased_at is None)

    @property
    def certificate(self) -> TemporaryCertificate | None:
        """The certificate that serves now."""
        issued = CertificateState.ISSUED
        return next((one for one in self.file.certificates if one.state == issued), None)


def owned_by(asking: Asking) -> Owned:
    """Return the application that an applicant's session stands for; the look is recorded.

    Raises:
        Refusal: ``not-found``.
    """
    return asking.office.look(asking.actor, asking.region, lambda act: _read(act, asking))


def _read(act: Act, asking: Asking) -> Owned:
    found = act.work.applications.get(act.region, asking.web.subject.id)
    act.look_at_application(found, f"{KIND}/{found.id}")
    return Owned(
        file=_file(act, found),
        cards=tuple(OwnCard(one) for one in _cards(act, found)),
        visits=tuple(_visits(act, found)),
        complaints=act.work.complaints.of_application(act.region, found.id),
    )


def _file(act: Act, found: Application) -> ApplicationFile:
    work, region = act.work, act.region
    return ApplicationFile(
        application=found,
        draft=draft_of(found),
        documents=work.documents.of_application(region, found.id),
        certificates=work.certificates.of_application(region, found.id),
        orders=work.orders.of_application(region, found.id),
    )


def _cards(act: Act, found: Application) -> Iterator[Card]:
    # Until it is approved nobody has seen whose application it is: anybody may type a name.
    if found.person_id is not None and found.state == ApplicationState.APPROVED:
        for policy in act.work.policies.of_person(act.region, found.person_id):
            yield from act.work.cards.of_policy(act.region, policy.id)


def _visits(act: Act, found: Application) -> Iterator[BookedVisit]:
    for booking in act.work.bookings.of_application(act.region, found.id):
        slot = act.work.slots.get(act.region, booking.slot_id)
        if booking.ended_at is None and slot.starts_at > act.now:
            place = act.work.places.get(act.region, slot.place_id)
            yield BookedVisit(booking=booking, slot=slot, place=place)

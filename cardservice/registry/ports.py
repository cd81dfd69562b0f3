"""What the office asks of a database: one transaction at a time, and what is kept in it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from cardservice.registry.audit import AuditEntries
from cardservice.registry.ports_access import Commands, Counters
from cardservice.registry.ports_applications import Applications, Documents
from cardservice.registry.ports_clinics import (
    AbuseSigns,
    ClinicDesks,
    DeskTerminals,
    EnrolmentCodes,
    Presentations,
    Standings,
    Substitutes,
)
from cardservice.registry.ports_exchange import ComplaintAttachments, Complaints, Notices
from cardservice.registry.ports_making import CardNumbers, Cards, Orders, Receipts, Stock
from cardservice.registry.ports_people import Consents, Looks, People
from cardservice.registry.ports_places import Bookings, MedicalOrganisations, Places, Slots
from cardservice.registry.ports_policies import Policies, PolicyInsurers, TemporaryCertificates
from cardservice.registry.ports_statistics import Statistics
from cardservice.registry.ports_uploads import UploadRows, Uploads

T = TypeVar("T")


class Work(Protocol):
    """What is kept, in one transaction; of no use after its end."""

    @property
    def people(self) -> People: ...

    @property
    def consents(self) -> Consents: ...

    @property
    def looks(self) -> Looks: ...

    @property
    def policies(self) -> Policies: ...

    @property
    def insurers(self) -> PolicyInsurers: ...

    @property
    def certificates(self) -> TemporaryCertificates: ...

    @property
    def applications(self) -> Applications: ...

    @property
    def documents(self) -> Documents: ...

    @property
    def orders(self) -> Orders: ...

    @property
    def cards(self) -> Cards: ...

    @property
    def card_numbers(self) -> CardNumbers: ...

    @property
    def receipts(self) -> Receipts: ...

    @property
    def stock(self) -> Stock: ...

    @property
    def places(self) -> Places: ...

    @property
    def slots(self) -> Slots: ...

    @property
    def bookings(self) -> Bookings: ...

    @property
    def medical_organisations(self) -> MedicalOrganisations: ...

    @property
    def clinic_desks(self) -> ClinicDesks: ...

    @property
    def desk_terminals(self) -> DeskTerminals: ...

    @property
    def enrolment_codes(self) -> EnrolmentCodes: ...

    @property
    def presentations(self) -> Presentations: ...

    @property
    def substitutes(self) -> Substitutes: ...

    @property
    def abuse_signs(self) -> AbuseSigns: ...

    @property
    def standings(self) -> Standings: ...

    @property
    def complaints(self) -> Complaints: ...

    @property
    def attachments(self) -> ComplaintAttachments: ...

    @property
    def uploads(self) -> Uploads: ...

    @property
    def upload_rows(self) -> UploadRows: ...

    @property
    def statistics(self) -> Statistics: ...

    @property
    def notifications(self) -> Notices: ...

    @property
    def audit(self) -> AuditEntries: ...

    @property
    def commands(self) -> Commands: ...

    @property
    def counters(self) -> Counters: ...


class Database(Protocol):
    """A database that is open; safe for threads."""

    def transaction(self, work: Callable[[Work], T], *, region: str, alone: bool = True) -> T:
        """Do ``work`` wholly or not at all, and return what it returns.

        Args:
            work: called again when others made it impossible; so it does nothing that cannot be
                done twice.
            region: five digits; the only one that may be written.
            alone: keep other writers of the region out, so that what a rule has read stays true
                until its effect is kept.
        """
        ...

    def reading(self) -> AbstractContextManager[Work]:
        """Give what is kept at one moment; it cannot be changed."""
        ...

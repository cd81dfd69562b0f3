"""One unit of work: every repository, in one transaction."""

from cardservice.storage.repositories.access import Commands, Counters
from cardservice.storage.repositories.applications import Applications, Documents
from cardservice.storage.repositories.audit import Audit
from cardservice.storage.repositories.base import Scope
from cardservice.storage.repositories.clinics import (
    AbuseSigns,
    ClinicDesks,
    DeskTerminals,
    EnrolmentCodes,
    Presentations,
    Standings,
    Substitutes,
)
from cardservice.storage.repositories.exchange import (
    ComplaintAttachments,
    Complaints,
    Notifications,
)
from cardservice.storage.repositories.making import CardNumbers, Cards, Orders, Receipts, Stock
from cardservice.storage.repositories.people import Consents, Looks, People
from cardservice.storage.repositories.places import Bookings, MedicalOrganisations, Places, Slots
from cardservice.storage.repositories.policies import (
    Policies,
    PolicyInsurers,
    TemporaryCertificates,
)
from cardservice.storage.repositories.statistics import Statistics
from cardservice.storage.repositories.uploads import UploadRows, Uploads


class Work:
    """The repositories of one transaction; of no use after its end."""

    __slots__ = ("_scope",)

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    @property
    def people(self) -> People:
        return People(self._scope)

    @property
    def consents(self) -> Consents:
        return Consents(self._scope)

    @property
    def looks(self) -> Looks:
        return Looks(self._scope)

    @property
    def policies(self) -> Policies:
        return Policies(self._scope)

    @property
    def insurers(self) -> PolicyInsurers:
        return PolicyInsurers(self._scope)

    @property
    def certificates(self) -> TemporaryCertificates:
        return TemporaryCertificates(self._scope)

    @property
    def applications(self) -> Applications:
        return Applications(self._scope)

    @property
    def documents(self) -> Documents:
        return Documents(self._scope)

    @property
    def orders(self) -> Orders:
        return Orders(self._scope)

    @property
    def cards(self) -> Cards:
        return Cards(self._scope)

    @property
    def card_numbers(self) -> CardNumbers:
        return CardNumbers(self._scope)

    @property
    def receipts(self) -> Receipts:
        return Receipts(self._scope)

    @property
    def stock(self) -> Stock:
        return Stock(self._scope)

    @property
    def places(self) -> Places:
        return Places(self._scope)

    @property
    def slots(self) -> Slots:
        return Slots(self._scope)

    @property
    def bookings(self) -> Bookings:
        return Bookings(self._scope)

    @property
    def medical_organisations(self) -> MedicalOrganisations:
        return MedicalOrganisations(self._scope)

    @property
    def clinic_desks(self) -> ClinicDesks:
        return ClinicDesks(self._scope)

    @property
    def desk_terminals(self) -> DeskTerminals:
        return DeskTerminals(self._scope)

    @property
    def enrolment_codes(self) -> EnrolmentCodes:
        return EnrolmentCodes(self._scope)

    @property
    def presentations(self) -> Presentations:
        return Presentations(self._scope)

    @property
    def substitutes(self) -> Substitutes:
        return Substitutes(self._scope)

    @property
    def abuse_signs(self) -> AbuseSigns:
        return AbuseSigns(self._scope)

    @property
    def standings(self) -> Standings:
        return Standings(self._scope)

    @property
    def complaints(self) -> Complaints:
        return Complaints(self._scope)

    @property
    def attachments(self) -> ComplaintAttachments:
        return ComplaintAttachments(self._scope)

    @property
    def uploads(self) -> Uploads:
        return Uploads(self._scope)

    @property
    def upload_rows(self) -> UploadRows:
        return UploadRows(self._scope)

    @property
    def statistics(self) -> Statistics:
        return Statistics(self._scope)

    @property
    def notifications(self) -> Notifications:
        return Notifications(self._scope)

    @property
    def audit(self) -> Audit:
        return Audit(self._scope)

    @property
    def commands(self) -> Commands:
        return Commands(self._scope)

    @property
    def counters(self) -> Counters:
        return Counters(self._scope)

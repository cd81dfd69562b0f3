"""Complaints as the office reads them: by state, and one with all that belongs to it."""

from dataclasses import dataclass, field
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.lives import ComplaintState
from cardservice.domain.terms import Standing, standing
from cardservice.registry.actor import Actor
from cardservice.registry.complaints import WaitingComplaint, contact_of
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act, Office
from cardservice.registry.ports_applications import Application
from cardservice.registry.ports_base import FIRST, Ask, Page
from cardservice.registry.ports_exchange import Complaint, ComplaintAttachment

_ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFile:
    """A complaint, opened.

    Attributes:
        contact: where the answer goes, as given; perhaps nothing.
        application: that it is about.
        attachments: in the order they came.
    """

    complaint: Complaint
    standing: Standing
    contact: str = field(repr=False)
    application: Application | None
    attachments: tuple[ComplaintAttachment, ...]


def complaints_in(
    office: Office, actor: Actor, *, region: str, state: ComplaintState, ask: Ask = FIRST
) -> Page[WaitingComplaint]:
    """Return complaints in a state, the soonest due first, so that late ones lead.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    actor.require(Right.COMPLAINT_ANSWER)
    with office.database.reading() as kept:
        page = kept.complaints.queue(region, state.value, ask)
    rows = tuple(WaitingComplaint(one, _standing(office, one)) for one in page.rows)
    return Page(rows=rows, after=page.after)


def view_complaint(
    office: Office, actor: Actor, *, region: str, complaint_id: UUID
) -> ComplaintFile:
    """Return a complaint with all that belongs to it; the look at its person is recorded.

    Raises:
        Refusal: ``not-found`` or ``role-not-allowed``.
        SealError: its contact was tampered with.
    """
    return office.look(actor, region, lambda act: _file(act, complaint_id))


def view_attachment(
    office: Office, actor: Actor, *, region: str, complaint_id: UUID, attachment_id: UUID
) -> ComplaintAttachment:
    """Return an attachment of a complaint; the look at its person is recorded.

    Raises:
        Refusal: ``not-found`` (also for one of another complaint, or erased),
            ``role-not-allowed``.
    """

    def look(act: Act) -> ComplaintAttachment:
        _looked_at(act, complaint_id)
        found = act.work.attachments.get(region, attachment_id)
        if found.complaint_id != complaint_id or found.content_hash is None:
            raise not_found(_ATTACHMENT)
        return found

    return office.look(actor, region, look)


def _file(act: Act, complaint_id: UUID) -> ComplaintFile:
    complaint = _looked_at(act, complaint_id)
    about = complaint.application_id
    return ComplaintFile(
        complaint=complaint,
        standing=_standing(act.office, complaint),
        contact=contact_of(act.office, complaint),
        application=None if about is None else act.work.applications.get(act.region, about),
        attachments=act.work.attachments.of_complaint(act.region, complaint_id),
    )


def _looked_at(act: Act, complaint_id: UUID) -> Complaint:
    act.actor.require(Right.COMPLAINT_ANSWER)
    complaint = act.work.complaints.get(act.region, complaint_id)
    about, reason = complaint.application_id, f"complaint/{complaint_id}"
    if complaint.person_id is not None:
        act.look(complaint.person_id, reason)
    elif about is not None:
        act.look_at_application(act.work.applications.get(act.region, about), reason)
    return complaint


def _standing(office: Office, complaint: Complaint) -> Standing:
    if complaint.state != ComplaintState.RECEIVED:
        return Standing.IN_TIME
    warning = office.settings.rules.warning_days.value
    return standing(complaint.due_on, office.today, warning_days=warning)

"""Complaints: filed with attachments, answered by a date, withdrawn; and those that wait."""

from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.due_dates import complaint_due
from cardservice.domain.lives import COMPLAINT, ComplaintEvent, ComplaintState
from cardservice.domain.roles import OFFICE, Role
from cardservice.domain.terms import Standing, standing
from cardservice.domain.texts import NOTE_LENGTH, parse_text
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.applications import draft_of
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.outbox_values import Template
from cardservice.registry.ports_base import FIRST, Ask, Mark, Page
from cardservice.registry.ports_exchange import Complaint, ComplaintAttachment

LETTER_LENGTH: Final = 10_000  # characters of a complaint or an answer; this project's own
MOST_ATTACHMENTS: Final = 10  # this project's own
_COUNTER: Final = "complaint"
_ANSWERED: Final = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that the vault keeps; ``size`` in octets, of the file in clear."""

    content_hash: bytes
    wrapped_key: bytes = field(repr=False)
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileComplaint(OfficeCommand):
    """Somebody complains.

    Attributes:
        application_id: that it is about; an applicant's is their own.
        person_id: who complains, if known.
        contact: where the answer goes; kept sealed.
    """

    text: str = field(repr=False)
    contact: str = field(default="", repr=False)
    application_id: UUID | None = None
    person_id: UUID | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerComplaint(OfficeCommand):
    """The office answers."""

    complaint_id: UUID
    version: int
    answer: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawComplaint(OfficeCommand):
    """Who complained wants no answer."""

    complaint_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class WaitingComplaint:
    """A complaint without an answer, and whether that is late."""

    complaint: Complaint
    standing: Standing


def file_complaint(office: Office, actor: Actor, command: FileComplaint) -> Answer:
    """Return the complaint with its number; ``made`` has its attachments' ids.

    Raises:
        Refusal: ``text-missing``, ``…-too-long``, ``control-character``; ``attachments-many``;
            ``attachments-unowned``: neither an application nor a person is named, so that nobody
            could ever have them erased; ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _file)


def answer_complaint(office: Office, actor: Actor, command: AnswerComplaint) -> Answer:
    """Return the complaint, answered; late ones are answered too, and who complained is told.

    Raises:
        Refusal: ``answer-missing``, ``answer-too-long``, ``control-character``,
            ``state-complaint-…``, ``stale``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _answer)


def withdraw_complaint(office: Office, actor: Actor, command: WithdrawComplaint) -> Answer:
    """Return the complaint, withdrawn; raises Refusal as above."""
    return office.carry_out(actor, command, _withdraw)


def waiting_complaints(
    office: Office, actor: Actor, region: str, *, ask: Ask = FIRST
) -> Page[WaitingComplaint]:
    """Return complaints without an answer, the soonest due first, with how late they are."""
    actor.require(Right.COMPLAINT_ANSWER)
    with office.database.reading() as kept:
        page = kept.complaints.queue(region, ComplaintState.RECEIVED, ask)
    return Page(rows=tuple(_waiting(office, one) for one in page.rows), after=page.after)


def overdue_complaints(
    office: Office, actor: Actor, region: str, *, ask: Ask = FIRST
) -> Page[WaitingComplaint]:
    """Return complaints that should have been answered before today, the latest first."""
    page = waiting_complaints(office, actor, region, ask=ask)
    late = tuple(one for one in page.rows if one.standing is Standing.OVERDUE)
    # They come by their due dates: after the first one in time there is no late one.
    after: Mark | None = page.after if len(late) == len(page.rows) else None
    return Page(rows=late, after=after)


def contact_of(office: Office, complaint: Complaint) -> str:
    """Return where the answer goes, perhaps nothing; raises SealError if it was tampered with."""
    if complaint.contact is None:
        return ""
    context = _context(complaint.region, complaint.id)
    return office.sealer.open(complaint.contact, context=context).decode()


def _waiting(office: Office, one: Complaint) -> WaitingComplaint:
    warning = office.settings.rules.warning_days.value
    return WaitingComplaint(one, standing(one.due_on, office.today, warning_days=warning))


def _file(act: Act, command: FileComplaint) -> Answer:
    application_id, person_id = _about(act, command)
    received = received_complaint(act, text=command.text, contact=command.contact)
    complaint = replace(received, application_id=application_id, person_id=person_id)
    answer = keep_received(act, complaint)
    made = {f"attachment-{n}": str(id_) for n, id_ in enumerate(_attach(act, command, complaint))}
    return replace(answer, made=made)


def received_complaint(act: Act, *, text: str, contact: str) -> Complaint:
    """Return a complaint that came in, of nobody yet and not kept yet; raises Refusal."""
    text = _letter(text, "text")
    contact = parse_text(contact, field="contact", words="contact", limit=NOTE_LENGTH)
    id_, settings = act.new_id(), act.settings
    context = _context(act.region, id_)
    sealed = act.office.sealer.seal(contact.encode(), context=context) if contact else None
    return Complaint(
        region=act.region,
        id=id_,
        number=f"{act.work.counters.next(act.region, _COUNTER):06}",
        state=COMPLAINT.initial.value,
        text=text,
        contact=sealed,
        received_at=act.now,
        due_on=complaint_due(act.today, settings.rules, settings.calendar),
    )


def keep_received(act: Act, complaint: Complaint) -> Answer:
    """Keep and record a complaint that came in; return what is answered about it."""
    act.work.complaints.add(complaint)
    act.record("complaint.file", "complaint", complaint.id)
    return _told(complaint)


def _about(act: Act, command: FileComplaint) -> tuple[UUID | None, UUID | None]:
    if act.actor.role is Role.APPLICANT and act.actor.account is not None:
        own = act.work.applications.get(act.region, act.actor.account)
        if command.application_id not in {None, own.id} or command.person_id is not None:
            raise not_found("application")
        return own.id, own.person_id
    if act.actor.role not in OFFICE:
        raise Refusal("role-not-allowed", "This role may not do that.")
    if command.application_id is not None:
        act.work.applications.get(act.region, command.application_id)
    if command.person_id is not None:
        act.work.people.get(act.region, command.person_id)
    return command.application_id, command.person_id


def _attach(act: Act, command: FileComplaint, complaint: Complaint) -> tuple[UUID, ...]:
    if len(command.attachments) > MOST_ATTACHMENTS:
        sentence = f"A complaint has at most {MOST_ATTACHMENTS} attachments."
        raise Refusal("attachments-many", sentence, field="attachments")
    if command.attachments and not (complaint.application_id or complaint.person_id):
        sentence = "Say whose complaint it is, or about which application: attachments go with it."
        raise Refusal("attachments-unowned", sentence, field="attachments")
    rows = [_attachment(act, complaint, one) for one in command.attachments]
    act.work.attachments.add(*rows)
    return tuple(one.id for one in rows)


def _attachment(act: Act, complaint: Complaint, one: Attachment) -> ComplaintAttachment:
    return ComplaintAttachment(
        region=act.region,
        id=act.new_id(),
        complaint_id=complaint.id,
        content_hash=one.content_hash,
        wrapped_key=one.wrapped_key,
        media_type=one.media_type,
        size=one.size,
        uploaded_by=act.actor.name,
        uploaded_at=act.now,
    )


def _answer(act: Act, command: AnswerComplaint) -> Answer:
    act.actor.require(Right.COMPLAINT_ANSWER)
    complaint = _found(act, command.complaint_id)
    answered = replace(
        complaint,
        state=_after(act, complaint, ComplaintEvent.ANSWER, ground=_ANSWERED),
        answer=_letter(command.answer, "answer"),
        answered_by=act.actor.name,
        answered_at=act.now,
    )
    told = _kept(act, answered, command.version, ComplaintEvent.ANSWER)
    _tell_answered(act, complaint)
    return told


def _tell_answered(act: Act, complaint: Complaint) -> None:
    """Say that there is an answer, not what it says."""
    email, phone = _ways_to(act, complaint)
    said = {"complaint": complaint.number}
    act.notify(Template.COMPLAINT_ANSWERED, said, email=email, phone=phone)


def _ways_to(act: Act, complaint: Complaint) -> tuple[str | None, str | None]:
    """Return e-mail address and telephone: those the complaint gives, or else its person's."""
    contact = contact_of(act.office, complaint)
    if contact:
        return (contact, None) if "@" in contact else (None, contact)
    if complaint.person_id is not None:
        person = act.work.people.get(complaint.region, complaint.person_id)
        return person.email, person.phone
    if complaint.application_id is None:
        return None, None
    said = draft_of(act.work.applications.get(complaint.region, complaint.application_id)).person
    return said.email.strip(), said.phone.strip()


def _withdraw(act: Act, command: WithdrawComplaint) -> Answer:
    complaint = _found(act, command.complaint_id)
    withdrawn = replace(complaint, state=_after(act, complaint, ComplaintEvent.WITHDRAW))
    return _kept(act, withdrawn, command.version, ComplaintEvent.WITHDRAW)


def _found(act: Act, complaint_id: UUID) -> Complaint:
    complaint = act.work.complaints.get(act.region, complaint_id)
    if act.actor.role is Role.APPLICANT and complaint.application_id != act.actor.account:
        raise not_found("complaint")
    return complaint


def _after(act: Act, complaint: Complaint, event: ComplaintEvent, *, ground: str = "") -> str:
    found, role = ComplaintState(complaint.state), act.actor.role
    return COMPLAINT.after(found, event, role=role, ground=ground).value


def _kept(act: Act, changed: Complaint, version: int, event: ComplaintEvent) -> Answer:
    expect_version(changed, version)
    kept = act.work.complaints.change(changed)
    act.record(f"complaint.{event.value}", "complaint", kept.id)
    return _told(kept)


def _letter(raw: str, name: str) -> str:
    # Line by line, because a line's end is the one hidden character that a letter may have.
    if len(raw) > LETTER_LENGTH:
        sentence = f"The {name} is longer than {LETTER_LENGTH} characters."
        raise Refusal(f"{name}-too-long", sentence, field=name)
    lines = raw.replace("\r\n", "\n").split("\n")
    text = "\n".join(
        parse_text(one.expandtabs(), field=name, words=name, limit=LETTER_LENGTH) for one in lines
    ).strip("\n")
    if not text:
        raise Refusal(f"{name}-missing", f"The {name} is missing.", field=name)
    return text


def _told(complaint: Complaint) -> Answer:
    return Answer(
        id=complaint.id,
        version=complaint.version,
        state=complaint.state,
        number=complaint.number,
    )


def _context(region: str, complaint_id: UUID) -> bytes:
    return f"complaint/{region}/{complaint_id}".encode()

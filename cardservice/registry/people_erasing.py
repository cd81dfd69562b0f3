"""A person erased as far as the rules allow.

What must be kept is kept and said: policies and their insurers (the register of the insured),
decisions, receipts, the audit log, and who looked. How long a person stays readable after their
last policy was closed is a setting of the rule set.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.accounts.rights import Right
from cardservice.domain.dates import EARLIEST_DATE
from cardservice.domain.lives import (
    APPLICATION,
    COMPLAINT,
    ApplicationState,
    ComplaintState,
    PolicyState,
)
from cardservice.domain.roles import Role
from cardservice.domain.terms import last_day
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.applications_person import KIND
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office
from cardservice.registry.people import PersonFile, file_of, present
from cardservice.registry.people_exporting import export_person
from cardservice.registry.people_proposals import expect_proposed, first_person
from cardservice.registry.ports_applications import Application, Document
from cardservice.registry.ports_exchange import Complaint, ComplaintAttachment
from cardservice.registry.ports_people import Person
from cardservice.registry.scans import remove_unused
from cardservice.uploads.vault import ScanVault

__all__ = [
    "ERASED",
    "KEPT",
    "ErasePerson",
    "ProposeErase",
    "erase_person",
    "export_person",
    "propose_erase",
]

KEPT: Final = "policies,insurers,decisions,receipts,audit,looks"
ERASED: Final = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeErase(OfficeCommand):
    """Say that a person is to be erased, so that a second person can do it."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePerson(OfficeCommand):
    """Make a person unreadable here.

    Attributes:
        proposed_by, proposed_with: who proposed it (``ProposeErase``), and the key they did it
            with; needed where the office wants a second person.
    """

    person_id: UUID
    version: int
    proposed_by: UUID | None = None
    proposed_with: str = ""


def propose_erase(office: Office, actor: Actor, command: ProposeErase) -> Answer:
    """Return the person as they are; nothing is erased yet, and nothing is promised.

    Who may read a person may propose it, and so may who erases.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``.
    """

    def do(act: Act, command: ProposeErase) -> Answer:
        erases = actor.role is Role.SECURITY_OFFICER
        actor.require(Right.PERSON_ERASE if erases else Right.PERSON_READ)
        found = act.work.people.get(act.region, command.person_id)
        act.record("person.propose-erase", KIND, found.id)
        return Answer(id=found.id, version=found.version)

    return office.carry_out(actor, command, do)


def erase_person(
    office: Office, actor: Actor, command: ErasePerson, *, scans: ScanVault | None = None
) -> Answer:
    """Return the erased record; ``made`` says what was erased and what is kept.

    Args:
        office: whose rule says how long data are kept.
        actor: the second person, where the office wants one.
        command: what is wanted.
        scans: where the files of erased documents are removed once the transaction is through;
            what a crash leaves, ``scans.sweep_scans`` finds. Without it they are left to that.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``person-gone``;
            ``person-insured``: a policy is open; ``application-open``: one is not decided;
            ``complaint-open``: one is not answered; ``retention``: the last policy was closed too
            short a time ago; ``second-person-needed``, ``proposal-unknown``.
    """
    freed: set[bytes] = set()

    def do(act: Act, command: ErasePerson) -> Answer:
        freed.clear()  # a lost race runs it again
        return _erase(act, command, freed)

    answer = office.carry_out(actor, command, do)
    if scans is not None:
        remove_unused(scans, office.database, freed, now=office.clock())
    return answer


def _erase(act: Act, command: ErasePerson, freed: set[bytes]) -> Answer:
    act.actor.require(Right.PERSON_ERASE)
    _expect_second_person(act, command)
    found = present(act, command.person_id, command.version)
    file = file_of(act.work, found)
    _expect_erasable(act, file)
    documents = {one.id: one for one in file.documents}.values()
    freed.update(one.content_hash for one in documents if one.content_hash)
    freed.update(one.content_hash for one in file.attachments if one.content_hash)
    _empty(act, file, documents)
    kept = act.work.people.change(_emptied(act, found))
    counts = {
        "applications": len(file.applications),
        "documents": len(documents),
        "complaints": len(file.complaints),
    }
    erased = ",".join(("person", *(f"{name}:{count}" for name, count in counts.items())))
    said = {"erased": erased, "kept": KEPT}
    act.record("person.erase", KIND, kept.id, **said)
    return Answer(id=kept.id, version=kept.version, made=said)


def _expect_second_person(act: Act, command: ErasePerson) -> None:
    first = first_person(act, SecondPersonAct.ERASE_PERSON, command.proposed_by)
    if first is None:
        return
    proposal = ProposeErase(
        region=act.region, key=command.proposed_with, person_id=command.person_id
    )
    expect_proposed(act, first, proposal)


def _empty(act: Act, file: PersonFile, documents: Iterable[Document]) -> None:
    for document in documents:
        act.work.documents.change(_emptied_document(act, document))
    for attachment in file.attachments:
        act.work.attachments.change(_emptied_attachment(act, attachment))
    for complaint in file.complaints:
        act.work.complaints.change(_emptied_complaint(complaint))
    for application in file.applications:
        act.work.applications.change(_emptied_application(act, application))
    for merged in file.merged:
        act.work.people.change(_emptied(act, merged))


def _expect_erasable(act: Act, file: PersonFile) -> None:
    if any(one.state != PolicyState.CLOSED.value for one in file.policies):
        raise Refusal("person-insured", "The person has a policy; their data must be kept.")
    if any(ApplicationState(one.state) not in APPLICATION.final for one in file.applications):
        raise Refusal("application-open", "An application of the person is not decided yet.")
    if any(ComplaintState(one.state) not in COMPLAINT.final for one in file.complaints):
        raise Refusal("complaint-open", "A complaint of the person is not answered yet.")
    closed: list[date] = [one.closed_on for one in file.policies if one.closed_on]
    term = act.settings.rules.retention_term.value
    if closed and act.today <= last_day(term, max(closed), act.settings.calendar):
        sentence = f"The data must be kept for {term} after the policy was closed."
        raise Refusal("retention", sentence)


def _emptied(act: Act, person: Person) -> Person:
    return replace(
        person,
        surname=ERASED,
        given_name=ERASED,
        patronymic=None,
        birth_date=EARLIEST_DATE,
        birth_place=None,
        citizenship_code=None,
        citizenship_name=None,
        snils=None,
        address=None,
        phone=None,
        email=None,
        erased_at=act.now,
    )


def _emptied_application(act: Act, one: Application) -> Application:
    return replace(one, draft={}, birth_date=None, ground=None, updated_at=act.now)


def _emptied_document(act: Act, one: Document) -> Document:
    return replace(
        one,
        number=None,
        issued_on=None,
        issuer=None,
        expires_on=None,
        content_hash=None,
        wrapped_key=None,
        erased_at=act.now,
    )


def _emptied_attachment(act: Act, one: ComplaintAttachment) -> ComplaintAttachment:
    return replace(one, content_hash=None, wrapped_key=None, erased_at=act.now)


def _emptied_complaint(one: Complaint) -> Complaint:
    return replace(one, text=ERASED, contact=None, answer=None)

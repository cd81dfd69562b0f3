"""What fictional people fill in, and the way of an application through the office."""

import itertools
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from cardservice.domain.applicants import Applicant
from cardservice.domain.application import Application, Ground, Person
from cardservice.domain.documents import Document, DocumentType
from cardservice.domain.draft_form import draft_form
from cardservice.domain.enp import demonstration_number
from cardservice.domain.holder import Category, Sex
from cardservice.domain.insurer_change import ChangeGround
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason
from cardservice.registry.applications import StartDraft, start_draft
from cardservice.registry.applications_approving import ApproveApplication, approve
from cardservice.registry.applications_submitting import SubmitApplication, submit
from cardservice.registry.commands import Answer
from cardservice.registry.ports_applications import Document as Scanned
from tests.registry.offices import BORN, REGION, Desk

INSURER = "1027700132195"
OTHER_INSURER = "1027739449913"
SNILS = "112-233-445 95"
_serials = itertools.count(1)


def person(**changes: Any) -> Person:
    """Return a fictional person without a fault."""
    one = Person(
        surname="Пробный",
        given_name="Семён",
        patronymic="Пробович",
        sex=Sex.MALE,
        birth_date=BORN,
        birth_place="Пробноград",
        citizenship_code="RUS",
        citizenship_name="Россия",
        category=Category.CITIZEN,
        snils=SNILS,
        address="Пробноград, ул. Пробная, 1",
        email="person0@example.org",
    )
    return replace(one, **changes)


def draft(**changes: Any) -> Application:
    """Return an application for a first policy without a fault."""
    one = Application(
        channel=Channel.OFFICE,
        reason=ApplyReason.FIRST_POLICY,
        applicant=Applicant.SELF,
        person=person(),
        insurer_ogrn=INSURER,
        okato="45000",
        documents=(
            Document(
                kind=DocumentType.PASSPORT_RF,
                number="0000 000001",
                issued_on=date(2010, 3, 1),
                issuer="Пробный отдел",
                scan=scan(),
            ),
        ),
        photo=scan(),
        consent=True,
    )
    return replace(one, **changes)


def scan() -> str:
    return str(UUID(int=(1 << 80) + next(_serials)))


def without_scans(**changes: Any) -> Application:
    """Return an application of an employer, whose documents are seen at the hand-over."""
    form = draft(**{"channel": Channel.EMPLOYER, "photo": None, **changes})
    bare = tuple(replace(one, scan=None) for one in form.documents)
    return replace(form, documents=bare)


def change_draft(enp: str, **changes: Any) -> Application:
    """Return an application of the same person for another insurer by own wish."""
    wished = draft(
        reason=ApplyReason.INSURER_CHANGE,
        person=person(enp=enp),
        insurer_ogrn=OTHER_INSURER,
        ground=Ground(change_ground=ChangeGround.OWN_WISH),
    )
    return replace(wished, **changes)


def enp(born: date = BORN) -> str:
    """Return a policy number that nobody has yet."""
    return demonstration_number(born, Sex.MALE, 90_000 + next(_serials))


def snils() -> str:
    """Return a SNILS that nobody has yet; numbers up to 001-001-998 have no check."""
    number = next(_serials)
    return f"000-{number // 1000:03}-{number % 1000:03} 00"


def started(desk: Desk, form: Application | None = None, **more: Any) -> Answer:
    """Return a draft that the clerk entered."""
    form = draft() if form is None else form
    command = StartDraft(region=REGION, key=desk.key(), form=draft_form(form), **more)
    begun = start_draft(desk.office, desk.clerk, command)
    attach(desk, begun, form)
    return begun


def attach(desk: Desk, begun: Answer, form: Application) -> None:
    """Let the application have the scans that its form names."""
    named = [one.scan for one in form.documents if one.scan]
    scans = dict.fromkeys((*named, *([form.photo] if form.photo else [])))  # each once
    rows = [
        Scanned(
            region=REGION,
            id=UUID(one),
            application_id=begun.id,
            kind=DocumentType.PASSPORT_RF.value,
            uploaded_by=desk.clerk.name,
            uploaded_at=desk.clock(),
        )
        for one in scans
    ]
    desk.office.database.transaction(lambda work: work.documents.add(*rows), region=REGION)


def submitted(desk: Desk, form: Application | None = None) -> Answer:
    """Return an application that the clerk submitted."""
    begun = started(desk, form)
    return submit(desk.office, desk.clerk, submitting(desk, begun))


def approved(desk: Desk, form: Application | None = None, **more: Any) -> Answer:
    """Return an application that was approved."""
    return approve(desk.office, desk.approver, approving(desk, submitted(desk, form), **more))


def submitting(desk: Desk, begun: Answer) -> SubmitApplication:
    """Return the command that submits it."""
    return SubmitApplication(
        region=REGION, key=desk.key(), application_id=begun.id, version=begun.version
    )


def approving(desk: Desk, filed: Answer, **more: Any) -> ApproveApplication:
    """Return the command that approves it."""
    return ApproveApplication(
        region=REGION, key=desk.key(), application_id=filed.id, version=filed.version, **more
    )


def made(answer: Answer, kind: str) -> UUID:
    """Return the id of what came into being besides."""
    return UUID(answer.made[kind])

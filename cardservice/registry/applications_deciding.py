"""What else becomes of an application: documents asked for and brought, refusal, withdrawal."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.lives import ApplicationEvent
from cardservice.domain.texts import tidy
from cardservice.registry.actor import Actor
from cardservice.registry.applications import draft_of, get, keep, moved
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office
from cardservice.registry.outbox_values import Template
from cardservice.registry.ports_applications import Application

_DAY_FORM = "%d.%m.%Y"  # as letters write a day


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForDocuments(OfficeCommand):
    """Send an application back; ``words`` say what is needed, on its page and nowhere else."""

    application_id: UUID
    version: int
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BringDocuments(OfficeCommand):
    """Say that the documents asked for are there; they were attached before."""

    application_id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseApplication(OfficeCommand):
    """Say no for good; ``words`` say why, on its page and nowhere else."""

    application_id: UUID
    version: int
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawApplication(OfficeCommand):
    """Take an application back before it is decided."""

    application_id: UUID
    version: int


def ask_for_documents(office: Office, actor: Actor, command: AskForDocuments) -> Answer:
    """Return the application that now waits; its applicant is told so.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``state-application-…``,
            ``ground-missing``.
    """
    return office.carry_out(actor, command, _ask)


def bring_documents(office: Office, actor: Actor, command: BringDocuments) -> Answer:
    """Return the application, submitted again; its term went on meanwhile.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``state-application-…``.
    """

    def do(act: Act, command: BringDocuments) -> Answer:
        found = get(act, command.application_id, command.version)
        state = moved(act, found, ApplicationEvent.BRING_DOCUMENTS)
        return keep(act, replace(found, state=state), "application.bring-documents")

    return office.carry_out(actor, command, do)


def refuse(office: Office, actor: Actor, command: RefuseApplication) -> Answer:
    """Return the refused application; its applicant is told that there is a decision.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``state-application-…``,
            ``ground-missing``.
    """
    return office.carry_out(actor, command, _refuse)


def withdraw(office: Office, actor: Actor, command: WithdrawApplication) -> Answer:
    """Return the withdrawn application.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``state-application-…``.
    """

    def do(act: Act, command: WithdrawApplication) -> Answer:
        found = get(act, command.application_id, command.version)
        state = moved(act, found, ApplicationEvent.WITHDRAW)
        return keep(act, replace(found, state=state), "application.withdraw")

    return office.carry_out(actor, command, do)


def _ask(act: Act, command: AskForDocuments) -> Answer:
    found = get(act, command.application_id, command.version)
    event = ApplicationEvent.ASK_FOR_DOCUMENTS
    state = moved(act, found, event, ground=command.words)
    until = found.due_on or act.today
    _tell(act, found, Template.DOCUMENTS_NEEDED, until=until.strftime(_DAY_FORM))
    changed = replace(found, state=state, ground=tidy(command.words))
    return keep(act, changed, "application.ask-for-documents")


def _refuse(act: Act, command: RefuseApplication) -> Answer:
    act.actor.require(Right.APPLICATION_DECIDE)
    found = get(act, command.application_id, command.version)
    state = moved(act, found, ApplicationEvent.REFUSE, ground=command.words)
    _tell(act, found, Template.REFUSED)
    refused = replace(
        found,
        state=state,
        ground=tidy(command.words),
        decided_by=act.actor.name,
        decided_at=act.now,
    )
    return keep(act, refused, "application.refuse")


def _tell(act: Act, about: Application, template: Template, **parameters: str) -> None:
    person = draft_of(about).person
    said = {"application": about.number, **parameters}
    act.notify(template, said, email=person.email.strip(), phone=person.phone.strip())

"""Decisions on an application: approved, refused, sent back for documents, withdrawn."""

from collections.abc import Callable, Mapping
from enum import StrEnum, unique
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.lives import ApplicationEvent
from cardservice.registry.applications_deciding import (
    AskForDocuments,
    BringDocuments,
    RefuseApplication,
    WithdrawApplication,
    ask_for_documents,
    bring_documents,
    refuse,
    withdraw,
)
from cardservice.registry.applications_reading import view_application
from cardservice.registry.commands import Answer
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.queue.application import ADDRESS
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, answered, version_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

_STEPS: Final[Mapping[ApplicationEvent, tuple[Callable[..., Any], Callable[..., Answer]]]] = {
    ApplicationEvent.ASK_FOR_DOCUMENTS: (AskForDocuments, ask_for_documents),
    ApplicationEvent.BRING_DOCUMENTS: (BringDocuments, bring_documents),
    ApplicationEvent.WITHDRAW: (WithdrawApplication, withdraw),
    ApplicationEvent.REFUSE: (RefuseApplication, refuse),
}
_WORDED: Final = frozenset({ApplicationEvent.ASK_FOR_DOCUMENTS, ApplicationEvent.REFUSE})
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Enterer = Annotated[Asking, asking(Right.APPLICATION_ENTER)]
Decider = Annotated[Asking, asking(Right.APPLICATION_DECIDE)]


@unique
class CaseStep(StrEnum):
    """What whoever enters applications may do to one, each on a page of its own."""

    ASK_FOR_DOCUMENTS = ApplicationEvent.ASK_FOR_DOCUMENTS.value
    BRING_DOCUMENTS = ApplicationEvent.BRING_DOCUMENTS.value
    WITHDRAW = ApplicationEvent.WITHDRAW.value


@router.get(ADDRESS + "/refusal")
def show_refusal(visit: Visiting, asking: Decider, application_id: UUID) -> Response:
    """Ask why the application is refused."""
    return _step_page(visit, asking, application_id, ApplicationEvent.REFUSE)


@router.post(ADDRESS + "/refusal", dependencies=[OurForm])
def send_refusal(
    visit: Visiting, asking: Decider, application_id: UUID, fields: Fields
) -> Response:
    """Refuse for good."""
    return _sent(visit, asking, application_id, ApplicationEvent.REFUSE, fields=fields)


@router.get(ADDRESS + "/steps/{step}")
def show_case_step(
    visit: Visiting, asking: Enterer, application_id: UUID, step: CaseStep
) -> Response:
    """Ask what such a step needs to know."""
    return _step_page(visit, asking, application_id, ApplicationEvent(step.value))


@router.post(ADDRESS + "/steps/{step}", dependencies=[OurForm])
def send_case_step(
    visit: Visiting, asking: Enterer, application_id: UUID, step: CaseStep, fields: Fields
) -> Response:
    """Ask for documents, say that they are there, or withdraw."""
    event = ApplicationEvent(step.value)
    return _sent(visit, asking, application_id, event, fields=fields)


def _page_of(application_id: UUID) -> str:
    return ADDRESS.format(application_id=application_id)


def _sent(
    visit: Visit,
    asking: Asking,
    application_id: UUID,
    event: ApplicationEvent,
    *,
    fields: FormFields,
) -> Response:
    return answered(
        partial(_do, asking, application_id, event, fields),
        then=_page_of(application_id),
        again=lambda refusal: _step_page(
            visit, asking, application_id, event, Sent(refusal, fields)
        ),
    )


def _do(
    asking: Asking, application_id: UUID, event: ApplicationEvent, fields: FormFields
) -> object:
    command, carry_out = _STEPS[event]
    said = {"words": fields.text("ground")} if event in _WORDED else {}
    wanted = command(
        region=asking.region,
        key=fields.text("key"),
        application_id=application_id,
        version=version_in(fields),
        **said,
    )
    return carry_out(asking.office, asking.actor, wanted)


def _step_page(
    visit: Visit,
    asking: Asking,
    application_id: UUID,
    event: ApplicationEvent,
    sent: Sent = FRESH,
) -> Response:
    file = view_application(
        asking.office, asking.actor, region=asking.region, application_id=application_id
    )
    return show(
        "queue/step.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        application=file.application,
        event=event,
        needs_words=event in _WORDED,
    )

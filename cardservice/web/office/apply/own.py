"""Pages: what became of one's own application; documents asked for; taking it back."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from cardservice.accounts.rights import Right
from cardservice.domain.lives import ApplicationState
from cardservice.errors import Refusal
from cardservice.registry.applications_deciding import (
    BringDocuments,
    WithdrawApplication,
    bring_documents,
    withdraw,
)
from cardservice.web.office.apply.entry import OWN
from cardservice.web.office.apply.owned import owned_by
from cardservice.web.office.apply.pages import number_in, understood
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Own = Annotated[Asking, asking(Right.APPLICATION_OWN)]
_OPEN: Final = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.DOCUMENTS_NEEDED,
)


@router.get(OWN)
def show_own(visit: Visiting, asking: Own) -> Response:
    """Show the own application."""
    return own_page(visit, asking)


@router.post(f"{OWN}/brought", dependencies=[OurForm])
def send_own_brought(visit: Visiting, asking: Own, fields: Fields) -> Response:
    """Say that all documents asked for are there."""

    def bring() -> None:
        command = BringDocuments(
            region=asking.region,
            key=fields.text("key"),
            application_id=asking.web.subject.id,
            version=number_in(fields, "version"),
        )
        bring_documents(asking.office, asking.actor, command)

    return done_or_told(visit, asking, bring)


@router.post(f"{OWN}/withdrawn", dependencies=[OurForm])
def send_own_withdrawal(visit: Visiting, asking: Own, fields: Fields) -> Response:
    """Take the own application back."""

    def take_back() -> None:
        if not fields.has("sure"):
            raise Refusal("sure-missing", "Tick that you are sure.", field="sure")
        command = WithdrawApplication(
            region=asking.region,
            key=fields.text("key"),
            application_id=asking.web.subject.id,
            version=number_in(fields, "version"),
        )
        withdraw(asking.office, asking.actor, command)

    return done_or_told(visit, asking, take_back)


def own_page(visit: Visit, asking: Asking, *, refusal: Refusal | None = None) -> Response:
    """Return the page of the own application."""
    owned = owned_by(asking)
    state = owned.application.state
    return show(
        "apply/own.html",
        visit,
        asking=asking,
        refusal=refusal,
        owned=owned,
        is_open=state in _OPEN,
        is_draft=state == ApplicationState.DRAFT,
        asked=state == ApplicationState.DOCUMENTS_NEEDED,
        can_print=asking.parts.papers is not None,
    )


def done_or_told(visit: Visit, asking: Asking, do: Callable[[], None]) -> Response:
    """Do it and lead to the own application; what is refused is told there."""
    try:
        do()
    except Refusal as refusal:
        return own_page(visit, asking, refusal=understood(refusal))
    return RedirectResponse(OWN, HTTPStatus.SEE_OTHER)

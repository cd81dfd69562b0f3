"""What can be done to an application now, by whoever asks."""

from typing import Final

from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.accounts.rights import Right
from cardservice.domain.lives import APPLICATION, ApplicationEvent, ApplicationState
from cardservice.registry.actor import Actor
from cardservice.web.office.asking import Asking
from cardservice.web.office.queue.case import Case

RIGHTS: Final = {
    ApplicationEvent.ASK_FOR_DOCUMENTS: Right.APPLICATION_ENTER,
    ApplicationEvent.BRING_DOCUMENTS: Right.APPLICATION_ENTER,
    ApplicationEvent.WITHDRAW: Right.APPLICATION_ENTER,
    ApplicationEvent.APPROVE: Right.APPLICATION_DECIDE,
    ApplicationEvent.REFUSE: Right.APPLICATION_DECIDE,
}
"""What is done to an application here, and the right that it asks for."""


def possible_events(case: Case, asking: Asking) -> frozenset[ApplicationEvent]:
    """Return what whoever asks may do to the application now."""
    return frozenset(
        event
        for event, right in RIGHTS.items()
        if asking.may(right) and _leads_on(case.state, event, asking.acting(right))
    )


def needs_another(case: Case, asking: Asking) -> bool:
    """Return whether a person other than the one who asks has to approve the application."""
    acts = asking.office.settings.four_eyes.acts
    entered_by = case.file.application.entered_by
    return SecondPersonAct.APPROVE_APPLICATION in acts and entered_by == asking.actor.name


def _leads_on(state: ApplicationState, event: ApplicationEvent, actor: Actor) -> bool:
    return any(row.event is event for row in APPLICATION.possible(state, actor.role))

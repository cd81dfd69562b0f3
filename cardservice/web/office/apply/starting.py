"""Beginning an application: a draft, and a session that stands for it."""

from http import HTTPStatus

from fastapi.responses import RedirectResponse, Response

from cardservice.accounts.roles import Role as SignedInRole
from cardservice.accounts.session import Subject
from cardservice.domain.application import Application, Ground
from cardservice.domain.draft_form import draft_form
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason, DuplicateCause
from cardservice.registry.applications import StartDraft, start_draft
from cardservice.registry.commands import Answer
from cardservice.web.office.apply.entry import ENTERED, OWN
from cardservice.web.office.apply.inputs import Step
from cardservice.web.office.apply.visitor import BEGINNING, visitor
from cardservice.web.office.asking import Asking
from cardservice.web.office.parts import OfficeParts, office_parts
from cardservice.web.signin.context import Visit
from cardservice.web.signin.signing_in import end_present, signed_in_answer


def first_draft(parts: OfficeParts, *, region: str, channel: Channel) -> Application:
    """Return what is known before anything was typed: the region, and whose office this is."""
    ogrn = parts.papers.insurer.ogrn if parts.papers else ""
    return Application(channel=channel, okato=region, insurer_ogrn=ogrn)


def duplicate_draft(draft: Application, cause: DuplicateCause) -> Application:
    """Return ``draft`` as an application for a duplicate because of ``cause``."""
    return Application(
        channel=draft.channel,
        okato=draft.okato,
        insurer_ogrn=draft.insurer_ogrn,
        reason=ApplyReason.DUPLICATE,
        ground=Ground(cause=cause),
        applicant=draft.applicant,
        person=draft.person,
        representative=draft.representative,
        full_capacity=draft.full_capacity,
        disability=draft.disability,
    )


def begin_own(visit: Visit, draft: Application, *, key: str) -> Response:
    """Begin an application and lead to its first step, signed in as its applicant."""
    parts = office_parts(visit.request)
    answer = _start_as_visitor(visit, parts, draft, key)
    end_present(visit)
    subject = Subject(
        id=answer.id,
        region=parts.region,
        roles=frozenset({SignedInRole.APPLICANT}),
        label=f"application {answer.number}",
    )
    opened = visit.context.stores.sessions.begin(subject)
    return signed_in_answer(opened, visit, f"{OWN}/{Step.WHY}")


def begin_for(asking: Asking, *, key: str) -> Response:
    """Begin an application that a clerk enters, and lead to its first step."""
    draft = first_draft(asking.parts, region=asking.region, channel=Channel.OFFICE)
    command = StartDraft(region=asking.region, key=key, form=draft_form(draft))
    answer = start_draft(asking.office, asking.actor, command)
    return RedirectResponse(f"{ENTERED}/{answer.id}/{Step.WHY}", HTTPStatus.SEE_OTHER)


def _start_as_visitor(visit: Visit, parts: OfficeParts, draft: Application, key: str) -> Answer:
    command = StartDraft(region=parts.region, key=key, form=draft_form(draft))
    return start_draft(parts.office, visitor(visit, BEGINNING, key), command)

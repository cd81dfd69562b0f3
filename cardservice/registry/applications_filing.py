"""Filing an application whole: draft and submission in one transaction, for programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cardservice.domain.draft_form import read_draft
from cardservice.registry.actor import Actor
from cardservice.registry.applications import (
    KIND,
    answer,
    blank,
    made_of,
    require_may_enter,
    with_draft,
)
from cardservice.registry.applications_submitting import consent_of, look_up, submitted
from cardservice.registry.audit import record_together
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office


@dataclass(frozen=True, slots=True, kw_only=True)
class FileApplication(OfficeCommand):
    """Begin an application and submit it.

    Attributes:
        form: all of it, ``domain.draft_form``.
        source: stable name of the row of a table it comes from: the same row is taken once,
            however often and with whatever key it is sent.
    """

    form: Mapping[str, object] = field(repr=False)
    source: str | None = None


def file_application(office: Office, actor: Actor, command: FileApplication) -> Answer:
    """Return the submitted application; from now on its term runs.

    It is as if it had been begun and then submitted, but an application with an error is not
    kept at all: its sender has the form. What the form says in a way that cannot be read is an
    error too. For a ``source`` that was taken before, the answer is what became of that.

    Raises:
        FindingsRefusal: ``form-has-errors``: every error beside its field, as ``submit``.
        Refusal: ``role-not-allowed``, ``key-reused``.
    """
    return office.carry_out(actor, command, _file)


def _file(act: Act, command: FileApplication) -> Answer:
    require_may_enter(act)
    earlier = made_of(act, command.source)
    if earlier is not None:
        return answer(earlier)
    draft, unread = read_draft(command.form)
    new = with_draft(blank(act, command.source), draft)
    filed = submitted(act, new, look_up(act.work, draft), unread)
    act.work.applications.add(filed)
    act.work.consents.add(consent_of(act, filed))
    facts = (
        act.fact("application.start", KIND, filed.id),
        act.fact("application.submit", KIND, filed.id, state=filed.state),
    )
    record_together(act.work.audit, act.region, facts, at=act.now)
    return answer(filed)

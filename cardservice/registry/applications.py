"""Applications: drafts, and what they share with all that follows.

A draft may miss anything; nothing a person typed is lost. Who may touch an application: the
office, and the applicant whose own it is.
"""

from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.application import Application as Draft
from cardservice.domain.draft_form import draft_form, read_draft
from cardservice.domain.lives import APPLICATION, ApplicationEvent, ApplicationState
from cardservice.domain.roles import Role
from cardservice.domain.transitions import StateRefusal
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.ports_applications import Application
from cardservice.registry.ports_base import Json

KIND: Final = "application"
_NUMBER_OCTETS: Final = 10  # 16 characters; nobody finds another one's by counting
_GROUP: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDraft(OfficeCommand):
    """Begin an application.

    Attributes:
        form: as far as it is filled in, ``domain.draft_form``.
        source: stable name of the row of a table it comes from: the same row is taken once,
            however often and with whatever key it is sent.
    """

    form: Mapping[str, object] = field(default_factory=dict, repr=False)
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft(OfficeCommand):
    """Keep a draft as it is now; ``version`` is the one that was filled in further."""

    application_id: UUID
    version: int
    form: Mapping[str, object] = field(repr=False)


def start_draft(office: Office, actor: Actor, command: StartDraft) -> Answer:
    """Return the new draft, with the number by which its applicant finds it again.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _start)


def save_draft(office: Office, actor: Actor, command: SaveDraft) -> Answer:
    """Return the draft as kept.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``state-application-…``: it was
            submitted already.
    """
    return office.carry_out(actor, command, _save)


def _start(act: Act, command: StartDraft) -> Answer:
    require_may_enter(act)
    earlier = made_of(act, command.source)
    if earlier is not None:
        return answer(earlier)
    draft, _ = read_draft(command.form)
    new = with_draft(blank(act, command.source), draft)
    act.work.applications.add(new)
    act.record("application.start", KIND, new.id)
    return answer(new)


def require_may_enter(act: Act) -> None:
    """Return if the actor may begin an application; raises Refusal ``role-not-allowed``."""
    if act.actor.role is not Role.APPLICANT:
        act.actor.require(Right.APPLICATION_ENTER)


def made_of(act: Act, source: str | None) -> Application | None:
    """Return the application that was made of this row of a table; None: there is none."""
    return None if source is None else act.work.applications.by_source(act.region, source)


def blank(act: Act, source: str | None) -> Application:
    """Return a new application with nothing in its form, not kept yet."""
    return Application(
        region=act.region,
        id=act.new_id(),
        number=new_number(act),
        state=APPLICATION.initial.value,
        channel="",
        reason="",
        draft={},
        source=source,
        entered_by=act.actor.name,
        entered_at=act.now,
        updated_at=act.now,
    )


def _save(act: Act, command: SaveDraft) -> Answer:
    found = get(act, command.application_id, command.version)
    state = ApplicationState(found.state)
    if state is not ApplicationState.DRAFT:
        raise StateRefusal(APPLICATION.life, state, ApplicationEvent.SUBMIT)
    draft, _ = read_draft(command.form)
    changed = replace(with_draft(found, draft), entered_by=act.actor.name)
    return keep(act, changed, "application.save")


def get(act: Act, application_id: UUID, version: int) -> Application:
    """Return the application if the actor may touch it and has seen this version of it.

    Raises:
        Refusal: ``not-found`` (also for one that is another applicant's), ``stale``,
            ``role-not-allowed``.
    """
    found = act.work.applications.get(act.region, application_id)
    if act.actor.role is not Role.APPLICANT:
        act.actor.require(Right.APPLICATION_ENTER)
    elif act.actor.name not in (found.entered_by, str(found.id)):
        raise not_found(KIND)
    expect_version(found, version)
    return found


def moved(act: Act, found: Application, event: ApplicationEvent, *, ground: str = "") -> str:
    """Return the state of ``found`` after ``event``; raises as ``TransitionTable.after``."""
    state = ApplicationState(found.state)
    return APPLICATION.after(state, event, role=act.actor.role, ground=ground).value


def keep(act: Act, changed: Application, action: str, **details: str) -> Answer:
    """Keep a changed application, record it, and return the answer."""
    kept = act.work.applications.change(replace(changed, updated_at=act.now))
    act.record(action, KIND, kept.id, state=kept.state, **details)
    return answer(kept)


def answer(of: Application) -> Answer:
    """Return what a command answers about an application."""
    return Answer(id=of.id, version=of.version, state=of.state, number=of.number)


def with_draft(of: Application, draft: Draft) -> Application:
    """Return the row with ``draft``, and the columns that lists and the status page ask for."""
    category = draft.person.category
    return replace(
        of,
        channel=draft.channel.value if draft.channel else "",
        reason=draft.reason.value if draft.reason else "",
        category=category.value if category else None,
        birth_date=draft.person.birth_date,
        draft=_form(draft),
    )


def draft_of(row: Application) -> Draft:
    """Return the draft that a row holds."""
    return read_draft(row.draft)[0]


def _form(draft: Draft) -> Json:
    return cast("Json", draft_form(draft))  # plain values, as JSON has them


def new_number(act: Act) -> str:
    """Return a number for an application: four groups of four letters and digits, drawn."""
    text = b32encode(act.office.draw(_NUMBER_OCTETS)).decode("ascii")
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))

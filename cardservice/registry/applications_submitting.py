"""Submitting an application: judged field by field, and whether its person has a policy already."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from cardservice.domain.application import Application as Draft
from cardservice.domain.applications import check
from cardservice.domain.due_dates import policy_due
from cardservice.domain.findings import Finding, has_errors, warning
from cardservice.domain.identity import Found
from cardservice.domain.insurer_change import PastChange, expect_another
from cardservice.domain.lives import ApplicationEvent, ApplicationState
from cardservice.domain.numbers import parse_enp
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason
from cardservice.domain.roles import Role
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.applications import draft_of, get, keep, moved
from cardservice.registry.applications_finding import (
    Record,
    find_records,
    identity_of,
    number_or_none,
)
from cardservice.registry.applications_telling import told_to
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.errors import FindingsRefusal
from cardservice.registry.frame import Act, Office, OfficeSettings
from cardservice.registry.policies_insurers import newest, past_changes
from cardservice.registry.ports import Work
from cardservice.registry.ports_applications import Application
from cardservice.registry.ports_people import Consent

CONSENT_PURPOSE = "processing"
CONSENT_WORDING = "form"
_WAITING = frozenset({ApplicationState.SUBMITTED.value, ApplicationState.DOCUMENTS_NEEDED.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitApplication(OfficeCommand):
    """File a draft as it is kept."""

    application_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What an application is worth.

    Attributes:
        findings: errors and warnings, beside their fields.
        records: the persons kept who are, or may be, the one it is for.
    """

    findings: tuple[Finding, ...]
    records: Found[Record]

    @property
    def record(self) -> Record | None:
        """The person it is for, if that is certain."""
        return self.records.same[0] if len(self.records.same) == 1 else None

    def person_in(self, region: str) -> UUID | None:
        """Return the id of that person if their record is kept in ``region``."""
        person = None if self.record is None else self.record.person
        return person.id if person is not None and person.region == region else None


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What an application is judged by: its draft as read, and the persons it may be for."""

    draft: Draft
    records: Found[Record]


def check_application(
    office: Office, actor: Actor, *, region: str, application_id: UUID, version: int
) -> tuple[Finding, ...]:
    """Return what stands beside the fields of a draft if it were submitted now; nothing changes."""

    def read(act: Act) -> tuple[Finding, ...]:
        found = get(act, application_id, version)
        return told_to(actor.role, judged(act.work, found, act.settings, on=act.today).findings)

    return office.look(actor, region, read)


def submit(office: Office, actor: Actor, command: SubmitApplication) -> Answer:
    """Return the submitted application; from now on its term runs.

    Raises:
        FindingsRefusal: ``form-has-errors``: every error beside its field. Among them
            ``policy-exists``: a first policy for a person who has one.
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``state-application-…``.
    """
    return office.carry_out(actor, command, _submit)


def _submit(act: Act, command: SubmitApplication) -> Answer:
    found = get(act, command.application_id, command.version)
    looked_up = look_up(act.work, draft_of(found))
    changed = submitted(act, found, looked_up)
    act.work.consents.add(consent_of(act, changed))
    return keep(act, changed, "application.submit")


def submitted(
    act: Act, found: Application, looked_up: LookedUp, unread: Iterable[Finding] = ()
) -> Application:
    """Return ``found`` as it is once submitted, not kept yet.

    Args:
        act: the submission.
        found: a draft, kept or new.
        looked_up: its form as read, and the persons it may be for.
        unread: what of the form could not be read.

    Raises:
        FindingsRefusal: ``form-has-errors``.
        Refusal: ``role-not-allowed``, ``state-application-…``.
    """
    state = moved(act, found, ApplicationEvent.SUBMIT)
    judgement = judged(act.work, found, act.settings, on=act.today, looked_up=looked_up)
    findings = (*unread, *_channel_findings(act, found), *judgement.findings)
    # What is kept back from an applicant stops nothing here: the approver's judgement does.
    told = told_to(act.actor.role, findings)
    if has_errors(told):
        raise FindingsRefusal(told)
    return replace(
        found,
        state=state,
        submitted_at=act.now,
        due_on=policy_due(act.today, act.settings.rules, act.settings.calendar),
        person_id=judgement.person_in(act.region),
    )


def _channel_findings(act: Act, found: Application) -> Iterator[Finding]:
    # By these ways documents may come later or are seen by a clerk; nobody says so of themselves.
    not_theirs = {Channel.EMPLOYER.value, Channel.OFFICE.value}
    if act.actor.role is Role.APPLICANT and found.channel in not_theirs:
        sentence = "From home one applies by the website, or asks for a visit."
        yield Finding("channel", "channel-not-yours", sentence)


def consent_of(act: Act, given: Application) -> Consent:
    """Return the consent that comes with an application, not kept yet."""
    return Consent(
        region=act.region,
        id=act.new_id(),
        person_id=given.person_id,
        application_id=given.id,
        purpose=CONSENT_PURPOSE,
        wording=CONSENT_WORDING,
        channel=given.channel,
        given_at=act.now,
    )


def judged(
    work: Work,
    row: Application,
    settings: OfficeSettings,
    *,
    on: date,
    looked_up: LookedUp | None = None,
) -> Judged:
    """Return the judgement of an application filed on ``on``: by its form, and by what is kept.

    Args:
        work: what is kept.
        row: the application.
        settings: of the office.
        on: the day it is filed.
        looked_up: what was read before, where many are judged at once.
    """
    found = looked_up or look_up(work, draft_of(row))
    draft, records = found.draft, found.records
    judgement = Judged((), records)
    past = tuple(_past(work, row, judgement.record, settings))
    findings = (
        *check(draft, on, settings.rules, calendar=settings.calendar, past_changes=past),
        *_scan_findings(work, row, draft),
        *_register_findings(work, draft, judgement),
    )
    return Judged(findings, records)


def look_up(work: Work, draft: Draft) -> LookedUp:
    """Return what an application with this form is judged by."""
    return LookedUp(draft, find_records(work, identity_of(draft.person)))


def _scan_findings(work: Work, row: Application, draft: Draft) -> Iterator[Finding]:
    """Yield what the form names as a scan and this application has no such document."""
    named = {f"documents.{at}.scan": one.scan for at, one in enumerate(draft.documents)}
    named = {field: scan for field, scan in (*named.items(), ("photo", draft.photo)) if scan}
    if not named:
        return
    documents = work.documents.of_application(row.region, row.id)
    there = {str(one.id) for one in documents if one.erased_at is None}
    for field, scan in named.items():
        if scan not in there:
            sentence = "The application has no such scan; send it again."
            yield Finding(field, "scan-not-attached", sentence)


def _past(
    work: Work, row: Application, record: Record | None, settings: OfficeSettings
) -> Iterator[PastChange]:
    """Yield changes made, and those that wait for a decision."""
    if record is None:
        return
    for policy in record.policies:
        yield from past_changes(work.insurers.of_policy(policy.region, policy.id))
    for other in work.applications.of_person(*record.key):
        ground = draft_of(other).ground.change_ground
        is_change = other.reason == ApplyReason.INSURER_CHANGE.value and other.id != row.id
        if is_change and other.state in _WAITING and ground and other.submitted_at:
            yield PastChange(ground, day_of(other.submitted_at, settings))


def day_of(moment: datetime, settings: OfficeSettings) -> date:
    """Return the office's day at a moment."""
    return moment.astimezone(settings.zone).date()


def _register_findings(work: Work, draft: Draft, judgement: Judged) -> Iterator[Finding]:
    same, maybe = judgement.records.same, judgement.records.maybe
    policies = [policy for one in same for policy in one.open_policies]
    if draft.reason is ApplyReason.FIRST_POLICY and policies:
        sentence = "This person has a policy already; it stays the same for life."
        yield Finding("reason", "policy-exists", sentence)
    is_later = draft.reason is not None and draft.reason is not ApplyReason.FIRST_POLICY
    if is_later and not policies and number_or_none(parse_enp, draft.person.enp) is None:
        sentence = "No policy of this person was found; give its number."
        yield Finding("enp", "policy-not-found", sentence)
    if len(same) > 1:
        sentence = "There are several records of this person; they are to be merged first."
        yield warning("person", "person-ambiguous", sentence)
    if maybe and not same:
        sentence = "There are persons who may be this one; compare them."
        yield warning("person", "person-similar", sentence)
    if draft.reason is ApplyReason.INSURER_CHANGE and policies:
        yield from _same_insurer(work, draft, policies[0].region, policies[0].id)


def _same_insurer(work: Work, draft: Draft, region: str, policy_id: UUID) -> Iterator[Finding]:
    present = newest(work.insurers.of_policy(region, policy_id))
    try:
        expect_another(present.ogrn if present else "", draft.insurer_ogrn.strip(" "))
    except Refusal as refusal:
        yield Finding("insurer_ogrn", refusal.code, refusal.sentence)

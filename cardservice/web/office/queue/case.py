"""One application as the office decides on it: what it says, is worth, and has led to."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from cardservice.domain.findings import Finding
from cardservice.domain.identity import Comparison, compare
from cardservice.domain.lives import APPLICATION, ApplicationState
from cardservice.registry.applications import KIND
from cardservice.registry.applications_finding import Record, identity_of
from cardservice.registry.applications_reading import ApplicationFile, view_application
from cardservice.registry.applications_submitting import day_of, judged
from cardservice.registry.frame import Act, Office
from cardservice.registry.places import places
from cardservice.registry.ports_applications import Application
from cardservice.registry.ports_base import MAX_PAGE, Ask
from cardservice.registry.ports_places import Place
from cardservice.registry.ports_policies import Policy
from cardservice.web.office.asking import Asking


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Candidate:
    """Somebody in the register who is, or may be, the person of an application.

    Attributes:
        is_here: kept in this region, so that they can be chosen.
    """

    record: Record
    comparison: Comparison
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Case:
    """An application with all that a decision rests on.

    Attributes:
        findings: what is wrong or doubtful, by the day it was filed; none after the decision.
        same, maybe: who is the person in the register, and who may be.
        policies: of its person, once that is known.
        places: where the card can be collected.
    """

    file: ApplicationFile
    findings: tuple[Finding, ...]
    same: tuple[Candidate, ...]
    maybe: tuple[Candidate, ...]
    policies: tuple[Policy, ...]
    places: tuple[Place, ...]

    @property
    def state(self) -> ApplicationState:
        """The state it is in."""
        return ApplicationState(self.file.application.state)

    @property
    def is_open(self) -> bool:
        """Whether it is not decided yet."""
        return self.state not in APPLICATION.final

    @property
    def certain(self) -> Candidate | None:
        """The one in the register whom approving takes without being asked; None: it asks."""
        return self.same[0] if len(self.same) == 1 else None

    @property
    def needs_number(self) -> bool:
        """Whether approving opens a policy, which needs the federal register's number."""
        return self.certain is None or not self.certain.record.policies


def read_case(asking: Asking, application_id: UUID) -> Case:
    """Return an application with all that a decision rests on; looks at persons are recorded.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``.
    """
    office, actor, region = asking.office, asking.actor, asking.region
    file = view_application(office, actor, region=region, application_id=application_id)
    found = office.look(actor, region, lambda act: _judge(act, file))
    return Case(
        file=file,
        findings=found.findings,
        same=found.same,
        maybe=found.maybe,
        policies=found.policies,
        places=tuple(_collecting(office, region)),
    )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Found:
    findings: tuple[Finding, ...] = ()
    same: tuple[Candidate, ...] = ()
    maybe: tuple[Candidate, ...] = ()
    policies: tuple[Policy, ...] = ()


def _judge(act: Act, file: ApplicationFile) -> _Found:
    application = file.application
    if ApplicationState(application.state) in APPLICATION.final:
        return _Found(policies=_policies(act, application))
    filed_on = day_of(application.submitted_at or act.now, act.settings)
    judgement = judged(act.work, application, act.settings, on=filed_on)
    records = judgement.records
    _look(act, application, (*records.same, *records.maybe))
    return _Found(
        findings=judgement.findings,
        same=tuple(_candidates(act, file, records.same)),
        maybe=tuple(_candidates(act, file, records.maybe)),
        policies=_policies(act, application),
    )


def _look(act: Act, application: Application, records: tuple[Record, ...]) -> None:
    for one in records:
        is_elsewhere = one.person.region != act.region
        # The one it is for was looked at with the application.
        if not is_elsewhere and one.person.id != application.person_id:
            act.look(one.person.id, f"{KIND}/{application.id}")


def _candidates(
    act: Act, file: ApplicationFile, records: tuple[Record, ...]
) -> Iterator[Candidate]:
    sought = identity_of(file.draft.person)
    for one in records:
        yield Candidate(
            record=one,
            comparison=compare(sought, one.identity),
            is_here=one.person.region == act.region,
        )


def _policies(act: Act, application: Application) -> tuple[Policy, ...]:
    if application.person_id is None:
        return ()
    return act.work.policies.of_person(application.region, application.person_id)


def _collecting(office: Office, region: str) -> Iterator[Place]:
    for one in places(office, region, ask=Ask(limit=MAX_PAGE)).rows:
        is_closed = one.closed_on is not None and one.closed_on <= office.today
        if one.collects and not is_closed:
            yield one

"""The frame of every use case: one transaction, one key, one version, one audit entry.

``Office.carry_out`` does what all commands share; a use case is a function of an ``Act`` and its
command that reads, judges by the rules of ``cardservice.domain``, and keeps what follows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Final, TypeVar
from uuid import UUID

from cardservice.accounts.four_eyes import FourEyes
from cardservice.domain.rule_sets import DEFAULT_RULES
from cardservice.domain.rules import RuleSet
from cardservice.domain.terms import WEEKDAYS, Calendar
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.audit import AuditLog
from cardservice.registry.audit_values import AuditFact
from cardservice.registry.commands import Answer, OfficeCommand, answer_of, request_hash
from cardservice.registry.errors import stale
from cardservice.registry.outbox import Outbox, Render
from cardservice.registry.outbox_ports import Sealer
from cardservice.registry.outbox_values import Notice, NoticeChannel, NoticeLanguage, Template
from cardservice.registry.ports import Database, Work
from cardservice.registry.ports_access import Command, RememberedAnswer
from cardservice.registry.ports_applications import Application
from cardservice.registry.ports_base import Versioned
from cardservice.registry.ports_people import Look

C = TypeVar("C", bound=OfficeCommand)
T = TypeVar("T")

DONE: Final = 200
"""The status kept with an answer; edges have their own and take only the answer."""
MOST_DRAWS: Final = 20
"""How often a number is drawn anew because it is taken; a region has 10⁹ certificates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeSettings:
    """How this office works.

    Attributes:
        rules: the rule set.
        calendar: the working days.
        zone: where the office's days begin.
        four_eyes: the acts that need a second person.
        language: of notifications.
        webhook: the address of a program that is told of everything that people are told; None:
            none is.
        draws_policy_numbers: a first policy without a number of the federal register gets one of
            the region that nobody lives in; for demonstrations only.
        status_list_places: places of the status list that new cards go onto.
    """

    rules: RuleSet = DEFAULT_RULES
    calendar: Calendar = WEEKDAYS
    zone: tzinfo = UTC
    four_eyes: FourEyes = field(default_factory=FourEyes)
    language: NoticeLanguage = "ru"
    webhook: str | None = None
    draws_policy_numbers: bool = False
    status_list_places: int = 1 << 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The office: what its use cases need.

    Attributes:
        clock: aware UTC time.
        new_id: time-ordered ids (UUIDv7).
        draw: so many random octets.
        sealer: for what the outbox keeps.
        render: the words of notifications.
    """

    database: Database
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
    draw: Callable[[int], bytes]
    sealer: Sealer
    render: Render
    settings: OfficeSettings = field(default_factory=OfficeSettings)

    def carry_out(
        self, actor: Actor, command: C, do: Callable[["Act", C], Answer], *, alone: bool = True
    ) -> Answer:
        """Return what ``do`` answers, or answered when this command came before.

        All of it happens in one transaction: when ``do`` refuses, nothing has happened, and the
        same key may be sent again.

        Raises:
            Refusal: ``key-reused``, or what ``do`` says.
        """

        def work(kept: Work) -> Answer:
            sent = Command(
                region=command.region,
                actor=actor.name,
                key=command.key,
                request_hash=request_hash(command),
            )
            earlier = kept.commands.earlier(sent)
            if earlier is not None:
                return answer_of(earlier.answer)
            act = self._act(actor, kept, command.region)
            answer = do(act, command)
            remembered = RememberedAnswer(status=DONE, answer=answer.kept())
            kept.commands.remember(sent, remembered, at=act.now)
            return answer

        return self.database.transaction(work, region=command.region, alone=alone)

    def look(self, actor: Actor, region: str, do: Callable[["Act"], T]) -> T:
        """Return what ``do`` reads, for reading that is itself recorded (``Act.look``)."""
        return self.database.transaction(
            lambda kept: do(self._act(actor, kept, region)), region=region, alone=False
        )

    def run(self, actor: Actor, region: str, do: Callable[["Act"], T]) -> T:
        """Return what ``do`` came to, for what a timer does: twice is as good as once."""
        return self.database.transaction(
            lambda kept: do(self._act(actor, kept, region)), region=region
        )

    @property
    def today(self) -> date:
        """The day it is at the office."""
        return self.clock().astimezone(self.settings.zone).date()

    def _act(self, actor: Actor, work: Work, region: str) -> "Act":
        return Act(office=self, work=work, actor=actor, region=region, now=self.clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One command being carried out: its transaction, who wants it, and when.

    Attributes:
        work: what is kept; of no use after the transaction.
        now: the same moment for the whole act.
    """

    office: Office
    work: Work
    actor: Actor
    region: str
    now: datetime

    @property
    def settings(self) -> OfficeSettings:
        """How the office works."""
        return self.office.settings

    @property
    def today(self) -> date:
        """The day it is at the office."""
        return self.now.astimezone(self.settings.zone).date()

    def new_id(self) -> UUID:
        """Return a new id."""
        return self.office.new_id()

    def record(
        self,
        action: str,
        subject_kind: str,
        subject_id: UUID,
        *,
        ground: str | None = None,
        **details: str,
    ) -> None:
        """Record in the audit log what the actor did, in this transaction.

        Args:
            action: ``application.approve``, for example.
            subject_kind, subject_id: what it was done to.
            ground: a code; the actor's unless told.
            details: name → id, code or names of fields; never a value of a person.
        """
        fact = self.fact(action, subject_kind, subject_id, ground=ground, **details)
        AuditLog(self.work.audit, lambda: self.now).record(fact)

    def fact(
        self,
        action: str,
        subject_kind: str,
        subject_id: UUID,
        *,
        ground: str | None = None,
        **details: str,
    ) -> AuditFact:
        """Return what ``record`` records, not recorded yet."""
        return AuditFact(
            region=self.region,
            actor=self.actor.name,
            role=self.actor.role.value,
            action=action,
            subject_kind=subject_kind,
            subject_id=str(subject_id),
            ground=ground or self.actor.ground or "",
            details=details,
        )

    def look(self, person_id: UUID, reason: str) -> None:
        """Record that the actor looked at a person, and why (a code)."""
        self._looked(reason, person_id=person_id)

    def look_at_application(self, application: Application, reason: str) -> None:
        """Record that the actor looked at the person of an application, and why (a code).

        While the register does not know the person, the look names the application.
        """
        if application.person_id is not None:
            self._looked(reason, person_id=application.person_id)
        else:
            self._looked(reason, application_id=application.id)

    def _looked(
        self, reason: str, *, person_id: UUID | None = None, application_id: UUID | None = None
    ) -> None:
        looked = Look(
            region=self.region,
            id=self.new_id(),
            person_id=person_id,
            application_id=application_id,
            actor=self.actor.name,
            role=self.actor.role.value,
            reason=reason,
            at=self.now,
        )
        self.work.looks.add(looked)

    def notify(
        self,
        template: Template,
        parameters: Mapping[str, str],
        *,
        email: str | None,
        phone: str | None,
    ) -> bool:
        """Put a notification into the outbox, in this transaction; return whether there is one.

        It goes to the e-mail address, or to the telephone if that will not do. Who gave neither,
        or only ones that nothing can be sent to, is told at the office: no reason to refuse. The
        office's own program is told as well, and that counts for nobody.
        """
        if self.settings.webhook is not None:
            self._put(NoticeChannel.WEBHOOK, template, parameters, self.settings.webhook)
        ways = ((NoticeChannel.EMAIL, email), (NoticeChannel.SMS, phone))
        return any(self._put(way, template, parameters, to) for way, to in ways if to)

    def _put(
        self, way: NoticeChannel, template: Template, parameters: Mapping[str, str], to: str
    ) -> bool:
        office = self.office
        outbox = Outbox(
            store=self.work.notifications,
            sealer=office.sealer,
            clock=lambda: self.now,
            dice=office.draw,
            new_id=office.new_id,
            render=office.render,
            senders={},
        )
        notice = Notice(
            channel=way,
            template=template,
            language=self.settings.language,
            recipient=to,
            parameters=parameters,
        )
        try:
            outbox.put(self.region, notice)
        except Refusal as refusal:
            if refusal.code != "recipient-wrong":
                raise
            return False
        return True


def expect_version(row: Versioned, version: int) -> None:
    """Return if ``row`` is the one the sender has seen.

    Raises:
        Refusal: ``stale``.
    """
    if row.version != version:
        raise stale()

"""A fictional office: its clock, its people, and what they send."""

import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.accounts.four_eyes import FourEyes
from cardservice.domain.roles import Role
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.audit_values import AuditEntry
from cardservice.registry.frame import Office, OfficeSettings
from cardservice.registry.outbox_values import NoticeLanguage, Notification, Template, Text
from cardservice.storage import engine

REGION = "00000"
START = datetime(2026, 6, 1, 9, tzinfo=UTC)
TODAY = START.date()
BORN = date(1980, 2, 29)


@dataclass(slots=True)
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: int) -> None:
        """Let so many days go by."""
        self.now += timedelta(days=days)


class OpenSealer:
    """Seals nothing: what the outbox keeps can be read in a test."""

    def seal(self, plain: bytes, *, context: bytes) -> bytes:
        return plain

    def open(self, sealed: bytes, *, context: bytes) -> bytes:
        return sealed


def words(template: Template, language: NoticeLanguage, parameters: Mapping[str, str]) -> Text:
    """Return words that say which notification it is."""
    return Text(subject=template.value, body=str(dict(parameters)), short=language)


class Counter:
    """Ids and octets one after the other, for several threads."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def new_id(self) -> UUID:
        with self._lock:
            return UUID(int=(7 << 76) | (2 << 62) | (0x0190 << 112) | next(self._numbers))

    def draw(self, count: int) -> bytes:
        with self._lock:
            return next(self._numbers).to_bytes(count)


@dataclass(frozen=True, slots=True)
class Desk:
    """An office with what a test needs to look behind it."""

    office: Office
    clock: Clock
    clerk: Actor
    approver: Actor
    officer: Actor
    applicant: Actor
    keys: "itertools.count[int]" = field(default_factory=itertools.count)

    def key(self) -> str:
        """Return an idempotency key that nobody has used."""
        return f"key-{next(self.keys)}"

    def reading(self) -> Any:
        """Return what is kept now, as a context."""
        return self.office.database.reading()

    def audit(self) -> tuple[AuditEntry, ...]:
        """Return the audit log."""
        with self.office.database.reading() as work:
            return tuple(work.audit.entries(REGION))

    def actions(self) -> list[str]:
        """Return the actions in the audit log."""
        return [one.fact.action for one in self.audit()]

    def outbox(self) -> tuple[Notification, ...]:
        """Return what is to be sent."""
        with self.office.database.reading() as work:
            return tuple(work.notifications.due(self.clock() + timedelta(days=1), 100))

    def with_settings(self, **changes: Any) -> "Desk":
        """Return the same desk in an office that works otherwise."""
        settings = replace(self.office.settings, **changes)
        return replace(self, office=replace(self.office, settings=settings))

    def with_second_person(self, *acts: SecondPersonAct) -> "Desk":
        """Return the same desk in an office that wants a second person."""
        return self.with_settings(four_eyes=FourEyes(frozenset(acts)))


def new_desk(database: engine.Database) -> Desk:
    """Return a desk over ``database``."""
    clock, counter = Clock(), Counter()
    office = Office(
        database=database,
        clock=clock,
        new_id=counter.new_id,
        draw=counter.draw,
        sealer=OpenSealer(),
        render=words,
        settings=OfficeSettings(draws_policy_numbers=True),
    )
    return Desk(
        office,
        clock,
        clerk=Actor(counter.new_id(), Role.CLERK),
        approver=Actor(counter.new_id(), Role.APPROVER),
        officer=Actor(counter.new_id(), Role.SECURITY_OFFICER),
        applicant=Actor(counter.new_id(), Role.APPLICANT),
    )


def refused(code: str, do: Callable[[], object]) -> Refusal:
    """Expect that ``do`` is refused with ``code``; return the refusal."""
    with pytest.raises(Refusal) as caught:
        do()
    assert caught.value.code == code
    return caught.value

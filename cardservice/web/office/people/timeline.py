"""The whole history of a person, their policies and cards: one line of events, newest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from cardservice.registry.audit_values import AuditEntry
from cardservice.registry.people import PersonFile
from cardservice.registry.ports import Work
from cardservice.registry.ports_people import Consent
from cardservice.texts.office.labels import NAMES
from cardservice.web.office.people.opening import log_of

MOST_EVENTS: Final = 300  # of one page
_FIELDS: Final = "fields"  # names of those that changed, in an entry's details
_GROUNDS: Final = (
    *("block-reason", "unblock-reason", "termination-reason", "spoil-reason", "cancel-reason"),
    *("policy-change-reason", "change-ground", "duplicate-cause"),
)
_INTO: Final = "into"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened.

    Attributes:
        action: as the audit log has it; of a consent ``consent.given`` or ``consent.withdrawn``.
        role: of who did it; None: not recorded.
        ground: kind of names and value, None: there was none that has a name.
        fields: names of the fields that changed.
        into: the record that took over from a merged one.
    """

    at: datetime
    action: str
    subject: str
    role: str | None = None
    ground: tuple[str, str] | None = None
    fields: tuple[str, ...] = ()
    into: str | None = field(default=None)


def timeline(work: Work, file: PersonFile) -> tuple[Event, ...]:
    """Return what happened to a person and all that hangs on them, newest first, 300 at most."""
    log = log_of(work)
    region = file.person.region
    entries = [one for id_ in _subjects(file) for one in log.about(region, str(id_))]
    entries.sort(key=lambda one: one.number)
    events = [*_consents(file.consents), *(_event(one) for one in entries)]
    # Sorting keeps the order of what happened in one moment: consent first, then as logged.
    events.sort(key=lambda one: one.at)
    return tuple(reversed(events[-MOST_EVENTS:]))


def _subjects(file: PersonFile) -> Iterator[UUID]:
    yield file.person.id
    for rows in (
        file.merged,
        file.policies,
        file.applications,
        file.documents,
        file.certificates,
        file.orders,
        file.cards,
    ):
        yield from (one.id for one in rows)


def _event(entry: AuditEntry) -> Event:
    fact = entry.fact
    names = fact.details.get(_FIELDS, "")
    return Event(
        at=entry.at,
        action=fact.action,
        subject=fact.subject_kind,
        role=fact.role,
        ground=_ground(fact.ground, fact.details),
        fields=tuple(name.replace("-", "_") for name in names.split(",") if name),
        into=fact.details.get(_INTO),
    )


def _ground(ground: str, details: Mapping[str, str]) -> tuple[str, str] | None:
    value = ground or details.get("reason", "")
    kind = next((kind for kind in _GROUNDS if value in NAMES[kind].texts), None)
    return (kind, value) if kind else None


def _consents(consents: tuple[Consent, ...]) -> Iterator[Event]:
    for one in consents:
        yield Event(at=one.given_at, action="consent.given", subject="consent")
        if one.withdrawn_at is not None:
            yield Event(at=one.withdrawn_at, action="consent.withdrawn", subject="consent")

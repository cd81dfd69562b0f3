"""The audit log as an auditor reads it: entries, looks at a person, and whether it is whole."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.audit import AuditEntries, AuditSearch
from cardservice.registry.audit_coding import time_text
from cardservice.registry.audit_values import AuditEntry, AuditHead
from cardservice.registry.audit_verifying import VerifiedLog, verify_chain
from cardservice.registry.frame import Office
from cardservice.registry.ports_base import FIRST, Ask, Page
from cardservice.registry.ports_people import Look

PAGE_ROWS: Final = 50
MOST_SEARCHED: Final = 200_000  # entries of one search by actor, which no index serves
MOST_LINES: Final = 100_000  # of one download: some 40 MB
MOST_VERIFIED: Final = 20_000  # entries of one request: a second or two


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditWish:
    """What is looked for.

    Attributes:
        day: of the office; None: any.
        actor, subject_id: ids; empty: any.
        below: only entries with smaller numbers; None: from the newest.
    """

    day: date | None = None
    actor: str = ""
    subject_id: str = ""
    below: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Entries, the newest first.

    Attributes:
        older: ``below`` of the next page, None on the last.
        is_cut: older entries than ``MOST_SEARCHED`` were not searched.
    """

    entries: tuple[AuditEntry, ...]
    older: int | None
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedPart:
    """What the newest part of a log proved.

    Attributes:
        log: counts from the first entry of all; ``signed`` as there.
        after: the entry that a signed head vouches for and that was not looked at again, with
            all before it; 0: none, the whole log was verified.
        head: the newest signed one, None: none yet.
    """

    log: VerifiedLog
    after: int
    head: AuditHead | None


def audit_page(office: Office, actor: Actor, region: str, wish: AuditWish) -> AuditPage:
    """Return entries of the log of a region, ``PAGE_ROWS`` at most.

    Raises:
        Refusal: ``role-not-allowed``, ``audit-damaged``.
    """
    actor.require(Right.AUDIT_READ)
    with office.database.reading() as kept:
        first, end = _numbers(office, kept.audit, region, wish.day)
        end = min(end, wish.below or end)
        lowest = max(first, end - MOST_SEARCHED) if wish.actor else first
        search = AuditSearch(
            above=lowest - 1,
            below=end,
            actor=wish.actor,
            subject_id=wish.subject_id,
            limit=PAGE_ROWS + 1,
        )
        found = kept.audit.newest(region, search)
    rows = found[:PAGE_ROWS]
    older = rows[-1].number if len(found) > PAGE_ROWS else None
    return AuditPage(entries=rows, older=older, is_cut=older is None and lowest > first)


def looks_at(
    office: Office, actor: Actor, *, region: str, person_id: UUID, ask: Ask = FIRST
) -> Page[Look]:
    """Return who looked at a person and why, oldest first.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    actor.require(Right.AUDIT_READ)
    with office.database.reading() as kept:
        return kept.looks.at_person(region, person_id, ask)


def audit_lines(office: Office, actor: Actor, region: str, day: date | None) -> Iterator[str]:
    """Return an iterator over entries as lines of JSON, by number: of a day, or the newest ones.

    They are ``MOST_LINES`` at most: of a day the first, without a day the last.

    Raises:
        Refusal: ``role-not-allowed``, at once; ``audit-damaged``, while iterating.
    """
    actor.require(Right.AUDIT_READ)
    return _lines(office, region, day)


def verify_newest(
    office: Office, actor: Actor, region: str, keys: Mapping[str, bytes]
) -> VerifiedPart:
    """Return what the newest entries proved: all of them, or those after a signed head.

    Args:
        office: whose log.
        actor: who asks.
        region: of the log.
        keys: as for ``verify_chain``.

    Raises:
        AuditFault: as ``verify_chain``.
        Refusal: ``audit-too-long``: more than ``MOST_VERIFIED`` entries came after the last head
            that could be begun with; ``role-not-allowed``, ``audit-damaged``.
    """
    actor.require(Right.AUDIT_READ)
    with office.database.reading() as kept:
        heads, last = kept.audit.heads(region), kept.audit.last(region)
        count = 0 if last is None else last.number
        since = _beginning(heads, count)
        after = since.number if since else 0
        later = [one for one in heads if one.number > after]
        entries = kept.audit.entries(region, after=after)
        log = verify_chain(entries, later, keys, region=region, since=since)
    return VerifiedPart(log=log, after=after, head=heads[-1] if heads else None)


def line_of(entry: AuditEntry) -> str:
    """Return an entry as one line of JSON, with all that its hash is over."""
    fact = entry.fact
    members = {
        "number": entry.number,
        "at": time_text(entry.at),
        "region": fact.region,
        "actor": fact.actor,
        "role": fact.role,
        "action": fact.action,
        "subject_kind": fact.subject_kind,
        "subject_id": fact.subject_id,
        "ground": fact.ground,
        "details": dict(fact.details),
        "previous_hash": entry.previous_hash.hex(),
        "hash": entry.hash.hex(),
    }
    return json.dumps(members, ensure_ascii=True)


def _numbers(office: Office, log: AuditEntries, region: str, day: date | None) -> tuple[int, int]:
    """Return the number of the first entry of a day, and the one after its last."""
    if day is None:
        last = log.last(region)
        return 1, 1 if last is None else last.number + 1
    start, end = _midnight(office, day), _midnight(office, day + timedelta(days=1))
    return log.first_since(region, start), log.first_since(region, end)


def _midnight(office: Office, day: date) -> datetime:
    return datetime.combine(day, time(), office.settings.zone).astimezone(UTC)


def _lines(office: Office, region: str, day: date | None) -> Iterator[str]:
    with office.database.reading() as kept:
        first, end = _numbers(office, kept.audit, region, day)
        if day is None:
            first = max(first, end - MOST_LINES)
        entries = kept.audit.entries(region, after=first - 1)
        yield from (line_of(one) for one in islice(entries, min(end - first, MOST_LINES)))


def _beginning(heads: Sequence[AuditHead], count: int) -> AuditHead | None:
    """Return the earliest head to begin with; None: the log is short enough to begin at its start.

    Raises:
        Refusal: ``audit-too-long``.
    """
    if count <= MOST_VERIFIED:
        return None
    found = next((one for one in heads if count - MOST_VERIFIED <= one.number <= count), None)
    if found is None:
        sentence = "The newest signed head is too far back; use: cardservice audit verify"
        raise Refusal("audit-too-long", sentence)
    return found

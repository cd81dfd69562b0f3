"""What one person proposed and another one carries out, found again in the audit log.

A proposal made on a page has a key that its records name, so that the second person's page can
name the proposal too, and a program cannot take one for another.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cardservice.registry.actor import SERVICE_NAME
from cardservice.web.office.asking import Asking
from cardservice.web.office.people.opening import log_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal: when, in which role, and by whom."""

    at: datetime
    role: str
    by: UUID
    is_own: bool


def merge_key(keep_id: UUID, other_id: UUID) -> str:
    """Return the key with which a page proposes to merge two records."""
    return f"merge/{keep_id}/{other_id}"


def erase_key(person_id: UUID) -> str:
    """Return the key with which a page proposes to erase a person."""
    return f"erase/{person_id}"


def proposals(
    asking: Asking, action: str, subject_id: UUID, **details: str
) -> tuple[Proposed, ...]:
    """Return who proposed ``action`` for a subject, the newest first.

    Args:
        asking: who reads; theirs are marked as their own.
        action: as the audit log has it.
        subject_id: the record it is about.
        details: what else the entry has to say.
    """
    with asking.office.database.reading() as work:
        entries = log_of(work).about(asking.region, str(subject_id))
    return tuple(
        Proposed(
            at=one.at,
            role=one.fact.role,
            by=UUID(one.fact.actor),
            is_own=one.fact.actor == asking.actor.name,
        )
        for one in reversed(entries)
        if one.fact.action == action
        and one.fact.actor != SERVICE_NAME
        and all(one.fact.details.get(name) == value for name, value in details.items())
    )


def second_of(found: tuple[Proposed, ...]) -> UUID | None:
    """Return who else proposed it, the newest; None: nobody else."""
    return next((one.by for one in found if not one.is_own), None)

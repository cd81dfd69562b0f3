"""A person opened for one purpose; every such look is recorded with it."""

from dataclasses import dataclass
from typing import Final, Protocol, cast
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.roles import Role
from cardservice.registry.actor import Actor
from cardservice.registry.audit_values import AuditEntry
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act
from cardservice.registry.people import PersonFile, view_person
from cardservice.registry.policies_insurers import newest
from cardservice.registry.ports import Work
from cardservice.registry.ports_making import Card
from cardservice.registry.ports_people import Person
from cardservice.registry.ports_policies import Policy, PolicyInsurer
from cardservice.web.office.asking import Asking

PERSON: Final = "/office/people/{person_id}"
LOOK: Final = "person"
"""Why a person is looked at who was opened from the search or a link."""


class SubjectLog(Protocol):
    """The audit log by what its entries are about."""

    def about(self, region: str, subject_id: str) -> tuple[AuditEntry, ...]:
        """Return the newest entries about something, by number."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpenPolicy:
    """A policy, whose it is, and who insures now."""

    policy: Policy
    person: Person
    insurer: PolicyInsurer | None


def open_person(asking: Asking, person_id: UUID, *, why: str = LOOK) -> PersonFile:
    """Return a person with everything; raises Refusal as ``view_person``."""
    office, actor = asking.office, asking.actor
    return view_person(office, actor, region=asking.region, person_id=person_id, why=why)


def open_policy(asking: Asking, policy_id: UUID) -> OpenPolicy:
    """Return a policy with its person; raises Refusal ``not-found`` or ``role-not-allowed``."""

    def read(act: Act) -> OpenPolicy:
        act.actor.require(Right.PERSON_READ)
        policy = act.work.policies.get(act.region, policy_id)
        act.look(policy.person_id, f"policy/{policy.id}")
        return OpenPolicy(
            policy=policy,
            person=act.work.people.get(act.region, policy.person_id),
            insurer=newest(act.work.insurers.of_policy(act.region, policy.id)),
        )

    return asking.office.look(asking.actor, asking.region, read)


def open_card(asking: Asking, card_id: UUID) -> Card:
    """Return a card without its person; raises Refusal ``not-found``."""
    staff_only(asking.actor)
    with asking.office.database.reading() as work:
        return work.cards.get(asking.region, card_id)


def staff_only(actor: Actor) -> None:
    """Return if no applicant asks: theirs are the pages of their own application.

    Raises:
        Refusal: ``not-found``.
    """
    if actor.role is Role.APPLICANT:
        raise not_found("card")


def page_of_policy(asking: Asking, policy_id: UUID | None, *, otherwise: str) -> str:
    """Return where the person of a policy is shown, ``otherwise`` to who may not see them."""
    if policy_id is None or not asking.may(Right.PERSON_READ):
        return otherwise
    with asking.office.database.reading() as work:
        policy = work.policies.get(asking.region, policy_id)
    return PERSON.format(person_id=policy.person_id)


def log_of(work: Work) -> SubjectLog:
    """Return the audit log of a transaction as it can be asked about subjects."""
    return cast(SubjectLog, work.audit)

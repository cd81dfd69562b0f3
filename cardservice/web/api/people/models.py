"""Persons and policies as programs see them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from cardservice.domain.identity import Match, Sign
from cardservice.registry.people import PersonFile
from cardservice.registry.people_merging import Proposal
from cardservice.registry.ports_policies import Policy, PolicyInsurer
from cardservice.web.api.applications.models import CertificateShown, DocumentShown
from cardservice.web.api.common import Model


class PersonRow(Model):
    """Enough to choose by, the rest hidden; only a person of one's own region can be opened."""

    region: str
    id: UUID
    name: str
    birth_date: str
    enps: list[str]


class PersonShown(Model):
    """A person; ``merged_into`` names the record that took over from a duplicate."""

    id: UUID
    version: int
    surname: str
    given_name: str
    patronymic: str | None
    sex: str
    birth_date: date
    birth_place: str | None
    citizenship_code: str | None
    citizenship_name: str | None
    category: str
    snils: str | None
    address: str | None
    phone: str | None
    email: str | None
    merged_into: UUID | None
    erased_at: datetime | None


class InsurerPeriod(Model):
    """Who insured from when to when, and why it began."""

    id: UUID
    policy_id: UUID
    ogrn: str
    okato: str
    start_date: date
    end_date: date | None
    ground: str
    filed_on: date | None


class PolicyShown(Model):
    """A policy; ``reason`` is that of its last change, with its day."""

    id: UUID
    version: int
    person_id: UUID
    enp: str
    state: str
    reason: str | None
    opened_on: date
    closed_on: date | None
    valid_until: date | None
    insurers: list[InsurerPeriod] = Field(default=[])


class CardLine(Model):
    """A card of a policy."""

    id: UUID
    version: int
    number: int
    policy_id: UUID | None
    order_id: UUID | None
    state: str
    reason: str | None
    valid_until: date | None


class PersonsOrder(Model):
    """An order of a policy."""

    id: UUID
    version: int
    policy_id: UUID
    state: str
    due_on: date | None


class PersonsApplication(Model):
    """An application of the person."""

    id: UUID
    version: int
    number: str
    state: str
    reason: str
    submitted_at: datetime | None


class ConsentShown(Model):
    """What the person agreed to."""

    id: UUID
    purpose: str
    wording: str
    channel: str
    given_at: datetime
    withdrawn_at: datetime | None


class PersonRecord(Model):
    """A person with what hangs on them and on the records merged into theirs."""

    person: PersonShown
    merged: list[PersonShown]
    policies: list[PolicyShown]
    orders: list[PersonsOrder]
    cards: list[CardLine]
    applications: list[PersonsApplication]
    certificates: list[CertificateShown]
    documents: list[DocumentShown]
    consents: list[ConsentShown]


class SimilarPerson(Model):
    """A record that may be the same person, and what speaks for it and against."""

    other_id: UUID
    match: Match
    signs: list[Sign]


class SimilarPeople(Model):
    """The records of the region that may be the same person."""

    items: list[SimilarPerson]


def record_shown(file: PersonFile) -> PersonRecord:
    """Return a person as programs see them."""
    return PersonRecord(
        person=PersonShown.model_validate(file.person),
        merged=[PersonShown.model_validate(one) for one in file.merged],
        policies=[policy_shown(one, file.insurers) for one in file.policies],
        orders=[PersonsOrder.model_validate(one) for one in file.orders],
        cards=[CardLine.model_validate(one) for one in file.cards],
        applications=[PersonsApplication.model_validate(one) for one in file.applications],
        certificates=[CertificateShown.model_validate(one) for one in file.certificates],
        documents=[DocumentShown.model_validate(one) for one in file.documents],
        consents=[ConsentShown.model_validate(one) for one in file.consents],
    )


def policy_shown(policy: Policy, insurers: tuple[PolicyInsurer, ...]) -> PolicyShown:
    """Return a policy with those of ``insurers`` that are its own."""
    own = [InsurerPeriod.model_validate(one) for one in insurers if one.policy_id == policy.id]
    return PolicyShown.model_validate(policy).model_copy(update={"insurers": own})


def similar_shown(proposals: tuple[Proposal, ...]) -> SimilarPeople:
    """Return the records that may be the same person."""
    items = [
        SimilarPerson(
            other_id=one.other_id,
            match=one.comparison.match,
            signs=sorted(one.comparison.signs),
        )
        for one in proposals
    ]
    return SimilarPeople(items=items)

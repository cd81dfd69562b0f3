"""Persons: found, looked at and corrected. Every look at one is recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from typing_extensions import override

from cardservice.accounts.masking import mask_birth_date, mask_names
from cardservice.accounts.rights import Right
from cardservice.domain.application import Person as SaidPerson
from cardservice.domain.application_person import check_person
from cardservice.domain.findings import has_errors
from cardservice.domain.holder import Category, Sex
from cardservice.domain.numbers import mask_enp, parse_enp, parse_snils
from cardservice.domain.texts import tidy
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.applications_person import change_person
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.errors import FindingsRefusal
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.ports import Work
from cardservice.registry.ports_applications import Application, Document
from cardservice.registry.ports_base import FIRST, Ask, Page
from cardservice.registry.ports_exchange import Complaint, ComplaintAttachment
from cardservice.registry.ports_making import Card, Order, Receipt
from cardservice.registry.ports_people import Consent, FoundPerson, Person
from cardservice.registry.ports_policies import Policy, PolicyInsurer, TemporaryCertificate

CORRECTABLE: Final = (
    *("surname", "given_name", "patronymic", "sex", "birth_date", "birth_place"),
    *("citizenship_code", "citizenship_name", "category", "snils", "address", "phone", "email"),
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Query:
    """What a person is searched by; a number alone, or name and birth date."""

    name: str = ""
    birth_date: date | None = None
    enp: str = ""
    snils: str = ""
    card_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonLine:
    """A line of a search's answer: enough to choose by, the rest hidden."""

    region: str
    id: UUID
    name: str
    birth_date: str
    enps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonFile:
    """A person with all that hangs on them and on the records merged into theirs."""

    person: Person
    merged: tuple[Person, ...]
    policies: tuple[Policy, ...]
    insurers: tuple[PolicyInsurer, ...]
    orders: tuple[Order, ...]
    cards: tuple[Card, ...]
    applications: tuple[Application, ...]
    certificates: tuple[TemporaryCertificate, ...]
    documents: tuple[Document, ...]
    consents: tuple[Consent, ...]
    receipts: tuple[Receipt, ...]
    complaints: tuple[Complaint, ...]
    attachments: tuple[ComplaintAttachment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPerson(OfficeCommand):
    """Set right what is wrong in a record.

    Attributes:
        changes: name of a field (``CORRECTABLE``) → its text as typed; empty: it is not known.
            Dates are written ``YYYY-MM-DD``.
    """

    person_id: UUID
    version: int
    changes: Mapping[str, str] = field(repr=False)

    @override
    def __post_init__(self) -> None:
        OfficeCommand.__post_init__(self)
        object.__setattr__(self, "changes", MappingProxyType(dict(self.changes)))


def find_people(
    office: Office, actor: Actor, query: Query, *, ask: Ask = FIRST
) -> Page[PersonLine]:
    """Return who is found, masked; whoever wants to see one opens it (``view_person``).

    Raises:
        Refusal: ``role-not-allowed``, ``search-empty``, or a number is wrong.
    """
    actor.require(Right.PERSON_READ)
    with office.database.reading() as work:
        page = _found(work, query, ask)
    return Page(rows=tuple(map(_line, page.rows)), after=page.after)


def view_person(
    office: Office, actor: Actor, *, region: str, person_id: UUID, why: str
) -> PersonFile:
    """Return a person with everything; the look is recorded with ``why``, a code.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``, ``reason-missing``.
    """

    def read(act: Act) -> PersonFile:
        actor.require(Right.PERSON_READ)
        if not why:
            raise Refusal("reason-missing", "Why the person is looked at is missing.")
        file = file_of(act.work, act.work.people.get(region, person_id))
        act.look(person_id, why)
        return file

    return office.look(actor, region, read)


def correct_person(office: Office, actor: Actor, command: CorrectPerson) -> Answer:
    """Return the corrected person.

    Raises:
        FindingsRefusal: ``form-has-errors``: every wrong field.
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``; ``field-unknown``;
            ``person-gone``: merged or erased.
    """
    return office.carry_out(actor, command, _correct)


def file_of(work: Work, person: Person) -> PersonFile:
    """Return a person with everything that hangs on them."""
    region, merged = person.region, work.people.merged_into(person.region, person.id)
    all_ids = [one.id for one in (person, *merged)]
    policies = tuple(p for id_ in all_ids for p in work.policies.of_person(region, id_))
    forms = tuple(a for id_ in all_ids for a in work.applications.of_person(region, id_))
    complaints = _complaints(work, region, persons=all_ids, forms=forms)
    return PersonFile(
        person=person,
        merged=merged,
        policies=policies,
        insurers=tuple(i for p in policies for i in work.insurers.of_policy(region, p.id)),
        orders=tuple(o for p in policies for o in work.orders.of_policy(region, p.id)),
        cards=tuple(c for p in policies for c in work.cards.of_policy(region, p.id)),
        applications=forms,
        certificates=tuple(
            c for a in forms for c in work.certificates.of_application(region, a.id)
        ),
        documents=(
            *(d for a in forms for d in work.documents.of_application(region, a.id)),
            *(d for id_ in all_ids for d in work.documents.of_person(region, id_)),
        ),
        consents=_consents(work, region, persons=all_ids, forms=forms),
        receipts=tuple(r for id_ in all_ids for r in work.receipts.of_person(region, id_)),
        complaints=complaints,
        attachments=tuple(
            a for c in complaints for a in work.attachments.of_complaint(region, c.id)
        ),
    )


def _consents(
    work: Work, region: str, *, persons: Sequence[UUID], forms: Sequence[Application]
) -> tuple[Consent, ...]:
    """Return the consents of persons, and those of a time when there was only an application."""
    of_persons = (c for id_ in persons for c in work.consents.of_person(region, id_))
    with_forms = (c for a in forms for c in work.consents.of_application(region, a.id))
    return tuple({one.id: one for one in (*of_persons, *with_forms)}.values())


def _complaints(
    work: Work, region: str, *, persons: Sequence[UUID], forms: Sequence[Application]
) -> tuple[Complaint, ...]:
    """Return the complaints of persons and about their applications, each once."""
    of_persons = (c for id_ in persons for c in work.complaints.of_person(region, id_))
    about = (c for a in forms for c in work.complaints.of_application(region, a.id))
    return tuple({one.id: one for one in (*of_persons, *about)}.values())


def present(act: Act, person_id: UUID, version: int) -> Person:
    """Return a person that is neither merged nor erased, at the version that was seen.

    Raises:
        Refusal: ``not-found``, ``stale``, ``person-gone``.
    """
    found = act.work.people.get(act.region, person_id)
    expect_version(found, version)
    if found.merged_into is not None or found.erased_at is not None:
        raise Refusal("person-gone", "This record was merged into another one, or erased.")
    return found


def _correct(act: Act, command: CorrectPerson) -> Answer:
    act.actor.require(Right.POLICY_CHANGE)
    found = present(act, command.person_id, command.version)
    if not set(command.changes) <= set(CORRECTABLE):
        raise Refusal("field-unknown", "There is a field that cannot be corrected.")
    said = _said(found, command.changes)
    findings = tuple(check_person(said, act.today, act.settings.rules))
    if has_errors(findings):
        raise FindingsRefusal(findings)
    changes: dict[str, Any] = {name: _kept(said, name) for name in command.changes}
    kept = change_person(act, found, replace(found, **changes), "person.correct")
    return Answer(id=kept.id, version=kept.version)


def _said(found: Person, changes: Mapping[str, str]) -> SaidPerson:
    texts = {name: changes.get(name, _text(found, name)) for name in CORRECTABLE}
    sex, born, category = (texts.pop(name) for name in ("sex", "birth_date", "category"))
    return SaidPerson(
        **texts,
        sex=next((one for one in Sex if one.value == sex), None),
        birth_date=_day(born),
        category=next((one for one in Category if one.value == category), None),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _text(found: Person, name: str) -> str:
    value = getattr(found, name)
    return "" if value is None else str(value)


def _kept(said: SaidPerson, name: str) -> object:
    value = getattr(said, name)
    if isinstance(value, Sex | Category):
        return value.value
    if name == "snils":
        return parse_snils(value.strip(" ")) if value.strip(" ") else None
    return value if isinstance(value, date) else tidy(value) or None


def _found(work: Work, query: Query, ask: Ask) -> Page[FoundPerson]:
    if query.enp:
        return Page(rows=tuple(_by_enp(work, query.enp)), after=None)
    if query.card_number is not None:
        return Page(rows=tuple(_by_card(work, query.card_number)), after=None)
    if query.snils:
        return Page(rows=work.people.by_snils(parse_snils(query.snils.strip(" "))), after=None)
    return work.people.search(name=query.name, birth_date=query.birth_date, ask=ask)


def _by_enp(work: Work, enp: str) -> Iterator[FoundPerson]:
    found = work.policies.by_enp(parse_enp(enp.strip(" ")))
    if found is not None:
        yield _whose(work, found.policy)


def _by_card(work: Work, number: int) -> Iterator[FoundPerson]:
    for card in work.cards.by_number(number):
        if card.policy_id is not None:
            yield _whose(work, work.policies.get(card.region, card.policy_id))


def _whose(work: Work, policy: Policy) -> FoundPerson:
    person = work.people.get(policy.region, policy.person_id)
    return FoundPerson(person=person, policies=(policy,))


def _line(found: FoundPerson) -> PersonLine:
    one = found.person
    names = " ".join(filter(None, (one.surname, one.given_name, one.patronymic)))
    return PersonLine(
        region=one.region,
        id=one.id,
        name=mask_names(names),
        birth_date=mask_birth_date(one.birth_date.isoformat()),
        enps=tuple(mask_enp(policy.enp) for policy in found.policies),
    )

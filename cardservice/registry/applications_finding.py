"""Whether the person of an application is known already: one person has one policy.

Source: domain.md, "Rules with teeth", 1: a second application finds the first policy.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cardservice.domain.application import Person as DraftPerson
from cardservice.domain.identity import Found, Identity, find
from cardservice.domain.lives import PolicyState
from cardservice.domain.numbers import parse_enp, parse_snils
from cardservice.domain.texts import tidy
from cardservice.errors import Refusal
from cardservice.registry.ports import Work
from cardservice.registry.ports_base import MAX_PAGE, Ask
from cardservice.registry.ports_people import Person
from cardservice.registry.ports_policies import Policy


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """A person kept, with their policies."""

    person: Person
    policies: tuple[Policy, ...]

    @property
    def key(self) -> tuple[str, UUID]:
        """Region and id."""
        return self.person.region, self.person.id

    @property
    def identity(self) -> Identity:
        """What the person is recognised by."""
        one = self.person
        return Identity(
            surname=one.surname,
            given_name=one.given_name,
            patronymic=one.patronymic or "",
            birth_date=one.birth_date,
            birth_place=one.birth_place or "",
            enp=next((policy.enp for policy in self.open_policies), "")
            or next((policy.enp for policy in self.policies), ""),
            snils=one.snils or "",
        )

    @property
    def open_policies(self) -> tuple[Policy, ...]:
        """The policies that are not closed."""
        return tuple(one for one in self.policies if one.state != PolicyState.CLOSED.value)


def find_records(work: Work, sought: Identity) -> Found[Record]:
    """Return the records that are the person sought and those that may be, of all regions."""
    records = {one.key: one for one in _candidates(work, sought)}
    return find(sought, ((one, one.identity) for one in records.values()))


def identity_of(person: DraftPerson) -> Identity:
    """Return what the person of a draft is recognised by; a number that is wrong counts as none."""
    return Identity(
        surname=tidy(person.surname),
        given_name=tidy(person.given_name),
        patronymic=tidy(person.patronymic),
        birth_date=person.birth_date,
        birth_place=tidy(person.birth_place),
        enp=number_or_none(parse_enp, person.enp) or "",
        snils=number_or_none(parse_snils, person.snils) or "",
    )


def number_or_none(parse: Callable[[str], str], raw: str) -> str | None:
    """Return the number that ``raw`` writes, None for an empty or a wrong one."""
    try:
        return parse(raw.strip(" "))
    except Refusal:
        return None


def _candidates(work: Work, sought: Identity) -> Iterator[Record]:
    if sought.enp:
        yield from _by_enp(work, sought.enp)
    if sought.snils:
        found = work.people.by_snils(sought.snils)
        yield from (Record(one.person, one.policies) for one in found)
    if sought.birth_date is not None:
        yield from _by_day(work, sought, sought.birth_date)


def _by_enp(work: Work, enp: str) -> Iterator[Record]:
    found = work.policies.by_enp(enp)
    if found is None:
        return
    policy = found.policy
    person = work.people.get(policy.region, policy.person_id)
    if person.merged_into is not None:
        person = work.people.get(person.region, person.merged_into)
    yield Record(person, work.policies.of_person(person.region, person.id))


def _by_day(work: Work, sought: Identity, born: date) -> Iterator[Record]:
    # The surname may be the one thing that changed, so the day alone brings candidates; by the name
    # as well where a page does not reach all who were born that day.
    page = work.people.search(birth_date=born, ask=Ask(limit=MAX_PAGE))
    yield from (Record(one.person, one.policies) for one in page.rows)
    name = f"{sought.surname} {sought.given_name}".strip()
    if page.after is not None and name:
        page = work.people.search(name=name, birth_date=born, ask=Ask(limit=MAX_PAGE))
        yield from (Record(one.person, one.policies) for one in page.rows)

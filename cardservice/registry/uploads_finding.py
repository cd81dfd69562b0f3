"""Which persons of many are known already: asked once for a whole batch of rows."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cardservice.domain.identity import Found, Identity, find
from cardservice.domain.search_text import name_key
from cardservice.registry.applications_finding import Record
from cardservice.registry.ports import Work
from cardservice.registry.ports_people import FoundPerson


class KnownPeople:
    """The records that may be any of ``sought`` (by a name of the caller's), looked up at once.

    Whoever has a number in common, or name and birth date, is found as by
    ``applications_finding.find_records``. Who changed the surname and has no number in common is
    not: that is a warning only, and the approver, who decides each application, gets it.
    """

    def __init__(self, work: Work, sought: Mapping[str, Identity]) -> None:
        self._sought = {name: (one, _Signs.of(one)) for name, one in sought.items()}
        signs = [found for _, found in self._sought.values()]
        known = work.people.alike(
            enps={one.enp for one in signs if one.enp},
            snils={one.snils for one in signs if one.snils},
            named={(one.name, one.born) for one in signs if one.born},
        )
        self._by_sign: dict[Hashable, list[Record]] = defaultdict(list)
        for record in (_present(work, one) for one in known):
            for sign in _Signs.of(record.identity).all():
                self._by_sign[sign].append(record)
            for policy in record.policies:
                self._by_sign[policy.enp].append(record)

    def of(self, name: str) -> Found[Record]:
        """Return who of them is the person sought under ``name``, and who may be."""
        sought, signs = self._sought[name]
        near = (record for sign in signs.all() for record in self._by_sign.get(sign, ()))
        records = {one.key: one for one in near}
        return find(sought, ((one, one.identity) for one in records.values()))


@dataclass(frozen=True, slots=True, repr=False)
class _Signs:
    """What somebody is looked up by; the name in its search form, which is costly to make."""

    enp: str
    snils: str
    name: str
    born: date | None

    @classmethod
    def of(cls, one: Identity) -> "_Signs":
        name = name_key(one.surname, one.given_name, one.patronymic)
        return cls(one.enp, one.snils, name, one.birth_date)

    def all(self) -> Iterator[Hashable]:
        yield from filter(None, (self.enp, self.snils))
        yield self.name, self.born


def _present(work: Work, found: FoundPerson) -> Record:
    person = found.person
    if person.merged_into is None:
        return Record(person, found.policies)
    kept = work.people.get(person.region, person.merged_into)
    return Record(kept, work.policies.of_person(kept.region, kept.id))

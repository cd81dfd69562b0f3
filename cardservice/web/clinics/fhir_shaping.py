"""Rows of the register as FHIR resources, and their ids.

An id is ``REGION.UUID``: both parts of a row's key, and nothing of the person.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from cardservice.domain.cover import Programme, programmes_here
from cardservice.domain.holder import Holder, Sex
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.lives import PolicyState
from cardservice.domain.numbers import parse_enp, parse_ogrn, parse_okato, parse_snils
from cardservice.fhir.coverage import CoverageIds, CoveredPolicy, coverage
from cardservice.fhir.elements import Element
from cardservice.fhir.patient import patient
from cardservice.fhir.standing import CoverageStanding, standing_of_policy
from cardservice.registry.fhir_reading import Covered
from cardservice.registry.ports_people import Person
from cardservice.web.clinics.fhir_parts import FhirParts

_KEY: Final = re.compile(
    r"([0-9]{5})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Shaper:
    """Makes resources for one clinic on one day.

    Attributes:
        here: region of the clinic, five digits.
        today: the day it is there.
    """

    parts: FhirParts
    here: str
    today: date

    def patient(self, found: Covered) -> Element:
        """Return the person, with the number of their present policy."""
        holder = _holder(found.person, found.present.enp)
        return patient(holder, id_=self.ids(found).patient, systems=self.parts.systems)

    def coverage(self, found: Covered) -> Element:
        """Return the policy as it stands today."""
        policy = CoveredPolicy(
            enp=parse_enp(found.policy.enp),
            insurance=insurance_of(found),
            expiry=found.policy.valid_until,
            programme=self._programme(found),
        )
        return coverage(
            policy, self.standing(found), ids=self.ids(found), systems=self.parts.systems
        )

    def standing(self, found: Covered) -> CoverageStanding:
        """Return whether the policy is active today, and why not."""
        return standing_of_policy(
            PolicyState(found.policy.state),
            insurance_of(found),
            expiry=found.policy.valid_until,
            today=self.today,
        )

    def ids(self, found: Covered) -> CoverageIds:
        """Return the ids of what is found around a policy."""
        ogrn = insurance_of(found).ogrn
        return CoverageIds(
            coverage=f"{found.policy.region}.{found.policy.id}",
            patient=f"{found.person.region}.{found.person.id}",
            insurer=ogrn if ogrn in self.parts.insurers else None,
        )

    def _programme(self, found: Covered) -> Programme:
        here = programmes_here(insurance_of(found).okato, parse_okato(self.here))
        return Programme.TERRITORIAL if Programme.TERRITORIAL in here else Programme.BASIC


def key_of(id_: str) -> tuple[str, UUID] | None:
    """Return region and id of the row; None: no resource here has this id."""
    found = _KEY.fullmatch(id_)
    return None if found is None else (found[1], UUID(found[2]))


def insurance_of(found: Covered) -> InsurancePeriod:
    """Return the period of insurance that counts."""
    one = found.insurer
    # A column of fixed width fills a short value up with blanks.
    return InsurancePeriod(
        ogrn=parse_ogrn(one.ogrn.strip(" ")),
        okato=parse_okato(one.okato.strip(" ")),
        start_date=one.start_date,
        end_date=one.end_date,
    )


def _holder(person: Person, enp: str) -> Holder:
    return Holder(
        enp=parse_enp(enp),
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
        sex=Sex(person.sex),
        birth_date=person.birth_date,
        birth_place=person.birth_place,
        snils=None if person.snils is None else parse_snils(person.snils),
    )

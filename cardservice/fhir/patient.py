"""A holder as a FHIR Patient.

Source: HL7 FHIR R4, 8.1 (Patient); extension patient-birthPlace.
"""

from typing import Final

from cardservice.domain.holder import Holder, Sex
from cardservice.fhir.elements import Element, day, identifier, present, resource, string
from cardservice.fhir.systems import Hl7, Systems

_GENDER: Final = {Sex.MALE: "male", Sex.FEMALE: "female"}
_MEMBER_NUMBER: Final = "MB"
_SOCIAL_NUMBER: Final = "SS"


def patient(holder: Holder, *, id_: str, systems: Systems) -> Element:
    """Return ``holder`` as a Patient with the id ``id_``.

    Policy number and SNILS (as eleven digits) are identifiers; the patronymic is the second given
    name, as the country's systems write it. Citizenship stays here: no cover depends on it.

    Raises:
        UsageError: ``id_`` cannot be an id.
    """
    elements = {
        "identifier": _identifiers(holder, systems),
        "name": [_name(holder)],
        "gender": _GENDER[holder.sex],
        "birthDate": day(holder.birth_date),
        "extension": _birth_place(holder),
    }
    return resource("Patient", elements, id_=id_)


def _identifiers(holder: Holder, systems: Systems) -> list[Element]:
    numbers = [identifier(systems.enp, holder.enp, type_code=_MEMBER_NUMBER)]
    if holder.snils is not None:
        digits = "".join(filter(str.isdigit, holder.snils))
        numbers.append(identifier(systems.snils, digits, type_code=_SOCIAL_NUMBER))
    return numbers


def _name(holder: Holder) -> Element:
    surname = string(holder.surname)
    given = [one for one in map(string, (holder.given_name, holder.patronymic)) if one]
    whole = " ".join(one for one in (surname, *given) if one)
    return present({"use": "official", "text": whole, "family": surname, "given": given})


def _birth_place(holder: Holder) -> list[Element]:
    place = string(holder.birth_place)
    return (
        [] if place is None else [{"url": Hl7.BIRTH_PLACE.value, "valueAddress": {"text": place}}]
    )

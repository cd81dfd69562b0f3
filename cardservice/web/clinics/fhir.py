"""``/fhir/r4``: what a clinic's system asks in HL7 FHIR R4; each look at a person is recorded.

Source: HL7 FHIR R4, 3.1 (RESTful API), 13.2.8 ($submit).
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response

from cardservice.accounts.rights import Right
from cardservice.domain.numbers import Enp, Ogrn, Snils
from cardservice.domain.roles import Role
from cardservice.fhir.capability import capability_statement
from cardservice.fhir.elements import Element
from cardservice.fhir.eligibility_request import EligibilityRequest, parse_eligibility_request
from cardservice.fhir.organization import ORGANIZATION, insurer_organization
from cardservice.fhir.searching import (
    SEARCHABLE,
    IdentifierSearch,
    Number,
    parse_identifier_search,
    searchset,
)
from cardservice.fhir.targets import Target
from cardservice.fhir.versions import etag, is_known, versioned
from cardservice.registry.actor import Actor
from cardservice.registry.errors import not_found
from cardservice.registry.fhir_reading import (
    ByEnp,
    ByPerson,
    ByPolicy,
    BySnils,
    Covered,
    Sought,
    look_up,
)
from cardservice.web.clinics.asking import needs
from cardservice.web.clinics.fhir_eligibility import Asked, register_response
from cardservice.web.clinics.fhir_outcomes import FhirRoute, fhir_response
from cardservice.web.clinics.fhir_parts import FHIR, fhir_parts, software_version
from cardservice.web.clinics.fhir_receiving import Parameters, SentForm, SentJson, reads_json
from cardservice.web.clinics.fhir_shaping import Shaper, key_of
from cardservice.web.clinics.parts import Client, ClinicParts, clinic_parts

router = APIRouter(
    prefix=FHIR,
    tags=["fhir"],
    route_class=FhirRoute,
    dependencies=[Depends(reads_json)],
)
Asker = Annotated[Client, needs(Right.COVERAGE_ASK)]
Parts = Annotated[ClinicParts, Depends(clinic_parts)]
Known = Annotated[str | None, Header(alias="If-None-Match")]
PATIENT: Final = "Patient"
_WHY: Final = {PATIENT: "fhir-patient", "Coverage": "fhir-coverage"}
_WHY_SUBMIT: Final = "fhir-eligibility"


@router.get("/metadata")
def clinic_tell_fhir(parts: Parts, known: Known = None) -> Response:
    """Say what is served."""
    fhir = fhir_parts(parts)
    statement = capability_statement(
        software_version=software_version(), released_at=fhir.said_at, systems=fhir.systems
    )
    return _answer(statement, parts, known)


@router.post("/CoverageEligibilityRequest/$submit")
def clinic_submit_fhir(client: Asker, parts: Parts, body: SentJson) -> Response:
    """Answer whether the policy of a person is in force, from the register."""
    shaper = _shaper(client, parts)
    request = parse_eligibility_request(body, shaper.parts.systems)
    office = parts.office
    found = _whom(client, parts, request)
    asked = Asked(request=request, id=str(office.new_id()), at=office.clock())
    return fhir_response(register_response(found, asked, shaper))


@router.post("/{kind}/_search")
def clinic_search_fhir_by_form(kind: str, client: Asker, parts: Parts, form: SentForm) -> Response:
    """Find by identifier; nothing of the question stands in an address."""
    return _search(kind, client, parts, form)


@router.get("/{kind}/{id_}")
def clinic_read_fhir(
    kind: str, id_: str, client: Asker, parts: Parts, known: Known = None
) -> Response:
    """Return one resource, or 304 if the client has it as it is."""
    _expect_kind(kind)
    if kind == ORGANIZATION:
        found = _insurers(parts, id_)
    else:
        found = _resources(kind, client, parts, _row(kind, id_))
    if not found:
        raise not_found(kind)
    return _answer(found[0], parts, known)


@router.get("/{kind}")
def clinic_search_fhir(kind: str, request: Request, client: Asker, parts: Parts) -> Response:
    """Find by identifier in the address, where logs on the way keep it."""
    return _search(kind, client, parts, tuple(request.query_params.multi_items()))


def _search(kind: str, client: Client, parts: ClinicParts, sent: Parameters) -> Response:
    _expect_kind(kind)
    fhir = fhir_parts(parts)
    search = parse_identifier_search(kind, sent, fhir.systems)
    if kind == ORGANIZATION:
        found = _insurers(parts, search.value)
    else:
        found = _resources(kind, client, parts, _sought(search))
    versions = [versioned(one, etag_key=parts.version_key) for one in found]
    return fhir_response(searchset(versions, search, fhir.systems))


def _resources(
    kind: str, client: Client, parts: ClinicParts, sought: Sought | None
) -> Sequence[Element]:
    if sought is None:
        return ()
    shaper = _shaper(client, parts)
    shape = shaper.patient if kind == PATIENT else shaper.coverage
    found = look_up(parts.office, _actor(client), sought, _WHY[kind])
    return [shape(one) for one in found]


def _insurers(parts: ClinicParts, ogrn: str) -> Sequence[Element]:
    fhir = fhir_parts(parts)
    found = [(one, name) for one, name in fhir.insurers.items() if one == ogrn]
    return [
        insurer_organization(Ogrn(one), name, id_=one, systems=fhir.systems) for one, name in found
    ]


def _row(kind: str, id_: str) -> Sought | None:
    key = key_of(id_)
    if key is None:
        return None
    region, row = key
    return ByPerson(region=region, id=row) if kind == PATIENT else ByPolicy(region=region, id=row)


def _sought(search: IdentifierSearch) -> Sought:
    by_snils = search.number is Number.SNILS
    return BySnils(Snils(search.value)) if by_snils else ByEnp(Enp(search.value))


def _whom(client: Client, parts: ClinicParts, request: EligibilityRequest) -> Covered:
    """Return whose policy is asked about; raises Refusal ``not-found``, also where two differ."""
    patient, shaper = request.patient, _shaper(client, parts)
    by_id = None if patient.id is None else _row(PATIENT, patient.id)
    sought = by_id if patient.enp is None else ByEnp(patient.enp)
    found = () if sought is None else look_up(parts.office, _actor(client), sought, _WHY_SUBMIT)
    for one in found:
        same_person = patient.id in (None, shaper.ids(one).patient)
        if same_person and _is_named(one, request.coverage, shaper):
            return one
    raise not_found(PATIENT)


def _is_named(found: Covered, named: Target | None, shaper: Shaper) -> bool:
    """Return whether nothing that names the policy, if anything does, is another one's."""
    if named is None:
        return True
    number = named.identifier
    by_number = number is None or (number.system, number.value) == (
        shaper.parts.systems.enp,
        found.policy.enp,
    )
    return by_number and named.id in (None, shaper.ids(found).coverage)


def _answer(element: Element, parts: ClinicParts, known: str | None) -> Response:
    made = versioned(element, etag_key=parts.version_key)
    tag = etag(made)
    if is_known(known, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    return fhir_response(made, ETag=tag)


def _shaper(client: Client, parts: ClinicParts) -> Shaper:
    return Shaper(fhir_parts(parts), client.region, parts.office.today)


def _actor(client: Client) -> Actor:
    return Actor(client.id, Role.CLINIC)


def _expect_kind(kind: str) -> None:
    if kind not in SEARCHABLE:
        raise HTTPException(HTTPStatus.NOT_FOUND)

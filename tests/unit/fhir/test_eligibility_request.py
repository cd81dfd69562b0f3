"""What clinics ask: understood as it is meant, or refused with a code and the place."""

import json
from typing import Any

import pytest
from fhir.resources.R4B.coverageeligibilityrequest import CoverageEligibilityRequest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.errors import Refusal
from cardservice.fhir.eligibility_request import REQUEST as KIND
from cardservice.fhir.eligibility_request import EligibilityRequest, parse_eligibility_request
from cardservice.fhir.faults import Fault
from cardservice.fhir.json_text import BODY_OCTETS, DEPTH
from cardservice.fhir.systems import Systems
from tests.shared import vectors
from tests.unit.fhir.examples import (
    ENP,
    SYSTEMS,
    TODAY,
    parse,
    refusal_of,
    request_body,
)

REFERENCE = {"reference": "Coverage/c-1"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


def with_identifier(system: Any, value: Any) -> dict[str, Any]:
    return {"identifier": {"system": system, "value": value}}


def insurances(focal: list[bool | None]) -> list[dict[str, Any]]:
    return [
        {"coverage": {"reference": f"Coverage/c-{index}"}}
        | ({} if flag is None else {"focal": flag})
        for index, flag in enumerate(focal)
    ]


def nested(depth: int) -> dict[str, Any]:
    value: Any = {}
    for _ in range(depth):
        value = {"extension": [value]}
    return {"text": value}


def test_the_published_request_is_understood() -> None:
    read = parse(vectors("fhir_coverage")["resources"]["eligibility_request"])
    assert (read.id, read.patient.id, read.patient.enp) == ("er1", "p1", None)
    assert read.coverage is not None
    assert (read.coverage.id, read.insurer.id) == ("c1", "ins1")
    assert read.identifiers[0].value == "2024-000001"
    assert str(read.serviced) == "2024-05-06"


def test_a_person_may_be_named_by_policy_number_alone() -> None:
    patient = parse(request_body()).patient
    assert (patient.id, patient.enp) == (None, ENP)


def test_a_request_of_the_model_library_is_understood() -> None:
    model = CoverageEligibilityRequest.model_validate(request_body())
    read = parse_eligibility_request(model.model_dump_json().encode(), SYSTEMS)
    assert (read.patient.enp, read.serviced) == (ENP, TODAY)


def test_a_request_may_come_as_the_parameter_of_the_operation() -> None:
    parameter = {"name": "resource", "resource": request_body()}
    read = parse({"resourceType": "Parameters", "parameter": [parameter]})
    assert read.patient.enp == ENP


def test_what_does_not_change_the_question_is_passed_over() -> None:
    body = request_body(
        meta={"profile": ["https://a.example/p"]},
        extension=[{"url": "https://a.example/x", "valueCode": "y"}],
        provider={"reference": "Organization/clinic1"},
        _created={"extension": [{"url": "https://a.example/z", "valueCode": "y"}]},
        text={"status": "generated", "div": "<div/>"},
    )
    assert parse(body).patient.enp == ENP


def test_an_address_below_our_own_base_is_ours() -> None:
    body = request_body(patient={"reference": f"{SYSTEMS.base}/Patient/p-1", "type": "Patient"})
    assert parse(body).patient.id == "p-1"


def test_the_system_of_policy_numbers_is_a_setting() -> None:
    systems = Systems(enp="urn:example:enp")
    body = request_body(patient=with_identifier("urn:example:enp", ENP))
    assert parse_eligibility_request(json.dumps(body).encode(), systems).patient.enp == ENP


@pytest.mark.parametrize(
    ("entries", "chosen"),
    [
        (None, None),
        (insurances([None]), "c-0"),
        (insurances([False]), "c-0"),
        (insurances([False, True, None]), "c-1"),
    ],
)
def test_the_focal_insurance_is_the_one_that_is_asked_about(
    entries: list[Any] | None, chosen: str | None
) -> None:
    coverage = parse(request_body(insurance=entries)).coverage
    assert (None if coverage is None else coverage.id) == chosen


def test_a_period_of_one_day_is_a_day_and_no_day_is_the_present() -> None:
    whole = {"start": TODAY.isoformat(), "end": TODAY.isoformat()}
    assert parse(request_body(servicedDate=None, servicedPeriod=whole)).serviced == TODAY
    assert parse(request_body(servicedDate=None)).serviced is None


@pytest.mark.parametrize(
    "created",
    ["2026", "2026-11", "2026-11-22", "2026-11-22T12:30:00Z", "2026-11-22T12:30:00.123+14:00"],
)
def test_every_form_of_a_moment_of_the_standard_is_taken(created: str) -> None:
    assert parse(request_body(created=created)).serviced == TODAY


def test_a_request_that_is_printed_shows_no_person() -> None:
    shown = repr(parse(request_body(id=None, identifier=None)))
    assert ENP not in shown
    assert "2026" not in shown


BAD_OCTETS = [
    (b"", Fault.JSON_MALFORMED),
    (b"{", Fault.JSON_MALFORMED),
    (b"\xff\xfe{}", Fault.JSON_MALFORMED),
    (b"\xef\xbb\xbf{}", Fault.JSON_MALFORMED),
    ("{}".encode("utf-16"), Fault.JSON_MALFORMED),
    (b'{"status":"active","status":"draft"}', Fault.JSON_MALFORMED),
    (b'{"a":NaN}', Fault.JSON_MALFORMED),
    (b'{"a":-Infinity}', Fault.JSON_MALFORMED),
    (b'{"a":' + b"9" * 5_000 + b"}", Fault.JSON_MALFORMED),
    (b"[" * BODY_OCTETS, Fault.NESTING_TOO_DEEP),
    (b'{"a":' * 9_000 + b"1" + b"}" * 9_000, Fault.NESTING_TOO_DEEP),
    (b"[]", Fault.ELEMENT_TYPE),
    (b"null", Fault.ELEMENT_TYPE),
    (b" " * (BODY_OCTETS + 1), Fault.BODY_TOO_LARGE),
]


@pytest.mark.parametrize(("octets", "fault"), BAD_OCTETS, ids=range(len(BAD_OCTETS)))
def test_a_body_that_is_no_json_object_in_bounds_is_refused(octets: bytes, fault: Fault) -> None:
    assert refusal_of(octets) == (fault, KIND)


BAD = [
    ({"resourceType": None}, "element-missing", "resourceType"),
    ({"resourceType": 5}, "element-type", "resourceType"),
    ({"resourceType": "Patient"}, "resource-type", ""),
    ({"resourceType": "Bundle"}, "resource-type", ""),
    ({"id": "a b"}, "value-form", "id"),
    ({"surprise": 1}, "element-unknown", ""),
    ({"implicitRules": "https://a.example"}, "element-not-supported", "implicitRules"),
    ({"modifierExtension": [{"url": "x"}]}, "element-not-supported", "modifierExtension"),
    ({"contained": [{"resourceType": "Patient"}]}, "element-not-supported", "contained"),
    ({"item": [{}]}, "element-not-supported", "item"),
    ({"status": None}, "element-missing", "status"),
    ({"status": "draft"}, "value-not-supported", "status"),
    ({"status": ["active"]}, "element-type", "status"),
    ({"created": None}, "element-missing", "created"),
    ({"created": "2026-11-22T12:30:00"}, "value-form", "created"),
    ({"created": "2026-13"}, "value-form", "created"),
    ({"created": "yesterday"}, "value-form", "created"),
    ({"purpose": None}, "element-missing", "purpose"),
    ({"purpose": []}, "element-type", "purpose"),
    ({"purpose": "validation"}, "element-type", "purpose"),
    ({"purpose": [7]}, "element-type", "purpose[0]"),
    ({"purpose": ["validation", "benefits"]}, "value-not-supported", "purpose"),
    ({"purpose": ["validation"] * 5}, "too-many", "purpose"),
    ({"patient": None}, "element-missing", "patient"),
    ({"patient": {}}, "element-type", "patient"),
    ({"patient": []}, "element-type", "patient"),
    ({"patient": {"display": "x"}}, "element-missing", "patient.reference"),
    ({"patient": {"reference": "Coverage/1"}}, "reference-not-supported", "patient.reference"),
    ({"patient": {"reference": "Patient/"}}, "reference-not-supported", "patient.reference"),
    ({"patient": {"reference": "Patient"}}, "reference-not-supported", "patient.reference"),
    ({"patient": {"reference": "#p"}}, "reference-not-supported", "patient.reference"),
    ({"patient": {"reference": "Patient/1/_history/2"}}, "reference-not-supported", None),
    ({"patient": {"reference": "https://other.example/Patient/1"}}, None, None),
    ({"patient": {"reference": "Patient/1", "type": "Group"}}, None, "patient.type"),
    ({"patient": {"reference": "x" * 256}}, "text-too-long", "patient.reference"),
    ({"patient": {"reference": "\ud800"}}, "value-form", "patient.reference"),
    ({"patient": {"identifier": {"value": "1"}}}, "element-missing", "patient.identifier.system"),
    ({"patient": with_identifier(SYSTEMS.snils, "1")}, "identifier-system", None),
    ({"patient": with_identifier("a b", ENP)}, "value-form", "patient.identifier.system"),
    ({"patient": with_identifier(SYSTEMS.enp, " ")}, "value-form", "patient.identifier.value"),
    ({"patient": with_identifier(SYSTEMS.enp, "1\u202e2")}, "value-form", None),
    ({"insurer": None}, "element-missing", "insurer"),
    ({"insurer": {"reference": "Patient/1"}}, "reference-not-supported", "insurer.reference"),
    ({"identifier": [{"system": "a", "value": "b"}] * 9}, "too-many", "identifier"),
    ({"identifier": [{"system": "a"}]}, "element-missing", "identifier[0].value"),
    ({"identifier": [{"system": "a", "value": "b\u00a0c"}]}, "value-form", "identifier[0].value"),
    ({"insurance": [{"focal": True}]}, "element-missing", "insurance[0].coverage"),
    ({"insurance": [{"focal": "yes", "coverage": REFERENCE}]}, None, "insurance[0].focal"),
    ({"insurance": [{"coverage": REFERENCE, "x": 1}]}, "element-unknown", "insurance[0]"),
    ({"insurance": insurances([None, None])}, "value-form", "insurance"),
    ({"insurance": insurances([True, True])}, "value-form", "insurance"),
    ({"insurance": insurances([True] * 9)}, "too-many", "insurance"),
    ({"servicedDate": "2026-11"}, "value-form", "servicedDate"),
    ({"servicedDate": "2026-02-30"}, "value-form", "servicedDate"),
    ({"servicedDate": None, "servicedPeriod": {"start": "2026-11-22"}}, None, "servicedPeriod"),
    ({"servicedPeriod": {"start": "2026-11-22"}}, "value-form", "servicedPeriod"),
    (nested(DEPTH), "nesting-too-deep", ""),
]


@pytest.mark.parametrize(("change", "fault", "place"), BAD, ids=range(len(BAD)))
def test_a_request_that_cannot_be_answered_is_refused_where_it_is_wrong(
    change: dict[str, Any], fault: str | None, place: str | None
) -> None:
    code, at = refusal_of(request_body(**change))
    assert code in set(Fault)
    assert fault is None or code == f"fhir-{fault}"
    assert place is None or at == (f"{KIND}.{place}" if place else KIND)


def test_a_policy_number_with_a_wrong_check_digit_is_refused_where_it_stands() -> None:
    wrong = request_body(patient=with_identifier(SYSTEMS.enp, "0054910834000016"))
    assert refusal_of(wrong) == ("enp-check-digit", f"{KIND}.patient.identifier.value")


@pytest.mark.parametrize(
    ("parameters", "fault"),
    [
        ({}, "fhir-element-missing"),
        ({"parameter": [{"name": "other", "resource": request_body()}]}, "fhir-resource-type"),
        ({"parameter": [{"name": "resource", "resource": {"resourceType": "Bundle"}}]}, None),
        ({"parameter": [{"name": "resource", "valueCode": "x"}]}, "fhir-element-unknown"),
        ({"parameter": [{"name": "resource"}]}, "fhir-element-missing"),
        ({"parameter": [{"name": "resource", "resource": request_body()}] * 2}, "fhir-too-many"),
    ],
)
def test_other_parameters_of_the_operation_are_refused(
    parameters: dict[str, Any], fault: str | None
) -> None:
    code, _ = refusal_of({"resourceType": "Parameters", **parameters})
    assert code == (fault or "fhir-resource-type")


def test_no_refusal_quotes_what_was_sent() -> None:
    body = request_body(patient=with_identifier(SYSTEMS.enp, "0054910834000016"))
    with pytest.raises(Refusal) as refused:
        parse(body)
    assert "0054910834000016" not in f"{refused.value} {refused.value.field}"


def understood(octets: bytes) -> EligibilityRequest | Refusal:
    try:
        return parse_eligibility_request(octets, SYSTEMS)
    except Refusal as refused:
        return refused


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_octets_are_refused_with_a_fault_of_the_list(octets: bytes) -> None:
    read = understood(octets)
    assert isinstance(read, Refusal)
    assert read.code in set(Fault)


@given(st.sampled_from(sorted(request_body())), JSON)
def test_any_value_of_any_element_is_understood_or_refused_at_its_place(
    name: str, value: object
) -> None:
    read = understood(json.dumps({**request_body(), name: value}).encode())
    if isinstance(read, Refusal):
        assert str(read.field).startswith(KIND)
    else:
        assert read.patient.enp == ENP

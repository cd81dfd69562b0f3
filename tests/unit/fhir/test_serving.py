"""Versions, searches and the statement of what is served."""

from datetime import UTC, datetime

import pytest
from fhir.resources.R4B.patient import Patient
from hypothesis import given
from hypothesis import strategies as st

from cardservice.errors import Refusal, UsageError
from cardservice.fhir.capability import capability_statement
from cardservice.fhir.patient import patient
from cardservice.fhir.searching import IdentifierSearch, Number, parse_identifier_search, searchset
from cardservice.fhir.versions import etag, is_known, versioned
from tests.unit.fhir.examples import ENP, SYSTEMS
from tests.unit.fhir.validating import accepted
from tests.unit.web.examples import IVANOV, MAMONTOVA

ETAG_KEY = bytes(range(32))
PATIENT = patient(IVANOV, id_="p-1", systems=SYSTEMS)
TAG = etag(versioned(PATIENT, etag_key=ETAG_KEY))


def refused(kind: str, *parameters: tuple[str, str]) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as found:
        parse_identifier_search(kind, parameters, SYSTEMS)
    return found.value.code, found.value.field


def test_a_version_follows_the_content_and_stands_in_the_etag() -> None:
    made = versioned(PATIENT, etag_key=ETAG_KEY)
    assert f'W/"{accepted(made).meta.versionId}"' == TAG
    assert etag(versioned(dict(reversed(PATIENT.items())), etag_key=ETAG_KEY)) == TAG
    other = patient(MAMONTOVA, id_="p-1", systems=SYSTEMS)
    assert etag(versioned(other, etag_key=ETAG_KEY)) != TAG


def test_who_lacks_the_key_cannot_compute_an_etag() -> None:
    assert etag(versioned(PATIENT, etag_key=bytes(32))) != TAG


@pytest.mark.parametrize("key", [b"", bytes(15)])
def test_a_short_key_makes_no_version(key: bytes) -> None:
    with pytest.raises(UsageError, match="16 octets"):
        versioned(PATIENT, etag_key=key)


def test_a_resource_without_a_version_has_no_etag() -> None:
    with pytest.raises(UsageError, match="versioned"):
        etag(PATIENT)


@pytest.mark.parametrize("sent", [TAG, TAG[2:], "*", f'"x", {TAG}', f" {TAG} "])
def test_a_client_that_has_the_version_is_recognised(sent: str) -> None:
    assert is_known(sent, TAG)


@pytest.mark.parametrize(
    "sent", [None, "", "W/", '"x"', TAG[3:-1], f"{TAG}{TAG}", f"*, {TAG[:-1]}", TAG + "," * 500]
)
def test_what_does_not_name_the_version_is_not_taken_for_it(sent: str | None) -> None:
    assert not is_known(sent, TAG)


@pytest.mark.parametrize(
    ("kind", "token", "number", "value"),
    [
        ("Patient", f"{SYSTEMS.enp}|{ENP}", Number.ENP, ENP),
        ("Patient", f"{SYSTEMS.snils}|11223344595", Number.SNILS, "112-233-445 95"),
        ("Coverage", f"{SYSTEMS.enp}|{ENP}", Number.ENP, ENP),
        ("Organization", f"{SYSTEMS.ogrn}|1009900000010", Number.OGRN, "1009900000010"),
    ],
)
def test_a_resource_is_sought_by_system_and_number(
    kind: str, token: str, number: Number, value: str
) -> None:
    found = parse_identifier_search(kind, [("identifier", token), ("_format", "json")], SYSTEMS)
    assert (found.kind, found.number, found.value) == (kind, number, value)
    assert value not in repr(found)


@pytest.mark.parametrize(
    ("kind", "token", "code"),
    [
        ("Patient", ENP, "fhir-identifier-system"),
        ("Patient", f"|{ENP}", "fhir-identifier-system"),
        ("Patient", f"urn:other|{ENP}", "fhir-identifier-system"),
        ("Coverage", f"{SYSTEMS.snils}|11223344595", "fhir-identifier-system"),
        ("Observation", f"{SYSTEMS.enp}|{ENP}", "fhir-identifier-system"),
        ("Patient", f"{SYSTEMS.enp}|", "enp-missing"),
        ("Patient", f"{SYSTEMS.enp}|{ENP},{ENP}", "enp-not-digits"),
        ("Patient", f"{SYSTEMS.enp}|0054910834000016", "enp-check-digit"),
        ("Patient", "\x00", "fhir-value-form"),
        ("Patient", "x" * 256, "fhir-value-form"),
    ],
)
def test_a_search_that_is_not_exact_is_refused(kind: str, token: str, code: str) -> None:
    assert refused(kind, ("identifier", token)) == (code, "http.identifier")


def test_a_search_with_other_missing_or_repeated_parameters_is_refused() -> None:
    token = ("identifier", f"{SYSTEMS.enp}|{ENP}")
    assert refused("Patient") == ("fhir-parameter-missing", "http.identifier")
    assert refused("Patient", token, token) == ("fhir-parameter-repeated", "http.identifier")
    assert refused("Patient", token, ("name", "И")) == ("fhir-parameter-unknown", "http")
    assert refused("Patient", token, ("_format", "xml"))[0] == "fhir-value-not-supported"


def sought(parameters: list[tuple[str, str]]) -> IdentifierSearch | Refusal:
    try:
        return parse_identifier_search("Patient", parameters, SYSTEMS)
    except Refusal as refused_search:
        return refused_search


@given(st.lists(st.tuples(st.sampled_from(["identifier", "_format", "x"]), st.text()), max_size=3))
def test_any_parameters_are_a_search_or_a_refusal(parameters: list[tuple[str, str]]) -> None:
    found = sought(parameters)
    if isinstance(found, Refusal):
        assert str(found.field).startswith("http")
    else:
        assert found.value.isdigit()


def test_what_was_found_comes_as_a_bundle_with_addresses() -> None:
    search = parse_identifier_search("Patient", [("identifier", f"{SYSTEMS.enp}|{ENP}")], SYSTEMS)
    model = accepted(searchset([PATIENT], search, SYSTEMS))
    assert (model.type, model.total) == ("searchset", 1)
    assert model.entry[0].fullUrl == f"{SYSTEMS.base}/Patient/p-1"
    assert isinstance(model.entry[0].resource, Patient)
    assert model.link[0].url.endswith(f"6.228%7C{ENP}")
    assert accepted(searchset([], search, SYSTEMS)).total == 0


def test_the_statement_says_what_is_served_and_nothing_that_is_written() -> None:
    released = datetime(2026, 11, 22, tzinfo=UTC)
    model = accepted(
        capability_statement(software_version="0.1.0", released_at=released, systems=SYSTEMS)
    )
    assert (model.fhirVersion, model.kind) == ("4.0.1", "instance")
    served = {one.type: one for one in model.rest[0].resource}
    readable = {"Patient", "Coverage", "Organization"}
    assert set(served) == readable | {"CoverageEligibilityRequest"}
    for kind in readable:
        assert [one.code for one in served[kind].interaction] == ["read", "search-type"]
        assert [one.name for one in served[kind].searchParam] == ["identifier"]
    submit = served["CoverageEligibilityRequest"].operation[0]
    assert submit.name == "submit"
    assert submit.definition.endswith("/CoverageEligibilityRequest-submit")

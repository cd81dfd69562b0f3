"""FHIR over the register: what a clinic reads and asks, and what is recorded of it."""

from datetime import timedelta
from typing import Any

import pytest

from cardservice.domain.roles import Role
from cardservice.domain.suspension import PolicyChangeReason
from cardservice.registry.people_merging import merge_people
from cardservice.registry.policies import move_policy
from tests.registry import forms
from tests.registry.conftest import desk, ready_file
from tests.registry.offices import REGION, TODAY, Desk
from tests.registry.test_people import merging, twins
from tests.registry.test_policies import moving
from tests.unit.fhir.examples import request_body
from tests.unit.fhir.validating import accepted
from tests.unit.web_clinics.fhir_world import (
    BASE,
    CLINIC,
    SYSTEMS,
    FhirWorld,
    fhir_world,
    told,
)

__all__ = ["desk", "ready_file"]
NOBODYS = "00000.01900000-0000-7000-8000-00000000dead"


@pytest.fixture
def world(desk: Desk) -> FhirWorld:
    return fhir_world(desk)


def asking(world: FhirWorld, **changes: Any) -> dict[str, Any]:
    """Return a question about the world's person by number."""
    body: dict[str, Any] = {
        "patient": {"identifier": {"system": SYSTEMS.enp, "value": world.enp}},
        "servicedDate": TODAY.isoformat(),
        "insurance": None,
        "insurer": {"identifier": {"system": SYSTEMS.ogrn, "value": forms.INSURER}},
    }
    return request_body(**(body | changes))


def test_the_statement_of_what_is_served_is_open_and_valid(world: FhirWorld) -> None:
    answer = world.ask("GET", "/metadata", headers={})
    assert answer.status_code == 200
    assert accepted(without_meta(answer.json())).implementation.url == SYSTEMS.base
    again = world.ask("GET", "/metadata", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def without_meta(resource: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name != "meta"}


def test_a_person_is_found_by_number_and_the_look_recorded(world: FhirWorld) -> None:
    answer = world.search("Patient", f"{SYSTEMS.enp}|{world.enp}")
    bundle = accepted(answer.json())
    assert (answer.status_code, bundle.total) == (200, 1)
    patient = bundle.entry[0].resource
    assert (patient.id, patient.name[0].family) == (world.patient_id, "Пробный")
    assert world.looks() == [(Role.CLINIC.value, str(CLINIC), "fhir-patient")]


def test_a_person_is_found_by_snils(world: FhirWorld) -> None:
    answer = world.search("Patient", f"{SYSTEMS.snils}|11223344595")
    (entry,) = answer.json()["entry"]
    assert entry["resource"]["id"] == world.patient_id


def test_a_search_by_address_finds_the_same(world: FhirWorld) -> None:
    token = f"{SYSTEMS.enp}|{world.enp}"
    by_address = world.ask("GET", "/Coverage", params={"identifier": token}).json()
    assert by_address == world.search("Coverage", token).json()
    assert by_address["entry"][0]["resource"]["status"] == "active"


def test_who_is_not_there_is_an_empty_bundle(world: FhirWorld) -> None:
    answer = world.search("Patient", f"{SYSTEMS.enp}|{forms.enp()}")
    assert (answer.status_code, answer.json()["total"]) == (200, 0)
    assert world.looks() == []


@pytest.mark.parametrize("kind", ["Patient", "Coverage"])
def test_what_a_search_found_is_read_by_its_id_with_the_same_version(
    world: FhirWorld, kind: str
) -> None:
    (entry,) = world.search(kind, f"{SYSTEMS.enp}|{world.enp}").json()["entry"]
    answer = world.get(f"/{kind}/{entry['resource']['id']}")
    assert accepted(answer.json())
    assert answer.json() == entry["resource"]
    assert entry["fullUrl"].removeprefix(SYSTEMS.base) == f"/{kind}/{entry['resource']['id']}"


def test_what_is_known_is_not_sent_again_and_the_look_still_recorded(world: FhirWorld) -> None:
    tag = world.get(f"/Patient/{world.patient_id}").headers["ETag"]
    answer = world.get(f"/Patient/{world.patient_id}", **{"If-None-Match": tag})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    assert [why for _, _, why in world.looks()] == ["fhir-patient", "fhir-patient"]


def test_a_policy_that_changed_has_another_version(world: FhirWorld, desk: Desk) -> None:
    before = world.get(f"/Coverage/{world.coverage_id}")
    reason = PolicyChangeReason.MILITARY_SERVICE
    move_policy(desk.office, desk.clerk, moving(desk, world.policy, reason))
    after = world.get(f"/Coverage/{world.coverage_id}", **{"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.json()["status"]) == (200, "cancelled")
    assert accepted(after.json()).extension[0].valueCode == "policy-suspended"


def test_an_insurer_is_read_and_found(world: FhirWorld) -> None:
    read = world.get(f"/Organization/{forms.INSURER}").json()
    (entry,) = world.search("Organization", f"{SYSTEMS.ogrn}|{forms.INSURER}").json()["entry"]
    assert accepted(read).name == "Страховая «Проба»"
    assert entry["resource"] == read
    assert told(world.get(f"/Organization/{forms.OTHER_INSURER}"), 404) == "not-found"


def test_addresses_and_ids_have_no_number_of_the_person(world: FhirWorld) -> None:
    (entry,) = world.search("Patient", f"{SYSTEMS.enp}|{world.enp}").json()["entry"]
    addressed = entry["fullUrl"] + entry["resource"]["id"]
    assert world.enp not in addressed
    assert "11223344595" not in addressed
    assert f"{SYSTEMS.base}/Patient/{world.patient_id}" == entry["fullUrl"]


def test_a_policy_in_force_is_answered(world: FhirWorld) -> None:
    answer = world.submit(asking(world))
    made = accepted(answer.json())
    assert (made.outcome, made.insurance[0].inforce) == ("complete", True)
    assert made.patient.reference == f"Patient/{world.patient_id}"
    assert made.insurance[0].coverage.reference == f"Coverage/{world.coverage_id}"
    assert made.insurer.identifier.value == forms.INSURER
    assert [why for _, _, why in world.looks()] == ["fhir-eligibility"]


def test_the_answer_names_nobody(world: FhirWorld) -> None:
    text = world.submit(asking(world)).text
    assert "Пробный" not in text
    assert world.enp not in text


def test_a_suspended_policy_is_not_in_force(world: FhirWorld, desk: Desk) -> None:
    reason = PolicyChangeReason.MILITARY_SERVICE
    move_policy(desk.office, desk.clerk, moving(desk, world.policy, reason))
    made = accepted(world.submit(asking(world)).json())
    assert (made.outcome, made.insurance[0].inforce) == ("complete", False)
    assert made.disposition == "policy-suspended"


def test_another_day_is_not_answered_with_today(world: FhirWorld) -> None:
    other = (TODAY + timedelta(days=1)).isoformat()
    made = accepted(world.submit(asking(world, servicedDate=other)).json())
    assert made.outcome == "partial"
    assert made.insurance[0].inforce is None
    assert made.error[0].code.coding[0].code == "serviced-date-other"


def test_number_and_id_of_two_people_are_answered_as_nobody(world: FhirWorld) -> None:
    patient = {
        "reference": f"Patient/{NOBODYS}",
        "identifier": {"system": SYSTEMS.enp, "value": world.enp},
    }
    assert told(world.submit(asking(world, patient=patient)), 404) == "not-found"
    unknown = {"identifier": {"system": SYSTEMS.enp, "value": forms.enp()}}
    other = world.submit(asking(world, patient=unknown))
    assert other.json() == world.submit(asking(world, patient=patient)).json()


@pytest.mark.parametrize(
    "coverage",
    [
        {"reference": f"Coverage/{NOBODYS}"},
        {"identifier": {"system": SYSTEMS.enp, "value": "0000000000000000"}},
        {"identifier": {"system": "urn:other", "value": "1"}},
    ],
)
def test_another_coverage_than_the_persons_is_nobodys(
    world: FhirWorld, coverage: dict[str, Any]
) -> None:
    insurance = [{"focal": True, "coverage": coverage}]
    assert told(world.submit(asking(world, insurance=insurance)), 404) == "not-found"


def test_a_merged_record_has_no_id_any_more_and_its_policy_leads_to_who_remains(
    desk: Desk,
) -> None:
    kept, other = twins(desk)
    person, policy = forms.made(other, "person"), forms.made(other, "policy")
    merge_people(desk.office, desk.approver, merging(desk, kept, other))
    world = fhir_world(desk, kept)
    assert told(world.get(f"/Patient/{REGION}.{person}"), 404) == "not-found"
    coverage = world.get(f"/Coverage/{REGION}.{policy}").json()
    assert coverage["beneficiary"]["reference"] == f"Patient/{world.patient_id}"
    assert coverage["status"] == "cancelled"
    (entry,) = world.search("Patient", f"{SYSTEMS.enp}|{coverage['subscriberId']}").json()["entry"]
    assert entry["resource"]["identifier"][0]["value"] == world.enp


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", f"/Patient/{NOBODYS}", 404, "not-found"),
        ("GET", "/Patient/1", 404, "not-found"),
        ("GET", "/Patient/00000.01900000-0000-7000-8000-00000000DEAD", 404, "not-found"),
        ("GET", "/Practitioner/1", 404, "http-404"),
        ("GET", "/Practitioner", 404, "http-404"),
        ("GET", "/nothing/of/this", 404, "http-404"),
        ("DELETE", f"/Patient/{NOBODYS}", 405, "http-405"),
        ("PUT", "/metadata", 405, "http-405"),
        ("GET", "/Patient", 400, "fhir-parameter-missing"),
        ("GET", "/Patient?name=x", 400, "fhir-parameter-unknown"),
        ("GET", "/Patient?identifier=x%7C1", 400, "fhir-identifier-system"),
        ("GET", f"/Patient?identifier={SYSTEMS.enp}%7C1", 400, "enp-length"),
        (
            "GET",
            f"/Coverage?identifier={SYSTEMS.snils}%7C11223344595",
            400,
            "fhir-identifier-system",
        ),
    ],
)
def test_every_error_is_an_outcome(
    world: FhirWorld, method: str, path: str, status: int, code: str
) -> None:
    assert told(world.ask(method, path), status) == code
    assert world.looks() == []


@pytest.mark.parametrize(
    ("path", "method"), [("/Patient/x", "GET"), ("/Patient", "GET"), ("/Patient/_search", "POST")]
)
def test_who_is_not_known_or_lacks_the_right_gets_an_outcome(
    world: FhirWorld, path: str, method: str
) -> None:
    nobody = world.ask(method, path, headers={}, data={})
    assert told(nobody, 401) == "sign-in-needed"
    assert nobody.headers["www-authenticate"] == "Bearer"
    powerless = {"Authorization": "Bearer other"}
    assert told(world.ask(method, path, headers=powerless, data={}), 403) == "not-permitted"


def test_what_cannot_be_read_is_refused_by_its_kind(world: FhirWorld) -> None:
    xml = world.get("/metadata", Accept="application/fhir+xml")
    assert told(xml, 406) == "http-406"
    plain = world.submit({}, **{"Content-Type": "text/plain"})
    assert told(plain, 415) == "http-415"
    form = world.ask("POST", "/Patient/_search", json={"identifier": "x"})
    assert told(form, 415) == "http-415"


@pytest.mark.parametrize("octets", [64 * 1024 + 1, 1 << 22])
def test_a_body_beyond_the_bound_is_an_outcome_and_not_read_to_its_end(
    world: FhirWorld, octets: int
) -> None:
    sent: list[int] = []

    async def parts() -> Any:
        for _ in range(octets // 1024 + 1):
            sent.append(1024)
            yield b" " * 1024

    answer = world.ask(
        "POST",
        "/CoverageEligibilityRequest/$submit",
        content=parts(),
        headers={"Authorization": "Bearer clinic", "Content-Type": "application/json"},
    )
    assert told(answer, 413) == "fhir-body-too-large"
    assert sum(sent) <= 70 * 1024


@pytest.mark.parametrize(
    "form", [b"identifier=%ff", b"a=1&" * 20, b"identifier=" + b"1" * 5000, b"\xff\xfe"]
)
def test_a_hostile_form_is_refused(world: FhirWorld, form: bytes) -> None:
    headers = {
        "Authorization": "Bearer clinic",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    answer = world.ask("POST", "/Patient/_search", content=form, headers=headers)
    assert told(answer, 413 if len(form) > 4096 else 400).startswith("fhir-")


def test_parameters_of_address_and_form_count_together(world: FhirWorld) -> None:
    answer = world.ask(
        "POST", "/Patient/_search?identifier=a%7C1", data={"identifier": f"{SYSTEMS.enp}|1"}
    )
    assert told(answer, 400) == "fhir-parameter-repeated"


def test_an_unforeseen_error_is_an_outcome_that_tells_nothing(
    world: FhirWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"secret of {world.enp}")

    monkeypatch.setattr("cardservice.web.clinics.fhir.look_up", fail)
    answer = world.get(f"/Patient/{world.patient_id}")
    assert told(answer, 500) == "http-500"
    assert world.enp not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_refusal_is_said_in_the_clients_language(world: FhirWorld) -> None:
    answer = world.get("/Patient/1", **{"Accept-Language": "ru"})
    assert told(answer, 404) == "not-found"
    assert not answer.json()["issue"][0]["diagnostics"].isascii()


def test_errors_outside_of_fhir_stay_problems(world: FhirWorld) -> None:
    answer = world.ask("GET", "/../../elsewhere")
    assert answer.headers["content-type"] == "application/problem+json"
    assert BASE not in answer.text

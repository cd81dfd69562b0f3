"""Scans on the screen: sealed off, recorded, and for those who may."""

from uuid import UUID

import httpx
import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.applications_approving import approve
from cardservice.registry.applications_submitting import submit
from tests.office_world import World
from tests.registry.forms import approved, approving, made, started, submitting
from tests.unit.uploads.samples import jpeg, pdf, png
from tests.unit.web_office.queue.cases import case_address, looked_at, with_scan
from tests.unit.web_office.queue.pages import File, upload, words


@pytest.mark.parametrize(
    ("octets", "kind", "where"),
    [
        (jpeg(), "image/jpeg", "inline"),
        (png(), "image/png", "inline"),
        (pdf(), "application/pdf", "attachment"),
    ],
)
def test_a_scan_is_sent_as_what_it_is_and_nothing_in_it_runs(
    world: World, octets: bytes, kind: str, where: str
) -> None:
    attached = with_scan(world, octets, kind)
    answer = world.browser(Role.CLERK).get(f"/office/documents/{made(attached, 'document')}")
    assert (answer.status_code, answer.content) == (200, octets)
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-disposition"].startswith(where)
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_picture_stands_on_the_page_with_what_it_shows(world: World) -> None:
    attached = with_scan(world, png(), "image/png")
    page = world.browser(Role.CLERK).get(case_address(attached)).text
    assert f'src="/office/documents/{made(attached, "document")}"' in page
    assert 'alt="Scan: Passport of a citizen of Russia; opens in full size"' in page


def test_looking_at_a_scan_of_a_known_person_is_recorded(world: World) -> None:
    desk = world.desk
    attached = with_scan(world, png(), "image/png")
    filed = submit(desk.office, desk.clerk, submitting(desk, attached))
    person = made(approve(desk.office, desk.approver, approving(desk, filed)), "person")
    document = made(attached, "document")
    world.browser(Role.CLERK).get(f"/office/documents/{document}")
    assert ("clerk", f"document/{document}") in looked_at(world, person)


def test_a_kind_that_no_scan_has_is_not_sent(world: World) -> None:
    attached = with_scan(world, b"<script>", "text/html")
    answer = world.browser(Role.CLERK).get(f"/office/documents/{made(attached, 'document')}")
    assert answer.status_code == httpx.codes.NOT_FOUND
    assert "<script>" not in answer.text


def test_a_scan_that_was_erased_is_not_there(world: World) -> None:
    octets = png()
    attached = with_scan(world, octets, "image/png")
    world.parts.vault.erase(world.parts.vault.address_of(octets))
    answer = world.browser(Role.CLERK).get(f"/office/documents/{made(attached, 'document')}")
    assert answer.status_code == httpx.codes.NOT_FOUND


def test_a_scan_is_for_those_who_may_look_at_documents(world: World) -> None:
    attached = with_scan(world, png(), "image/png")
    path = f"/office/documents/{made(attached, 'document')}"
    for role in (Role.STATION, Role.AUDITOR, Role.SECURITY_OFFICER, Role.COURIER):
        assert world.browser(role).get(path).status_code == httpx.codes.FORBIDDEN
    missing = f"/office/documents/{UUID(int=7)}"
    assert world.browser(Role.CLERK).get(missing).status_code == httpx.codes.NOT_FOUND


def test_a_document_is_attached_with_its_scan(world: World) -> None:
    case = case_address(started(world.desk))
    clerk = world.browser(Role.CLERK)
    answer = upload(
        clerk,
        f"{case}/documents",
        File("whatever.exe", png()),
        kind="snils",
        whose="person",
        number="112-233-445 95",
    )
    assert (answer.status_code, answer.headers["location"]) == (303, case)
    assert "Scan: SNILS" in clerk.get(case).text


@pytest.mark.parametrize(
    ("file", "typed", "said"),
    [
        (None, {"kind": "snils"}, "Choose a file."),
        (File("scan.png", b"MZ" * 400), {"kind": "snils"}, "neither a JPEG or PNG picture"),
        (File("scan.png", png()), {"kind": "spoon"}, "none of the values there are"),
        (File("scan.png", png()), {"kind": "snils", "issued_on": "soon"}, "is not a day"),
    ],
)
def test_a_wrong_file_is_refused_and_what_was_typed_beside_it_stays(
    world: World, file: File | None, typed: dict[str, str], said: str
) -> None:
    case = case_address(started(world.desk))
    answer = upload(
        world.browser(Role.CLERK),
        f"{case}/documents",
        file,
        **{"whose": "person", "number": "typed number", **typed},
    )
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert said in words(answer)
    assert 'value="typed number"' in answer.text


def test_a_decided_application_takes_no_document(world: World) -> None:
    case = case_address(approved(world.desk))
    clerk = world.browser(Role.CLERK)
    assert f"{case}/documents" not in clerk.get(case).text
    answer = upload(clerk, f"{case}/documents", File("a.png", png()), kind="snils", whose="person")
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY

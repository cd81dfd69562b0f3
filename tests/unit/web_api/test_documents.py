"""Documents, scans and certificates through the API."""

from uuid import UUID, uuid4

import pytest

from cardservice.accounts.roles import Role
from cardservice.uploads.receiving import SCAN_OCTETS
from tests.office_world import Program, World
from tests.registry import forms
from tests.registry.offices import REGION
from tests.unit.uploads.samples import jpeg, pdf
from tests.unit.web_api.steps import SCAN, V1, clerk, code, filed, insured

PNG = SCAN["file"][1]


def attached(program: Program, wish: dict[str, object], octets: bytes = PNG) -> str:
    """Attach a scan; return the address of its document."""
    answer = program.send(
        "POST",
        f"{V1}/applications/{wish['id']}/documents",
        version=int(str(wish["version"])),
        data={"kind": "snils", "number": "112-233-445 95"},
        files={"file": ("x.exe", octets, "text/html")},
    )
    assert answer.status_code == 201
    return answer.headers["location"]


@pytest.mark.parametrize(
    ("octets", "kind"),
    [(PNG, "image/png"), (jpeg(), "image/jpeg"), (pdf(), "application/pdf")],
)
def test_a_scan_is_given_as_what_it_is_and_can_do_nothing(
    world: World, octets: bytes, kind: str
) -> None:
    program = clerk(world)
    path = attached(program, filed(world), octets)
    scan = program.get(f"{path}/scan")
    assert (scan.status_code, scan.headers["content-type"]) == (200, kind)
    assert scan.headers["x-content-type-options"] == "nosniff"
    assert scan.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert program.get(path).json()["media_type"] == kind
    tag = {"If-None-Match": scan.headers["etag"]}
    assert program.ask("GET", f"{path}/scan", headers=tag).status_code == 304


def test_a_document_can_be_named_without_a_scan(world: World) -> None:
    wish, program = filed(world), clerk(world)
    path = f"{V1}/applications/{wish['id']}/documents"
    data = {"kind": "snils", "issued_on": "2010-03-01", "issuer": ""}
    answer = program.ask(
        "POST",
        path,
        headers={"Idempotency-Key": "k", "If-Match": f'"{wish["version"]}"'},
        files=[(name, (None, value)) for name, value in data.items()],
    )
    assert answer.status_code == 201
    shown = program.get(answer.headers["location"])
    assert (shown.json()["issued_on"], shown.json()["size"]) == ("2010-03-01", None)
    missing = program.get(f"{answer.headers['location']}/scan")
    assert (missing.status_code, code(missing)) == (404, "scan-unknown")


@pytest.mark.parametrize(
    ("octets", "status", "wanted"),
    [
        (b"<svg onload='alert(1)'/>", 415, "scan-kind"),
        (b"", 415, "scan-kind"),
        (PNG + bytes(SCAN_OCTETS), 413, "file-too-large"),
        (PNG[:60], 409, "picture-damaged"),
    ],
)
def test_a_file_that_is_no_scan_is_refused_and_nothing_is_attached(
    world: World, octets: bytes, status: int, wanted: str
) -> None:
    wish, program = filed(world), clerk(world)
    path = f"{V1}/applications/{wish['id']}"
    answer = program.send(
        "POST",
        f"{path}/documents",
        version=wish["version"],
        data={"kind": "snils"},
        files={"file": ("scan.png", octets, "image/png")},
    )
    assert (answer.status_code, code(answer)) == (status, wanted)
    assert program.get(path).json()["documents"] == []


def test_a_request_larger_than_any_scan_is_not_read(world: World) -> None:
    wish, program = filed(world), clerk(world)
    answer = program.send(
        "POST",
        f"{V1}/applications/{wish['id']}/documents",
        version=wish["version"],
        data={"kind": "snils"},
        files={"file": ("scan.png", bytes(2 * SCAN_OCTETS), "image/png")},
    )
    assert (answer.status_code, answer.json()["type"]) == (413, "about:blank")


def test_a_form_with_another_field_or_a_wrong_one_is_refused(world: World) -> None:
    wish, program = filed(world), clerk(world)
    path = f"{V1}/applications/{wish['id']}/documents"
    for data in ({"kind": "passport"}, {}, {"kind": "snils", "scan": "x"}):
        answer = program.send("POST", path, version=wish["version"], data=data, files=SCAN)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-request")


def test_the_same_scan_with_the_same_key_is_attached_once(world: World) -> None:
    wish, program = filed(world), clerk(world)
    path = f"{V1}/applications/{wish['id']}"
    for _ in range(2):
        answer = program.send(
            "POST",
            f"{path}/documents",
            version=wish["version"],
            key="attach",
            data={"kind": "snils"},
            files=SCAN,
        )
        assert answer.status_code == 201
    assert len(program.get(path).json()["documents"]) == 1


def test_a_document_of_nobody_is_not_found(world: World) -> None:
    program = clerk(world)
    for path in (f"/documents/{uuid4()}", f"/documents/{uuid4()}/scan"):
        assert program.get(V1 + path).status_code == 404


def test_looking_at_a_document_is_a_look_at_its_person(world: World) -> None:
    made, program = insured(world), clerk(world)
    with world.desk.reading() as work:
        enp = work.policies.get(REGION, UUID(made["policy"])).enp
    again = forms.change_draft(enp)
    path = attached(program, filed(world, again))
    program.get(path)
    program.get(f"{path}/scan")
    program.get(f"{V1}/temporary-certificates/{made['certificate']}")
    looks = program.get(f"{V1}/people/{made['person']}/export").json()["looks"]
    document = path.rpartition("/")[2]
    assert [one["reason"] for one in looks] == [
        *[f"document/{document}"] * 2,
        f"temporary-certificate/{made['certificate']}",
    ]


def test_a_certificate_is_given_shown_and_used_up(world: World) -> None:
    wish, program = filed(world), clerk(world)
    body = {"application_id": wish["id"]}
    given = program.send("POST", f"{V1}/temporary-certificates", body, version=wish["version"])
    assert given.status_code == 201
    path = given.headers["location"]
    assert program.get(path).json()["number"] == given.json()["number"]
    used = program.send("POST", f"{path}/use", version=1)
    assert used.json()["state"] == "used-up"
    stale = program.send("POST", f"{path}/use", version=1)
    assert (stale.status_code, code(stale)) == (412, "stale")


def test_a_second_certificate_is_refused(world: World) -> None:
    wish, program = filed(world), clerk(world)
    body = {"application_id": wish["id"]}
    program.send("POST", f"{V1}/temporary-certificates", body, version=wish["version"])
    again = program.send("POST", f"{V1}/temporary-certificates", body, version=wish["version"])
    assert (again.status_code, code(again)) == (409, "certificate-exists")


def test_a_station_sees_no_document(world: World) -> None:
    path = attached(clerk(world), filed(world))
    assert world.program(Role.STATION).get(f"{path}/scan").status_code == 403


def test_a_photo_is_given_looked_at_replaced_and_taken_off(world: World) -> None:
    begun, program = forms.started(world.desk, forms.without_scans()), clerk(world)
    path = f"{V1}/applications/{begun.id}"
    first = program.send("POST", f"{path}/photo", version=1, files={"file": ("a", PNG)})
    assert first.status_code == 200
    photo = first.json()["made"]["photo"]
    shown = program.get(f"{V1}/documents/{photo}")
    assert (shown.status_code, shown.json()["kind"]) == (200, "photo")
    assert program.get(path).json()["form"]["photo"] == photo
    other = program.send("POST", f"{path}/photo", version=2, files={"file": ("b", jpeg())})
    assert program.get(f"{V1}/documents/{photo}").json()["erased_at"] is not None
    paper = program.send("POST", f"{path}/photo", version=3, files={"file": ("c", pdf())})
    assert (paper.status_code, code(paper)) == (415, "photo-kind")
    now = other.json()["made"]["photo"]
    gone = program.send("DELETE", f"{path}/documents/{now}", version=3)
    assert (gone.status_code, gone.json()["version"]) == (200, 4)
    assert program.get(path).json()["form"]["photo"] is None

"""One's own application: an applicant in a browser sees and changes theirs and no other."""

from typing import Any

import httpx
from typing_extensions import override

from cardservice.accounts.roles import Role
from cardservice.accounts.session import Subject
from cardservice.domain.orders import Channel
from tests.office_world import Program, World
from tests.registry import forms
from tests.registry.offices import REGION
from tests.unit.accounts.office import ORIGIN
from tests.unit.web_api.steps import SCAN, V1, approver, clerk, code, form, visit

OWN = f"{V1}/own-application"


class Applicant(Program):
    """An applicant's browser: a session instead of a token."""

    @override
    def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        known = {"Cookie": f"InsecureSession={self.bearer}", "Origin": ORIGIN}
        return visit(self.app, method, path, headers=known | (headers or {}), **more)


def applicant(world: World, application_id: object) -> Applicant:
    """Return the browser of who signed in with the number of an application."""
    subject = Subject(
        id=application_id,  # type: ignore[arg-type]
        region=REGION,
        roles=frozenset({Role.APPLICANT}),
        label="AAAA",
    )
    opened = world.accounts.sessions.begin(subject)
    return Applicant(world.app, opened.token)


def test_an_applicant_fills_in_attaches_and_submits_their_own(world: World) -> None:
    begun = forms.started(world.desk, forms.draft(consent=False, documents=()))
    own = applicant(world, begun.id)
    assert own.get(OWN).json()["number"] == begun.number
    body = form(documents=(), channel=Channel.WEBSITE)
    assert own.send("PUT", f"{OWN}/form", body, version=1).json()["version"] == 2
    data = {"kind": "passport_rf", "number": "0000 000001", "issued_on": "2010-03-01"}
    data |= {"issuer": "Пробный отдел"}
    attached = own.send("POST", f"{OWN}/documents", version=2, data=data, files=SCAN)
    document = attached.json()["made"]["document"]
    scan = own.get(f"{OWN}/documents/{document}/scan")
    assert (scan.status_code, scan.headers["content-type"]) == (200, "image/png")
    found = own.get(f"{OWN}/findings").json()["findings"]
    assert [one for one in found if one["severity"] == "error"] == []
    sent = own.send("POST", f"{OWN}/submission", version=3)
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted")


def test_an_applicant_brings_documents_or_withdraws(world: World) -> None:
    begun = forms.submitted(world.desk)
    own, path = applicant(world, begun.id), f"{V1}/applications/{begun.id}"
    asked = clerk(world).send("POST", f"{path}/document-requests", {"words": "More."}, version=2)
    assert asked.status_code == 200
    assert own.get(OWN).json()["words"] == "More."
    assert own.send("POST", f"{OWN}/resubmission", version=3).json()["state"] == "submitted"
    stale = own.send("POST", f"{OWN}/withdrawal", version=3)
    assert (stale.status_code, code(stale)) == (412, "stale")
    assert own.send("POST", f"{OWN}/withdrawal", version=4).json()["state"] == "withdrawn"


def test_an_applicant_sees_nobody_elses(world: World) -> None:
    mine, other = forms.started(world.desk), forms.started(world.desk)
    own = applicant(world, mine.id)
    theirs = applicant(world, other.id)
    data = {"kind": "passport_rf"}
    attached = theirs.send("POST", f"{OWN}/documents", version=1, data=data, files=SCAN)
    document = attached.json()["made"]["document"]
    assert own.get(f"{OWN}/documents/{document}/scan").status_code == 404
    assert own.get(f"{V1}/applications/{mine.id}").status_code == 403
    assert own.get(f"{V1}/documents/{document}").status_code == 403


def test_an_applicant_whose_application_is_gone_finds_nothing(world: World) -> None:
    answer = applicant(world, world.desk.office.new_id()).get(OWN)
    assert (answer.status_code, code(answer)) == (404, "not-found")


def test_a_change_from_another_site_is_refused(world: World) -> None:
    begun = forms.started(world.desk)
    answer = applicant(world, begun.id).ask(
        "POST",
        f"{OWN}/withdrawal",
        headers={"Origin": "https://example.org", "Idempotency-Key": "k", "If-Match": '"1"'},
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/foreign-request")


def test_staff_have_no_own_application(world: World) -> None:
    assert approver(world).get(OWN).status_code == 403


def test_an_applicant_gives_a_photo_and_takes_it_off(world: World) -> None:
    begun = forms.started(world.desk, forms.without_scans())
    own = applicant(world, begun.id)
    given = own.send("POST", f"{OWN}/photo", version=1, files=SCAN)
    photo = given.json()["made"]["photo"]
    assert own.send("DELETE", f"{OWN}/documents/{photo}", version=2).status_code == 200

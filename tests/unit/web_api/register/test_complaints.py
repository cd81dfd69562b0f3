"""Complaints through the API: filed from home or entered, opened, answered, withdrawn."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from cardservice.accounts.buckets import Rate, TokenBuckets
from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.registry import forms
from tests.unit.uploads.samples import png
from tests.unit.web_api.cards.stage import looked_at
from tests.unit.web_api.steps import V1, clerk, code, visit
from tests.unit.web_api.test_own_application import OWN, applicant

COMPLAINTS = f"{V1}/complaints"
BORN = "1980-02-29"
TEXT = "Меня не приняли.\nПочему?"
SCAN = png()
FILE = ("files", ("letter.png", SCAN, "image/png"))


def file(world: World, key: str = "k", **said: Any) -> httpx.Response:
    """File a complaint without being signed in."""
    body = {"birth_date": BORN, "text": TEXT, "contact": "proba@example.org"} | said
    files = body.pop("files", None)
    headers = {"Idempotency-Key": key}
    return visit(world.app, "POST", COMPLAINTS, headers=headers, data=body, files=files)


def filed(world: World) -> dict[str, Any]:
    """Return the answer about a complaint that was filed."""
    number = forms.submitted(world.desk).number
    return dict(file(world, number=number, files=[FILE]).json())


def test_who_knows_number_and_birth_date_complains_once_with_a_file(world: World) -> None:
    number = forms.submitted(world.desk).number
    one = file(world, number=number, files=[FILE])
    again = file(world, number=number, files=[FILE])
    assert (one.status_code, one.json()["state"]) == (200, "received")
    assert list(one.json()["made"]) == ["attachment-0"]
    assert again.json() == one.json()
    other = file(world, number=number)
    assert (other.status_code, code(other)) == (422, "key-reused")


def test_a_wrong_number_and_a_wrong_date_are_answered_alike(world: World) -> None:
    number = forms.submitted(world.desk).number
    one = file(world, number="AAAA-AAAA-AAAA-AAAB")
    other = file(world, number=number, birth_date="1980-03-01")
    assert (one.status_code, code(one)) == (404, "not-found")
    assert one.content == other.content


def test_an_address_that_complains_too_often_waits(world: World) -> None:
    context = world.app.state.sign_in
    buckets = TokenBuckets(Rate(burst=2, every_s=60), clock=world.desk.clock)
    world.app.state.sign_in = replace(context, forms=buckets)
    answers = [file(world, number="AAAA-AAAA-AAAA-AAAB") for _ in range(3)]
    assert [one.status_code for one in answers] == [404, 404, 429]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "a\u202eb"}, "text"),
        ({"contact": "a\0b"}, "contact"),
        ({"birth_date": "29.02.1980"}, "birth_date"),
        ({"files": [FILE] * 4}, "files"),
        ({"more": "1"}, "body"),
    ],
)
def test_a_complaint_of_another_form_is_refused(
    world: World, said: dict[str, Any], field: str
) -> None:
    answer = file(world, **({"number": "A"} | said))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-request")
    assert answer.json()["findings"][0]["field"] == field


def test_who_names_no_application_complains_once_with_a_contact(world: World) -> None:
    said = {"text": TEXT, "contact": "proba@example.org"}
    path, headers = f"{V1}/complaints/open", {"Idempotency-Key": "a-long-drawn-key"}
    one = visit(world.app, "POST", path, headers=headers, json=said)
    again = visit(world.app, "POST", path, headers=headers, json=said)
    assert (one.status_code, one.json()["state"]) == (200, "received")
    assert again.json() == one.json()
    other = visit(world.app, "POST", path, headers=headers, json=said | {"text": "Иначе."})
    assert (other.status_code, code(other)) == (422, "key-reused")
    found = clerk(world).get(f"{COMPLAINTS}/{one.json()['id']}").json()
    assert (found["application_id"], found["contact"]) == (None, "proba@example.org")
    wrongs = ({"contact": ""}, {"text": ""}, {"contact": "a\0b"}, {"more": "1"})
    for wrong in wrongs:
        refused = visit(world.app, "POST", path, headers=headers, json=said | wrong)
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/malformed-request")


def test_an_address_that_complains_openly_too_often_waits(world: World) -> None:
    context = world.app.state.sign_in
    buckets = TokenBuckets(Rate(burst=1, every_s=60), clock=world.desk.clock)
    world.app.state.sign_in = replace(context, forms=buckets)
    said = {"text": TEXT, "contact": "proba@example.org"}
    statuses = [
        visit(
            world.app,
            "POST",
            f"{V1}/complaints/open",
            headers={"Idempotency-Key": key},
            json=said,
        ).status_code
        for key in "ab"
    ]
    assert statuses == [200, 429]


def test_a_file_that_is_no_scan_is_refused(world: World) -> None:
    number = forms.submitted(world.desk).number
    page = ("files", ("scan.png", b"<script>", "image/png"))
    answer = file(world, number=number, files=[page])
    assert (answer.status_code, code(answer)) == (415, "scan-kind")


def test_the_office_lists_what_waits_without_its_words(world: World) -> None:
    done = filed(world)
    page = clerk(world).get(COMPLAINTS)
    (line,) = page.json()["items"]
    assert (line["id"], line["standing"]) == (done["id"], "in-time")
    assert "приняли" not in page.text
    assert "example.org" not in page.text
    assert clerk(world).get(COMPLAINTS, state="answered").json()["items"] == []
    assert clerk(world).get(COMPLAINTS, overdue="true").json()["items"] == []
    world.desk.clock.pass_days(90)
    (late,) = clerk(world).get(COMPLAINTS, overdue="true").json()["items"]
    assert (late["id"], late["standing"]) == (done["id"], "overdue")


def test_one_is_opened_with_its_contact_and_its_file(world: World) -> None:
    done, program = filed(world), clerk(world)
    path = f"{COMPLAINTS}/{done['id']}"
    found = program.get(path).json()
    assert (found["text"], found["contact"]) == (TEXT, "proba@example.org")
    (attached,) = found["attachments"]
    sent = program.get(f"{path}/attachments/{attached['id']}")
    assert (sent.content, sent.headers["content-type"]) == (SCAN, "image/png")
    assert "sandbox" in sent.headers["content-security-policy"]
    assert program.get(f"{path}/attachments/{uuid4()}").status_code == 404
    assert program.get(f"{COMPLAINTS}/{uuid4()}").status_code == 404


def test_a_complaint_is_answered_once(world: World) -> None:
    done, program = filed(world), clerk(world)
    path, said = f"{COMPLAINTS}/{done['id']}/answer", {"answer": "Приходите завтра."}
    one = program.send("POST", path, said, version=1, key="answer")
    assert (one.status_code, one.json()["state"]) == (200, "answered")
    assert program.send("POST", path, said, version=1, key="answer").json() == one.json()
    twice = program.send("POST", path, said, version=2)
    assert (twice.status_code, code(twice)) == (409, "state-complaint-answered")


def test_a_complaint_is_withdrawn(world: World) -> None:
    path = f"{COMPLAINTS}/{filed(world)['id']}/withdrawal"
    answer = clerk(world).send("POST", path, version=1)
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")


@pytest.mark.parametrize(("part", "body"), [("answer", {"answer": "No."}), ("withdrawal", None)])
def test_a_change_on_an_old_version_or_of_nothing_changes_nothing(
    world: World, part: str, body: object
) -> None:
    done, program = filed(world), clerk(world)
    old = program.send("POST", f"{COMPLAINTS}/{done['id']}/{part}", body, version=4)
    assert (old.status_code, code(old)) == (412, "stale")
    gone = program.send("POST", f"{COMPLAINTS}/{uuid4()}/{part}", body, version=1)
    assert (gone.status_code, code(gone)) == (404, "not-found")
    assert program.get(f"{COMPLAINTS}/{done['id']}").json()["state"] == "received"


def test_a_letter_is_entered_for_a_person_and_the_look_is_recorded(world: World) -> None:
    person = forms.approved(world.desk).made["person"]
    program = clerk(world)
    said = {"text": TEXT, "person_id": person}
    done = program.send("POST", f"{COMPLAINTS}/letters", version=None, data=said, files=[FILE])
    assert done.status_code == 201
    assert program.get(done.headers["location"]).json()["person_id"] == person
    assert ("clerk", f"complaint/{done.json()['id']}") in looked_at(world, UUID(person))
    nobody = program.send("POST", f"{COMPLAINTS}/letters", data={"text": TEXT}, files=[FILE])
    assert (nobody.status_code, code(nobody)) == (409, "attachments-unowned")


def test_an_applicant_complains_reads_the_answer_and_withdraws(world: World) -> None:
    mine, other = (forms.submitted(world.desk) for _ in range(2))
    own, theirs = applicant(world, mine.id), applicant(world, other.id)
    ids = [own.send("POST", f"{OWN}/complaints", data={"text": TEXT}).json()["id"] for _ in "ab"]
    answering = f"{COMPLAINTS}/{ids[0]}/answer"
    clerk(world).send("POST", answering, {"answer": "Завтра."}, version=1)
    listed = own.get(f"{OWN}/complaints").json()["items"]
    assert [(one["id"], one["answer"]) for one in listed] == [(ids[0], "Завтра."), (ids[1], None)]
    assert theirs.get(f"{OWN}/complaints").json()["items"] == []
    path = f"{OWN}/complaints/{ids[1]}/withdrawal"
    assert theirs.send("POST", path, version=1).status_code == 404
    assert own.send("POST", path, version=1).json()["state"] == "withdrawn"


def test_who_answers_no_complaints_sees_none(world: World) -> None:
    done = filed(world)
    for role in (Role.STATION, Role.AUDITOR, Role.COURIER):
        program = world.program(role)
        assert program.get(COMPLAINTS).status_code == 403
        assert program.get(f"{COMPLAINTS}/{done['id']}").status_code == 403

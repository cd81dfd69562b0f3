"""Applications through the API: from a draft to a submitted one."""

from uuid import uuid4

import pytest

from cardservice.web.api.applications.form import EXAMPLE, ApplicationForm
from tests.office_world import World
from tests.registry import forms
from tests.unit.web_api.steps import SCAN, V1, approver, clerk, code, filed, form


def test_an_application_goes_from_draft_to_order(world: World) -> None:
    entering, deciding = clerk(world), approver(world)
    begun = entering.send("POST", f"{V1}/applications", {"form": EXAMPLE})
    assert (begun.status_code, begun.headers["etag"]) == (201, '"1"')
    path = begun.headers["location"]
    assert path == f"{V1}/applications/{begun.json()['id']}"
    scanned = entering.send(
        "POST", f"{path}/documents", version=1, data={"kind": "passport_rf"}, files=SCAN
    )
    assert scanned.status_code == 201
    sent = entering.send("POST", f"{path}/submission", version=2)
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted")
    granted = deciding.send("POST", f"{path}/approval", {}, version=sent.json()["version"])
    assert granted.json()["state"] == "approved"
    assert set(granted.json()["made"]) == {"person", "policy", "order", "certificate"}


def test_a_draft_is_read_as_it_was_written(world: World) -> None:
    program = clerk(world)
    begun = program.send("POST", f"{V1}/applications", {"form": form()}).json()
    found = program.get(f"{V1}/applications/{begun['id']}")
    assert found.json()["form"] == form()
    assert found.json()["number"] == begun["number"]


def test_a_draft_that_was_read_can_be_kept_again(world: World) -> None:
    program = clerk(world)
    begun = program.send("POST", f"{V1}/applications", {"form": form(reason=None)}).json()
    path = f"{V1}/applications/{begun['id']}"
    found = program.get(path)
    kept = program.ask(
        "PUT",
        f"{path}/form",
        headers={"If-Match": found.headers["etag"], "Idempotency-Key": "save-1"},
        json=found.json()["form"] | {"reason": "first-policy"},
    )
    assert (kept.status_code, kept.json()["version"]) == (200, 2)
    assert program.get(path).json()["form"] == form()


def test_a_command_sent_again_with_its_key_is_answered_as_before(world: World) -> None:
    program, body = clerk(world), {"form": form()}
    one = program.send("POST", f"{V1}/applications", body, key="begin")
    again = program.send("POST", f"{V1}/applications", body, key="begin")
    assert (again.status_code, again.json()) == (201, one.json())
    assert again.headers["location"] == one.headers["location"]


def test_a_key_of_another_request_is_refused(world: World) -> None:
    program = clerk(world)
    program.send("POST", f"{V1}/applications", {"form": form()}, key="begin")
    other = program.send("POST", f"{V1}/applications", {"form": form(reason=None)}, key="begin")
    assert (other.status_code, code(other)) == (422, "key-reused")


def test_the_same_row_of_a_table_is_taken_once(world: World) -> None:
    program, body = clerk(world), {"form": form(), "source": "table/1"}
    ids = {program.send("POST", f"{V1}/applications", body).json()["id"] for _ in range(2)}
    assert len(ids) == 1


def test_what_is_known_already_is_not_sent_again(world: World) -> None:
    program, path = clerk(world), f"{V1}/applications/{filed(world)['id']}"
    tag = program.get(path).headers["etag"]
    again = program.ask("GET", path, headers={"If-None-Match": f'"9", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_what_hangs_on_an_application_changes_its_tag_though_not_its_version(
    world: World,
) -> None:
    program, wish = clerk(world), filed(world)
    path = f"{V1}/applications/{wish['id']}"
    before = program.get(path).headers["etag"]
    given = program.send(
        "POST",
        f"{V1}/temporary-certificates",
        {"application_id": wish["id"]},
        version=wish["version"],
    )
    assert given.status_code == 201
    after = program.get(path).headers["etag"]
    assert after != before
    assert after.partition("-")[0] == before.partition("-")[0]


def test_an_application_is_filed_whole_or_not_at_all(world: World) -> None:
    program, path = clerk(world), f"{V1}/filed-applications"
    body = {"form": form(), "source": "table/1"}
    filed_whole = program.send("POST", path, body)
    assert (filed_whole.status_code, filed_whole.json()["state"]) == (201, "submitted")
    assert program.get(filed_whole.headers["location"]).json()["form"] == form()
    assert program.send("POST", path, body).json()["id"] == filed_whole.json()["id"]
    wrong = program.send("POST", path, {"form": form(consent=False)})
    assert (wrong.status_code, code(wrong)) == (422, "form-has-errors")
    found = wrong.json()["findings"]
    assert [one["field"] for one in found if one["severity"] == "error"] == ["consent"]
    assert program.get(f"{V1}/applications", state="draft").json()["items"] == []


def test_the_queue_has_those_in_a_state_and_nothing_of_their_persons(world: World) -> None:
    wish = filed(world)
    forms.started(world.desk)
    page = clerk(world).get(f"{V1}/applications", state="submitted")
    assert [one["id"] for one in page.json()["items"]] == [wish["id"]]
    assert "Пробный" not in page.text
    assert page.json()["next"] is None


def test_the_queue_comes_in_pages(world: World) -> None:
    ids = {str(forms.started(world.desk).id) for _ in range(3)}
    program, seen, cursor = clerk(world), set(), ""
    for _ in range(3):
        page = program.get(f"{V1}/applications", state="draft", limit="1", cursor=cursor).json()
        seen |= {one["id"] for one in page["items"]}
        cursor = page["next"] or ""
    assert seen == ids


def test_a_foreign_cursor_is_refused(world: World) -> None:
    answer = clerk(world).get(f"{V1}/applications", cursor="AAAA")
    assert (answer.status_code, code(answer)) == (409, "cursor-wrong")


def test_only_what_is_due_is_listed_when_that_is_asked(world: World) -> None:
    wish, program = filed(world), clerk(world)
    query = {"state": "submitted", "due": "true"}
    assert program.get(f"{V1}/applications", **query).json()["items"] == []
    world.desk.clock.pass_days(120)
    (late,) = clerk(world).get(f"{V1}/applications", **query).json()["items"]
    assert (late["id"], late["standing"]) == (wish["id"], "overdue")


def test_what_is_wrong_stands_beside_its_field_before_and_at_the_submission(
    world: World,
) -> None:
    program = clerk(world)
    body = {"form": form(person=forms.person(surname=""))}
    begun = program.send("POST", f"{V1}/applications", body).json()
    path = f"{V1}/applications/{begun['id']}"
    found = program.get(f"{path}/findings", version="1").json()["findings"]
    refused = program.send("POST", f"{path}/submission", version=1)
    assert (refused.status_code, code(refused)) == (422, "form-has-errors")
    assert refused.json()["findings"] == found
    assert {one["field"] for one in found if one["severity"] == "error"} == {"surname"}


def test_findings_come_in_the_language_that_is_asked_for(world: World) -> None:
    program = clerk(world)
    begun = program.send("POST", f"{V1}/applications", {}).json()
    refused = program.ask(
        "POST",
        f"{V1}/applications/{begun['id']}/submission",
        headers={"Accept-Language": "ru", "Idempotency-Key": "k", "If-Match": '"1"'},
    )
    assert refused.headers["content-language"] == "ru"
    said = {one["code"]: one["sentence"] for one in refused.json()["findings"]}
    assert "согласи" in said["consent-missing"].lower()
    listed = program.ask(
        "GET",
        f"{V1}/applications/{begun['id']}/findings",
        params={"version": 1},
        headers={"Accept-Language": "ru"},
    )
    assert listed.json()["findings"] == refused.json()["findings"]


@pytest.mark.parametrize(
    ("body", "field", "wanted"),
    [
        ({"form": {"person": {"sex": "other"}}}, "form.person.sex", "choice-unknown"),
        ({"form": {"person": {"birth_date": 0}}}, "form.person.birth_date", "date-format"),
        ({"form": {"person": {"birth_date": "2024-02-30"}}}, "form.person.birth_date", None),
        ({"form": {"consent": "yes"}}, "form.consent", "type-wrong"),
        ({"form": {"Пробный": 1}}, "form", "field-unknown"),
        ({"form": {"okato": "9" * 101}}, "form.okato", "text-too-long"),
        ({"form": {"okato": "\0"}}, "form.okato", "control-character"),
        ({"form": {"person": {"surname": "x\u202ey"}}}, "form.person.surname", None),
        ({"source": ""}, "source", "text-too-short"),
        ([], "body", "type-wrong"),
    ],
)
def test_a_body_of_another_form_is_refused_field_by_field(
    world: World, body: object, field: str, wanted: str | None
) -> None:
    answer = clerk(world).send("POST", f"{V1}/applications", body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-request")
    (fault,) = answer.json()["findings"]
    assert fault["field"] == field
    assert wanted in (None, fault["code"])
    assert "Пробный" not in answer.text


def test_the_last_seen_version_is_the_one_that_can_be_changed(world: World) -> None:
    program = clerk(world)
    begun = program.send("POST", f"{V1}/applications", {}).json()
    path = f"{V1}/applications/{begun['id']}/form"
    assert program.send("PUT", path, form(), version=1).status_code == 200
    late = program.send("PUT", path, form(), version=1)
    assert (late.status_code, code(late)) == (412, "stale")


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("submission", None),
        ("resubmission", None),
        ("withdrawal", None),
        ("document-requests", {"words": "A passport is needed."}),
        ("refusal", {"words": "The passport is another person's."}),
        ("approval", {}),
    ],
)
def test_a_command_on_an_old_version_or_on_nothing_changes_nothing(
    world: World, part: str, body: object
) -> None:
    wish, program = filed(world), approver(world)
    path = f"{V1}/applications/{wish['id']}/{part}"
    old = program.send("POST", path, body, version=wish["version"] - 1)
    assert (old.status_code, code(old)) == (412, "stale")
    gone = program.send("POST", f"{V1}/applications/{uuid4()}/{part}", body, version=1)
    assert (gone.status_code, code(gone)) == (404, "not-found")
    assert program.get(f"{V1}/applications/{wish['id']}").json()["state"] == "submitted"


def test_documents_are_asked_for_and_brought(world: World) -> None:
    wish, program = filed(world), clerk(world)
    path = f"{V1}/applications/{wish['id']}"
    words = "The passport cannot be read; send another scan."
    asked = program.send(
        "POST", f"{path}/document-requests", {"words": words}, version=wish["version"]
    ).json()
    assert asked["state"] == "documents-needed"
    assert program.get(path).json()["words"] == words
    back = program.send("POST", f"{path}/resubmission", version=asked["version"])
    assert back.json()["state"] == "submitted"


def test_an_application_is_refused_with_words(world: World) -> None:
    wish = filed(world)
    path = f"{V1}/applications/{wish['id']}"
    said = {"words": "Another person's passport."}
    answer = approver(world).send("POST", f"{path}/refusal", said, version=wish["version"])
    assert (answer.status_code, answer.json()["state"]) == (200, "refused")


def test_an_application_is_withdrawn(world: World) -> None:
    wish = filed(world)
    path = f"{V1}/applications/{wish['id']}/withdrawal"
    answer = clerk(world).send("POST", path, version=wish["version"])
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")


def test_a_rule_that_says_no_is_a_conflict(world: World) -> None:
    wish, program = filed(world), clerk(world)
    path = f"{V1}/applications/{wish['id']}/submission"
    twice = program.send("POST", path, version=wish["version"])
    assert (twice.status_code, code(twice)) == (409, "state-application-submitted")


def test_the_example_of_the_document_is_a_form() -> None:
    assert ApplicationForm.model_validate(EXAMPLE).plain()["okato"] == "45000"

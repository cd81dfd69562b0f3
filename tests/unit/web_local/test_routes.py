"""What pages of clinic systems get, and what pages of anybody else do not."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from cardservice.desk.presentations import BearerCheck
from cardservice.web.desk.state import Clerk, ReaderState
from cardservice.web.desk.typed import TypedNumber
from cardservice.web.local.desk import LocalLimits
from tests.unit.web.doubles import READER
from tests.unit.web.examples import BANK_CARD, CLOSED, VALID
from tests.unit.web_local.world import (
    API,
    CLINIC,
    EVIL,
    HERE,
    KEY,
    OTHER,
    SECRETS,
    World,
    judged,
    world,
)

VERDICT = f"{API}/readers/{KEY}/verdict"
EVERY = [
    ("POST", f"{API}/pairings"),
    ("POST", f"{API}/pairings/x"),
    ("GET", f"{API}/readers"),
    ("GET", VERDICT),
    ("GET", f"{API}/readers/none/verdict"),
    ("POST", f"{API}/readers/{KEY}/can"),
    ("GET", f"{API}/client.js"),
    ("GET", f"{API}/client.d.ts"),
    ("OPTIONS", f"{API}/readers"),
]
NOBODYS = ["A" * 43, "", "ключ"]


def paired(desk: World, origin: str = CLINIC) -> str:
    """Pair as a clerk does; return the token."""
    begun = desk.ask("POST", f"{API}/pairings", origin=origin, body={"name": "МИС"}).json()
    code = desk.local.book.notices()[0].code
    path = f"{API}/pairings/{begun['pairing']}"
    return str(desk.ask("POST", path, origin=origin, body={"code": code}).json()["token"])


def allowed(answer: httpx.Response) -> str | None:
    found: str | None = answer.headers.get("access-control-allow-origin")
    return found


def test_a_page_is_paired_by_the_code_that_the_desk_shows(desk: World) -> None:
    token = paired(desk)
    answer = desk.ask("GET", f"{API}/readers", token=token)
    assert (answer.status_code, allowed(answer)) == (200, CLINIC)
    assert [one.origin for one in desk.pairings.all()] == [CLINIC]


def test_the_code_goes_to_the_desks_page_alone(desk: World) -> None:
    answer = desk.ask("POST", f"{API}/pairings", body={"name": "МИС <b>"})
    code = desk.local.book.notices()[0].code
    assert code not in answer.text
    assert answer.json()["page"] == f"{HERE}/local/pairings"
    page = desk.ask("GET", "/local/pairings", origin=None)
    assert code in page.text
    assert CLINIC in page.text
    assert "<b>" not in page.text
    assert allowed(page) is None
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_a_wrong_code_gives_no_token(desk: World) -> None:
    begun = desk.ask("POST", f"{API}/pairings", body={"name": "МИС"}).json()
    code = desk.local.book.notices()[0].code
    wrong = {"code": f"{(int(code) + 1) % 1_000_000:06}"}
    answer = desk.ask("POST", f"{API}/pairings/{begun['pairing']}", body=wrong)
    assert (answer.status_code, answer.json()["code"]) == (403, "pairing-code-wrong")
    assert allowed(answer) == CLINIC
    assert desk.pairings.all() == ()


def test_readers_are_told_without_anything_of_the_person(desk: World) -> None:
    answer = desk.ask("GET", f"{API}/readers", token=desk.token())
    reader = answer.json()["readers"][0]
    assert (reader["key"], reader["name"], reader["phase"]) == (KEY, READER, "judged")
    assert "ИВАНОВ" not in answer.text


def test_the_verdict_is_the_document_of_all_interfaces(desk: World) -> None:
    said = desk.ask("GET", VERDICT, token=desk.token()).json()
    assert said["verdict"]["outcome"] == "valid"
    assert said["verdict"]["holder"]["surname"] == "ИВАНОВ"
    assert said["reader"]["bearer"] is None


def test_the_bearer_is_told_only_once_the_clerk_confirmed_it(desk: World) -> None:
    desk.place(judged().with_clerk(1, Clerk(bearer=BearerCheck.PHOTO)))
    said = desk.ask("GET", VERDICT, token=desk.token()).json()
    assert said["reader"]["bearer"] == "photo"


def test_a_card_without_a_verdict_says_why(desk: World) -> None:
    desk.place(judged(BANK_CARD))
    verdict = desk.ask("GET", VERDICT, token=desk.token()).json()["verdict"]
    assert (verdict["outcome"], verdict["problem"]) == (None, "not-a-policy-card")


def test_nothing_is_told_of_a_card_that_is_still_being_read(desk: World) -> None:
    desk.place(ReaderState(reader=READER).with_card(1, 5.0))
    assert desk.ask("GET", VERDICT, token=desk.token()).json()["verdict"] is None


@pytest.mark.parametrize(("method", "path"), EVERY)
@pytest.mark.parametrize("origin", [EVIL, "null", None, HERE, CLINIC.replace("https", "http"), "*"])
def test_a_foreign_page_learns_nothing_whatever_it_asks(
    desk: World, method: str, path: str, origin: str | None
) -> None:
    answer = desk.ask(method, path, origin=origin, token=desk.token())
    assert (answer.status_code, answer.json()["code"]) == (403, "origin-not-allowed")
    assert allowed(answer) is None
    assert not any(one in answer.text for one in SECRETS)


@pytest.mark.parametrize("origin", [EVIL, "null", None])
def test_a_foreign_page_is_told_the_same_with_a_card_and_without(
    desk: World, origin: str | None
) -> None:
    told = [desk.ask("GET", VERDICT, origin=origin).content]
    desk.place()
    told.append(desk.ask("GET", VERDICT, origin=origin).content)
    assert told[0] == told[1]


@pytest.mark.parametrize(("method", "path"), EVERY)
def test_a_name_that_is_not_ours_is_refused_first(desk: World, method: str, path: str) -> None:
    headers = {"host": "rebound.example:8080"}
    answer = desk.ask(method, path, token=desk.token(), headers=headers)
    assert answer.status_code == 421
    assert allowed(answer) is None


@pytest.mark.parametrize(
    ("site", "mode"), [("cross-site", "navigate"), ("cross-site", "no-cors"), ("none", "cors")]
)
def test_a_form_or_a_frame_of_the_clinic_is_not_its_script(
    desk: World, site: str, mode: str
) -> None:
    headers = {"sec-fetch-site": site, "sec-fetch-mode": mode}
    assert desk.ask("GET", VERDICT, token=desk.token(), headers=headers).status_code == 403


def test_a_stolen_token_is_worth_nothing_at_another_origin(desk: World) -> None:
    token = desk.token(CLINIC)
    answer = desk.ask("GET", VERDICT, origin=OTHER, token=token)
    assert (answer.status_code, answer.json()["code"]) == (401, "token-wrong")
    assert not any(one in answer.text for one in SECRETS)


@pytest.mark.parametrize("token", NOBODYS)
@pytest.mark.parametrize(("method", "path"), EVERY[2:6])
def test_an_allowed_page_without_a_token_learns_nothing_either(
    desk: World, method: str, path: str, token: str
) -> None:
    body = {"presentation": 1, "can": "123456"} if method == "POST" else None
    answer = desk.ask(method, path, token=token, body=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "token-wrong")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert not any(one in answer.text for one in SECRETS)


def test_an_ended_pairing_is_refused_at_once(desk: World) -> None:
    token = desk.token()
    desk.pairings.end(desk.pairings.all()[0].id)
    assert desk.ask("GET", VERDICT, token=token).status_code == 401


def test_an_origin_taken_out_of_the_setting_is_refused_with_its_token(tmp_path: Path) -> None:
    token = world(tmp_path).token(OTHER)
    answer = world(tmp_path, origins=(CLINIC,)).ask("GET", VERDICT, origin=OTHER, token=token)
    assert answer.json()["code"] == "origin-not-allowed"


def test_the_browsers_question_is_answered_for_that_origin_alone(desk: World) -> None:
    headers = {
        "access-control-request-method": "GET",
        "access-control-request-headers": "authorization",
        "access-control-request-private-network": "true",
    }
    answer = desk.ask("OPTIONS", VERDICT, headers=headers)
    assert answer.status_code == 204
    assert allowed(answer) == CLINIC
    assert answer.headers["access-control-allow-private-network"] == "true"
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"]


def test_the_private_network_is_offered_only_when_asked_for(desk: World) -> None:
    answer = desk.ask("OPTIONS", VERDICT)
    assert "access-control-allow-private-network" not in answer.headers


def test_no_answer_ever_allows_everybody(desk: World) -> None:
    token = desk.token()
    answers = [desk.ask(method, path, token=token) for method, path in EVERY]
    assert {allowed(one) for one in answers} == {CLINIC}


def test_malformed_questions_are_refused_so_that_the_page_can_read_why(desk: World) -> None:
    answer = desk.ask("POST", f"{API}/pairings", body={"name": ""})
    assert (answer.status_code, allowed(answer)) == (422, CLINIC)


@pytest.mark.parametrize("name", ["", "x" * 81, "a\nb", 5, None])
def test_a_name_that_is_none_begins_nothing(desk: World, name: object) -> None:
    assert desk.ask("POST", f"{API}/pairings", body={"name": name}).status_code == 422
    assert desk.local.book.notices() == ()


def test_a_reader_that_is_not_there_is_not_found(desk: World) -> None:
    answer = desk.ask("GET", f"{API}/readers/0123456789ab/verdict", token=desk.token())
    assert (answer.status_code, answer.json()["code"]) == (404, "reader-unknown")


def test_the_number_goes_to_the_card_that_asks_for_it(desk: World) -> None:
    taken: list[TypedNumber] = []
    desk.place(judged(CLOSED))
    desk.hub.numbers_go_to(taken.append)
    form = {"presentation": 1, "can": "123456"}
    answer = desk.ask("POST", f"{API}/readers/{KEY}/can", token=desk.token(), body=form)
    assert answer.status_code == 202
    assert taken == [TypedNumber(reader=READER, presentation=1, can="123456")]
    assert "123456" not in answer.text


def test_a_number_nobody_asked_for_is_refused(desk: World) -> None:
    form = {"presentation": 1, "can": "123456"}
    answer = desk.ask("POST", f"{API}/readers/{KEY}/can", token=desk.token(), body=form)
    assert (answer.status_code, answer.json()["code"]) == (409, "number-not-asked")
    assert allowed(answer) == CLINIC


@pytest.mark.parametrize("can", ["12345", "1234567", "12345x", "１２３４５６", 123456])
def test_a_number_that_is_none_is_malformed_and_not_repeated(desk: World, can: object) -> None:
    form = {"presentation": 1, "can": can}
    answer = desk.ask("POST", f"{API}/readers/{KEY}/can", token=desk.token(), body=form)
    assert answer.status_code == 422
    assert str(can) not in answer.text


def waited(desk: World, meanwhile: Callable[[], object]) -> httpx.Response:
    """Return the answer to a question that waits while something happens."""
    headers = {"origin": CLINIC, "authorization": f"Bearer {desk.token()}"}
    path = f"{VERDICT}?after={desk.hub.state.version}"

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(desk.app)
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
            waiting = asyncio.create_task(client.get(path, headers=headers))
            while not desk.hub._followers:  # noqa: ASYNC110 - the hub tells nobody of followers
                await asyncio.sleep(0.001)
            meanwhile()
            return await waiting

    return asyncio.run(ask())


def test_a_question_waits_until_the_reader_changes(desk: World) -> None:
    version = desk.hub.state.version
    said = waited(desk, lambda: desk.place(judged(BANK_CARD, presentation=2))).json()
    assert (said["reader"]["presentation"], said["version"]) == (2, version + 1)


def test_a_question_is_not_answered_once_its_pairing_ended_meanwhile(desk: World) -> None:
    def end() -> None:
        desk.pairings.end(desk.pairings.all()[0].id)
        desk.place(judged(presentation=2))

    answer = waited(desk, end)
    assert (answer.status_code, answer.json()["code"]) == (401, "token-wrong")
    assert "ИВАНОВ" not in answer.text


def test_a_question_ends_when_the_desk_closes(tmp_path: Path) -> None:
    desk = world(tmp_path, limits=LocalLimits(poll_s=3600))
    assert waited(desk, desk.hub.close).status_code == 200


def test_a_reader_that_is_unplugged_while_a_question_waits_is_not_found(desk: World) -> None:
    assert waited(desk, desk.place).json()["code"] == "reader-unknown"


@pytest.mark.parametrize("after", ["0", "999999", "{version}&instance=another"])
def test_who_saw_another_state_is_answered_at_once(tmp_path: Path, after: str) -> None:
    desk = world(tmp_path, limits=LocalLimits(poll_s=3600))
    asked = after.format(version=desk.hub.state.version)
    answer = desk.ask("GET", f"{VERDICT}?after={asked}", token=desk.token())
    assert answer.json()["version"] == desk.hub.state.version


def test_a_question_that_waited_long_enough_gets_what_is(desk: World) -> None:
    version = desk.hub.state.version
    answer = desk.ask("GET", f"{VERDICT}?after={version}", token=desk.token())
    assert (answer.status_code, answer.json()["version"]) == (200, version)


def test_too_many_waiting_questions_are_refused(tmp_path: Path) -> None:
    desk = world(tmp_path, limits=LocalLimits(polls=0))
    answer = desk.ask("GET", f"{VERDICT}?after={desk.hub.state.version}", token=desk.token())
    assert (answer.status_code, answer.json()["code"]) == (503, "local-busy")


@pytest.mark.parametrize("after", ["-1", "x", str(2**64), "1.5"])
def test_a_version_that_is_none_is_malformed(desk: World, after: str) -> None:
    assert desk.ask("GET", f"{VERDICT}?after={after}", token=desk.token()).status_code == 422


def test_a_desk_without_origins_has_no_such_routes(tmp_path: Path) -> None:
    desk = world(tmp_path, origins=())
    assert desk.ask("GET", f"{API}/readers", token=desk.token()).status_code == 404
    assert desk.ask("GET", "/local/pairings", origin=None).status_code == 404
    assert "/local/pairings" not in desk.ask("GET", "/", origin=None).text


def test_the_desks_page_leads_to_where_systems_are_paired(desk: World) -> None:
    assert 'href="/local/pairings"' in desk.ask("GET", "/", origin=None).text


def test_the_client_is_served_to_pages_that_may_ask(desk: World) -> None:
    answer = desk.ask("GET", f"{API}/client.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "export function connect" in answer.text


def test_a_lifted_card_is_told_as_lifted(desk: World) -> None:
    desk.place(replace(judged(VALID), lifted=True))
    assert desk.ask("GET", VERDICT, token=desk.token()).json()["reader"]["lifted"] is True

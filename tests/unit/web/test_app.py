"""Routes of the desk, with a hub and nothing else."""

from dataclasses import replace

import pytest
from fastapi import FastAPI

from cardservice.texts.languages import Language
from cardservice.web.app import create_app
from cardservice.web.assets import asset_url, assets
from cardservice.web.context import WebSettings
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.state import ReaderState, Trouble
from tests.unit.web.client import ORIGIN, get, request
from tests.unit.web.doubles import READER, DoubleDemonstration, DoubleWatch
from tests.unit.web.examples import BANK_CARD, VALID

JUDGED = ReaderState(reader=READER).with_card(1, 5.0).with_result(1, VALID, 5.4)


def desk(*readers: ReaderState, trouble: Trouble | None = None) -> DeskHub:
    hub = DeskHub()
    hub.update(lambda state: replace(state, readers=readers, trouble=trouble))
    return hub


@pytest.fixture
def app() -> FastAPI:
    return create_app(desk(JUDGED))


def test_the_page_shows_the_present_state(app: FastAPI) -> None:
    answer = get(app, "/")
    assert answer.status_code == 200
    assert "Действителен" in answer.text
    assert "0054 9108 3400 0015" in answer.text


def test_the_page_speaks_the_language_of_the_browser(app: FastAPI) -> None:
    answer = get(app, "/", accept_language="en-GB,en;q=0.9")
    assert "Valid" in answer.text
    assert answer.headers["content-language"] == "en"


def test_the_chosen_language_is_remembered(app: FastAPI) -> None:
    chosen = get(app, "/?lang=en", accept_language="ru")
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/")
    cookie = chosen.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    shown = get(app, "/", accept_language="ru", cookie=cookie.split(";")[0])
    assert '<html lang="en"' in shown.text


def test_a_language_we_do_not_have_is_not_remembered(app: FastAPI) -> None:
    assert "set-cookie" not in get(app, "/?lang=<x>").headers


def test_the_service_speaks_its_own_language_to_everybody_else() -> None:
    english = create_app(desk(JUDGED), settings=WebSettings(language=Language.EN))
    assert '<html lang="en"' in get(english, "/").text


@pytest.mark.parametrize("path", ["/", "/api/v1/desk", "/healthz", "/nowhere"])
def test_answers_are_never_stored_framed_or_guessed(app: FastAPI, path: str) -> None:
    headers = get(app, path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "name",
    ["tokens.css", "desk.css", "panel.css", "can.css", "live.js", "desk.js", "favicon.svg"],
)
def test_files_of_the_page_are_kept_for_ever_under_their_content(app: FastAPI, name: str) -> None:
    answer = get(app, asset_url(name))
    assert answer.content == assets()[name].content
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset_url(name) in get(app, "/").text


@pytest.mark.parametrize(
    "path", ["/static/desk.css", "/static/desk.000000000000.css", "/static/..%2fapp.py"]
)
def test_a_file_of_another_version_is_not_found(app: FastAPI, path: str) -> None:
    answer = get(app, path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_programs_get_the_state_with_codes_and_sentences(app: FastAPI) -> None:
    answer = get(app, "/api/v1/desk", accept_language="en").json()
    reader = answer["readers"][0]
    assert (reader["phase"], reader["verdict"]["outcome"], reader["proved"]) == (
        "judged",
        "valid",
        True,
    )
    assert reader["holder"] == {
        "enp": "0054910834000015",
        "surname": "ИВАНОВ",
        "given_name": "ИВАН",
        "patronymic": "ИВАНОВИЧ",
        "sex": "male",
        "birth_date": "1980-05-15",
        "snils": "112-233-445 95",
    }
    assert reader["verdict"]["checks"][4] == {
        "name": "card-not-blocked",
        "outcome": "valid",
        "reason": "card-active",
        "decisive": True,
        "sentence": "The card is not blocked.",
        "remedy": None,
        "age_s": 720.0,
    }


def test_programs_never_get_a_photo(app: FastAPI) -> None:
    assert "photo" not in get(app, "/api/v1/desk").text
    assert "photo" not in get(app, "/api/openapi.json").text.replace("No photo", "")


def test_programs_get_a_problem_in_place_of_a_verdict() -> None:
    bank = ReaderState(reader=READER).with_card(1, 5.0).with_result(1, BANK_CARD, 5.1)
    reader = get(create_app(desk(bank)), "/api/v1/desk").json()["readers"][0]
    assert (reader["problem"], reader["verdict"]) == ("not-a-policy-card", None)


def test_the_description_of_the_interface_is_served(app: FastAPI) -> None:
    paths = get(app, "/api/openapi.json").json()["paths"]
    assert {"/", "/events", "/healthz", "/api/v1/desk"} <= set(paths)


def test_a_living_service_is_healthy(app: FastAPI) -> None:
    assert get(app, "/healthz").json() == {"status": "ok", "readers": 1}


def test_a_lost_reader_service_is_degraded_and_still_alive() -> None:
    lost = desk(trouble=Trouble("The service is away.", "Start it."))
    answer = get(create_app(lost), "/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "readers": 0,
        "reason": "The service is away.",
        "remedy": "Start it.",
    }


def test_programs_learn_why_no_reader_can_be_reached() -> None:
    lost = desk(trouble=Trouble("The service is away.", "Start it."))
    answer = get(create_app(lost), "/api/v1/desk").json()
    assert answer["trouble"] == {"message": "The service is away.", "remedy": "Start it."}


def test_too_many_pages_are_refused_before_the_stream_begins() -> None:
    answer = get(create_app(DeskHub(max_subscribers=0)), "/events")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/desk-busy"


def test_the_stream_is_an_event_stream_that_nothing_stores() -> None:
    hub = desk(JUDGED)
    hub.close()
    answer = get(create_app(hub), "/events?lang=en")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"


class Demonstrated:
    """An application with a demonstration, and what a browser sends from its page."""

    def __init__(self) -> None:
        watch = DoubleWatch()
        self.demonstration = DoubleDemonstration(watch, {"valid": "A valid policy"})
        self.app = create_app(desk(ReaderState(reader=READER)), demonstration=self.demonstration)
        self.token: str = self.app.state.context.token

    def post(
        self, path: str, *, origin: str = ORIGIN, site: str = "same-origin", **form: str
    ) -> int:
        """Return the status of a form sent with the right token unless another is given."""
        headers = {"origin": origin, "sec-fetch-site": site}
        body = {"token": self.token, "reader": READER, **form}
        return request(self.app, "POST", path, headers=headers, form=body).status_code


def test_a_form_of_our_page_puts_a_card_on_the_reader_and_takes_it_off() -> None:
    shown = Demonstrated()
    assert shown.post("/demonstration/tap", card="valid") == 303
    assert shown.post("/demonstration/lift") == 303
    assert shown.demonstration.done == [("tap", "valid", READER), ("lift", READER)]


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("https://evil.example", "cross-site"),
        ("https://evil.example", "same-origin"),
        (ORIGIN, "cross-site"),
        (ORIGIN, "same-site"),
        ("null", "same-origin"),
        ("http://127.0.0.1:9090", "same-origin"),
        ("https://127.0.0.1:8080", "same-origin"),
        ("", "same-origin"),
        ("http://[", "same-origin"),
    ],
)
def test_a_form_of_another_site_is_refused(origin: str, site: str) -> None:
    shown = Demonstrated()
    assert shown.post("/demonstration/tap", origin=origin, site=site, card="valid") == 403
    assert shown.demonstration.done == []


@pytest.mark.parametrize("token", ["x", "ключ", "A" * 43])
def test_a_form_without_the_token_of_the_page_is_refused(token: str) -> None:
    shown = Demonstrated()
    assert shown.post("/demonstration/tap", token=token, card="valid") == 403
    assert shown.demonstration.done == []


@pytest.mark.parametrize("path", ["/demonstration/tap", "/demonstration/lift", "/desk/can"])
@pytest.mark.parametrize("wrong", [{"token": "x"}, {"origin": "https://evil.example"}])
def test_every_form_is_of_our_page_only(path: str, wrong: dict[str, str]) -> None:
    form = {"card": "valid", "presentation": "1", "can": "123456"}
    assert Demonstrated().post(path, **{**form, **wrong}) == 403


def test_a_form_without_any_token_is_malformed() -> None:
    shown = Demonstrated()
    assert shown.post("/demonstration/tap", token="", card="valid") == 422
    assert shown.demonstration.done == []


def test_a_request_without_an_origin_is_refused() -> None:
    shown = Demonstrated()
    form = {"token": shown.token, "card": "valid", "reader": READER}
    assert request(shown.app, "POST", "/demonstration/tap", form=form).status_code == 403


def test_a_card_that_is_not_offered_is_a_refusal_and_not_a_mistake() -> None:
    assert Demonstrated().post("/demonstration/tap", card="nobody's") == 409


def test_an_overlong_form_text_is_malformed() -> None:
    assert Demonstrated().post("/demonstration/tap", card="A" * 257) == 422


def test_there_is_nothing_to_put_on_a_reader_without_a_demonstration(app: FastAPI) -> None:
    form = {"token": app.state.context.token, "card": "valid", "reader": READER}
    headers = {"origin": ORIGIN}
    answer = request(app, "POST", "/demonstration/tap", form=form, headers=headers)
    assert answer.status_code == 404

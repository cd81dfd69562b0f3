"""The form for the number printed on a card: whose it is, and what it takes."""

import pytest
from fastapi import FastAPI

from cardservice.web.app import create_app
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.state import ReaderState
from cardservice.web.desk.typed import TypedNumber
from tests.unit.web.client import ORIGIN, get, request
from tests.unit.web.doubles import READER
from tests.unit.web.examples import CAN, CLOSED, OPENED, VALID

ASKING = ReaderState(reader=READER).with_card(7, 5.0).with_result(7, CLOSED, 5.1)


class Desk:
    """An application whose reader holds a card, and what it hands over."""

    def __init__(self, state: ReaderState = ASKING) -> None:
        self.hub = DeskHub()
        self.hub.update(lambda desk: desk.with_reader(state))
        self.taken: list[TypedNumber] = []
        self.hub.numbers_go_to(self.taken.append)
        self.app: FastAPI = create_app(self.hub)
        self.form = {
            "token": str(self.app.state.context.token),
            "reader": READER,
            "presentation": "7",
            "can": CAN,
        }

    def post(self, *, origin: str = ORIGIN, **changes: str) -> tuple[int, str]:
        """Return status and text of the answer to the form."""
        form = {**self.form, **changes}
        answer = request(self.app, "POST", "/desk/can", headers={"origin": origin}, form=form)
        return answer.status_code, answer.text


def test_the_typed_number_goes_to_the_presentation_it_was_typed_for() -> None:
    desk = Desk()
    assert desk.post()[0] == 303
    assert desk.taken == [TypedNumber(reader=READER, presentation=7, can=CAN)]


def test_the_answer_leads_back_to_the_page_and_names_no_digit() -> None:
    desk = Desk()
    headers = {"origin": ORIGIN}
    answer = request(desk.app, "POST", "/desk/can", headers=headers, form=desk.form)
    assert answer.headers["location"] == "/"
    assert CAN not in str(answer.headers) + answer.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_a_number_from_another_site_is_refused(origin: str) -> None:
    desk = Desk()
    assert desk.post(origin=origin)[0] == 403
    assert desk.taken == []


def test_a_number_without_the_token_of_the_page_is_refused() -> None:
    desk = Desk()
    assert desk.post(token="A" * 43)[0] == 403
    assert desk.taken == []


@pytest.mark.parametrize(
    "can", ["", "12345", "1234567", "12345a", "123456\n", " 123456", "١٢٣٤٥٦", "-12345"]
)
def test_anything_but_six_digits_is_malformed_and_is_not_repeated(can: str) -> None:
    desk = Desk()
    status, said = desk.post(can=can)
    assert status == 422
    assert len(can) < 5 or can not in said
    assert desk.taken == []


@pytest.mark.parametrize("presentation", ["", "0", "-1", "seven", "7.5"])
def test_a_presentation_that_cannot_be_is_malformed(presentation: str) -> None:
    desk = Desk()
    assert desk.post(presentation=presentation)[0] == 422
    assert desk.taken == []


def test_a_number_is_never_taken_from_an_address() -> None:
    desk = Desk()
    query = "&".join(f"{name}={value}" for name, value in desk.form.items())
    assert get(desk.app, f"/desk/can?{query}").status_code == 405
    answer = request(desk.app, "POST", f"/desk/can?{query}", headers={"origin": ORIGIN})
    assert answer.status_code == 422
    assert desk.taken == []


def test_a_card_that_waits_for_no_number_is_a_refusal_and_not_a_mistake() -> None:
    desk = Desk()
    desk.hub.numbers_go_to(None)
    status, said = desk.post()
    assert status == 409
    assert "number-not-asked" in said
    assert CAN not in said


def test_the_page_asks_for_the_number_before_any_script_runs() -> None:
    html = get(Desk().app, "/").text
    form = html.partition('action="/desk/can"')[2].partition("</form>")[0]
    assert 'name="presentation" value="7"' in form
    assert f'name="reader" value="{READER}"' in form
    assert "Введите шесть цифр, напечатанных на карте" in form
    assert all(one in form for one in ('inputmode="numeric"', 'autocomplete="off"', "autofocus"))


@pytest.mark.parametrize(
    "state",
    [
        ReaderState(reader=READER),
        ASKING.with_number(7),
        ReaderState(reader=READER).with_card(7, 5.0).with_result(7, VALID, 5.1),
        ASKING.without_card(hold=False),
    ],
)
def test_the_page_asks_for_no_number_when_no_card_waits_for_one(state: ReaderState) -> None:
    assert "/desk/can" not in get(Desk(state).app, "/").text


def test_a_page_without_scripts_looks_again_while_the_card_is_read() -> None:
    again = '<noscript><meta http-equiv="refresh" content="1"></noscript>'
    assert again in get(Desk(ASKING.with_number(7)).app, "/").text
    assert again not in get(Desk().app, "/").text


def test_programs_learn_which_protocols_ran() -> None:
    opened = ReaderState(reader=READER).with_card(1, 5.0).with_result(1, OPENED, 5.4)
    (reader,) = get(Desk(opened).app, "/api/v1/desk").json()["readers"]
    assert reader["verdict"]["ran"] == ["chip-authentication", "pace", "passive-authentication"]

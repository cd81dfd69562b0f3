"""The clerk's forms, and the addresses of photo and sheet."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.domain.verdict import Outcome, Reason
from cardservice.texts.tables import REASONS
from cardservice.web.app import create_app
from cardservice.web.desk.begun import Begun
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.state import PhotoPhase, PhotoState, ReaderState
from tests.unit.papers.pdf_reading import opened, text_of
from tests.unit.web.client import ORIGIN, get, request
from tests.unit.web.doubles import READER
from tests.unit.web.examples import VALID, examined, verdict

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
BEGUN = Begun(moment=Moment(at=AT, grade=TimeGrade.PROVEN))
MIXED = examined(
    verdict(
        chip_genuine=(Outcome.INVALID, Reason.CHIP_COPIED),
        card_not_blocked=(Outcome.UNDECIDED, Reason.REGISTER_UNREACHABLE),
    )
)
PNG = b"\x89PNG\r\n\x1a\n and more"
SHOWN = replace(
    ReaderState(reader=READER).with_card(7, 5.0, begun=BEGUN).with_result(7, VALID, 5.4),
    photo=PhotoState(PhotoPhase.SHOWN, PNG),
)
FORMS = [
    ("/desk/bearer/birth-date", {"birth_date": "15.05.1980"}),
    ("/desk/bearer/photo", {}),
    ("/desk/bearer/stranger", {}),
    ("/desk/photo", {}),
    ("/desk/scan", {"scanned": "OMS1:ABC"}),
    ("/desk/aside/away", {}),
    (
        "/desk/substitute",
        {"reason": "card-forgotten", "enp": "0054910834000015", "birth_date": "15.05.1980"},
    ),
]


HUBS: list[DeskHub] = []


@pytest.fixture(autouse=True)
def _close_hubs() -> Iterator[None]:
    yield
    while HUBS:
        HUBS.pop().close()


class Desk:
    """An application whose reader holds a card with its photo shown."""

    def __init__(self, state: ReaderState = SHOWN) -> None:
        self.hub = DeskHub()
        HUBS.append(self.hub)
        self.hub.update(lambda desk: desk.with_reader(state))
        self.hub.photo_wishes_go_to(lambda _: None)
        self.app: FastAPI = create_app(self.hub)

    def post(self, path: str, form: dict[str, str], **changes: str) -> int:
        """Return the status of the answer to the form."""
        given = {
            "token": str(self.app.state.context.token),
            "reader": READER,
            "presentation": "7",
            **form,
            **changes,
        }
        origin = given.pop("origin", ORIGIN)
        return request(self.app, "POST", path, headers={"origin": origin}, form=given).status_code


@pytest.mark.parametrize(("path", "form"), FORMS)
def test_our_own_forms_lead_back_to_the_page(path: str, form: dict[str, str]) -> None:
    assert Desk().post(path, form) == 303


@pytest.mark.parametrize(("path", "form"), FORMS)
@pytest.mark.parametrize(
    "foreign", [{"origin": "https://evil.example"}, {"origin": "null"}, {"token": "A" * 43}]
)
def test_a_foreign_form_changes_nothing(
    path: str, form: dict[str, str], foreign: dict[str, str]
) -> None:
    desk = Desk()
    before = desk.hub.state
    assert desk.post(path, form, **foreign) == 403
    assert desk.hub.state is before


@pytest.mark.parametrize(("path", "form"), FORMS)
def test_nothing_is_done_by_an_address(path: str, form: dict[str, str]) -> None:
    query = "&".join(f"{name}={value}" for name, value in form.items())
    assert get(Desk().app, f"{path}?{query}").status_code == 405


def test_the_photo_is_a_png_that_no_cache_keeps() -> None:
    answer = get(Desk().app, f"/desk/photos/{BEGUN.ticket}.png")
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("kind", ["photos/{}.png", "sheets/{}.pdf"])
def test_photo_and_sheet_are_gone_with_the_card(kind: str) -> None:
    desk = Desk()
    path = "/desk/" + kind.format(BEGUN.ticket)
    assert get(desk.app, path).status_code == 200
    desk.hub.update(lambda one: one.with_reader(SHOWN.without_card(hold=False)))
    assert get(desk.app, path).status_code == 404


@pytest.mark.parametrize(
    "ticket",
    ["A" * 43, "7", "%D0%96", pytest.param(BEGUN.ticket[:-1], id="one-character-short")],
)
@pytest.mark.parametrize("kind", ["photos/{}.png", "sheets/{}.pdf"])
def test_nobody_guesses_the_address_of_photo_or_sheet(ticket: str, kind: str) -> None:
    assert get(Desk().app, "/desk/" + kind.format(ticket)).status_code == 404


def test_tickets_are_drawn_anew_and_are_in_no_log() -> None:
    other = Begun(moment=BEGUN.moment)
    assert other.ticket != BEGUN.ticket
    assert len(BEGUN.ticket) == 43
    assert BEGUN.ticket not in repr(SHOWN)


@pytest.mark.parametrize(("language", "said"), [("ru", "Действителен"), ("en", "Valid")])
def test_the_sheet_says_what_the_page_says_without_the_photo(language: str, said: str) -> None:
    answer = get(Desk().app, f"/desk/sheets/{BEGUN.ticket}.pdf", accept_language=language)
    assert answer.headers["content-type"] == "application/pdf"
    with opened(answer.content) as pdf:
        text = text_of(pdf)
    assert said in text
    assert "ИВАНОВ" in text
    assert "0054 9108 3400 0015" in text
    assert PNG not in answer.content


def test_the_sheet_says_what_to_do_about_each_check_that_did_not_hold() -> None:
    state = ReaderState(reader=READER).with_card(7, 5.0, begun=BEGUN).with_result(7, MIXED, 5.4)
    answer = get(Desk(state).app, f"/desk/sheets/{BEGUN.ticket}.pdf", accept_language="en")
    with opened(answer.content) as pdf:
        text = " ".join(text_of(pdf).split())
    for reason in (Reason.CHIP_COPIED, Reason.REGISTER_UNREACHABLE):
        remedy = REASONS[reason].remedy
        assert remedy is not None
        assert remedy in text


def test_the_name_of_the_sheet_tells_nobody_who_was_there() -> None:
    answer = get(Desk().app, f"/desk/sheets/{BEGUN.ticket}.pdf")
    name = answer.headers["content-disposition"]
    assert 'filename="policy-check-' in name
    assert not any(one in name for one in ("0054", "ИВАНОВ", "%D0", READER))


def test_without_a_verdict_there_is_no_sheet() -> None:
    desk = Desk(ReaderState(reader=READER).with_card(7, 5.0, begun=BEGUN))
    assert get(desk.app, f"/desk/sheets/{BEGUN.ticket}.pdf").status_code == 404


def test_the_birth_date_is_folded_away_until_the_bearer_was_asked() -> None:
    asked = get(Desk().app, "/").text
    assert '<details class="hidden-date">' in asked
    desk = Desk()
    desk.post("/desk/bearer/birth-date", {"birth_date": "15.05.1980"})
    told = get(desk.app, "/").text
    assert '<details class="hidden-date">' not in told
    assert "Предъявитель подтверждён" in told


def test_the_page_offers_the_register_only_where_there_is_one_to_ask() -> None:
    assert "/desk/substitute" not in get(Desk().app, "/").text

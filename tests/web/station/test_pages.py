"""The operator's page without a browser: what it says, who may steer, and what is refused."""

import re
from dataclasses import replace

import pytest
from fastapi import FastAPI

from cardservice.personalization.lanes import LaneState, StationView
from cardservice.web.assets import assets
from cardservice.web.context import WebSettings
from cardservice.web.station.app import create_station_app
from tests.unit.web.client import ORIGIN, get, request
from tests.web.station.floors import FakeFloor, FakeReports, full_station, lane, station

OWN = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


def _app(view: StationView | None = None, *, reports: bool = False) -> tuple[FastAPI, FakeFloor]:
    floor = FakeFloor(view or station(lane(1), lane(2)))
    return create_station_app(floor, reports=FakeReports() if reports else None), floor


def _token(app: FastAPI) -> str:
    found = re.search(r'name="token" value="([^"]+)"', get(app, "/").text)
    assert found is not None
    return found[1]


def _post(app: FastAPI, headers: dict[str, str] = OWN, **form: str) -> int:
    return request(app, "POST", "/act", headers=headers, form=form).status_code


def test_every_state_is_said_by_word_and_symbol_and_marked_for_its_colour() -> None:
    app, _ = _app(full_station())
    page = get(app, "/", accept_language="en").text
    for state in LaneState:
        assert f'data-mark="{state}"' in page
        assert f'href="#icon-{state}"' in page
        assert f'id="icon-{state}"' in page
    for word in ("Working", "Stopped", "Put it back", "Paused", "Error bin", "Insert a card"):
        assert f'<span class="word">{word}</span>' in page


def test_a_lane_says_reader_chip_label_cards_rate_and_bottleneck() -> None:
    page = get(_app(full_station(1))[0], "/", accept_language="en").text
    for said in ("Reader 01", "0A1B2C3D4E5F0001", "New card …4711", "<b>41</b>", "<b>95</b>"):
        assert said in page
    assert "chip 71\u00a0%, line 22\u00a0%, hands 6\u00a0%, host 1\u00a0%" in page


def test_the_station_line_tells_cards_jobs_outage_and_stock() -> None:
    page = get(_app(full_station())[0], "/", accept_language="en").text
    facts = dict(re.findall(r"<dt>(.+?)</dt><dd>(.+?)</dd>", page))
    assert facts["Cards made"] == "776"
    assert facts["Cards an hour"] == "1,402"
    assert (facts["Jobs waiting"], facts["To be told"]) == ("32", "12")
    assert facts["Registry"] == "away"
    assert facts["Blanks in the tray"] == "1,204 of 2,000"


def test_stock_that_nobody_keeps_is_not_shown() -> None:
    assert "Blanks in the tray" not in get(_app()[0], "/", accept_language="en").text


def test_each_code_leads_to_its_remedy_on_the_page() -> None:
    page = get(_app(full_station())[0], "/", accept_language="en").text
    linked = set(re.findall(r'href="#code-([a-z-]+)"', page))
    assert linked == {
        *("chip-serial-twice", "card-removed", "card-not-blank", "registry-unreachable")
    }
    assert linked == set(re.findall(r'id="code-([a-z-]+)"', page))


def test_all_codes_are_listed_on_a_page_of_their_own() -> None:
    page = get(_app()[0], "/codes", accept_language="ru").text
    assert 'id="code-hsm-pin-locked"' in page
    assert "Пересчитайте лоток" in page


def test_the_page_speaks_russian_unless_the_reader_wants_english() -> None:
    app, _ = _app()
    assert "Вставьте заготовку" in get(app, "/").text
    assert "Put a blank card" in get(app, "/", accept_language="en").text


def test_the_page_names_the_very_module_that_it_imports() -> None:
    app, _ = _app()
    named = re.search(r' data-live="([^"]+)"', get(app, "/").text)
    assert named is not None
    assert get(app, named[1]).content == assets()["live.js"].content


def test_a_chosen_language_is_remembered() -> None:
    answer = get(_app()[0], "/?lang=en")
    assert answer.status_code == 303
    assert "language=en" in answer.headers["set-cookie"]


def test_a_name_from_a_reader_is_shown_as_text() -> None:
    page = get(_app(station(lane(1, reader="<script>x</script>")))[0], "/").text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


@pytest.mark.parametrize("action", ["pause", "resume", "skip", "repeat"])
def test_a_form_steers_one_lane(action: str) -> None:
    app, floor = _app()
    assert _post(app, token=_token(app), action=action, lane="2") == 303
    assert floor.asked == [(action, 2)]


@pytest.mark.parametrize("action", ["pause", "resume", "finish"])
def test_a_form_steers_all_lanes(action: str) -> None:
    app, floor = _app()
    assert _post(app, token=_token(app), action=action, lane="all") == 303
    assert floor.asked == [(action, None)]


def test_the_answer_to_a_form_leads_back_to_its_lane() -> None:
    app, _ = _app()
    form = {"token": _token(app), "action": "pause", "lane": "2"}
    answer = request(app, "POST", "/act", headers=OWN, form=form)
    assert answer.headers["location"] == "/#lane-2"


@pytest.mark.parametrize("action", ["skip", "repeat"])
def test_skipping_and_repeating_are_for_one_lane_only(action: str) -> None:
    app, floor = _app()
    assert _post(app, token=_token(app), action=action, lane="all") == 422
    assert floor.asked == []


@pytest.mark.parametrize(
    ("lane_text", "status"), [("3", 404), ("0", 422), ("-1", 422), ("1000", 422), ("x", 422)]
)
def test_a_lane_that_is_not_there_is_not_steered(lane_text: str, status: int) -> None:
    app, floor = _app()
    assert _post(app, token=_token(app), action="pause", lane=lane_text) == status
    assert floor.asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
    ],
)
def test_a_form_of_another_site_steers_nothing(headers: dict[str, str]) -> None:
    app, floor = _app()
    assert _post(app, headers, token=_token(app), action="pause", lane="all") == 403
    assert floor.asked == []


def test_a_form_without_the_pages_token_steers_nothing() -> None:
    app, floor = _app()
    assert _post(app, token="x" * 43, action="pause", lane="all") == 403
    assert floor.asked == []


@pytest.mark.parametrize("path", ["/", "/events", "/codes", "/healthz", "/report.pdf"])
def test_a_rebound_name_gets_nothing_of_the_station(path: str) -> None:
    assert get(_app()[0], path, host="evil.example").status_code == 421


def test_no_setting_opens_the_page_to_other_names() -> None:
    settings = WebSettings(hosts=frozenset({"station.example"}))
    app = create_station_app(FakeFloor(station()), settings=settings)
    assert get(app, "/healthz", host="station.example").status_code == 421
    assert get(app, "/healthz").status_code == 200


def test_nothing_is_loaded_from_elsewhere() -> None:
    answer = get(_app(full_station())[0], "/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert re.findall(r'(?:src|href|action)="(?!/|#)', answer.text) == []
    assert " style=" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_the_report_is_sent_as_a_file() -> None:
    app, _ = _app(reports=True)
    answer = get(app, "/report.pdf", accept_language="en")
    assert answer.content == b"%PDF en"
    assert answer.headers["content-disposition"] == 'attachment; filename="shift.pdf"'
    assert get(app, "/report.csv").headers["content-type"].startswith("text/csv")


def test_without_reports_none_is_offered() -> None:
    app, _ = _app()
    assert get(app, "/report.pdf").status_code == 404
    assert "report.pdf" not in get(app, "/").text


def test_an_outage_of_the_registry_is_told_to_who_watches_the_process() -> None:
    app, floor = _app()
    assert get(app, "/healthz").json()["status"] == "ok"
    floor.show(replace(floor.view, source_code="registry-late"))
    told = get(app, "/healthz").json()
    assert told == {"status": "degraded", "lanes": 2, "reason": "registry-late"}


def test_the_page_without_javascript_asks_anew_by_itself() -> None:
    page = get(_app()[0], "/").text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page


@pytest.mark.parametrize(
    ("state", "sensible"),
    [
        (LaneState.NO_CARD, {"pause", "skip"}),
        (LaneState.WORKING, {"pause"}),
        (LaneState.PUT_BACK, {"pause", "skip", "repeat"}),
        (LaneState.PAUSED, {"resume"}),
        (LaneState.STOPPED, {"resume", "skip", "repeat"}),
        (LaneState.CLOSED, set()),
    ],
)
def test_buttons_that_change_nothing_are_quieter(state: LaneState, sensible: set[str]) -> None:
    page = get(_app(station(lane(1, state)))[0], "/").text
    found = re.search(r'data-sensible="([a-z ]*)"', page)
    assert found is not None
    assert set(found[1].split()) == sensible

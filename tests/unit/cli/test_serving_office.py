"""What the office is served with: cookies, names it answers to, timers in a thread."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cardservice.errors import UsageError
from cardservice.home.office_timers import timer_parts
from cardservice.registry.actor import SERVICE
from cardservice.registry.timers import Job, TimerParts
from cardservice.serving.listening import web_settings
from cardservice.serving.office import cookies_of, office_app
from cardservice.serving.timers import timers_running
from cardservice.settings import load_settings
from cardservice.web.signin.cookies import Cookie
from tests.unit.home.offices import new_office

SOON_S = 0.01
PATIENCE_S = 10.0


def test_cookies_are_secure_unless_a_setting_says_otherwise_for_this_machine() -> None:
    assert cookies_of(load_settings()).name(Cookie.SESSION) == "__Host-session"
    assert (
        cookies_of(load_settings(insecure_cookies=True)).name(Cookie.SESSION).startswith("Insecure")
    )


@pytest.mark.parametrize("changes", [{"production": True}, {"host": "192.0.2.1"}, {"host": "::"}])
def test_insecure_cookies_are_refused_in_production_and_beyond_this_machine(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(UsageError):
        cookies_of(load_settings(insecure_cookies=True, **changes))


def test_pages_answer_to_the_public_name_too() -> None:
    settings = load_settings(public_address="https://Polis.example.org/office")
    assert "polis.example.org" in web_settings(settings).hosts


def test_every_route_of_the_office_stands_in_the_table_of_rights(tmp_path: Path) -> None:
    with new_office(tmp_path) as office:
        assert office_app(office).state.office.region == office.region


def test_an_office_with_an_insurer_has_papers(tmp_path: Path) -> None:
    insurer = {"insurer_name": "СМО «Образец»", "insurer_ogrn": "1009900000010"}
    with new_office(tmp_path, **insurer) as office:
        papers = office_app(office).state.office.papers
        assert papers.insurer.name == insurer["insurer_name"]


def test_timers_run_meanwhile_and_sign_the_log_at_the_end(tmp_path: Path) -> None:
    done = threading.Event()

    def do(_: TimerParts, __: str) -> int:
        done.set()
        return 1

    job = Job(name="test", every=timedelta(minutes=1), do=do)
    with new_office(tmp_path) as office:
        office.office.run(SERVICE, office.region, lambda act: act.record("a.b", "c", act.new_id()))
        with timers_running(timer_parts(office), jobs=(job,), look_s=SOON_S):
            assert done.wait(PATIENCE_S)
        with office.database.reading() as work:
            assert [head.number for head in work.audit.heads(office.region)] == [1]
    assert not [one for one in threading.enumerate() if one.name == "timers"]


def test_a_look_that_fails_does_not_end_the_timers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    again = threading.Event()

    def failing(*_: object) -> None:
        looks.append(1)
        if len(looks) > 1:
            again.set()
        raise OSError

    monkeypatch.setattr("cardservice.serving.timers.run_due", failing)
    with (
        new_office(tmp_path) as office,
        timers_running(timer_parts(office), jobs=(), look_s=SOON_S),
    ):
        assert again.wait(PATIENCE_S)

"""A desk that was ended, and a clinic that left: no token, no certificate, no session."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from cardservice.accounts.roles import Role
from cardservice.desk.freshness import Topic
from cardservice.domain.verdict import Outcome
from cardservice.registry.medical_organisations import LeaveProgramme, leave_programme
from tests.registry.offices import REGION
from tests.simulated.clinic.desks import DeskAt
from tests.simulated.clinic.door import PATIENCE_S
from tests.simulated.clinic.town import API, Town, problem

KNOWN_S = 61
"""After so long each process has asked the register whether a desk is one of its own still."""


def end_the_desk(town: Town) -> None:
    (shown,) = town.ask(Role.CLERK, "GET", "/clinic-desks").json()["items"]
    path, version = f"/clinic-desks/{shown['id']}/end", shown["version"]
    town.change(Role.CLERK, path, {"ground": "stolen"}, version=version)


def let_the_clinic_leave(town: Town) -> None:
    (shown,) = town.ask(Role.CLERK, "GET", "/clinic-desks").json()["items"]
    command = LeaveProgramme(
        region=REGION,
        key=town.desk.key(),
        organisation_id=UUID(shown["organisation_id"]),
        version=1,
        last_day=town.desk.office.today,
    )
    leave_programme(town.desk.office, town.desk.clerk, command)
    town.clock.go(days=1)


def asked(town: Town, token: str, path: str, sent: Any) -> httpx.Response:
    return httpx.post(
        f"{town.service}{API}{path}",
        json=sent,
        headers={"Authorization": f"Bearer {token}"},
        timeout=PATIENCE_S,
    )


@pytest.mark.parametrize("end", [end_the_desk, let_the_clinic_leave])
def test_what_is_ended_gets_nothing_any_more(
    town: Town, desk: DeskAt, end: Callable[[Town], None]
) -> None:
    card = town.good_card()
    town.publish()
    desk.refresh()
    assert desk.tap(card.software).outcome is Outcome.VALID
    token = desk.token()
    opened = asked(town, token, "/card-sessions", {})
    assert opened.status_code == 201
    end(town)
    town.clock.go(seconds=KNOWN_S)
    sent = {"step": 1, "answers": ["6a82"] * len(opened.json()["commands"])}
    path = f"/card-sessions/{opened.json()['session']}/answers"
    for place, what in ((path, sent), ("/card-sessions", {}), ("/presentations", {})):
        refused = asked(town, token, place, what)
        assert (refused.status_code, problem(refused)) == (401, "sign-in-needed")
    assert desk.renew() == "client-unknown"
    assert desk.fetch(Topic.TIME) is None  # what is open stays open
    assert desk.tap(card.software).outcome is Outcome.VALID

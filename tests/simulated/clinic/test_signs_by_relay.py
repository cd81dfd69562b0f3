"""Signs of abuse on cards that the service reads for a desk, and on cards of nobody's signer."""

from typing import Any

import httpx
import pytest

from cardservice.domain.verdict import Outcome, Reason
from cardservice.errors import UsageError
from cardservice.transport.inprocess import SeamLink
from cardservice.web.clinics import card_sessions_signs
from simulators.card import SoftwareCard
from simulators.card.tampering import clone_without_chip_key
from tests.chain import issued_card, link_to
from tests.simulated.clinic.desks import DeskAt
from tests.simulated.clinic.door import PATIENCE_S
from tests.simulated.clinic.town import API, Town

SESSIONS = "/card-sessions"


def post(desk: DeskAt, path: str, sent: dict[str, Any]) -> dict[str, Any]:
    bearer = {"Authorization": f"Bearer {desk.token()}"}
    address = f"{desk.at_work.enrolment.service}{API}{path}"
    answer = httpx.post(address, headers=bearer, json=sent, timeout=PATIENCE_S)
    assert answer.is_success, answer.text
    return dict(answer.json())


def answers(told: dict[str, Any], link: SeamLink) -> dict[str, Any]:
    if told["reset"]:
        link.reset()
    said = [link.exchange(bytes.fromhex(one)).hex() for one in told["commands"]]
    return {"step": told["step"], "answers": said}


def relayed(desk: DeskAt, card: SoftwareCard) -> dict[str, Any]:
    """Let the service read a card; return the verdict."""
    link, told = link_to(card), post(desk, SESSIONS, {})
    place = f"{SESSIONS}/{told['session']}/answers"
    while "verdict" not in told:
        told = post(desk, place, answers(told, link))
    return dict(told["verdict"])


def test_a_cloned_card_that_the_service_read_for_a_desk_is_seen_once(
    town: Town, desk: DeskAt
) -> None:
    card = town.good_card()
    verdict = relayed(desk, clone_without_chip_key(card.software))
    assert verdict["outcome"] == "invalid"
    (sign,) = town.signs()
    assert (sign["kind"], sign["occurrences"]) == ("chip-copied", 1)
    assert sign["card_number"] == f"{card.number:012x}"


def test_a_good_card_that_the_service_read_is_no_sign(town: Town, desk: DeskAt) -> None:
    assert relayed(desk, town.good_card().software)["outcome"] == "valid"
    assert town.signs() == []


def test_a_verdict_is_told_though_its_sign_cannot_be_kept(
    town: Town, desk: DeskAt, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise UsageError("about somebody")

    monkeypatch.setattr(card_sessions_signs, "take_presentations", refuses)
    copy = clone_without_chip_key(town.good_card().software)
    assert relayed(desk, copy)["outcome"] == "invalid"
    assert "UsageError" in caplog.text
    assert "about somebody" not in caplog.text
    assert town.signs() == []


def test_a_card_of_an_unknown_signer_is_a_sign_about_the_desk(town: Town, desk: DeskAt) -> None:
    verdict = desk.tap(issued_card().card)
    assert verdict.outcome is not Outcome.VALID
    assert verdict.deciding.reason is Reason.SIGNER_UNKNOWN
    desk.report()
    (sign,) = town.signs()
    assert (sign["kind"], sign["card_number"]) == ("signer-unknown", None)

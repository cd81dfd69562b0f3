"""Answers about cards and policies that nobody believed signed, or that were signed for another."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from cardservice.desk.presentations import Substitute
from cardservice.desk.substitutes import RegisterUnreachableError, SubstituteQuestion
from cardservice.desklink.desk_calls import ServiceSubstitutes
from cardservice.domain.register import AnswerSource, CardStatus
from tests.simulated.desk_agent.conftest import AtWork
from tests.simulated.desk_agent.service import BLOCKED, Handler, Reply, Service, service_at
from tests.simulated.desk_agent.test_agent import ENP

STATUS, SUBSTITUTES = "/api/v1/status-questions", "/api/v1/substitutes"
NUMBER = 1 << 32 | BLOCKED

Change = Callable[[dict[str, Any]], dict[str, Any]]


def changed(change: Change) -> Callable[[Handler, Reply], Reply]:
    return lambda _, reply: Reply(200, change(reply.body))


def with_claims(said: dict[str, Any], **changes: Any) -> dict[str, Any]:
    head, payload, signature = said["signed"].split(".")
    claims = json.loads(_octets(payload))
    claims["answer"].update(changes)
    text = urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return {**said, **changes, "signed": f"{head}.{text}.{signature}"}


def _octets(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


UNPROVED: dict[str, Change] = {
    "no signature": lambda said: {name: said[name] for name in said if name != "signed"},
    "null": lambda said: {**said, "signed": None},
    "an object": lambda said: {**said, "signed": {}},
    "the signature taken off": lambda said: {
        **said,
        "signed": said["signed"].rpartition(".")[0] + "." + "A" * 86,
    },
    "another word signed over": lambda said: with_claims(said, card="active"),
    "endless": lambda said: {**said, "signed": said["signed"] + "A" * (1 << 17)},
}


def asked(desk: AtWork) -> tuple[AnswerSource, CardStatus]:
    answer = desk.desk.knowledge.look_up(ENP, card_number=NUMBER)
    assert answer is not None
    return answer.source, answer.card


@pytest.fixture
def fresh(desk: AtWork) -> AtWork:
    """A desk with a list that says that the card is blocked."""
    assert desk.fetch_all() == [None, None, None]
    return desk


def test_an_answer_that_the_service_signed_is_newer_than_the_list(fresh: AtWork) -> None:
    assert asked(fresh) == (AnswerSource.REGISTER, CardStatus.ACTIVE)


@pytest.mark.parametrize("change", UNPROVED.values(), ids=UNPROVED.keys())
def test_an_answer_that_proves_nothing_leaves_the_card_to_the_list(
    fresh: AtWork, service: Service, change: Change
) -> None:
    service.lies[STATUS] = changed(change)
    assert asked(fresh) == (AnswerSource.STATUS_LIST, CardStatus.BLOCKED)
    assert not fresh.desk.reach.online


def test_an_answer_signed_by_another_issuer_leaves_the_card_to_the_list(
    fresh: AtWork, service: Service, tmp_path: Path
) -> None:
    with service_at(tmp_path / "another") as other:
        service.signer, own = other.signer, service.signer
        assert asked(fresh) == (AnswerSource.STATUS_LIST, CardStatus.BLOCKED)
    service.signer = own
    fresh.desk.reach.online = True
    assert asked(fresh) == (AnswerSource.REGISTER, CardStatus.ACTIVE)


def test_an_answer_of_before_leaves_the_card_to_the_list(fresh: AtWork, service: Service) -> None:
    kept: list[dict[str, Any]] = []

    def first_again(said: dict[str, Any]) -> dict[str, Any]:
        kept.append(said)
        return kept[0]

    service.lies[STATUS] = changed(first_again)
    assert asked(fresh) == (AnswerSource.REGISTER, CardStatus.ACTIVE)
    assert asked(fresh) == (AnswerSource.STATUS_LIST, CardStatus.BLOCKED)


def test_a_substitute_that_proves_nothing_is_no_answer(desk: AtWork, service: Service) -> None:
    register = ServiceSubstitutes(desk.desk.clerk_calls)
    question = SubstituteQuestion(
        id=uuid4(), enp=ENP, birth_date=date(1980, 5, 15), reason=Substitute.CARD_FORGOTTEN
    )
    for name in ("no signature", "the signature taken off"):
        service.lies[SUBSTITUTES] = changed(UNPROVED[name])
        with pytest.raises(RegisterUnreachableError):
            register.ask(question)
    service.lies.clear()
    assert register.ask(question).in_force

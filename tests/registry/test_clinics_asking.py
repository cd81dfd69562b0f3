"""What desks ask: coverage instead of a chip, written down once; and how a card stands."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from cardservice.desk.presentations import Substitute
from cardservice.domain.lives import PolicyState
from cardservice.domain.register import CardStatus
from cardservice.domain.suspension import PolicyChangeReason
from cardservice.errors import UsageError
from cardservice.registry.clinics_standing import status_of
from cardservice.registry.coverage import SubstituteAsk, in_force, record_substitute
from cardservice.registry.policies import move_policy
from cardservice.registry.ports_clinics import CardStanding, ClinicDesk
from tests.registry import forms
from tests.registry.clinics_world import KEY, new_clinic, new_desk
from tests.registry.offices import BORN, REGION, START, TODAY, Desk, refused
from tests.registry.stations_world import keep, new_policy
from tests.registry.test_policies import moving, with_card

NUMBER = 1  # of the card that ``with_card`` gives


def insured(desk: Desk) -> tuple[UUID, str]:
    """Return a policy and its number."""
    policy = forms.made(forms.approved(desk), "policy")
    with desk.reading() as work:
        return policy, work.policies.get(REGION, policy).enp


def asking(enp: str, **changes: Any) -> SubstituteAsk:
    values: dict[str, Any] = {
        "id": uuid4(),
        "enp": enp,
        "birth_date": BORN,
        "reason": Substitute.CARD_FORGOTTEN,
    }
    return SubstituteAsk(**(values | changes))


def looks(desk: Desk, policy: UUID) -> list[tuple[str, str]]:
    with desk.reading() as work:
        person = work.policies.get(REGION, policy).person_id
        found = work.looks.at_person(REGION, person).rows
    return [(one.role, one.reason) for one in found if one.role == "clinic"]


def questions(desk: Desk, at: ClinicDesk, ask: SubstituteAsk) -> Any:
    with desk.reading() as work:
        return work.substitutes.told(REGION, at.id, ask.id)


def test_a_substitute_is_answered_again_and_written_down_once(desk: Desk) -> None:
    policy, enp = insured(desk)
    at, ask = new_desk(desk, new_clinic(desk)), asking(enp)
    first = record_substitute(desk.office, at, ask, key=KEY)
    assert first.in_force
    assert first.insurer is not None
    assert [one.value for one in first.programmes] == ["basic"]
    desk.clock.now += timedelta(hours=1)
    assert record_substitute(desk.office, at, ask, key=KEY) == first
    assert looks(desk, policy) == [("clinic", "substitute")]
    row = questions(desk, at, ask)
    assert (row.reason, row.at) == ("card-forgotten", START)
    assert enp not in repr(ask)
    assert enp not in repr(row)


def test_one_id_is_one_question_so_that_nobody_is_asked_about_unseen(desk: Desk) -> None:
    policy, enp = insured(desk)
    at, ask = new_desk(desk, new_clinic(desk)), asking(forms.enp())
    refused("not-found", lambda: record_substitute(desk.office, at, ask, key=KEY))
    assert questions(desk, at, ask) is not None
    for other in (
        replace(ask, enp=enp),
        replace(ask, birth_date=date(1990, 1, 1)),
        replace(ask, reason=Substitute.READER_BROKEN),
    ):
        refused("key-reused", partial(record_substitute, desk.office, at, other, key=KEY))
    refused("not-found", lambda: record_substitute(desk.office, at, ask, key=KEY))
    assert looks(desk, policy) == []


def test_a_wrong_birth_date_is_answered_like_a_number_that_nobody_has(desk: Desk) -> None:
    policy, enp = insured(desk)
    at = new_desk(desk, new_clinic(desk))
    wrong, nobody = asking(enp, birth_date=date(1980, 3, 1)), asking(forms.enp())
    said = {
        refused("not-found", partial(record_substitute, desk.office, at, a, key=KEY)).sentence
        for a in (wrong, nobody)
    }
    assert len(said) == 1
    assert looks(desk, policy) == []


def standing(desk: Desk, **wish: Any) -> CardStanding:
    return status_of(desk.office, **wish)


def card_changed(desk: Desk, card: UUID, **changes: Any) -> None:
    keep(desk, lambda kept: kept.cards.change(replace(kept.cards.get(REGION, card), **changes)))


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("active", CardStatus.ACTIVE),
        ("blocked", CardStatus.BLOCKED),
        ("personalized", CardStatus.BLOCKED),
        ("blank", CardStatus.BLOCKED),
        ("terminated", CardStatus.TERMINATED),
        ("of-a-newer-program", CardStatus.BLOCKED),
    ],
)
def test_a_card_stands_as_the_status_list_says(
    either_desk: Desk, state: str, status: CardStatus
) -> None:
    desk = either_desk
    card = with_card(desk, forms.approved(desk))
    card_changed(desk, card, state=state, signed_at=START)
    found = standing(desk, card_number=NUMBER)
    assert found.answer.card is status
    assert found.answer.as_of == desk.clock()
    assert found.policy is not None
    assert in_force(found.policy, TODAY)


def test_unknown_cards_and_policies_are_unknown(desk: Desk) -> None:
    _, enp = insured(desk)
    assert standing(desk, card_number=NUMBER).answer.card is CardStatus.UNKNOWN
    assert standing(desk, enp=forms.enp()).policy is None
    named = standing(desk, enp=enp)
    assert named.policy is not None
    assert named.answer.card is CardStatus.UNKNOWN
    assert not named.answer.trust_layer
    with pytest.raises(UsageError):
        status_of(desk.office)


def test_a_card_of_another_policy_than_the_one_named_is_unknown(desk: Desk) -> None:
    with_card(desk, forms.approved(desk))
    enp = new_policy(desk, 18)[0].enp  # its check digit is right
    assert standing(desk, card_number=NUMBER).answer.card is CardStatus.ACTIVE
    both = standing(desk, card_number=NUMBER, enp=enp)
    assert both.answer.card is CardStatus.UNKNOWN
    assert both.policy is not None
    assert both.policy.enp == enp


def test_a_card_on_its_way_does_not_replace_the_record_of_the_one_held(desk: Desk) -> None:
    done = forms.approved(desk)
    held = with_card(desk, done)
    card_changed(desk, held, signed_at=START)
    with desk.reading() as work:
        old = work.cards.get(REGION, held)
    later = START + timedelta(days=9)
    coming = replace(
        old, id=desk.office.new_id(), number=2, state="personalized", signed_at=later, version=1
    )
    keep(desk, lambda kept: kept.cards.add(coming))
    assert standing(desk, card_number=NUMBER).answer.newest_record == START
    card_changed(desk, coming.id, state="terminated")
    assert standing(desk, card_number=NUMBER).answer.newest_record == START
    card_changed(desk, coming.id, state="active", activated_at=later)
    found = standing(desk, card_number=NUMBER).answer
    assert (found.newest_record, found.trust_layer) == (later, True)


def test_a_suspended_policy_is_told_with_its_blocked_card(desk: Desk) -> None:
    done = forms.approved(desk)
    with_card(desk, done)
    policy = forms.made(done, "policy")
    command = moving(desk, policy, PolicyChangeReason.MILITARY_SERVICE)
    move_policy(desk.office, desk.clerk, command)
    found = standing(desk, card_number=NUMBER)
    assert found.policy is not None
    assert (found.policy.state, found.answer.card) == (PolicyState.SUSPENDED, CardStatus.BLOCKED)
    assert not in_force(found.policy, TODAY)


def test_a_card_is_looked_up_in_one_statement_and_with_its_policy_in_two(desk: Desk) -> None:
    _, enp = insured(desk)
    done: list[str] = []
    engine = desk.office.database._engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", lambda *said: done.append(said[2]))
    standing(desk, card_number=NUMBER)
    assert len([one for one in done if one.startswith("SELECT")]) == 1
    standing(desk, card_number=NUMBER, enp=enp)
    assert len([one for one in done if one.startswith("SELECT")]) == 3

"""The lives of things: what is not in a table is refused with the state it found."""

from enum import StrEnum
from typing import Any

import pytest

from cardservice.domain.lives import (
    APPLICATION,
    CARD,
    CERTIFICATE,
    LIVES,
    ORDER,
    POLICY,
    ApplicationEvent,
    ApplicationState,
    CardEvent,
    CardState,
    OrderEvent,
    OrderState,
)
from cardservice.domain.roles import Role
from cardservice.domain.transitions import StateRefusal, Transition, TransitionTable
from cardservice.errors import Refusal, UsageError

GROUND = "a reason"


def run(table: TransitionTable[Any, Any], state: StrEnum, *steps: tuple[str, Role]) -> str:
    for event, role in steps:
        state = table.after(state, table.events(event), role=role, ground=GROUND)
    return state.value


@pytest.mark.parametrize(
    ("table", "states"),
    [
        (APPLICATION, "draft submitted documents-needed approved refused withdrawn"),
        (
            ORDER,
            "queued leased personalized in-delivery arrived handed-over spoiled cancelled",
        ),
        (CARD, "blank personalized active blocked terminated"),
        (POLICY, "active suspended closed"),
        (CERTIFICATE, "issued used-up expired"),
    ],
)
def test_the_states_are_those_of_the_design(table: TransitionTable[Any, Any], states: str) -> None:
    assert [one.value for one in table.states] == states.split()
    assert table.initial.value == states.split(maxsplit=1)[0]


def test_an_application_goes_back_and_forth_for_documents_until_it_is_decided() -> None:
    clerk, person = Role.CLERK, Role.APPLICANT
    asked = (("submit", person), ("ask-for-documents", clerk), ("bring-documents", person))
    again = (("ask-for-documents", clerk), ("bring-documents", clerk))
    draft = ApplicationState.DRAFT
    assert run(APPLICATION, draft, *asked, *again, ("approve", Role.APPROVER)) == "approved"


def test_an_order_is_made_delivered_and_handed_over_and_a_spoiled_one_queued_again() -> None:
    station, clerk = Role.STATION, Role.CLERK
    spoiled = (("lease", station), ("spoil", station), ("queue-again", Role.SERVICE))
    made = (("lease", station), ("personalize", station), ("dispatch", station))
    handed = (("arrive", clerk), ("hand-over", clerk))
    assert run(ORDER, OrderState.QUEUED, *spoiled, *made, *handed) == "handed-over"


def test_an_update_ends_at_the_station_that_wrote_it() -> None:
    station = Role.STATION
    assert run(ORDER, OrderState.QUEUED, ("lease", station), ("update", station)) == "handed-over"
    for role in set(Role) - {station}:
        with pytest.raises(Refusal) as refusal:
            ORDER.after(OrderState.LEASED, OrderEvent.UPDATE, role=role)
        assert refusal.value.code == "role-not-allowed"


def test_a_leased_order_is_given_back_before_it_is_cancelled() -> None:
    with pytest.raises(StateRefusal) as refusal:
        ORDER.after(OrderState.LEASED, OrderEvent.CANCEL, role=Role.CLERK, ground=GROUND)
    assert (refusal.value.code, refusal.value.found) == ("state-order-leased", OrderState.LEASED)
    assert run(ORDER, OrderState.LEASED, ("give-back", Role.SERVICE), ("cancel", Role.CLERK)) == (
        "cancelled"
    )


@pytest.mark.parametrize("event", [CardEvent.REPORT_LOST, CardEvent.REPORT_STOLEN])
@pytest.mark.parametrize("state", [CardState.PERSONALIZED, CardState.ACTIVE, CardState.BLOCKED])
def test_the_person_ends_a_lost_or_stolen_card_at_once(state: CardState, event: CardEvent) -> None:
    assert CARD.after(state, event, role=Role.APPLICANT) is CardState.TERMINATED


def test_the_person_blocks_a_card_but_does_not_unblock_it() -> None:
    blocked = CARD.after(CardState.ACTIVE, CardEvent.BLOCK, role=Role.APPLICANT, ground=GROUND)
    assert blocked is CardState.BLOCKED
    with pytest.raises(Refusal) as refusal:
        CARD.after(blocked, CardEvent.UNBLOCK, role=Role.APPLICANT, ground=GROUND)
    assert refusal.value.code == "role-not-allowed"


def test_a_terminated_card_stays_so() -> None:
    for event in CardEvent:
        with pytest.raises(StateRefusal) as refusal:
            CARD.row(CardState.TERMINATED, event)
        assert refusal.value.code == "state-card-terminated"


@pytest.mark.parametrize("ground", ["", "  "])
def test_a_ground_that_must_be_given_is_missed(ground: str) -> None:
    state, event = ApplicationState.SUBMITTED, ApplicationEvent.REFUSE
    with pytest.raises(Refusal) as refusal:
        APPLICATION.after(state, event, role=Role.APPROVER, ground=ground)
    assert (refusal.value.code, refusal.value.field) == ("ground-missing", "ground")


@pytest.mark.parametrize(
    ("ground", "code"), [("я" * 301, "ground-too-long"), ("a\x00b", "control-character")]
)
def test_a_ground_is_a_bounded_visible_text(ground: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        APPLICATION.after(
            ApplicationState.DRAFT, ApplicationEvent.SUBMIT, role=Role.CLERK, ground=ground
        )
    assert refusal.value.code == code


def test_a_page_offers_what_the_table_allows() -> None:
    offered = {
        one.event for one in APPLICATION.possible(ApplicationState.SUBMITTED, Role.APPLICANT)
    }
    assert offered == {ApplicationEvent.WITHDRAW}
    assert APPLICATION.possible(ApplicationState.APPROVED, Role.CLERK) == ()


def test_nobody_signs_in_as_the_service_so_a_person_can_do_all_but_what_a_day_brings() -> None:
    alone = {
        (table.life, row.event.value)
        for table in LIVES
        for row in table.rows
        if row.roles == {Role.SERVICE}
    }
    assert alone == {
        ("application", "lapse"),
        ("card", "expire"),
        ("policy", "close-at-end"),
        ("temporary-certificate", "expire"),
    }


CLERK = frozenset({Role.CLERK})
APPROVE = Transition(
    ApplicationState.DRAFT, ApplicationEvent.APPROVE, ApplicationState.APPROVED, CLERK
)
NOBODY = Transition(
    ApplicationState.DRAFT, ApplicationEvent.APPROVE, ApplicationState.APPROVED, frozenset[Role]()
)
OTHERS = frozenset(ApplicationState) - {ApplicationState.DRAFT}


@pytest.mark.parametrize(
    ("rows", "final"),
    [
        ((APPROVE, APPROVE), OTHERS),
        ((NOBODY,), OTHERS),
        ((), frozenset(ApplicationState)),
        ((APPROVE,), frozenset(ApplicationState)),
        ((APPROVE,), frozenset({ApplicationState.APPROVED})),
    ],
)
def test_a_wrong_table_cannot_be_made(
    rows: tuple[Transition[ApplicationState, ApplicationEvent], ...],
    final: frozenset[ApplicationState],
) -> None:
    with pytest.raises(UsageError):
        TransitionTable(
            life="application",
            states=ApplicationState,
            events=ApplicationEvent,
            initial=ApplicationState.DRAFT,
            final=final,
            rows=rows,
        )

"""A module that goes away while a desk is at work: said, and cards go on without it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from cardservice.domain.verdict import Outcome, ProtocolName
from cardservice.errors import CardServiceError
from cardservice.home.demonstration import DemonstrationCards
from cardservice.home.desk_keys import desk_keys
from cardservice.home.desk_refresh import code_of
from cardservice.home.desk_troubles import condition_of
from cardservice.texts.demonstration import DemonstrationCard
from cardservice.texts.desk_agent import trouble_phrase
from cardservice.verify.examination import Examination, Problem
from tests.interop.softhsm.test_desk import (
    ModuleDesk,
    at_work,
    cards,
    desk,
    no_prompt,
    pin_file,
    protocols,
    service,
)
from tests.interop.softhsm.tokens import Tokens, look_again
from tests.simulated.desk_agent.conftest import AtWork
from tests.simulated.desk_agent.service import Service
from tests.simulated.desk_agent.test_examining import shown, verdict_of

__all__ = ["at_work", "cards", "desk", "pin_file", "service"]

UNUSABLE = "desk-key-unusable"
Pull = Callable[[Tokens], AbstractContextManager[None]]


@contextmanager
def pulled(tokens: Tokens) -> Iterator[None]:
    """Take the token out of its slot for the length of the block, as a hand does."""
    away = tokens.folder.with_name("away")
    shutil.move(tokens.folder, away)
    tokens.folder.mkdir()
    look_again()
    yield
    tokens.folder.rmdir()
    shutil.move(away, tokens.folder)
    look_again()


@contextmanager
def pulled_for_good(tokens: Tokens) -> Iterator[None]:
    """Take it out, and put another with the same label in: its keys are not there."""
    with pulled(tokens):
        tokens.add()
        look_again()
        yield
        shutil.rmtree(tokens.folder)
        tokens.folder.mkdir()


def troubles(at_work: AtWork) -> tuple[str, ...]:
    return condition_of(at_work.desk, at_work.refresher, failures={}).troubles


def held(at_work: AtWork, cards: DemonstrationCards) -> Examination:
    """Return what comes of a card that asks for a terminal."""
    return shown(at_work, cards, DemonstrationCard.CONTACTLESS)


@pytest.fixture
def fresh(at_work: AtWork, service: Service) -> AtWork:
    service.list_age -= timedelta(minutes=1)  # later than the cards
    assert at_work.fetch_all() == [None, None, None]
    assert troubles(at_work) == ()
    return at_work


@pytest.mark.parametrize("gone", [pulled, pulled_for_good])
def test_a_card_that_asks_for_the_key_of_a_module_that_is_gone_is_not_called_broken(
    fresh: AtWork, cards: DemonstrationCards, tokens: Tokens, gone: Pull
) -> None:
    with gone(tokens):
        assert held(fresh, cards).problem is Problem.ACCESS_REFUSED
        assert troubles(fresh) == (UNUSABLE,)
        fresh.desk.examiners.follow()
        assert held(fresh, cards).problem is Problem.ACCESS_REFUSED
        assert troubles(fresh) == (UNUSABLE,)
    assert trouble_phrase(UNUSABLE).remedy


def test_a_card_that_asks_for_no_terminal_is_judged_as_ever_while_the_module_is_gone(
    fresh: AtWork, cards: DemonstrationCards, tokens: Tokens
) -> None:
    with pulled(tokens):
        held(fresh, cards)
        fresh.desk.examiners.follow()
        assert verdict_of(shown(fresh, cards)).outcome is Outcome.VALID


@pytest.mark.parametrize("noticed", [False, True])
def test_a_card_whose_number_was_typed_needs_no_module(
    fresh: AtWork, cards: DemonstrationCards, tokens: Tokens, *, noticed: bool
) -> None:
    with pulled(tokens):
        if noticed:
            held(fresh, cards)
            fresh.desk.examiners.follow()
        link = cards.tray.workbench(DemonstrationCard.CONTACTLESS)
        can = cards.numbers[DemonstrationCard.CONTACTLESS]
        verdict = verdict_of(fresh.desk.examiners.live.examine(link, can=can))
        link.close()
    assert verdict.outcome is Outcome.VALID


def test_a_module_that_is_back_serves_the_next_card_without_a_restart(
    fresh: AtWork, cards: DemonstrationCards, tokens: Tokens
) -> None:
    with pulled(tokens):
        held(fresh, cards)
        fresh.desk.examiners.follow()
    fresh.desk.examiners.follow()
    assert troubles(fresh) == ()
    assert ProtocolName.TERMINAL_AUTHENTICATION in protocols(fresh, cards)


def test_a_module_that_was_gone_for_one_card_only_is_in_use_at_the_next(
    fresh: AtWork, cards: DemonstrationCards, tokens: Tokens
) -> None:
    with pulled(tokens):
        held(fresh, cards)
    assert ProtocolName.TERMINAL_AUTHENTICATION in protocols(fresh, cards)
    assert troubles(fresh) == ()


def test_nothing_is_renewed_while_the_module_is_gone_and_nothing_is_lost(
    fresh: AtWork, desk: ModuleDesk, cards: DemonstrationCards, tokens: Tokens
) -> None:
    before = desk.files()
    with pulled(tokens):
        with pytest.raises(CardServiceError) as refused:
            fresh.refresher.renew()
        assert code_of(refused.value) == UNUSABLE
        assert desk.files() == before
    fresh.refresher.renew()
    assert ProtocolName.TERMINAL_AUTHENTICATION in protocols(fresh, cards)


def test_a_pin_that_was_changed_meanwhile_is_tried_once_and_never_again(
    fresh: AtWork, cards: DemonstrationCards, tokens: Tokens, pin_file: Path
) -> None:
    asked = pin_file.read_text()
    with pulled(tokens):
        pin_file.write_text("999999")
    for _ in range(3):
        assert held(fresh, cards).problem is Problem.ACCESS_REFUSED
        fresh.desk.examiners.follow()
    assert troubles(fresh) == (UNUSABLE,)
    pin_file.write_text(asked)
    fresh.desk.examiners.follow()
    assert troubles(fresh) == (UNUSABLE,)


def test_a_restart_with_the_right_pin_mends_a_desk_that_gave_up(
    desk: ModuleDesk, cards: DemonstrationCards, pin_file: Path
) -> None:
    desk.enrol()
    asked = pin_file.read_text()
    with desk_keys(desk.settings, prompt=no_prompt) as keys, desk.place(keys).at_work() as first:
        first.fetch_all()
        pin_file.write_text("999999")
        look_again()
        assert held(first, cards).problem is Problem.ACCESS_REFUSED
    pin_file.write_text(asked)
    with desk_keys(desk.settings, prompt=no_prompt) as keys, desk.place(keys).at_work() as again:
        again.fetch_all()
        assert ProtocolName.TERMINAL_AUTHENTICATION in protocols(again, cards)

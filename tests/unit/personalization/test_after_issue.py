"""What a holder types, what is signed next, and the words for cards that are left alone."""

import re
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cardservice.channel.flow import drive
from cardservice.errors import (
    CardRemovedError,
    CardServiceError,
    LinkError,
    Refusal,
    StatusError,
    TimeBudgetError,
)
from cardservice.personalization import after_issue_refusals
from cardservice.personalization.after_issue_card import HeldCard, held_card
from cardservice.personalization.after_issue_holder import (
    HolderInput,
    reset_retry_counter,
    verify_pin,
)
from cardservice.personalization.after_issue_insurer import (
    InsurerChange,
    require_changed,
    signing_time_after,
)
from cardservice.personalization.after_issue_refusals import WrongCodeError
from cardservice.personalization.after_issue_visit import pointer_to
from cardservice.personalization.lane_faults import REACTIONS
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.reading import CardReading
from tests.chain import SIGNED, an_order
from tests.unit.personalization.stations import as_ordered

SOURCES = Path(after_issue_refusals.__file__).parent
SECOND = timedelta(seconds=1)


class Says:
    """A card that gives these answers, one after the other, and remembers what it was sent."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = iter(answers)
        self.sent: list[bytes] = []

    def __call__(self, command: bytes) -> bytes:
        self.sent.append(command)
        return next(self._answers)


OK = b"\x90\x00"


# --- what is typed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pin", "123"),
        ("pin", "123456789"),
        ("pin", "12a4"),
        ("pin", "١٢٣٤"),
        ("new_pin", ""),
        ("puk", "1234567"),
        ("puk", "123456789"),
        ("can", "12345"),
        ("can", "1234567"),
    ],
)
def test_what_can_be_no_code_is_refused_before_a_card_is_asked(name: str, value: str) -> None:
    with pytest.raises(Refusal) as refusal:
        HolderInput(**{name: value})
    assert (refusal.value.code, refusal.value.field) == ("code-malformed", name)
    assert not value or value not in str(refusal.value)


def test_codes_of_every_length_that_the_card_takes_are_taken() -> None:
    for pin in ("1234", "12345678"):
        assert HolderInput(pin=pin, new_pin=pin, puk="12345678", can="123456").require_pin() == pin


def test_what_was_typed_is_in_no_printed_form() -> None:
    given = HolderInput(pin="1928", puk="56473829", new_pin="3746", can="918273")
    assert not any(getattr(given, one.name) in repr(given) for one in fields(given))


# --- VERIFY and RESET RETRY COUNTER: card.md §7


def test_a_pin_goes_as_eight_octets_filled_with_ff() -> None:
    card = Says(OK)
    drive(verify_pin("1234"), card)
    assert card.sent == [bytes.fromhex("0020000108 31323334FFFFFFFF")]


def test_a_puk_goes_before_the_new_pin() -> None:
    card = Says(OK)
    drive(reset_retry_counter("12345678", "9876"), card)
    assert card.sent == [bytes.fromhex("002C000110 3132333435363738 39383736FFFFFFFF")]


@pytest.mark.parametrize(
    ("word", "code", "tries"),
    [
        ("63C2", "wrong", 2),
        ("63C1", "wrong", 1),
        ("63C0", "blocked", 0),
        ("6983", "blocked", 0),
    ],
)
def test_a_code_refused_is_told_with_the_tries_left(word: str, code: str, tries: int) -> None:
    answer = bytes.fromhex(word)
    for name, flow in (("pin", verify_pin("1234")), ("puk", reset_retry_counter("1" * 8, "1234"))):
        with pytest.raises(WrongCodeError) as refusal:
            drive(flow, lambda _: answer)
        assert (refusal.value.code, refusal.value.tries_left) == (f"{name}-{code}", tries)


@pytest.mark.parametrize("word", ["6A80", "6982", "6300", "6700", "63D0"])
def test_any_other_refusal_is_no_wrong_code(word: str) -> None:
    with pytest.raises(StatusError):
        drive(verify_pin("1234"), lambda _: bytes.fromhex(word))


# --- the pointer


def test_a_pointer_is_believed_where_it_leads_to_the_proved_record() -> None:
    record = bytes.fromhex("6403010203")
    card = Says(b"\x03\x0a" + OK, record + OK)
    assert drive(pointer_to(record), card) == 0x030A
    assert card.sent[1][:4] == bytes.fromhex("00B08A00")


@pytest.mark.parametrize(
    ("pointer", "code"), [("0301", "held-card-broken"), ("6982", "can-needed")]
)
def test_a_pointer_that_leads_elsewhere_is_not(pointer: str, code: str) -> None:
    octets = bytes.fromhex(pointer)
    first = octets if code == "can-needed" else octets + OK
    card = Says(first, bytes.fromhex("6403010204") + OK)
    with pytest.raises(Refusal) as refusal:
        drive(pointer_to(bytes.fromhex("6403010203")), card)
    assert refusal.value.code == code


# --- the signing time


def test_a_new_record_is_signed_now_or_after_the_old_one() -> None:
    now = SIGNED + timedelta(microseconds=999_999)
    assert signing_time_after(None, now) == SIGNED
    assert signing_time_after(SIGNED - SECOND, now) == SIGNED
    assert signing_time_after(SIGNED, now) == SIGNED + SECOND
    five = timedelta(minutes=5)
    assert signing_time_after(SIGNED + five, now) == SIGNED + five + SECOND


def held(**changes: Any) -> HeldCard:
    """Return a card that proved itself, some of it another than it was."""
    card = HeldCard(
        chip=bytes(8),
        number=7,
        point=b"\x04" + bytes(64),
        insurer=b"",
        hashes={1: b"one", 3: b"three"},
        signed_at=SIGNED,
        examination=as_ordered(),
    )
    return replace(card, **changes)


CHANGE = InsurerChange(signed_at=SIGNED, groupings=[], hashes={1: b"one", 3: b"three"})


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"chip": b"\x01" * 8}, "another card"),
        ({"number": 8}, "another card"),
        ({"point": b"\x04" + b"\x01" * 64}, "another card"),
        ({"signed_at": SIGNED + SECOND}, "another security object"),
        ({"hashes": {1: b"one", 3: b"four"}}, "another security object"),
        ({"examination": replace(as_ordered(), insurance=None)}, "another insurer"),
        ({"examination": replace(as_ordered(), holder=None)}, "another holder"),
    ],
)
def test_a_card_that_shows_something_else_after_a_change_is_not_as_ordered(
    changes: dict[str, Any], what: str
) -> None:
    insurance = an_order().insurance
    require_changed(held(), held(), insurance, CHANGE)
    with pytest.raises(Refusal, match=what) as refusal:
        require_changed(held(**changes), held(), insurance, CHANGE)
    assert refusal.value.code == "held-card-not-as-ordered"


def test_a_record_of_the_future_is_not_followed() -> None:
    with pytest.raises(Refusal, match="clock"):
        signing_time_after(SIGNED + timedelta(minutes=5, seconds=1), SIGNED)


# --- what a reading comes to


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (Problem.CARD_REMOVED, CardRemovedError),
        (Problem.CARD_MUTE, CardRemovedError),
        (Problem.CARD_TOO_SLOW, TimeBudgetError),
        (Problem.READER_FAILED, LinkError),
        *[(one, Refusal) for one in (Problem.NOT_A_POLICY_CARD, Problem.CARD_UNREADABLE)],
        *[(one, Refusal) for one in (Problem.ACCESS_REFUSED, Problem.CAN_WRONG)],
    ],
)
def test_every_problem_of_a_reading_is_an_error_of_its_kind(
    problem: Problem, kind: type[CardServiceError]
) -> None:
    with pytest.raises(kind):
        held_card(Examination(problem=problem), None)


def test_a_verdict_without_the_files_it_speaks_of_is_not_believed() -> None:
    with pytest.raises(Refusal) as refusal:
        held_card(as_ordered(), CardReading())
    assert refusal.value.code == "held-card-broken"


def test_a_state_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        held_card(as_ordered(), CardReading(life_cycle=0x42))
    assert refusal.value.code == "held-card-broken"


# --- the table of reactions


def test_every_code_of_work_after_issue_has_a_reaction() -> None:
    octets = "".join(path.read_text() for path in SOURCES.glob("after_issue*.py"))
    named = set(
        re.findall(r'"((?:held-card|clock|contact|service|other-card|code)[a-z-]*)"', octets)
    )
    typed = {f"{name}-{end}" for name in ("pin", "puk") for end in ("wrong", "blocked", "needed")}
    codes = named | typed | {"new-pin-needed", "can-needed", "can-wrong"}
    assert len(codes) > 20
    assert codes <= set(REACTIONS)

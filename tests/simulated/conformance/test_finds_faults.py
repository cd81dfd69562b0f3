"""The pack finds what is broken: each broken card fails the case that is about it."""

import pytest

from cardservice.conformance.terms import Interface, Outcome
from simulators.reader import Card
from tests.simulated.conformance.bench import Wrapping, run_case, unchanged
from tests.simulated.conformance.mutants import (
    FallsSilent,
    Repeats,
    SessionsOutliveReset,
    StoresPieces,
    WrongAtr,
    changes,
    swaps,
)

CONTACT = (Interface.CONTACT,)
BOTH = (Interface.CONTACT, Interface.CONTACTLESS)


def repeats(beginning: str) -> Wrapping:
    def wrapping(card: Card) -> Card:
        return Repeats(card, beginning=bytes.fromhex(beginning))

    return wrapping


def spoil_first_octet(answer: bytes) -> bytes:
    return bytes((answer[0] ^ 1,)) + answer[1:]


MUTANTS: list[tuple[str, str, Wrapping, tuple[Interface, ...]]] = [
    ("wrong answer to reset", "FL-001", WrongAtr, CONTACT),
    ("EF.ATR/INFO with another octet", "FL-005", changes("00B0000000", spoil_first_octet), CONTACT),
    (
        "an EF that is found where none is",
        "FL-007",
        swaps("6A82", "9000", header="00A402"),
        CONTACT,
    ),
    ("an owner EF with another octet", "FL-019", changes("00B08100", spoil_first_octet), CONTACT),
    ("unknown INS answered 9000", "CM-001", swaps("6D00", "9000"), CONTACT),
    ("unknown class answered 6D00", "CM-009", swaps("6E00", "6D00"), CONTACT),
    ("another channel answered 6E00", "CM-013", swaps("6881", "6E00"), CONTACT),
    ("part of an AID accepted", "CM-027", swaps("6A82", "9000", header="00A404"), CONTACT),
    ("no EF after a reset is 6985", "CM-102", swaps("6986", "6985"), CONTACT),
    ("an offset beyond the end is 6700", "CM-103", swaps("6B00", "6700"), CONTACT),
    ("no Le accepted", "CM-101", swaps("6700", "9000", header="00B0"), CONTACT),
    ("a wrong PIN does not count", "CM-076", swaps("63C2", "63C3"), CONTACT),
    ("a PIN asked for over the air", "AT-084", swaps("6982", "63C3"), BOTH),
    ("an owner read over the air", "AT-005", swaps("6982", "629000", header="00B0"), BOTH),
    ("history read by anybody", "AT-011", swaps("6982", "649000", header="00B0"), CONTACT),
    ("every level of SCP03 accepted", "SC-009", swaps("6A86", "9000", header="8482"), CONTACT),
    ("a wrong MAC of SCP03 accepted", "SC-011", swaps("6982", "9000", header="8482"), CONTACT),
    ("a wrong MAC in a session accepted", "SC-014", swaps("6982", "9000", header="84CA"), CONTACT),
    ("a replay in a session accepted", "SC-015", swaps("6982", "9000", header="84CA"), CONTACT),
    ("a counter that stands still", "SC-007", repeats("8050"), CONTACT),
    ("an unknown key version is 6985", "SC-004", swaps("6A88", "6985", header="8050"), CONTACT),
    ("SCP03 over the air", "SC-026", swaps("6985", "9000", header="8050"), BOTH),
    ("SCP03 that outlives a reset", "SC-024", SessionsOutliveReset, CONTACT),
    ("a nonce that comes again", "PA-003", repeats("10860000027C00"), CONTACT),
    ("a step without its mark accepted", "PA-017", swaps("6883", "7C009000"), CONTACT),
    ("a wrong token accepted", "PA-031", swaps("6300", "7C009000", header="0086"), CONTACT),
    (
        "a key off the curve accepted by PACE",
        "PA-030",
        swaps("6A80", "7C009000", header="1086"),
        CONTACT,
    ),
    ("a plain command in a session accepted", "SM-001", swaps("6987", "9000"), CONTACT),
    ("a wrong MAC of secure messaging accepted", "SM-012", swaps("6988", "9000"), CONTACT),
    ("a replay in secure messaging accepted", "SM-018", swaps("6988", "9000"), CONTACT),
    ("an answer with a MAC stripped", "SM-007", changes("0CA4", lambda _: b"\x90\x00"), CONTACT),
    ("a key off the curve accepted by the chip", "CA-020", swaps("6A80", "7C009000"), CONTACT),
    (
        "an answer of the chip under no new keys",
        "CA-001",
        changes("0CA4", spoil_first_octet),
        CONTACT,
    ),
    (
        "terminals without chip authentication",
        "TA-003",
        swaps("6985", "9000", header="0022"),
        CONTACT,
    ),
    (
        "a state that is always 0F",
        "LC-001",
        changes("80CADF01", lambda _: b"\x0f\x90\x00"),
        CONTACT,
    ),
    ("a blocked card that hides it", "LC-070", swaps("6283", "9000"), CONTACT),
    ("a terminated card that hides it", "LC-080", swaps("6285", "9000"), CONTACT),
    ("a STORE DATA that keeps pieces", "AM-001", StoresPieces, CONTACT),
    ("61XX instead of data", "CM-040", swaps("6A88", "6110"), CONTACT),
    ("silence", "CM-040", FallsSilent, CONTACT),
]


@pytest.mark.parametrize(
    ("number", "wrapping", "interfaces"),
    [one[1:] for one in MUTANTS],
    ids=[one[0] for one in MUTANTS],
)
def test_a_broken_card_fails_the_case_about_it(
    number: str, wrapping: Wrapping, interfaces: tuple[Interface, ...]
) -> None:
    result = run_case(number, wrapping, *interfaces)
    assert (result.case.number, result.outcome) == (number, Outcome.FAILED)
    assert result.why
    assert result.exchanges
    assert result.case.clause.startswith("card.md §")


@pytest.mark.parametrize("number", sorted({one[1] for one in MUTANTS}))
def test_a_whole_card_passes_the_same_case(number: str) -> None:
    assert run_case(number, unchanged, *BOTH).outcome is Outcome.HELD

"""A good card behind somebody who changes, replays or strips its answers."""

from itertools import product
from random import Random

import pytest

from cardservice.verify.examination import Problem
from simulators.card.files import (
    EF_SOD,
)
from simulators.card.tampering import copy_of
from tests.adversarial.verify.hostile import (
    COMMANDS,
    FIRST_PROTECTED,
    OK,
    Meddler,
    examined_over,
    is_not_valid,
    within_bounds,
)
from tests.chain import issued_card


def test_one_flipped_bit_of_any_answers_data_is_never_valid() -> None:
    random = Random(20_261_101)  # noqa: S311 - where to flip, no secret
    for number in range(1, COMMANDS + 1):
        for _ in range(3):

            def flip(n: int, _: bytes, answer: bytes, number: int = number) -> bytes:
                raw = bytearray(answer)
                if n == number and len(raw) > 2:
                    raw[random.randrange(len(raw) - 2)] ^= 1 << random.randrange(8)
                return bytes(raw)

            examination = examined_over(Meddler(copy_of(issued_card().card), flip))
            # SELECT and MSE answer without data, so there was nothing to flip.
            assert is_not_valid(examination) is (number not in {1, 3})


def test_any_status_word_in_any_place_gives_a_verdict_or_a_problem() -> None:
    words = (0x6283, 0x6285, 0x6282, 0x6300, 0x6581, 0x6700, 0x6982, 0x6985, 0x6A82, 0x6D00, 0x0000)
    for number, word in product(range(2, COMMANDS + 1), words):
        # A bare 6700 to the first extended command may be the reader's: it is asked once more.
        if (number, word) != (FIRST_PROTECTED, 0x6700):
            link = Meddler(
                copy_of(issued_card().card),
                lambda n, _, answer, number=number, word=word: (  # type: ignore[misc]
                    word.to_bytes(2) if n == number else answer
                ),
            )
            assert is_not_valid(examined_over(link)), f"{word:04X} at {number}"


def test_answers_replaced_by_noise_now_and_then_are_survived() -> None:
    for seed in range(150):
        random = Random(seed)  # noqa: S311 - noise for a test, no secret

        def noise(_: int, __: bytes, answer: bytes, random: Random = random) -> bytes:
            if random.random() > 0.2:
                return answer
            return random.randbytes(random.randint(0, 40)) + random.choice((OK, b"\x6a\x82", b""))

        examination = examined_over(within_bounds(Meddler(copy_of(issued_card().card), noise)))
        assert (examination.verdict is None) is not (examination.problem is None), f"seed {seed}"


@pytest.mark.parametrize("number", range(FIRST_PROTECTED + 1, COMMANDS))
def test_a_protected_answer_that_comes_a_second_time_ends_the_examination(number: int) -> None:
    answers: list[bytes] = []

    def replay(n: int, _: bytes, answer: bytes) -> bytes:
        answers.append(answer)
        return answers[-2] if n == number else answer

    examination = examined_over(Meddler(copy_of(issued_card().card), replay))
    assert examination.problem is Problem.CARD_UNREADABLE


def test_answers_of_an_earlier_conversation_prove_no_chip() -> None:
    earlier: list[bytes] = []

    def record(_: int, __: bytes, answer: bytes) -> bytes:
        earlier.append(answer)
        return answer

    examined_over(Meddler(copy_of(issued_card().card), record))
    assert len(earlier) == COMMANDS
    played = Meddler(
        copy_of(issued_card().card),
        lambda n, _, answer: earlier[n - 1] if n <= len(earlier) else answer,
    )
    assert is_not_valid(examined_over(played))


@pytest.mark.parametrize("number", range(FIRST_PROTECTED, COMMANDS))
def test_an_answer_whose_mac_was_taken_off_is_not_believed(number: int) -> None:
    mac_octets = 10  # 8E 08 and the checksum

    def strip(n: int, _: bytes, answer: bytes) -> bytes:
        return answer[: -mac_octets - 2] + answer[-2:] if n == number else answer

    assert is_not_valid(examined_over(Meddler(copy_of(issued_card().card), strip)))


@pytest.mark.parametrize("number", range(FIRST_PROTECTED, COMMANDS))
def test_a_plain_answer_within_the_session_is_not_believed(number: int) -> None:
    sod = issued_card().card.memory.get(EF_SOD.cell) or b""
    link = Meddler(
        copy_of(issued_card().card),
        lambda n, _, answer: sod[:223] + OK if n == number else answer,
    )
    assert is_not_valid(examined_over(link))


def test_an_outer_status_word_that_is_not_the_protected_one_is_not_believed() -> None:
    for word in (b"\x62\x81", b"\x6a\x82", b"\x61\x00"):
        link = Meddler(
            copy_of(issued_card().card),
            lambda n, _, answer, word=word: (  # type: ignore[misc]
                answer[:-2] + word if n == FIRST_PROTECTED + 2 else answer
            ),
        )
        assert is_not_valid(examined_over(within_bounds(link)))

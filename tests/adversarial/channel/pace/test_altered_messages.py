"""PACE with every octet of the conversation turned over or missing: never a session."""

from collections.abc import Callable

import pytest

from cardservice.channel.card_access import choose_pace
from cardservice.channel.flow import drive
from cardservice.channel.oids import Oid
from cardservice.channel.pace import PaceSession, WrongPasswordError, establish_pace
from cardservice.channel.pace_password import PacePassword
from cardservice.channel.security_infos import PACEInfo
from cardservice.errors import AuthenticationError, MalformedDataError, PeerError, StatusError
from tests.unit.channel.pace_card import PaceCard

CHOICE = choose_pace([PACEInfo(Oid.PACE_ECDH_GM_AES_CBC_CMAC_128, 2, 12)])
CARS = (b"RUPOLICY00002", b"RUPOLICY00001")


def run(exchange: Callable[[bytes], bytes]) -> PaceSession:
    flow = establish_pace(
        CHOICE, password=PacePassword.can("123456"), map_scalar=0xABCD, ephemeral_scalar=0xBCDE
    )
    return drive(flow, exchange)


def recorded() -> tuple[list[bytes], list[bytes]]:
    """Return the commands and the responses of an honest run."""
    responses: list[bytes] = []

    def record(_: int, answer: bytes) -> bytes:
        responses.append(answer)
        return answer

    card = PaceCard(cars=CARS, alter=record)
    run(card)
    return card.seen, responses


COMMANDS, RESPONSES = recorded()
POINTS, TOKENS, NONCE, HEAD = (2, 3), 4, 1, 4  # steps; 7C, its length, tag and length
TOKEN_END, FIRST_CAR = HEAD + 8, HEAD + 8 + 2
CHARACTERS = [*range(FIRST_CAR, FIRST_CAR + 13), *range(FIRST_CAR + 15, FIRST_CAR + 28)]

ANSWERED = [(step, octet) for step, one in enumerate(RESPONSES) for octet in range(len(one))]
SAID = [(step, octet) for step, one in enumerate(COMMANDS) for octet in range(len(one))]


def step_and_octet(pair: tuple[int, int]) -> str:
    return f"{pair[0]}.{pair[1]}"


def expected(step: int, octet: int) -> tuple[type[Exception], ...]:
    """Return the errors that an altered octet of a response may end in."""
    response = RESPONSES[step]
    if octet >= len(response) - 2:
        return (StatusError,)
    if octet < HEAD or step in POINTS:
        return (MalformedDataError,)
    if step == NONCE:
        return (WrongPasswordError,)  # the card finds our token wrong
    return (AuthenticationError,) if octet < TOKEN_END else (MalformedDataError,)


def flipped(octets: bytes, octet: int, mask: int) -> bytes:
    return octets[:octet] + bytes((octets[octet] ^ mask,)) + octets[octet + 1 :]


@pytest.mark.parametrize("where", ANSWERED, ids=step_and_octet)
@pytest.mark.parametrize("mask", [0x01, 0x80], ids=hex)
def test_an_altered_octet_of_an_answer_ends_in_the_right_error(
    where: tuple[int, int], mask: int
) -> None:
    step, octet = where
    card = PaceCard(
        cars=CARS,
        alter=lambda at, answer: flipped(answer, octet, mask) if at == step else answer,
    )
    if step == TOKENS and octet in CHARACTERS:
        # References are not covered by the token; a wrong one only fits no chain.
        assert run(card).cars != CARS
        return
    with pytest.raises(expected(step, octet)):
        run(card)


@pytest.mark.parametrize("where", SAID, ids=step_and_octet)
def test_an_altered_octet_of_a_command_leaves_no_session_on_either_side(
    where: tuple[int, int],
) -> None:
    step, octet = where
    card = PaceCard(cars=CARS)

    def line(command: bytes) -> bytes:
        altered = len(card.seen) == step
        return card(flipped(command, octet, 0x01) if altered else command)

    with pytest.raises(PeerError):
        run(line)


@pytest.mark.parametrize(
    ("step", "kept"),
    [(step, kept) for step, one in enumerate(RESPONSES) for kept in range(len(one) - 2) if step],
)
def test_a_truncated_answer_is_malformed_before_anything_is_computed(step: int, kept: int) -> None:
    card = PaceCard(
        cars=CARS, alter=lambda at, answer: answer[:kept] + b"\x90\x00" if at == step else answer
    )
    with pytest.raises(MalformedDataError):
        run(card)
    assert len(card.seen) == step + 1


@pytest.mark.parametrize("step", range(1, 5))
@pytest.mark.parametrize("extra", [b"\x00", b"\x99\x01\x00"], ids=["a zero", "an object"])
@pytest.mark.parametrize("inside", [True, False], ids=["inside 7C", "after 7C"])
def test_an_octet_too_many_is_malformed(step: int, extra: bytes, *, inside: bool) -> None:
    def longer(at: int, answer: bytes) -> bytes:
        if at != step:
            return answer
        length = answer[1] + (len(extra) if inside else 0)
        return b"\x7c" + bytes((length,)) + answer[2:-2] + extra + b"\x90\x00"

    with pytest.raises(MalformedDataError):
        run(PaceCard(alter=longer))


def test_a_careless_card_with_another_password_is_found_out_by_its_token() -> None:
    card = PaceCard(secret=b"654321", is_careless=True)
    with pytest.raises(AuthenticationError, match="token"):
        run(card)


def test_a_recorded_conversation_does_not_serve_a_terminal_with_new_secrets() -> None:
    left = list(RESPONSES)
    flow = establish_pace(
        CHOICE, password=PacePassword.can("123456"), map_scalar=0xABCD, ephemeral_scalar=0xBCDF
    )
    with pytest.raises(AuthenticationError):
        drive(flow, lambda _: left.pop(0))

"""Cards that say anything at all during PACE: it ends, and never with a session."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.channel.card_access import choose_pace
from cardservice.channel.flow import drive
from cardservice.channel.oids import Oid
from cardservice.channel.pace import establish_pace
from cardservice.channel.pace_password import PacePassword
from cardservice.channel.point import multiply_generator
from cardservice.channel.security_infos import PACEInfo
from cardservice.errors import PeerError

CHOICE = choose_pace([PACEInfo(Oid.PACE_ECDH_GM_AES_CBC_CMAC_128, 2, 12)])
POINT = multiply_generator(77, CHOICE.curve).encode()
PLAUSIBLE = [
    b"",
    b"\x7c\x12\x80\x10" + bytes(range(16)),
    b"\x7c\x43\x82\x41" + POINT,
    b"\x7c\x43\x84\x41" + POINT,
    b"\x7c\x0a\x86\x08" + bytes(8),
]
BODIES = st.sampled_from(PLAUSIBLE) | st.binary(max_size=80)
WORDS = st.sampled_from(
    [bytes.fromhex(one) for one in ("9000", "9000", "9000", "63C1", "6300", "6100", "6C01", "6A80")]
)
ANSWERS = st.lists(st.tuples(BODIES, WORDS).map(b"".join), max_size=8)


@settings(max_examples=150, deadline=None)
@given(ANSWERS)
def test_a_card_that_talks_nonsense_gets_no_session(answers: list[bytes]) -> None:
    left = [b"\x90\x00", *(body + b"\x90\x00" for body in PLAUSIBLE[1:4])]
    left = left[: len(answers) % 5] + answers
    flow = establish_pace(
        CHOICE, password=PacePassword.can("123456"), map_scalar=5, ephemeral_scalar=6
    )
    with pytest.raises(PeerError):
        drive(flow, lambda _: left.pop(0) if left else b"\x6f\x00")


def test_the_same_plausible_point_twice_agrees_on_nothing_the_card_can_confirm() -> None:
    left = [b"\x90\x00", *(body + b"\x90\x00" for body in PLAUSIBLE[1:])]
    flow = establish_pace(
        CHOICE, password=PacePassword.can("123456"), map_scalar=5, ephemeral_scalar=6
    )
    with pytest.raises(PeerError, match="token"):
        drive(flow, lambda _: left.pop(0))
